"""What a request says of itself, read before anything is checked: for finding a world or a rule, never for trust."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus

import orjson

from mock_sma.sandbox.exchange import FORM, parameter_pairs

if TYPE_CHECKING:
    from mock_sma.sandbox.exchange import Request

COOKIE = "mock_sma_session"
"""Name of the cookie that a browser gets from our pages."""


def basic_credentials(request: Request) -> tuple[str, str] | None:
    """Return id and secret of Basic authentication, or None; a stray bearer header is no such thing."""
    value = request.header(b"authorization") or ""
    if value[:6].lower() != "basic ":
        return None
    try:
        text = base64.b64decode(value[6:].strip(), validate=True).decode()
    except ValueError:  # not base64, or not of text
        return None
    name, colon, secret = text.partition(":")
    return (unquote_plus(name), unquote_plus(secret)) if colon else None


def token_claims(token: str) -> dict[str, Any]:
    """Return the claims of a JWT, unchecked; empty where it is none."""
    try:
        part = token.split(".")[1]
        claims = orjson.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (IndexError, ValueError):
        return {}
    return claims if isinstance(claims, dict) else {}


def cookie_of(request: Request) -> str | None:
    """Return the value of the browser's session cookie, or None."""
    for part in (request.header(b"cookie") or "").split(";"):
        name, _, value = part.strip().partition("=")
        if name == COOKIE:
            return value
    return None


def claimed_parameters(request: Request) -> dict[str, str]:
    """Return the form's fields over those of the query, the first of each name."""
    text = request.query
    if request.body and request.media_type.encode() == FORM:
        text = request.body.decode("utf-8", "replace") + "&" + text
    fields: dict[str, str] = {}
    for name, value in parameter_pairs(text):
        fields.setdefault(name, value)
    return fields


def claimed_client(request: Request) -> str | None:
    """Return the client id of Basic credentials, of the form or query, or of a bearer token."""
    credentials = basic_credentials(request)
    if credentials is not None:
        return credentials[0]
    if request.body or request.query:
        client_id = claimed_parameters(request).get("client_id")
        if client_id is not None:
            return client_id
    token = request.bearer
    named = None if token is None else token_claims(token).get("azp")
    return named if isinstance(named, str) else None

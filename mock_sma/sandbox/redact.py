"""What never enters the journal: secrets, codes, tokens, passwords."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from mock_sma.sandbox.exchange import FORM, parameter_pairs

if TYPE_CHECKING:
    from mock_sma.sandbox.exchange import Request

SECRET_NAMES = frozenset(
    {
        "access_token",
        "assertion",
        "client_secret",
        "code",
        "code_verifier",
        "csrf",
        "password",
        "refresh_token",
        "token",
    }
)
MASK = "***"

_NAMES = "|".join(sorted(SECRET_NAMES)).encode()
_JSON_SECRET = re.compile(rb'(?i)("(?:' + _NAMES + rb')"\s*:\s*")(?:[^"\\]|\\.)*')
_FORM_SECRET = re.compile(rb"(?i)((?:^|[&\s?])(?:" + _NAMES + rb")=)[^&\s]*")


_PAGE_SECRET = re.compile(rb'(name="csrf" value="|class="secret">)[^"<]*')
_PAGE_HEADERS = {b"location", b"set-cookie"}
_HEADER_SECRET = re.compile(rb"((?:^|[?&])code=|^\w+=)[^&;]*")


def redacted_query(query: str) -> str:
    """Return a query string with the values of secrets masked."""
    if not query:
        return query
    pairs = parameter_pairs(query)
    if not any(name.lower() in SECRET_NAMES for name, _ in pairs):
        return query
    return urlencode([(name, MASK if name.lower() in SECRET_NAMES else value) for name, value in pairs], safe="*")


def redacted_body(request: Request) -> bytes:
    """Return a request's body with the values of secrets masked, whatever content type it claims."""
    if not request.body:
        return b""
    if request.media_type.encode() == FORM:
        return redacted_query(request.body.decode("utf-8", "replace")).encode()
    return _FORM_SECRET.sub(rb"\1***", _JSON_SECRET.sub(rb"\1***", request.body))


def redacted_answer(body: bytes) -> bytes:
    """Return an answer's body with the tokens in it masked; in a page, the passwords and what its forms carry."""
    if body[:15] == b"<!doctype html>":
        return _PAGE_SECRET.sub(rb"\1***", body)
    return _JSON_SECRET.sub(rb"\1***", body) if b'_token"' in body else body


def redacted_headers(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Return an answer's headers with codes and cookies masked."""
    return [(name, _HEADER_SECRET.sub(rb"\1***", value) if name in _PAGE_HEADERS else value) for name, value in headers]

"""What never enters the journal: secrets, codes, tokens, passwords."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import orjson

from mock_sma.sandbox.exchange import FORM, parameter_pairs

if TYPE_CHECKING:
    from mock_sma.sandbox.exchange import Request

SECRET_NAMES = frozenset(
    {
        "access_token",
        "assertion",
        "client_assertion",
        "client_secret",
        "code",
        "code_verifier",
        "csrf",
        "id_token",
        "id_token_hint",
        "passwd",
        "password",
        "refresh_token",
        "secret",
        "token",
    }
)
MASK = "***"
MAX_DEPTH = 50

_NAMES = "|".join(sorted(SECRET_NAMES)).encode()
_MAY_HOLD_SECRETS = re.compile(rf"(?i)(?:^|&)(?:{_NAMES.decode()})=|[%+]|eyJ")
"""Of a query: a secret's name, what is encoded, a token. Each request is looked at: it has to be quick."""

_JSON_SECRET = re.compile(rb'(?i)("(?:' + _NAMES + rb')"\s*:\s*)(?:"(?:[^"\\]|\\.)*"?|[^",}\s]+)')
_PART_SECRET = re.compile(rb'(?i)(name="(?:' + _NAMES + rb')"[^\r\n]*\r?\n\r?\n)[^\r\n]*')
_JWT = re.compile(r"eyJ[\w-]{5,}\.[\w-]+(?:\.[\w-]*)?")
_FORM_SECRET = re.compile(rb"(?i)((?:^|[&\s?])(?:" + _NAMES + rb")=)[^&\s]*")


_PAGE_SECRET = re.compile(rb'(name="csrf" value="|class="secret">)[^"<]*')
_PAGE_HEADERS = {b"location", b"set-cookie"}
_HEADER_SECRET = re.compile(rb"((?:^|[?&])code=|^\w+=)[^&;]*")


def redacted_path(path: str) -> str:
    """Return a text with the tokens in it masked, wherever they stand."""
    return _JWT.sub(MASK, path) if "eyJ" in path else path


def redacted_query(query: str) -> str:
    """Return a query string with the values of secrets masked, and tokens under any name."""
    if not _MAY_HOLD_SECRETS.search(query):
        return query
    pairs = parameter_pairs(query)
    if not any(_is_secret(name) for name, _ in pairs):
        return redacted_path(query)
    masked = [(name, MASK if _is_secret(name) else value) for name, value in pairs]
    return redacted_path(urlencode(masked, safe="*"))


def _is_secret(name: str) -> bool:
    return name.lower() in SECRET_NAMES


def redacted_body(request: Request) -> bytes:
    """Return a request's body with the values of secrets masked, whatever content type it claims."""
    body = request.body
    if not body:
        return b""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        return b"(%d bytes that are no text)" % len(body)
    masked = _masked_json(body)
    if masked is None:
        if request.media_type.encode() == FORM or b"%" in body:
            # Names may be percent-encoded, so that they look like none until they are read as a form.
            body = redacted_query(text).encode()
        masked = _PART_SECRET.sub(rb"\1***", _FORM_SECRET.sub(rb"\1***", _JSON_SECRET.sub(rb'\1"***"', body)))
    return redacted_path(masked.decode("utf-8", "replace")).encode()


def _masked_json(body: bytes) -> bytes | None:
    """Return a JSON body without secrets, unchanged where it has none; None: it is no JSON."""
    try:
        value = orjson.loads(body)
    except ValueError:
        return None
    masked = _masked_value(value, 0)
    return body if masked == value else orjson.dumps(masked)


def _masked_value(value: object, depth: int) -> object:
    if depth > MAX_DEPTH:
        return MASK
    if isinstance(value, dict):
        return {name: MASK if _is_secret(name) else _masked_value(item, depth + 1) for name, item in value.items()}
    if isinstance(value, list):
        return [_masked_value(item, depth + 1) for item in value]
    return value


def redacted_answer(body: bytes) -> bytes:
    """Return an answer's body with the tokens in it masked; in a page, the passwords and what its forms carry."""
    if body[:15] == b"<!doctype html>":
        return _PAGE_SECRET.sub(rb"\1***", body)
    return _JSON_SECRET.sub(rb'\1"***"', body) if b'_token"' in body else body


def redacted_headers(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Return an answer's headers with codes and cookies masked."""
    return [(name, _HEADER_SECRET.sub(rb"\1***", value) if name in _PAGE_HEADERS else value) for name, value in headers]

"""What never enters the journal: secrets, codes, tokens, passwords.

What can be read is masked value by value. What cannot is struck out whole as soon as it may hold a secret: a reader
loses a broken body, never a password.
"""

from __future__ import annotations

import re
from functools import wraps
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import orjson

from mock_sma.sandbox.exchange import FORM, parameter_pairs
from mock_sma.sandbox.secrets import JWT, MASK, holds_token, is_secret_name, may_hold_secret, names_secret, shows_token

if TYPE_CHECKING:
    from collections.abc import Callable

    from mock_sma.sandbox.exchange import Request

MAX_DEPTH = 50

MAX_HARMLESS = 2_048
MAX_HARMLESS_LENGTH = 256

_MAY_HOLD_SECRETS = re.compile(
    r"(?i)[%+;]|eyJ|ZXlK|bearer|basic|secret|pass|pwd|token|key|assert|credent|auth|code|jwt|otp|pin|sid|session|verifier|csrf|cookie"
)
"""Of a query: what has to be looked at closely. Each request is asked this: it has to be quick."""

_FIELD_NAME = re.compile(r"[\w.\-\[\]:$ ]*")
"""Names that fields of forms have; others show that a body was no form."""

_ANSWER_SECRET = re.compile(
    rb'"(?:(?<=(?i:token)")|(?<=(?i:secret)")|(?<=(?i:password)"))(\s*:\s*)(?:"[^"\\]*(?:\\(?s:.)[^"\\]*)*\\?"?|[^",}\s]+)'
)
"""From the end of a secret's name on, to the end of its value: looked for at quotes alone, and so in no time."""
_PLAIN_PAIRS = re.compile(r"(?:[\w.\-*]*=[\w.\-*]*&)*[\w.\-*]*=[\w.\-*]*", re.ASCII)
"""Pairs without anything that a form encodes."""

_PAGE_SECRET = re.compile(rb'(name="csrf" value="|class="secret">)[^"<]*')
_SECRET_HEADERS = (b"set-cookie", b"location")
_PIECE = re.compile(r"[^/\s&;,?\"'<>%=:+]*[%=:+][^/\s&;,?\"'<>]*")
"""What stands between separators and may hold a secret: one that is encoded, or has a name before it."""


def _looking_once(redact: Callable[[str], str]) -> Callable[[str], str]:
    """Let a text that comes out unchanged be looked at once: clients send the same again and again.

    No other is remembered, so that no secret is. A close look takes a third of the time of a whole request.
    """
    harmless: set[str] = set()

    @wraps(redact)
    def look(text: str) -> str:
        if text in harmless:
            return text
        shown = redact(text)
        if shown == text and len(text) <= MAX_HARMLESS_LENGTH:
            if len(harmless) >= MAX_HARMLESS:
                harmless.clear()
            harmless.add(text)
        return shown

    return look


def redacted_text(text: str) -> str:
    """Return a path, a sentence or a header with the tokens in it masked, in whatever encoding they stand there."""
    masked = JWT.sub(MASK, text) if "eyJ" in text or "ZXlK" in text else text
    if "%" in masked and (holds_token(masked) or names_secret(masked)):
        return _PIECE.sub(_masked_piece, masked)
    return masked


def _masked_piece(found: re.Match[str]) -> str:
    piece = found.group()
    return MASK if holds_token(piece) or names_secret(piece) else piece


def redacted_path(path: str) -> str:
    """Return a path as it was sent, with tokens masked, and segments that give a secret's name a value."""
    if "=" not in path and ":" not in path and "%" not in path and "eyJ" not in path and "ZXlK" not in path:
        return path
    masked = "/".join(_masked_value(segment) for segment in path.split("/"))
    return MASK if holds_token(masked) else masked


@_looking_once
def redacted_agent(text: str) -> str:
    """Return a User-Agent, or the mask where it seems to hold a secret."""
    return MASK if holds_token(text) or names_secret(text) else text


@_looking_once
def redacted_query(query: str) -> str:
    """Return a query string with the values of secrets masked, and tokens under any name."""
    if not _MAY_HOLD_SECRETS.search(query):
        return query
    masked = _masked_parameters(query)
    return MASK if masked is None else masked


def _masked_parameters(text: str) -> str | None:
    """Return pairs with secrets masked, unchanged where there are none; None: a token runs over several of them."""
    pairs = parameter_pairs(text)
    masked = _masked_pairs(pairs)
    if masked != pairs:
        plain = "&".join(f"{name}={value}" for name, value in masked)
        if _PLAIN_PAIRS.fullmatch(plain):
            return None if shows_token(plain) else plain
        text = urlencode(masked, safe="*")
    return None if holds_token(text) else text


def _masked_pairs(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [_masked_pair(name, value) for name, value in pairs]


def _masked_pair(name: str, value: str) -> tuple[str, str]:
    if is_secret_name(name):
        # The name itself may hold the secret: "a;client_secret" has no value, "client_secret:S" none but this one.
        return (MASK if names_secret(name) or holds_token(name) else name), MASK
    return _masked_value(name), _masked_value(value)


@_looking_once
def _masked_value(text: str) -> str:
    if holds_token(text):
        masked = JWT.sub(MASK, text)
        return MASK if holds_token(masked) or names_secret(masked) else masked
    return MASK if names_secret(text) else text


def redacted_body(request: Request, *, is_secretive: bool = False) -> bytes:
    """Return a request's body with the values of secrets masked, whatever content type it claims.

    Args:
        is_secretive: whether it was sent where credentials are: then a body that is neither a form nor JSON is
            struck out whole.
    """
    body = request.body
    if not body:
        return b""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        return b"(%d bytes that are not text)" % len(body)
    masked = _masked_json(body)
    if masked is None:
        masked = _masked_form(request, text)
    if masked is None:
        masked = struck(body) if is_secretive or may_hold_secret(text) else body
    return masked


def struck(body: bytes) -> bytes:
    """Return what stands for a body that is struck out whole."""
    return b"%b (%d bytes that may hold a secret)" % (MASK.encode(), len(body))


def _masked_json(body: bytes) -> bytes | None:
    """Return a JSON body without secrets, unchanged where it has none; None: it is not JSON."""
    try:
        value = orjson.loads(body)
    except ValueError:
        return None
    masked = _masked_document(value, 0)
    return body if masked == value else orjson.dumps(masked)


def _masked_document(value: object, depth: int) -> object:
    if depth > MAX_DEPTH:
        return MASK
    if isinstance(value, dict):
        return {
            _masked_value(name): MASK if is_secret_name(name) else _masked_document(item, depth + 1)
            for name, item in value.items()
        }
    if isinstance(value, list):
        return [_masked_document(item, depth + 1) for item in value]
    return _masked_value(value) if isinstance(value, str) else value


def _masked_form(request: Request, text: str) -> bytes | None:
    """Return a form without secrets, unchanged where it has none; None: it is no form, or one that cannot be read."""
    if request.media_type.encode() != FORM and "=" not in text:
        return None
    pairs = parameter_pairs(text)
    if not all(_FIELD_NAME.fullmatch(name) for name, _ in pairs):
        return None
    # Whatever the value of a secret holds is masked with it.
    if any(names_secret(value) for name, value in pairs if not is_secret_name(name)):
        return None
    masked = _masked_parameters(text)
    return None if masked is None else masked.encode()


def redacted_answer(body: bytes) -> bytes:
    """Return an answer's body with the tokens in it masked; in a page, the passwords and what its forms carry."""
    if body[:15] == b"<!doctype html>":
        # The style sheet is ours, always the same, and most of the page.
        page = _PAGE_SECRET.sub(rb"\1***", body)
        begin, end = page.find(b"<style>"), page.find(b"</style>")
        if 0 <= begin < end:
            return _without_tokens(page[:begin]) + page[begin:end] + _without_tokens(page[end:])
        return _without_tokens(page)
    return _without_tokens(_ANSWER_SECRET.sub(rb'"\1"***"', body))


def _without_tokens(body: bytes) -> bytes:
    if b"eyJ" not in body and b"ZXlK" not in body and b"%" not in body and b"&#" not in body:
        return body
    return redacted_text(body.decode("utf-8", "replace")).encode()


def redacted_headers(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Return an answer's headers with codes, tokens and cookies masked; those without are the same objects."""
    return [_masked_header(*header) if header[0] in _SECRET_HEADERS else header for header in headers]


def _masked_header(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    if name == b"set-cookie":
        cookie, _, rest = value.partition(b";")
        return name, cookie.partition(b"=")[0] + b"=***" + (b";" + rest if rest else b"")
    address, mark, query = value.decode("latin-1").partition("?")
    return name, (redacted_text(address) + mark + redacted_query(query)).encode("latin-1")

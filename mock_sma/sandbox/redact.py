"""What never enters the journal: secrets, codes, tokens, passwords."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from mock_sma.sandbox.exchange import FORM

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


def redacted_query(query: str) -> str:
    """Return a query string with the values of secrets masked."""
    if not query or not any(name in query.lower() for name in SECRET_NAMES):
        return query
    pairs = parse_qsl(query, keep_blank_values=True)
    return urlencode([(name, MASK if name.lower() in SECRET_NAMES else value) for name, value in pairs], safe="*")


def redacted_body(request: Request) -> bytes:
    """Return a request's body with the values of secrets masked; only forms carry any."""
    if not request.body:
        return b""
    if request.media_type.encode() == FORM:
        return redacted_query(request.body.decode("utf-8", "replace")).encode()
    return request.body

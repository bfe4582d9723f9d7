"""An archive that is whole after each entry, and holds no secret.

Source: W3C Web Performance, "HTTP Archive (HAR) format", version 1.2.
"""

from __future__ import annotations

import os
from hashlib import sha256
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import orjson

from mock_sma.sandbox.exchange import Request
from mock_sma.sandbox.redact import (
    redacted_agent,
    redacted_answer,
    redacted_body,
    redacted_headers,
    redacted_path,
    redacted_query,
)
from mock_sma.sandbox.secrets import MASK
from mock_sma.version import __version__

if TYPE_CHECKING:
    from pathlib import Path

    from mock_sma.archive.exchange import ArchivedExchange, Pairs

MAX_TOKENS = 10_000
"""Tokens that are told from one another."""

TAIL = b"\n]}}\n"

KEPT = frozenset(
    {"accept", "accept-encoding", "accept-language", "cache-control", "connection", "content-length", "content-type"}
)
"""Headers of a request whose values are kept; of all others the name is."""

SECRETIVE = ("/oauth2/", "/token", "/login", "/authorize", "/bc-authorize")
"""Parts of paths where credentials are sent: a body that cannot be read there is struck out whole."""


class ArchiveWriter:
    """Writes exchanges into a file that only its owner may read; it is a whole archive after each of them.

    Args:
        path: the file; what was there is replaced.

    Raises:
        OSError: it cannot be written.
    """

    def __init__(self, path: Path) -> None:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        if hasattr(os, "fchmod"):
            os.fchmod(handle, 0o600)  # one that was there may have been open to others
        self._file = os.fdopen(handle, "wb")
        creator = {"name": "mock-sma record", "version": __version__}
        head = orjson.dumps({"log": {"version": "1.2", "creator": creator, "entries": []}})
        self._file.write(head.removesuffix(b"]}}"))
        self._end = self._file.tell()
        self.count = 0
        self._tokens: dict[str, int] = {}
        self._close_list()

    def write(self, exchange: ArchivedExchange, milliseconds: float = 0.0) -> None:
        """Write an exchange down, without its secrets."""
        entry = orjson.dumps(entry_of(exchange, milliseconds, self._token(exchange)))
        self._file.seek(self._end)
        self._file.write((b",\n" if self.count else b"\n") + entry)
        self._end = self._file.tell()
        self.count += 1
        self._close_list()

    def _token(self, exchange: ArchivedExchange) -> str:
        """Return what stands for a request's credentials: a number tells one token from another."""
        sent = exchange.request_header("authorization")
        if sent is None:
            return MASK
        digest = sha256(sent.encode("utf-8", "surrogatepass")).hexdigest()
        if len(self._tokens) >= MAX_TOKENS and digest not in self._tokens:
            return MASK
        return f"{MASK} {self._tokens.setdefault(digest, len(self._tokens) + 1)}"

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _close_list(self) -> None:
        self._file.write(TAIL)
        self._file.flush()


def entry_of(exchange: ArchivedExchange, milliseconds: float, token: str = MASK) -> dict[str, Any]:
    """Return an entry of an archive, with secrets struck out.

    Args:
        token: what stands for the value of ``Authorization``.
    """
    path, query = redacted_path(exchange.path), redacted_query(exchange.query)
    return {
        "startedDateTime": exchange.started,
        "time": round(milliseconds, 1),
        "request": _request(exchange, f"{exchange.origin}{path}" + (f"?{query}" if query else ""), query, token),
        "response": _response(exchange),
        "cache": {},
        "timings": {"send": 0, "wait": round(milliseconds, 1), "receive": 0},
    }


def _request(exchange: ArchivedExchange, url: str, query: str, token: str) -> dict[str, Any]:
    request: dict[str, Any] = {
        "method": exchange.method,
        "url": url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _pairs(
            tuple((name, _request_value(name, value, token)) for name, value in exchange.request_headers)
        ),
        "queryString": _pairs(tuple(parse_qsl(query, keep_blank_values=True))),
        "headersSize": -1,
        "bodySize": len(exchange.request_body.encode()),
    }
    if exchange.request_body:
        kind = exchange.request_header("content-type") or ""
        body = exchange.request_body.encode()
        sent = Request(
            exchange.method, exchange.path, headers={b"content-type": kind.encode("latin-1", "replace")}, body=body
        )
        secretive = any(part in exchange.path.lower() for part in SECRETIVE)
        masked = redacted_body(sent, is_secretive=secretive).decode("utf-8", "replace")
        request["postData"] = {"mimeType": kind or "x-unknown", "text": masked}
    return request


def _request_value(name: str, value: str, token: str) -> str:
    if name.lower() == "authorization":
        return token
    if name.lower() == "user-agent":
        return redacted_agent(value)
    return value if name.lower() in KEPT else MASK


def _response(exchange: ArchivedExchange) -> dict[str, Any]:
    raw = [
        (name.lower().encode("latin-1", "replace"), value.encode("latin-1", "replace"))
        for name, value in exchange.headers
    ]
    masked = [value.decode("latin-1") for _, value in redacted_headers(raw)]
    headers = tuple((name, value) for (name, _), value in zip(exchange.headers, masked, strict=True))
    body = redacted_answer(exchange.body)
    return {
        "status": exchange.status,
        "statusText": _phrase(exchange.status),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _pairs(headers),
        "content": {
            "size": len(exchange.body),
            "mimeType": exchange.header("content-type") or "x-unknown",
            "text": body.decode("utf-8", "replace"),
        },
        "redirectURL": next((value for name, value in headers if name.lower() == "location"), ""),
        "headersSize": -1,
        "bodySize": len(exchange.body),
    }


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _pairs(pairs: Pairs) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs]

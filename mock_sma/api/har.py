"""The journal as HTTP Archive 1.2, for browsers' developer tools and other viewers.

Source: W3C Web Performance, "HTTP Archive (HAR) format", version 1.2.
"""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from mock_sma.sandbox.secrets import MASK
from mock_sma.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mock_sma.sandbox.world.entry import Entry

TIMINGS = {"send": 0, "wait": 0, "receive": 0}
"""An answer takes none of the emulator's time."""


def har_of(entries: Iterable[Entry]) -> dict[str, Any]:
    """Return the archive of exchanges, oldest first."""
    creator = {"name": "mock-sma", "version": __version__}
    tokens: dict[str, str] = {}
    return {"log": {"version": "1.2", "creator": creator, "entries": [_entry(entry, tokens) for entry in entries]}}


def _entry(entry: Entry, tokens: dict[str, str]) -> dict[str, Any]:
    if entry.access is not None:
        tokens.setdefault(entry.access.token, f"{MASK} {len(tokens) + 1}")
    return {
        "startedDateTime": datetime.fromtimestamp(entry.at, UTC).isoformat(timespec="milliseconds"),
        "time": 0,
        "request": _request(entry, tokens),
        "response": _response(entry),
        "cache": {},
        "timings": TIMINGS,
        "comment": str(entry.why),
        "_id": entry.id,
    }


def _request(entry: Entry, tokens: dict[str, str]) -> dict[str, Any]:
    query = f"?{entry.query}" if entry.query else ""
    request: dict[str, Any] = {
        "method": entry.method,
        "url": f"{entry.origin}{entry.path}{query}",
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _pairs((name, value) for name, value in _sent(entry, tokens) if value),
        "queryString": _pairs(parse_qsl(entry.query, keep_blank_values=True)),
        "headersSize": -1,
        "bodySize": len(entry.request_body),
    }
    if entry.request_body:
        text = entry.request_body.decode("utf-8", "replace")
        is_json = text.lstrip()[:1] in ("{", "[", '"')
        kind = "application/json" if is_json else "application/x-www-form-urlencoded"
        request["postData"] = {"mimeType": kind, "text": text}
    return request


def _sent(entry: Entry, tokens: dict[str, str]) -> Iterator[tuple[str, str]]:
    if entry.access is not None:  # the number tells one token from another
        yield "Authorization", tokens[entry.access.token]
    yield "User-Agent", entry.user_agent
    yield "traceparent", entry.traceparent


def _response(entry: Entry) -> dict[str, Any]:
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in entry.headers]
    known = dict(headers)
    return {
        "status": entry.status,
        "statusText": _phrase(entry.status),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _pairs(headers),
        "content": {
            "size": len(entry.response_body),
            "mimeType": known.get("content-type", "x-unknown"),
            "text": entry.response_body.decode("utf-8", "replace"),
        },
        "redirectURL": known.get("location", ""),
        "headersSize": -1,
        "bodySize": len(entry.response_body),
    }


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _pairs(pairs: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs]

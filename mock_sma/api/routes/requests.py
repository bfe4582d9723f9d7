"""``/_mock/requests``: the journal, newest first."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import orjson
from fastapi import APIRouter, HTTPException, Query, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from mock_sma.api.har import har_of
from mock_sma.api.world import World

if TYPE_CHECKING:
    from mock_sma.sandbox.world.entry import Entry
    from mock_sma.sandbox.world.journal import Journal


def brief(entry: Entry) -> dict[str, Any]:
    """Return an entry as the list shows it."""
    server = {"server": entry.server} if entry.server else {}
    return server | {
        "id": entry.id,
        "at": instant(entry.at),
        "method": entry.method,
        "host": entry.host,
        "path": entry.path,
        "query": entry.query,
        "status": entry.status,
        "client_id": entry.client_id,
        "operation": entry.operation,
        "traceparent": entry.traceparent or None,
        "why": [step.as_dict() for step in entry.why.steps],
    }


def full(entry: Entry) -> dict[str, Any]:
    """Return an entry with its bodies and headers as text."""
    return brief(entry) | {
        "user_agent": entry.user_agent,
        "request_body": entry.request_body.decode("utf-8", "replace"),
        "response_headers": [[name.decode(), value.decode("latin-1")] for name, value in entry.headers],
        "response_body": entry.response_body.decode("utf-8", "replace"),
    }


def instant(at: float) -> str:
    """Return a time [s since the epoch] as ISO 8601 in UTC."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")


class JournalFormat(StrEnum):
    """A form of the journal besides the list."""

    HAR = "har"
    JSONL = "jsonl"


class Filters(BaseModel):
    """Which exchanges; what is absent does not matter.

    ``path`` is exact or a pattern with ``*``, in any layout, without regard to case; ``since`` is the id of an
    entry, of which only the later ones are wanted (all that are kept, where it has been forgotten). Styles, scripts,
    fonts and icons that a browser fetched for pages are left out without ``assets``.
    """

    model_config = ConfigDict(extra="forbid")

    status: int | None = None
    method: str | None = None
    path: str | None = None
    client_id: str | None = None
    since: str | None = None
    limit: int = Field(100, ge=1, le=2_000)
    assets: bool = False
    format: JournalFormat | None = None


Wanted = Annotated[Filters, Query()]

router = APIRouter(prefix="/requests", tags=["requests"])


def chosen(journal: Journal, wanted: Filters) -> list[Entry]:
    """Return the newest exchanges that fit, oldest first."""
    found = journal.of(wanted.method, wanted.path, status=wanted.status, client_id=wanted.client_id)
    if not wanted.assets:
        found = found.without_assets()
    entries = list(found if wanted.since is None else journal.after(wanted.since, found))
    return entries[-wanted.limit :]


@router.get("", response_model=None)
async def list_requests(world: World, wanted: Wanted) -> list[dict[str, Any]] | Response:
    """List exchanges, newest first; as HTTP Archive or as one JSON object per line, oldest first."""
    entries = chosen(world.requests, wanted)
    if wanted.format is JournalFormat.HAR:
        return _archive(entries)
    if wanted.format is JournalFormat.JSONL:
        lines = b"".join(orjson.dumps(full(entry), default=str) + b"\n" for entry in entries)
        return Response(lines, media_type="application/x-ndjson")
    return [brief(entry) for entry in reversed(entries)]


@router.get(".har", response_model=None)
async def archive(world: World, wanted: Wanted) -> Response:
    """Export exchanges as an HTTP Archive 1.2 for a viewer, oldest first; no secret is in it."""
    return _archive(chosen(world.requests, wanted))


def _archive(entries: list[Entry]) -> Response:
    return JSONResponse(har_of(entries), headers={"content-disposition": 'attachment; filename="mock-sma.har"'})


@router.get("/{request_id}")
async def read_request(world: World, request_id: str) -> dict[str, Any]:
    """Read one exchange with the steps that led to its answer."""
    entry = world.requests.find(request_id)
    if entry is None:
        raise HTTPException(404, f"no request {request_id[:40]!r} in the journal, or forgotten since")
    return full(entry)


@router.delete("", status_code=204)
async def clear(world: World) -> Response:
    """Forget all exchanges."""
    world.requests.clear()
    return Response(status_code=204)

"""``/_mock/requests``: the journal, newest first."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Response

from mock_sma.api.world import World

if TYPE_CHECKING:
    from mock_sma.sandbox.journal import Entry


def brief(entry: Entry) -> dict[str, Any]:
    """Return an entry as the list shows it."""
    return {
        "id": entry.id,
        "at": instant(entry.at),
        "method": entry.method,
        "host": entry.host,
        "path": entry.path,
        "query": entry.query,
        "status": entry.status,
        "client_id": entry.client_id,
        "operation": entry.operation,
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


router = APIRouter(prefix="/requests", tags=["requests"])


@router.get("")
async def list_requests(
    world: World,
    status: int | None = None,
    path: str | None = None,
    client_id: str | None = None,
    limit: Annotated[int, Query(ge=1, le=2_000)] = 100,
) -> list[dict[str, Any]]:
    """List exchanges, newest first."""
    found = [
        entry
        for entry in world.requests
        if status in (None, entry.status) and path in (None, entry.path) and client_id in (None, entry.client_id)
    ]
    return [brief(entry) for entry in found[: -limit - 1 : -1]]


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

"""``/_mock/timeline``: what has happened and will, and letting more happen."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Body, HTTPException
from fastapi.concurrency import run_in_threadpool

from mock_sma.api.world import World
from mock_sma.domain.authority import is_person
from mock_sma.domain.moment import span_text
from mock_sma.domain.timeline import words_of
from mock_sma.sandbox.world.happenings.book import BY_HAND

if TYPE_CHECKING:
    from mock_sma.domain.timeline import TimelineEntry

router = APIRouter(tags=["scenario"])


@router.get("/timeline")
async def read_timeline(world: World) -> dict[str, list[dict[str, Any]]]:
    """Tell what has happened by itself or by hand, and what will, each with its time."""
    with world.lock:
        now = world.catch_up()
        past, coming = tuple(world.happenings), world.happenings.coming(now)
    return {
        "past": [
            {"at": _time(item.at), **words_of(item.action), "by": item.by, "problem": item.problem} for item in past
        ],
        "coming": [_coming(at, entry) for at, entry in coming],
    }


@router.post("/timeline", status_code=201)
async def let_happen(world: World, entry: Annotated[dict[str, Any], Body()]) -> dict[str, Any]:
    """Let an action of a scenario's timeline happen: at once, or ``at`` a time, ``after`` a span from now, ``every``.

    ``by`` does it as that person (R02), at once only.
    """
    by = entry.get("by", BY_HAND)
    if "by" in entry and not (isinstance(by, str) and is_person(by)):
        raise HTTPException(422, "by is the e-mail of a person")
    made = await run_in_threadpool(_read, {name: value for name, value in entry.items() if name != "by"})
    if made.at is None and made.after is None and made.repeat is None:
        world.happenings.carry_out(made.action, by=by)
        return {"at": _time(world.clock.time()), **words_of(made.action)}
    if "by" in entry:
        raise HTTPException(422, "who does it is asked at once only: leave out 'by', or the time")
    at, planned = world.happenings.schedule(made)
    return _coming(at, planned)


def _coming(at: float, entry: TimelineEntry) -> dict[str, Any]:
    again = {} if entry.repeat is None else {"every": span_text(entry.repeat.every)}
    return {"at": _time(at), **words_of(entry.action), **again}


def _time(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")


def _read(entry: dict[str, Any]) -> TimelineEntry:
    from mock_sma.scenarios.entries import read_entry  # noqa: PLC0415 - what reads documents takes long to load

    return read_entry(entry, may_be_now=True)

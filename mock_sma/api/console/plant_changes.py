"""Letting something happen to a plant from its page: gaps, faults, rows of a file, and who carries the owner flag."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from starlette.datastructures import UploadFile

from mock_sma.api.routes.rows import MAX_ROWS, rows_action
from mock_sma.api.worker import in_thread
from mock_sma.domain.actions import EndEvents, SetOwner, StartEvent
from mock_sma.domain.event import EventKind
from mock_sma.errors import UsageError

if TYPE_CHECKING:
    from starlette.responses import Response

    from mock_sma.api.console.visit import Visit

END = "end"
EVENTS = {
    EventKind.GAP.value: "No communication",
    EventKind.DEVICE_FAULT.value: "Device fault",
    EventKind.GRID_OUTAGE.value: "Grid outage",
    END: "End what is under way",
}
"""Kinds of events that need nothing but a time, and their end."""

MAX_HOURS = 24 * 365


async def add_event(visit: Visit) -> Response:
    """Begin an event now, for some hours or until further notice, or end those under way."""
    kind, hours = visit.field("kind"), visit.field("hours")
    if kind not in EVENTS:
        raise UsageError(f"There is no event {kind[:40]!r} here; there are {', '.join(EVENTS)}.")
    plant_id, device_id = visit.plant().id, visit.field("device") or None
    if kind == END:
        visit.carry_out(EndEvents(plant_id=plant_id, device_id=device_id))
    else:
        duration = _duration(hours) if hours else None
        visit.carry_out(StartEvent(kind=EventKind(kind), plant_id=plant_id, device_id=device_id, duration=duration))
    return visit.back("event")


def _duration(text: str) -> timedelta:
    try:
        hours = float(text)
    except ValueError:
        raise UsageError(f"{text[:40]!r} is not a number of hours.") from None
    if not 0 < hours <= MAX_HOURS:
        raise UsageError(f"An event lasts more than 0 and at most {MAX_HOURS} hours.")
    return timedelta(hours=hours)


async def change_rows(visit: Visit) -> Response:
    """Serve the rows of an uploaded file in the place of simulated ones, or simulated ones again."""
    text = "" if visit.field("do") == "remove" else await _uploaded(visit)
    action = rows_action(visit.plant().id, visit.field("device") or None, text, {"set": visit.field("set") or None})
    await in_thread(lambda: visit.carry_out(action))
    return visit.back("rows")


async def _uploaded(visit: Visit) -> str:
    file = visit.form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        raise UsageError("Choose a CSV file of rows: time,power, or an export of a portal.")
    content = await file.read(MAX_ROWS + 1)
    if len(content) > MAX_ROWS:
        raise UsageError(f"A file of rows has at most {MAX_ROWS >> 20} MiB here; name a larger one in a scenario.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError("The rows are not UTF-8; save them as CSV in UTF-8.") from None
    if not text.strip():
        raise UsageError("The file is empty; it needs heads, such as time,power, and rows.")
    return text


async def set_owner(visit: Visit) -> Response:
    """Give the owner flag to a person, or take it away; what R01 and R03 forbid is refused."""
    owner = visit.field("owner") == "yes"
    visit.carry_out(SetOwner(plant_id=visit.plant().id, email=visit.field("email"), owner=owner))
    return visit.back("owner")

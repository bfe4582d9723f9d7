"""Letting something happen to a plant from its page: gaps, faults, and who carries the owner flag."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from mock_sma.api.routes.plants import NewEvent, add, patch_plant
from mock_sma.errors import UsageError
from mock_sma.scenario_file.plant_model import plant_model

if TYPE_CHECKING:
    from starlette.responses import Response

    from mock_sma.api.console.visit import Visit

EVENTS = {
    "gap": "No communication",
    "device-fault": "Device fault",
    "grid-outage": "Grid outage",
    "end": "End what is under way",
}
"""Kinds of ``POST /_mock/plants/{id}/events`` that need nothing but a time."""

MAX_HOURS = 24 * 365


async def add_event(visit: Visit) -> Response:
    """Begin an event now, for some hours or until further notice, or end those under way."""
    kind, hours = visit.field("kind"), visit.field("hours")
    if kind not in EVENTS:
        raise UsageError(f"There is no event {kind[:40]!r} here; there are {', '.join(EVENTS)}.")
    wanted = NewEvent(kind=kind, device=visit.field("device") or None)
    if kind != "end" and hours:
        wanted.duration = _duration(hours)
    await add(visit.world, visit.params["plant"], wanted)
    return visit.back("event")


def _duration(text: str) -> timedelta:
    try:
        hours = float(text)
    except ValueError:
        raise UsageError(f"{text[:40]!r} is no number of hours.") from None
    if not 0 < hours <= MAX_HOURS:
        raise UsageError(f"An event lasts more than 0 and at most {MAX_HOURS} hours.")
    return timedelta(hours=hours)


async def set_owner(visit: Visit) -> Response:
    """Give the owner flag to a person, or take it away; what R01 and R03 forbid is refused."""
    plant_id, email = visit.params["plant"], visit.field("email").casefold()
    plant = visit.world.estate.plant(plant_id)
    users = [dict(user) for user in plant_model(plant)["users"]] if plant is not None else []
    for user in users:
        if user["email"].casefold() == email:
            user["owner"] = visit.field("owner") == "yes"
    await patch_plant(visit.world, plant_id, {"users": users})
    return visit.back("owner")

"""Worlds: choosing, making and removing them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse

from mock_sma.api.console.page import page
from mock_sma.api.console.visit import console_of
from mock_sma.errors import UsageError
from mock_sma.scenarios import load_scenario

if TYPE_CHECKING:
    from starlette.responses import Response

    from mock_sma.api.console.visit import Visit


async def show(visit: Visit) -> Response:
    """Show all worlds."""
    found = [(world, console_of(visit, world)) for world in visit.worlds]
    return page(visit, "worlds", worlds=found, scenarios=visit.library.names())


async def change(visit: Visit) -> Response:
    """Make a world and go there, or remove one."""
    if visit.field("do") == "remove":
        visit.worlds.delete(visit.field("name"))
        return RedirectResponse("/_mock/console/worlds?done=world", 303)
    if visit.field("do") != "create":
        raise UsageError("A world can be created and removed.")
    scenario = await run_in_threadpool(load_scenario, visit.field("scenario"), library=visit.library)
    now = visit.field("now") or None
    made = visit.worlds.create(scenario, name=visit.field("name") or None, now=now)
    return RedirectResponse(console_of(visit, made), 303)

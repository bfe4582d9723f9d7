"""Worlds: choosing, making and removing them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse

from mock_sma.api.console.page import page
from mock_sma.errors import UsageError
from mock_sma.scenario_file import load_scenario

if TYPE_CHECKING:
    from starlette.responses import Response

    from mock_sma.api.console.visit import Visit
    from mock_sma.sandbox.sandbox import Sandbox


def console_of(visit: Visit, world: Sandbox) -> str:
    """Return the address of a world's console."""
    default = world is visit.worlds.default
    return "/_mock/console/" if default else f"/_mock/worlds/{quote(world.name, safe='')}/console/"


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

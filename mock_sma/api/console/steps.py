"""Moving a world through time from any page: the clock, steps that can be taken back, save points, forks."""

from __future__ import annotations

from datetime import UTC, datetime
from math import ceil
from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse

from mock_sma.api.console.fields import instant_of, number_of
from mock_sma.api.console.moments import next_moment
from mock_sma.api.console.undo import step, step_names
from mock_sma.api.console.visit import console_of
from mock_sma.api.routes.savepoints import SavePointWish, delete, restore, save
from mock_sma.api.worker import in_thread
from mock_sma.clock import LATEST
from mock_sma.errors import UsageError

if TYPE_CHECKING:
    from starlette.responses import Response

    from mock_sma.api.console.visit import Visit
    from mock_sma.sandbox.sandbox import Sandbox


async def set_clock(visit: Visit) -> Response:
    """Freeze, run, move or set the clock; what moves it can be taken back."""
    world, clock = visit.world, visit.world.clock
    match visit.field("do"):
        case "freeze":
            clock.freeze()
        case "run":
            clock.unfreeze()
        case "rate":
            clock.set_rate(number_of(visit.field("rate")))
        case "advance":
            seconds = number_of(visit.field("seconds"))
            async with step(world):
                clock.advance(seconds)
        case "jump":
            to = instant_of(visit.field("now"))
            async with step(world):
                clock.set(to)
        case "move":
            await _move(world, number_of(visit.field("to")))
        case "next":
            return await _next(visit)
        case _:
            raise UsageError("The clock can freeze, run, rate, advance, jump, move and go to the next happening.")
    return visit.back("clock")


async def _move(world: Sandbox, to: float) -> None:
    if not to >= world.clock.time():
        raise UsageError("Time goes forward here. To go back, choose a save point, or undo the last step.")
    if not to < LATEST:
        raise UsageError("The clock covers the years 1990 to 2199; choose a time in them.")
    async with step(world):
        # A stamp of a page is in whole milliseconds: what happens within the last one has happened then.
        world.clock.set(datetime.fromtimestamp(ceil(to * 1000) / 1000, UTC))


async def _next(visit: Visit) -> Response:
    coming = next_moment(visit.world)
    if coming is None:
        raise UsageError("Nothing is going to happen in this world by itself.")
    await _move(visit.world, coming.at)
    return visit.back("next")


async def undo(visit: Visit) -> Response:
    """Take the last step back."""
    steps = step_names(visit.world)
    if not steps:
        raise UsageError("There is no step to take back.")
    await restore(visit.world, steps[-1])
    visit.world.savepoints.pop(steps[-1], None)
    return visit.back("undo")


async def change_savepoints(visit: Visit) -> Response:
    """Save the world under a name, go back to a save point, forget one, or make a fork."""
    world, name = visit.world, visit.field("name")
    match visit.field("do"):
        case "save":
            await save(world, SavePointWish(name=name or None))
            return visit.back("saved")
        case "restore":
            await restore(world, name)
            return visit.back("restored")
        case "forget":
            await delete(world, name)
            return visit.back("forgotten")
        case "fork":
            made = await in_thread(lambda: visit.worlds.fork(world, name=name or None))
            return RedirectResponse(f"{console_of(visit, made)}?done=forked", 303)
    raise UsageError("A world can be saved, put back to a save point and forked; a save point can be forgotten.")

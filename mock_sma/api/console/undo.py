"""Steps of a world through time that can be taken back: each is kept in a save point before it is taken."""

from __future__ import annotations

import re
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, NamedTuple

from mock_sma.api.console.moments import Window, moments, next_moment
from mock_sma.api.routes.savepoints import MAX_SAVEPOINTS
from mock_sma.api.worker import in_thread

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from mock_sma.api.console.moments import Moment
    from mock_sma.sandbox.sandbox import Sandbox
    from mock_sma.sandbox.world.savepoint import SavePoint

STEPS = {"5 min": 300, "1 h": 3_600, "1 day": 86_400}
KEPT_STEPS = 10
"""Steps that can be taken back."""

STEP = re.compile(r"before-step-(\d+)")
"""Names of the save points that the console makes before a step."""


class Times(NamedTuple):
    """What the header of every page says of time.

    Attributes:
        coming: the next thing that happens; None: nothing.
        undo: name and save point of before the last step; None: there is none.
    """

    coming: Moment | None
    undo: tuple[str, SavePoint] | None


def times_of(world: Sandbox) -> Times:
    """Return what the header says of a world's time."""
    steps = step_names(world)
    return Times(next_moment(world), (steps[-1], world.savepoints[steps[-1]]) if steps else None)


def happened(world: Sandbox) -> Moment | None:
    """Return what the last step went to, where it went to the next thing that happens; None: it is gone."""
    steps = step_names(world)
    if not steps:
        return None
    before = world.savepoints[steps[-1]].clock.time()
    found = moments(world, world.clock.time(), Window(before, world.clock.time(), 1))
    return next((moment for moment in found if moment.at > before and not moment.routine), None)


def step_names(world: Sandbox) -> list[str]:
    """Return the names of the save points of before steps, the oldest first."""
    found = [(int(match[1]), name) for name in list(world.savepoints) if (match := STEP.fullmatch(name))]
    return [name for _, name in sorted(found)]


@asynccontextmanager
async def step(world: Sandbox) -> AsyncIterator[None]:
    """Keep the world as it is before a step, and forget the oldest of such save points over their bound.

    Where the world's save points are all somebody's own, the step can be taken, but not be taken back.
    """
    name = await _kept(world)
    try:
        yield
    except BaseException:
        world.savepoints.pop(name, None)
        raise


async def _kept(world: Sandbox) -> str:
    steps = step_names(world)
    for name in steps[: max(0, len(steps) - KEPT_STEPS + 1)]:
        world.savepoints.pop(name, None)
    if len(world.savepoints) >= MAX_SAVEPOINTS:
        return ""
    number = 1 + max((int(name.rpartition("-")[2]) for name in steps), default=0)
    point = await in_thread(world.save)
    name = f"before-step-{number}"
    world.savepoints[name] = point
    return name

"""``/_mock/clock``: read, set and move a world's time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from mock_sma.api.world import World
from mock_sma.clock import MAX_RATE, parse_instant
from mock_sma.errors import UsageError

if TYPE_CHECKING:
    from mock_sma.clock import Clock


class ClockReading(BaseModel):
    """A clock: time as ISO 8601 with offset, whether it stands, emulated seconds per second."""

    now: str
    frozen: bool
    rate: float


class ClockChange(BaseModel):
    """What to set; what is absent stays as it is."""

    model_config = ConfigDict(extra="forbid")

    now: str | None = None
    frozen: bool | None = None
    rate: float | None = Field(None, ge=0.0, le=MAX_RATE)


class ClockAdvance(BaseModel):
    """How far to move forward: exactly one of both."""

    model_config = ConfigDict(extra="forbid")

    seconds: float | None = Field(None, allow_inf_nan=False)
    duration: timedelta | None = None


def state_of(clock: Clock) -> ClockReading:
    """Return a clock's state."""
    return ClockReading(now=clock.isoformat(), frozen=clock.frozen, rate=clock.rate)


def change(clock: Clock, wanted: ClockChange) -> None:
    """Set what is wanted.

    Raises:
        UsageError: nothing is named, the time is none, or a clock of rate 0 is to run.
    """
    if not wanted.model_fields_set:
        raise UsageError("name at least one of now, frozen and rate")
    if wanted.frozen is False and wanted.rate == 0.0:
        raise UsageError("a clock of rate 0 stands still; leave out frozen, or give another rate")
    now = None if wanted.now is None else parse_instant(wanted.now)
    if now is not None:
        clock.set(now)
    if wanted.rate is not None:
        clock.set_rate(wanted.rate)
    if wanted.frozen:
        clock.freeze(now)
    elif wanted.frozen is False and clock.frozen:
        clock.unfreeze()


router = APIRouter(prefix="/clock", tags=["clock"])


@router.get("")
async def read(world: World) -> ClockReading:
    """Read the clock."""
    return state_of(world.clock)


@router.put("")
async def write(world: World, wanted: ClockChange) -> ClockReading:
    """Set time, rate, or whether it stands; all that becomes due happens."""
    change(world.clock, wanted)
    return state_of(world.clock)


@router.post("/advance")
async def advance(world: World, step: ClockAdvance) -> ClockReading:
    """Move forward; all that becomes due happens."""
    if (step.seconds is None) == (step.duration is None):
        raise UsageError('give either {"seconds": 300} or {"duration": "PT5M"}')
    world.clock.advance(step.seconds if step.duration is None else step.duration)
    return state_of(world.clock)

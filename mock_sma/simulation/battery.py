"""A battery that any day can be asked of: an integer clip recursion whose past is soon forgotten (SIMULATION 6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from mock_sma.domain.device import Battery
    from mock_sma.simulation.chance import Ints


@dataclass(frozen=True, slots=True)
class BatteryRun:
    """Per slot: energy into and out of the battery at its AC side, and energy stored at the end [mWh]."""

    charge: Ints
    discharge: Ints
    stored: Ints


def steps(battery: Battery, surplus: Ints) -> Ints:
    """Return what each slot would add to or take from a boundless battery [mWh].

    Args:
        surplus: (n,) generation less consumption [mWh].

    Losses of a whole cycle fall on the way in, so that a step never depends on the state.
    """
    into = np.minimum(surplus, int(battery.max_charge * 1_000 / 12))
    out = np.minimum(-surplus, int(battery.max_discharge * 1_000 / 12))
    gained = (into * int(battery.round_trip_efficiency * 1_000)) // 1_000
    return np.where(surplus > 0, gained, -np.maximum(out, 0))


def walk(added: Ints, start: int, capacity: int) -> list[int]:
    """Return the stored energy after each slot, from ``start``: ``x' = clip(x + a, 0, capacity)`` [mWh]."""
    stored = start
    result: list[int] = []
    append = result.append
    for step in added.tolist():
        stored += step
        if stored > capacity:
            stored = capacity
        elif stored < 0:
            stored = 0
        append(stored)
    return result


def meet(added: Ints, capacity: int) -> int | None:
    """Return the state after ``added`` whatever it was before, or None where the past still shows [mWh]."""
    empty, full = 0, capacity
    for step in added.tolist():
        empty = min(max(empty + step, 0), capacity)
        full = min(max(full + step, 0), capacity)
    return empty if empty == full else None


def run(battery: Battery, surplus: Ints, start: int) -> BatteryRun:
    """Run a battery through consecutive slots.

    Args:
        surplus: (n,) generation less consumption [mWh].
        start: stored at the beginning [mWh].
    """
    capacity = int(battery.capacity * 1_000)
    added = steps(battery, surplus)
    stored = np.array(walk(added, start, capacity), dtype=np.int64)
    change = np.diff(stored, prepend=np.int64(start))
    share = int(battery.round_trip_efficiency * 1_000)
    limit = np.minimum(surplus, int(battery.max_charge * 1_000 / 12))
    # An unclipped step takes exactly what was offered; a clipped one what the room left needs.
    taken = np.where(change == added, limit, np.minimum((change * 1_000 + share - 1) // share, limit))
    charge = np.where(change > 0, taken, 0)
    return BatteryRun(charge, np.where(change < 0, -change, 0), stored)

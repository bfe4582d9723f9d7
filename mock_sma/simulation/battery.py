"""A battery on any day: an integer clip recursion whose past is soon forgotten (docs/simulation.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from mock_sma.frozen import frozen

if TYPE_CHECKING:
    from mock_sma.domain.device import Battery
    from mock_sma.simulation.arrays import Ints


@frozen
class BatteryRun:
    """Per slot: energy into and out of the battery at its AC side, and energy stored at the end [mWh]."""

    charge: Ints
    discharge: Ints
    stored: Ints


@frozen
class _Stretches:
    """Steps of one direction in a row: within a stretch the clipped sum needs no recursion.

    Attributes:
        places: (m + 1,) where each begins, and the length of all.
        sums: (n,) running sum of all steps [mWh].
        totals: (m,) sum of each [mWh].
    """

    places: Ints
    sums: Ints
    totals: list[int]

    @classmethod
    def of(cls, added: Ints) -> _Stretches:
        down = added < 0
        turns = np.flatnonzero(down[1:] != down[:-1]) + 1
        places = np.concatenate((np.zeros(1, dtype=np.int64), turns, np.array([len(added)], dtype=np.int64)))
        sums = np.cumsum(added)
        totals = sums[places[1:] - 1] if len(added) else np.zeros(0, dtype=np.int64)
        totals[1:] -= totals[:-1].copy()
        return cls(places, sums, totals.tolist())


class Limits(NamedTuple):
    """The most that goes in and out per slot [mWh]: one number each, or one per slot."""

    charge: Ints | int
    discharge: Ints | int

    @classmethod
    def of(cls, battery: Battery) -> Limits:
        """Return the limits of a battery that always works."""
        return cls(int(battery.max_charge * 1_000 / 12), int(battery.max_discharge * 1_000 / 12))


def steps(battery: Battery, surplus: Ints, limits: Limits | None = None) -> Ints:
    """Return what each slot would add to or take from a boundless battery [mWh].

    Args:
        surplus: (n,) generation less consumption [mWh].
        limits: None: the battery's own.

    Losses of a whole cycle fall on the way in, so that a step never depends on the state.
    """
    limits = limits or Limits.of(battery)
    into = np.minimum(surplus, limits.charge)
    out = np.minimum(-surplus, limits.discharge)
    gained = (into * int(battery.round_trip_efficiency * 1_000)) // 1_000
    return np.where(surplus > 0, gained, -np.maximum(out, 0))


def walk(added: Ints, start: int, capacity: int, least: int = 0) -> Ints:
    """Return the stored energy after each slot, from ``start``: ``x' = clip(x + a, least, capacity)`` [mWh]."""
    if not len(added):
        return np.zeros(0, dtype=np.int64)
    stretches = _Stretches.of(added)
    stored = start
    starts: list[int] = []
    append = starts.append
    for total in stretches.totals:
        append(stored)
        stored += total
        if stored > capacity:
            stored = capacity
        elif stored < least:
            stored = least
    lengths = np.diff(stretches.places)
    before = np.concatenate((np.zeros(1, dtype=np.int64), stretches.sums[stretches.places[1:-1] - 1]))
    base = np.repeat(np.array(starts, dtype=np.int64) - before, lengths)
    return np.asarray(np.clip(stretches.sums + base, least, capacity))


def meet(added: Ints, capacity: int, least: int = 0) -> int | None:
    """Return the state after ``added`` whatever it was before, or None where the past still shows [mWh]."""
    empty, full = least, capacity
    for total in _Stretches.of(added).totals:
        empty = min(max(empty + total, least), capacity)
        full = min(max(full + total, least), capacity)
    return empty if empty == full else None


def run(battery: Battery, surplus: Ints, start: int, limits: Limits | None = None, least: int = 0) -> BatteryRun:
    """Run a battery through consecutive slots.

    Args:
        surplus: (n,) generation less consumption [mWh].
        start: stored at the beginning [mWh].
        limits: None: the battery's own.
        least: what it never gives away [mWh].
    """
    capacity = int(battery.capacity * 1_000)
    limits = limits or Limits.of(battery)
    added = steps(battery, surplus, limits)
    stored = walk(added, start, capacity, least)
    change = stored.copy()
    change[:1] -= start
    change[1:] -= stored[:-1]
    share = int(battery.round_trip_efficiency * 1_000)
    limit = np.minimum(surplus, limits.charge)
    # An unclipped step takes exactly what was offered; a clipped one what the room left needs.
    taken = np.where(change == added, limit, np.minimum((change * 1_000 + share - 1) // share, limit))
    charge = np.where(change > 0, taken, 0)
    return BatteryRun(charge, np.where(change < 0, -change, 0), stored)

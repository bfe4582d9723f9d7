"""Size, limits and efficiency of a battery, told or fitted to its recorded rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from mock_sma.importer.pieces import pieces_of

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from mock_sma.importer.pieces import Piece
    from mock_sma.importer.spans import RecordedSet
    from mock_sma.simulation.arrays import Floats

HOUR, DAY = 3_600, 86_400

USUAL = 10_000.0
"""Capacity where nothing tells [Wh]."""

HOURS = 2.0
"""In which a usual battery is full."""

SWING = 20.0
"""Rise and fall of the state of charge without which it tells no capacity [%]."""

CAPPED, TIMES = 0.99, 6
"""A power that so many rows come near to is a limit."""

EFFICIENCIES = (0.6, 1.0)


@dataclass(frozen=True, slots=True)
class FittedBattery:
    """A battery.

    Attributes:
        entry: keys of the scenario.
        fitted: what was fitted, in words.
        guessed: what is a guess.
    """

    entry: dict[str, float]
    fitted: list[str] = field(default_factory=list)
    guessed: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Course:
    """What went in and came out since the first row of a day, and what the state of charge rose by."""

    charged: Floats
    discharged: Floats
    risen: Floats


def fitted_battery(told: float | None, recorded: RecordedSet | None, zone: ZoneInfo) -> FittedBattery:
    """Return a battery that does as the recorded one did.

    Args:
        told: its capacity [Wh]; None: it is not known.
        recorded: rows with ``batteryCharging``, ``batteryDischarging`` and ``batteryStateOfCharge``; None: there are
            none.
    """
    found = FittedBattery({})
    charging, discharging = (
        [] if recorded is None else pieces_of(recorded, name, zone)
        for name in ("batteryCharging", "batteryDischarging")
    )
    states = [] if recorded is None else pieces_of(recorded, "batteryStateOfCharge", zone)
    course = _course(charging, discharging, states)
    capacity = told or (None if course is None else _capacity(course))
    if capacity is None:
        found.guessed.append(f"a capacity of {USUAL:g} Wh")
    elif told is None:
        found.fitted.append(f"a capacity of {capacity:g} Wh")
    found.entry["capacity"] = capacity or USUAL
    efficiency = None if course is None or capacity is None else _efficiency(course, capacity)
    for name, pieces in (("max_charge", charging), ("max_discharge", discharging)):
        highest, is_limit = _limit(pieces)
        found.entry[name] = highest if is_limit else max(highest, found.entry["capacity"] / HOURS)
        words = f"{'charging' if pieces is charging else 'discharging'} with at most {found.entry[name]:g} W"
        (found.fitted if is_limit or highest == found.entry[name] else found.guessed).append(words)
    if efficiency is not None:
        found.entry["round_trip_efficiency"] = efficiency
        found.fitted.append(f"an efficiency of {efficiency:.0%}")
    return found


def _limit(pieces: list[Piece]) -> tuple[float, bool]:
    """Return the highest power [W], and whether it is one that is reached again and again."""
    powers = [piece.mean for piece in pieces if piece.end - piece.begin <= HOUR]
    highest = max(powers, default=0.0)
    near = sum(power >= CAPPED * highest for power in powers) if highest > 0.0 else 0
    return round(highest, -1), near >= TIMES and highest >= 10.0


def _course(charging: list[Piece], discharging: list[Piece], states: list[Piece]) -> _Course | None:
    """Return the days of rows that have all three."""
    ins, outs = ({piece.end: piece.energy for piece in pieces} for pieces in (charging, discharging))
    rows = [
        (piece.begin, ins[piece.end], outs[piece.end], piece.mean)
        for piece in states
        if piece.end in ins and piece.end in outs and piece.end - piece.begin <= HOUR
    ]
    parts = []
    for _, group in groupby(rows, lambda row: row[0] // DAY):
        _, into, out, state = np.array(list(group), dtype=np.float64).T
        parts.append((np.cumsum(into[1:]), np.cumsum(out[1:]), (state[1:] - state[0]) / 100.0))
    if not parts:
        return None
    return _Course(*(np.concatenate(part) for part in zip(*parts, strict=True)))


def _capacity(course: _Course) -> float | None:
    """Return what fits ``discharged = efficiency · charged - capacity · rise`` best [Wh]."""
    if not len(course.risen) or np.ptp(course.risen) * 100.0 < SWING:
        return None
    known = np.column_stack((-course.risen, course.charged))
    capacity = float(np.linalg.lstsq(known, course.discharged, rcond=None)[0][0])
    return round(capacity, -2) if capacity >= 100.0 else None


def _efficiency(course: _Course, capacity: float) -> float | None:
    """Return what fits best; None: too little was charged."""
    if not len(course.charged) or float(course.charged.max()) < capacity * SWING / 100.0:
        return None
    gained = capacity * course.risen + course.discharged
    share = float((gained @ course.charged) / (course.charged @ course.charged))
    return round(min(max(share, EFFICIENCIES[0]), EFFICIENCIES[1]), 3)

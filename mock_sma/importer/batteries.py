"""Size, limits and efficiency of a battery, told or fitted to its recorded rows."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

import numpy as np

from mock_sma.frozen import frozen
from mock_sma.importer.pieces import pieces_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from zoneinfo import ZoneInfo

    from mock_sma.importer.pieces import Piece
    from mock_sma.importer.spans import RecordedSet
    from mock_sma.simulation.arrays import Floats

HOUR, DAY = 3_600, 86_400

USUAL = 10_000.0
"""Capacity where nothing tells [Wh]."""

HOURS = 2.0
"""In which a usual battery is full."""

SWING, LITTLE = 20.0, 5.0
"""Swing of the state of charge below which it tells the capacity roughly, and below which not at all [%]."""

LOSSES = 0.1
"""Of a usual battery, from AC to AC [1]."""

CAPPED, TIMES = 0.99, 6
"""A power that so many rows come near to is a limit."""

EFFICIENCIES = (0.6, 1.0)


@frozen
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


@frozen
class _Course:
    """What went in and came out since the first row of a stretch, and what the state of charge rose by."""

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
    swing = 0.0 if course is None else float(np.ptp(course.risen)) * 100.0
    fitted = None if course is None or told or swing < LITTLE else _capacity(course)
    capacity = told or fitted or max(USUAL, _least(charging, discharging))
    if not told:
        sayings = found.guessed if fitted is None or swing < SWING else found.fitted
        sayings.append(f"a capacity of {capacity:g} Wh")
    found.entry["capacity"] = capacity
    efficiency = _efficiency(course, capacity) if course is not None and (told or fitted) else None
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
    """Return the stretches of rows that have all three."""
    ins, outs = ({piece.end: piece.energy for piece in pieces} for pieces in (charging, discharging))
    parts = []
    for stretch in _stretches(piece for piece in states if piece.end in ins and piece.end in outs):
        if len(stretch) == 1:
            continue
        into, out = ([known[piece.end] for piece in stretch[1:]] for known in (ins, outs))
        state = np.array([piece.mean for piece in stretch])
        parts.append((np.cumsum(into), np.cumsum(out), (state[1:] - state[0]) / 100.0))
    if not parts:
        return None
    return _Course(*(np.concatenate(part) for part in zip(*parts, strict=True)))


def _stretches(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    """Yield the short pieces of a day that follow one another without a gap: what went on in one, nobody knows."""
    found: list[Piece] = []
    for piece in pieces:
        if piece.end - piece.begin > HOUR:
            continue
        if found and (piece.begin != found[-1].end or piece.begin // DAY != found[0].begin // DAY):
            yield found
            found = []
        found.append(piece)
    if found:
        yield found


def _capacity(course: _Course) -> float | None:
    """Return what fits ``discharged = efficiency · charged - capacity · rise`` best [Wh]."""
    known = np.column_stack((-course.risen, course.charged))
    capacity = float(np.linalg.lstsq(known, course.discharged, rcond=None)[0][0])
    return round(capacity, -2) if capacity >= 100.0 else None


def _least(charging: list[Piece], discharging: list[Piece]) -> float:
    """Return what a battery of usual losses has room for, since it has stored so much at a time [Wh]."""
    outs = {piece.end: piece.energy for piece in discharging}
    room = 0.0
    for stretch in _stretches(piece for piece in charging if piece.end in outs):
        stored = np.cumsum([(1.0 - LOSSES) * piece.energy - outs[piece.end] for piece in stretch])
        room = max(room, float(max(stored.max(), 0.0) - min(stored.min(), 0.0)))
    return round(room, -2)


def _efficiency(course: _Course, capacity: float) -> float | None:
    """Return what fits best; None: too little was charged."""
    if float(course.charged.max()) < capacity * SWING / 100.0:
        return None
    gained = capacity * course.risen + course.discharged
    share = float((gained @ course.charged) / (course.charged @ course.charged))
    return round(min(max(share, EFFICIENCIES[0]), EFFICIENCIES[1]), 3)

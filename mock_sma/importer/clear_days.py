"""Size and direction of a generator, fitted to the recorded rows of clear skies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mock_sma.frozen import frozen
from mock_sma.simulation.pv import NOMINAL_EFFICIENCY, specific_power, surroundings
from mock_sma.simulation.sky import behind_skyline, clear_sky, plane_of_array, split
from mock_sma.simulation.slots import SLOT, Run
from mock_sma.simulation.sun import Sun, sun_position

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mock_sma.simulation.arrays import Bools, Floats, Ints
    from mock_sma.simulation.sky import Light

MAX_ROWS = 6_000
"""Rows that are looked at, the latest ones: forty days of light."""

FEWEST = 24
"""Clear rows without which nothing is fitted: two hours of five minutes."""

NEAR = 0.06
"""How far a row may lie from the clear sky's, of the highest, to count as clear."""

HIGH = 0.8
"""Share of the highest power at a time of day from which on a row counts."""

AIR, WIND = 15.0, 2.0
"""Air temperature [°C] and wind [m/s] that are taken for all rows: they are not in the traffic."""


@frozen
class FittedGenerator:
    """What fits best.

    Attributes:
        peak_power: of the modules [W].
        azimuth: where they face [° clockwise from north].
        tilt: [°].
        rows: clear rows that it was fitted to.
        share: of all rows by light that are clear.
        deviation: root mean square of what these rows deviate by, of their mean.
    """

    peak_power: float
    azimuth: float
    tilt: float
    rows: int
    share: float
    deviation: float


def fitted_generator(
    ends: Sequence[int], step: int, powers: Sequence[float], latitude: float, longitude: float
) -> FittedGenerator | None:
    """Return what fits the rows of clear skies by least squares; None: too few are clear.

    Args:
        ends: of the rows [s since the epoch].
        step: their interval [s].
        powers: AC power of all modules [W].
        latitude: [°].
        longitude: [° east].
    """
    slots = (np.array(ends, dtype=np.int64) - step // 2) // SLOT
    power = np.array(powers, dtype=np.float64)
    sun = _sun(slots, latitude, longitude)
    lit = np.flatnonzero((sun.up > 0.1) & (power > 0.02 * max(float(power.max(initial=0.0)), 1.0)))[-MAX_ROWS:]
    if len(lit) < FEWEST:
        return None
    lit = lit[_highest(slots[lit] % 288, power[lit])]
    power, sun = power[lit], sun.only(lit)
    light = behind_skyline(split(clear_sky(sun.up), sun), sun)
    best = (np.inf, 180.0, 30.0)
    for azimuths, tilts in (
        (np.arange(60.0, 301.0, 15.0), np.arange(5.0, 66.0, 10.0)),
        (np.arange(-10.0, 11.0, 5.0), np.arange(-10.0, 11.0, 5.0)),
    ):
        around = best[1:] if np.isfinite(best[0]) else (0.0, 0.0)
        for azimuth in (azimuths + around[0]).tolist():
            for tilt in np.clip(tilts + around[1], 0.0, 90.0).tolist():
                best = min(best, (_loss(power, _unit(light, sun, tilt, azimuth)), azimuth, tilt))
    unit = _unit(light, sun, best[2], best[1])
    scale = _scale(power, unit)
    for _ in range(3):
        clear = np.abs(power - scale * unit) < NEAR * power.max()
        if int(clear.sum()) < FEWEST:
            return None
        scale = float((power[clear] @ unit[clear]) / (unit[clear] @ unit[clear]))
    off = power[clear] - scale * unit[clear]
    deviation = float(np.sqrt(np.mean(off * off)) / np.mean(power[clear]))
    return FittedGenerator(scale, best[1] % 360.0, best[2], int(clear.sum()), float(clear.mean()), deviation)


def _highest(clock: Ints, power: Floats) -> Bools:
    """Tell which rows are near the highest ones at their time of day, which are those of the clearest days."""
    highest = np.zeros(288 + 2)
    np.maximum.at(highest, clock + 1, power)
    around = np.maximum(np.maximum(highest[:-2], highest[1:-1]), highest[2:])
    return np.asarray(power >= HIGH * around[clock])


def _sun(slots: Ints, latitude: float, longitude: float) -> Sun:
    first, last = int(slots.min()), int(slots.max())
    days = np.unique(slots // 288)
    if len(days) * 288 * 4 > last - first:
        return sun_position(Run(first, last - first + 1), latitude, longitude).only(slots - first)
    parts = [sun_position(Run(int(day) * 288, 288), latitude, longitude) for day in days.tolist()]
    places = np.searchsorted(days, slots // 288) * 288 + slots % 288
    up, east, north, extra = (np.concatenate([part[place] for part in parts]) for place in range(4))
    return Sun(up, east, north, extra).only(places)


def _unit(light: Light, sun: Sun, tilt: float, azimuth: float) -> Floats:
    """Return the AC power of modules of one watt under a clear sky [1]."""
    poa = plane_of_array(light, sun, tilt, azimuth)
    like = np.ones_like(poa)
    return np.maximum(specific_power(poa, surroundings(AIR * like, WIND * like)), 0.0) * NOMINAL_EFFICIENCY


def _scale(power: Floats, unit: Floats) -> float:
    """Return the size at which most rows lie on the clear sky's curve [W]."""
    bright = unit > 0.2 * unit.max()
    ratios = power[bright] / unit[bright]
    found = [(_capped(power, unit, scale), scale) for scale in np.percentile(ratios, range(40, 100, 4)).tolist()]
    return float(min(found)[1])


def _loss(power: Floats, unit: Floats) -> float:
    return _capped(power, unit, _scale(power, unit))


def _capped(power: Floats, unit: Floats, scale: float) -> float:
    """Return what rows deviate by, of the highest one; what lies off the curve counts no more than a bound."""
    off = np.abs(power - scale * unit) / float(power.max())
    return float(np.mean(np.minimum(off, NEAR)))

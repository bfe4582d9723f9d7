"""Where the sun stands (docs/simulation.md, Sun and sky)."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from mock_sma.simulation.exact import sin_cos, sin_cos_degrees
from mock_sma.simulation.slots import SHARES

if TYPE_CHECKING:
    from mock_sma.simulation.arrays import Floats, Ints
    from mock_sma.simulation.slots import Run

SOLAR_CONSTANT = 1361.0
"""[W/m²] (Kopp, Lean 2011)."""

_EPOCH_J2000 = 10_957.5
"""Days from the epoch of Unix to the one of the ephemeris, noon on the first of January 2000."""


class Almanac(NamedTuple):
    """The sun's slow numbers at midnights UTC.

    Attributes:
        sin_declination: the sine of the sun's height above the equator.
        cos_declination: likewise.
        equation: what a sundial is ahead of a mean clock [turns].
        extra: irradiance outside the atmosphere, normal to the beam [W/m²].
    """

    sin_declination: Floats
    cos_declination: Floats
    equation: Floats
    extra: Floats


class Sun(NamedTuple):
    """The direction to the sun as a vector of length one, and ``extra`` [W/m²] as in :class:`Almanac`."""

    up: Floats
    east: Floats
    north: Floats
    extra: Floats

    def only(self, places: Ints) -> Sun:
        """Return it at some places of the arrays."""
        return Sun(*(values[places] for values in self))


def almanac(days: Floats) -> Almanac:
    """Return the sun's slow numbers.

    Args:
        days: (n,) days since the epoch of Unix.

    Source: NOAA solar calculator, after Meeus, "Astronomical algorithms", chapters 25 and 28.
    """
    century = (days - _EPOCH_J2000) / 36_525.0
    mean_long = (280.46646 + century * (36_000.76983 + 0.0003032 * century)) / 360.0
    anomaly = (357.52911 + century * (35_999.05029 - 0.0001537 * century)) / 360.0
    eccentricity = 0.016708634 - century * (0.000042037 + 0.0000001267 * century)
    # All angles that are known at once: a call costs more than its few numbers.
    node = (125.04 - 1_934.136 * century) / 360.0
    sines, cosines = sin_cos(np.stack((anomaly, 2.0 * anomaly, 3.0 * anomaly, node, 2.0 * mean_long, 4.0 * mean_long)))
    sin_m, sin_2m, sin_3m, sin_node, sin_2l, sin_4l = sines
    cos_m, cos_node, cos_2l = cosines[0], cosines[3], cosines[4]
    centre = (
        sin_m * (1.914602 - century * (0.004817 + 0.000014 * century))
        + sin_2m * (0.019993 - 0.000101 * century)
        + sin_3m * 0.000289
    )
    true_long = mean_long + (centre - 0.00569 - 0.00478 * sin_node) / 360.0
    tilt = (23.439291 - 0.0130042 * century + 0.00256 * cos_node) / 360.0
    (sin_long, sin_tilt), (_, cos_tilt) = sin_cos(np.stack((true_long, tilt)))
    sin_declination = sin_tilt * sin_long
    half = (1.0 - cos_tilt) / (1.0 + cos_tilt)
    equation = (
        half * sin_2l
        - 2.0 * eccentricity * sin_m
        + 4.0 * eccentricity * half * sin_m * cos_2l
        - 0.5 * half * half * sin_4l
        - 1.25 * eccentricity * eccentricity * sin_2m
    ) / (2.0 * np.pi)
    # Nearer the sun in January, by 3.4 % (inverse square of the distance, to first order).
    extra = SOLAR_CONSTANT * (1.0 + 2.0 * eccentricity * cos_m)
    return Almanac(sin_declination, np.sqrt(1.0 - sin_declination * sin_declination), equation, extra)


@lru_cache(maxsize=256)
def _almanac(first: int, count: int) -> tuple[Almanac, Floats, Floats]:
    """Return the slow numbers of some UTC days, and sine and cosine of the equation of time: the same everywhere."""
    numbers = almanac(np.arange(first, first + count, dtype=np.float64))
    return numbers, *sin_cos(numbers.equation)


@lru_cache(maxsize=64)
def _hour_angles(longitude: float) -> tuple[Floats, Floats]:
    """Return sine and cosine of a mean clock's hour angle in the slots of a UTC day."""
    return sin_cos(SHARES - 0.5 + longitude / 360.0)


def sun_position(run: Run, latitude: float, longitude: float) -> Sun:
    """Return the sun's direction in the middle of each slot, without refraction.

    Between midnights the slow numbers go in straight lines: within 0.01° of the whole formula.

    Args:
        run: consecutive slots.
        latitude: [°].
        longitude: [° east].
    """
    days = run.utc_days
    numbers, sin_e, cos_e = _almanac(int(days[0]), len(days))
    # The hour angle is that of a mean clock, the same each day, and the small one of the equation of time.
    sin_h, cos_h = (run.daily(part) for part in _hour_angles(longitude))
    major = run.between(numbers.cos_declination * cos_e)
    minor = run.between(numbers.cos_declination * sin_e)
    along = major * cos_h
    along -= minor * sin_h
    height = run.between(numbers.sin_declination)
    sin_phi, cos_phi = sin_cos_degrees(latitude)
    major *= sin_h
    minor *= cos_h
    major += minor
    return Sun(
        up=sin_phi * height + cos_phi * along,
        east=-major,
        north=cos_phi * height - sin_phi * along,
        extra=run.between(numbers.extra),
    )

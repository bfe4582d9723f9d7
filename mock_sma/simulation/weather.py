"""Weather over time: cover of cloud, what passes through it, air temperature and wind (docs/simulation.md, Weather)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from mock_sma.simulation import chance
from mock_sma.simulation.exact import sin_cos
from mock_sma.simulation.slots import SHARES

if TYPE_CHECKING:
    from mock_sma.simulation.arrays import Floats
    from mock_sma.simulation.climate import Climate
    from mock_sma.simulation.slots import Run

DAY, HOUR = 288, 12
"""[slots]"""

COVER_WIDTH = 0.90
"""Range of the weather's noise between a clear sky and an overcast one."""

OPENNESS = tuple(round(-0.30 + 0.05 * number, 2) for number in range(26))
"""Places where :data:`MEAN_INDEX` is known."""

MEAN_INDEX = (
    *(0.1901, 0.1908, 0.1923, 0.1950, 0.1996, 0.2070, 0.2181, 0.2341, 0.2560, 0.2850, 0.3217, 0.3662, 0.4182),
    *(0.4764, 0.5392, 0.6045, 0.6697, 0.7321, 0.7895, 0.8399, 0.8822, 0.9159, 0.9413, 0.9591, 0.9707, 0.9775),
)
"""Long-term mean of the clear-sky index at each place of :data:`OPENNESS`: found by averaging thirty years of
:func:`clear_sky_index`; a test does it again over fewer."""


class Weather(NamedTuple):
    """Per slot: clear-sky index [1], air temperature [°C], wind [m/s]."""

    clearness: Floats
    temp_air: Floats
    wind: Floats


def cover(stream: int, run: Run, openness: Floats) -> Floats:
    """Return the share of sky under cloud [0..1].

    Fronts and highs (two days) and what moves within them (nine hours).
    """
    noise = chance.smooth_run(stream, run, 2 * DAY) * 0.55
    noise += chance.smooth_run(stream + 1, run, 9 * HOUR) * 0.45
    noise -= openness
    noise *= 1.0 / COVER_WIDTH
    noise += 0.5
    return np.clip(noise, 0.0, 1.0, out=noise)


def clear_sky_index(stream: int, run: Run, clouds: Floats) -> Floats:
    """Return the share of the clear sky's light that arrives.

    A slot lies in the sun, in the shade or partly in both, by fields of cloud (three quarters of an hour),
    clouds (a quarter) and rags (one slot). Shade is darker the more of the sky is covered, and thick cloud comes
    and goes within hours; the sun is dimmed by haze for days, and between clouds it is brighter than without.
    """
    fields = chance.smooth_run(stream + 2, run, 9) * 0.45
    fields += chance.smooth_run(stream + 3, run, 3) * 0.38
    fields += chance.held_run(stream + 8, run, 1) * 0.17
    sunny = np.clip((fields - clouds * 1.16) * (1.0 / 0.30) + (0.5 + 0.08 / 0.30), 0.0, 1.0)
    shade = chance.smooth_run(stream + 4, run, 5 * HOUR) * 1.1
    shade += 0.45
    shade *= 0.55 - 0.36 * clouds
    shade *= 0.65 + 0.7 * fields
    bright = chance.smooth_run(stream + 9, run, 5 * DAY // 2) * -0.10
    bright += 1.03
    bright += clouds * (1.0 - clouds) * 0.16
    bright -= shade
    sunny *= bright
    shade += sunny
    return shade


def weather(climate: Climate, stream: int, run: Run) -> Weather:
    """Return the weather of a place in each of some consecutive slots."""
    openness, normal = climate.at(run)
    clouds = cover(stream, run, openness)
    air = air_temperature(climate, stream, run, normal, clouds)
    return Weather(clear_sky_index(stream, run, clouds), air, wind_speed(stream, run))


def air_temperature(climate: Climate, stream: int, run: Run, normal: Floats, clouds: Floats) -> Floats:
    """Return air temperature [°C]: the month's normal, spells of four days, and a daily wave.

    It is warmest at three in the afternoon by the sun; under a clear sky the wave is higher.
    """
    wave, _ = sin_cos(SHARES + (climate.longitude / 360.0 - 0.375))
    spell = 8.0 * (chance.smooth_run(stream + 5, run, 4 * DAY) - 0.5)
    return np.asarray(normal + spell + (5.0 - 3.0 * clouds) * run.daily(wave))


def wind_speed(stream: int, run: Run) -> Floats:
    """Return the wind at module height [m/s]: mean 2.1, calm to 7."""
    steady = chance.smooth_run(stream + 6, run, DAY // 2)
    gust = chance.smooth_run(stream + 7, run, 4)
    steady *= steady
    steady *= 5.2 * (0.55 + 0.9 * gust)
    return np.asarray(0.3 + steady + 0.4 * gust)

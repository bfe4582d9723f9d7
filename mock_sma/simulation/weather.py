"""Weather over time: cover of cloud, what passes through it, air temperature and wind (SIMULATION 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from mock_sma.simulation import chance
from mock_sma.simulation.exact import sin_cos
from mock_sma.simulation.slots import SLOTS_PER_DAY

if TYPE_CHECKING:
    from mock_sma.simulation.chance import Floats, Ints
    from mock_sma.simulation.climate import Climate

DAY, HOUR = 288, 12
"""[slots]"""

COVER_WIDTH = 0.90
"""Range of the weather's noise between a clear sky and an overcast one."""

OPENNESS = tuple(round(-0.30 + 0.05 * number, 2) for number in range(26))
"""Places where :data:`MEAN_INDEX` is known."""

MEAN_INDEX = (
    *(0.1901, 0.1908, 0.1923, 0.1951, 0.1999, 0.2075, 0.2192, 0.2360, 0.2593, 0.2903, 0.3296, 0.3774, 0.4331),
    *(0.4955, 0.5626, 0.6319, 0.7006, 0.7659, 0.8251, 0.8764, 0.9185, 0.9511, 0.9747, 0.9903, 0.9995, 1.0040),
)
"""Long-term mean of the clear-sky index at each place of :data:`OPENNESS`: found by averaging thirty years of
:func:`clear_sky_index`; a test does it again over fewer."""

YEAR = 365.2425


class Weather(NamedTuple):
    """Per slot: clear-sky index [1], air temperature [°C], wind [m/s]."""

    clearness: Floats
    temp_air: Floats
    wind: Floats


def cover(stream: int, slots: Ints, openness: Floats) -> Floats:
    """Return the share of sky under cloud [0..1].

    Fronts and highs (two days) and what moves within them (nine hours).
    """
    noise = 0.55 * chance.smooth(stream, slots, 2 * DAY) + 0.45 * chance.smooth(stream + 1, slots, 9 * HOUR)
    return np.clip((noise - openness) * (1.0 / COVER_WIDTH) + 0.5, 0.0, 1.0)


def clear_sky_index(stream: int, slots: Ints, clouds: Floats) -> Floats:
    """Return the share of the clear sky's light that arrives; at the rims of clouds it is more than all of it.

    A slot lies in the sun, in the shade or partly in both, by fields of cloud (three quarters of an hour),
    clouds (a quarter) and rags (one slot); shade is darker the more of the sky is covered, and thick cloud
    comes and goes within hours.
    """
    fields = 0.45 * chance.smooth(stream + 2, slots, 9)
    fields += 0.38 * chance.smooth(stream + 3, slots, 3)
    fields += 0.17 * chance.uniform(stream + 8, slots)
    sunny = np.clip((fields - 1.16 * clouds + 0.08) * (1.0 / 0.30) + 0.5, 0.0, 1.0)
    thick = chance.smooth(stream + 4, slots, 5 * HOUR)
    shade = (0.55 - 0.36 * clouds) * (0.45 + 1.1 * thick)
    return np.asarray(shade + sunny * (1.0 + 0.28 * clouds * (1.0 - clouds) - shade))


def weather(climate: Climate, stream: int, slots: Ints) -> Weather:
    """Return the weather of a place in each slot.

    Args:
        climate: monthly normals of the place.
        slots: (n,) slot numbers, ascending.
    """
    openness, normal = climate.at(slots)
    clouds = cover(stream, slots, openness)
    index = clear_sky_index(stream, slots, clouds)
    return Weather(index, air_temperature(climate, stream, slots, normal, clouds), wind_speed(stream, slots))


def air_temperature(climate: Climate, stream: int, slots: Ints, normal: Floats, clouds: Floats) -> Floats:
    """Return air temperature [°C]: the month's normal, spells of four days, and a daily wave.

    It is warmest at three in the afternoon by the sun; under a clear sky the wave is higher.
    """
    hour = (slots % SLOTS_PER_DAY + 0.5) / SLOTS_PER_DAY + climate.longitude / 360.0
    wave, _ = sin_cos(hour - 0.375)
    spell = 8.0 * (chance.smooth(stream + 5, slots, 4 * DAY) - 0.5)
    return np.asarray(normal + spell + (5.0 - 3.0 * clouds) * wave)


def wind_speed(stream: int, slots: Ints) -> Floats:
    """Return the wind at module height [m/s]: mean 2.1, calm to 7."""
    steady = chance.smooth(stream + 6, slots, DAY // 2)
    gust = chance.smooth(stream + 7, slots, 4)
    return np.asarray(0.3 + 5.2 * steady * steady * (0.55 + 0.9 * gust) + 0.4 * gust)

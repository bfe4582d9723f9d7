"""Weather over time at a place: one field over the earth, seen from there (docs/simulation.md)."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from mock_sma.seeding import key
from mock_sma.simulation.clouds import broken, clear_sky_index, cover
from mock_sma.simulation.exact import sin_cos
from mock_sma.simulation.field import MovingNoise, StandingNoise, frame, vector
from mock_sma.simulation.slots import SHARES

if TYPE_CHECKING:
    from mock_sma.simulation.arrays import Floats, Ints
    from mock_sma.simulation.climate import Climate
    from mock_sma.simulation.slots import Run

DAY, HOUR = 288, 12
"""[slots]"""


class Weather(NamedTuple):
    """Per slot: clear-sky index [1], air temperature [°C], wind [m/s]."""

    clearness: Floats
    temp_air: Floats
    wind: Floats


class Sky:
    """The field of weather as one place sees it.

    Args:
        seed: the seed of the world.
        name: the name of a weather that plants share wherever they are; None: the earth's own.
        latitude: [°].
        longitude: [° east].
    """

    def __init__(self, seed: int, name: str | None, latitude: float, longitude: float) -> None:
        if name is not None:
            latitude = longitude = 0.0  # one sky for all who share it
        self._seed, self._name = seed, name
        self._here, self._vector = (latitude, longitude), vector(latitude, longitude)
        self.systems = self._standing("systems", 463, 260.0)
        self.local = self._standing("local", 331, 90.0)
        self.haze = self._standing("haze", 719, 600.0)
        self.warmth = self._standing("warmth", 1_301, 650.0)
        self.swing = self._standing("swing", 431, 400.0)
        self.passing = self._moving("passing", 103, 160.0)
        self.thickness = self._moving("thickness", 59, 150.0)
        self.banks = self._moving("banks", 11, 27.0)
        self.single = self._moving("single", 4, 11.0)
        self.rags = self._moving("rags", 1, 4.0)
        self.breeze = self._moving("breeze", 139, 300.0)
        self.gusts = self._moving("gusts", 4, 12.0)

    def _stream(self, what: str) -> int:
        return _stream(self._seed, self._name, what)

    def _standing(self, what: str, step: int, length: float) -> StandingNoise:
        return StandingNoise(self._stream(what), self._vector, step, length)

    def _moving(self, what: str, step: int, length: float) -> MovingNoise:
        return MovingNoise(self._stream(what), *self._here, step, length)

    def frame(self, run: Run) -> Floats:
        """Return where consecutive slots are in the frame that moves with the wind [slots]."""
        return frame(self._stream("wind"), run)


@lru_cache(maxsize=256)
def _stream(seed: int, name: str | None, what: str) -> int:
    return key(seed, "sky" if name is None else f"weather {name}", what)


def weather(climate: Climate, sky: Sky, run: Run, places: Ints) -> Weather:
    """Return the weather of a place in some of consecutive slots.

    Args:
        places: (n,) of these among the slots.
    """
    systems, clouds, times = _cover(climate, sky, run, places)
    here = broken(sky.banks.at(times), sky.single.at(times), sky.rags.at(times))
    clearness = clear_sky_index(clouds, here, sky.thickness.at(times), sky.haze.at(run)[places])
    air = _air(climate, sky, run, places, systems, clouds)
    return Weather(clearness, air, wind_speed(sky.breeze.at(times), sky.gusts.at(times)))


def air_and_wind(climate: Climate, sky: Sky, run: Run) -> tuple[Floats, Floats]:
    """Return air temperature [°C] and wind [m/s] in all of consecutive slots, by night too."""
    places = np.arange(run.length, dtype=np.int64)
    systems, clouds, times = _cover(climate, sky, run, places)
    wind = wind_speed(sky.breeze.at(times), sky.gusts.at(times))
    return _air(climate, sky, run, places, systems, clouds), wind


def _cover(climate: Climate, sky: Sky, run: Run, places: Ints) -> tuple[Floats, Floats, Floats]:
    """Return the noise of weather systems, cover of cloud, and the slots' places in the wind."""
    times = sky.frame(run)[places]
    systems = sky.systems.at(run)[places]
    openness = climate.between(run, climate.openness)[places]
    return systems, cover(systems, sky.local.at(run)[places], sky.passing.at(times), openness), times


def _air(climate: Climate, sky: Sky, run: Run, places: Ints, systems: Floats, clouds: Floats) -> Floats:
    """Return the air's temperature [°C]: the season's, warm and cold spells, and a wave that is highest at three.

    In summer a clear sky is warm, and in winter it is cold; under one the wave is higher, and in summer.
    """
    normal = climate.between(run, climate.temperature)[places]
    season = climate.season(normal)
    spells = (sky.warmth.at(run) * 0.78 + sky.swing.at(run) * 0.50)[places] - season * systems * 0.38
    wave, _ = sin_cos(SHARES + (climate.longitude / 360.0 - 0.375))
    daily = (8.2 - 4.0 * clouds) * (0.75 + 0.35 * season) * run.daily(wave)[places]
    return np.asarray(normal + climate.spread * spells + daily)


def wind_speed(breeze: Floats, gusts: Floats) -> Floats:
    """Return the wind at module height [m/s] of two kinds of noise: mean 2.1, calm to 8."""
    steady = np.maximum(0.5 + 0.25 * breeze, 0.05)
    gust = np.maximum(0.5 + 0.25 * gusts, 0.0)
    return np.asarray(0.3 + steady * steady * (5.2 * (0.55 + 0.9 * gust)) + 0.4 * gust)

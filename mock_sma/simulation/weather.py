"""Weather over time at a place: one field over the earth, seen from there (docs/simulation.md)."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from mock_sma.seeding import key
from mock_sma.simulation.clouds import broken, clear_sky_index, cover
from mock_sma.simulation.exact import sin_cos
from mock_sma.simulation.field import MovingNoises, Noise, StandingNoises, frame, vector
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


class StandingAir(NamedTuple):
    """What does not move: weather systems, what hangs at hills, lakes and towns, haze, spells of warmth."""

    systems: Floats
    local: Floats
    haze: Floats
    warmth: Floats
    swing: Floats

    def only(self, places: Ints) -> StandingAir:
        """Return it at some places of the arrays."""
        return StandingAir(*(values[places] for values in self))


class MovingAir(NamedTuple):
    """What moves and is felt day and night: cloud that passes in hours, wind."""

    passing: Floats
    breeze: Floats
    gusts: Floats


class MovingClouds(NamedTuple):
    """The forms of clouds: how thin they are, banks, single ones and their rags."""

    thickness: Floats
    banks: Floats
    single: Floats
    rags: Floats


Lattices = dict[str, tuple[int, float]]
"""Steps of lattices in time [slots] and lengths in space [km]."""

STANDING: Lattices = {
    "systems": (463, 260.0),
    "local": (331, 90.0),
    "haze": (719, 600.0),
    "warmth": (1_301, 650.0),
    "swing": (431, 400.0),
}
MOVING_AIR: Lattices = {"passing": (103, 160.0), "breeze": (139, 300.0), "gusts": (4, 12.0)}
MOVING_CLOUDS: Lattices = {"thickness": (59, 150.0), "banks": (11, 27.0), "single": (4, 11.0), "rags": (1, 4.0)}


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
        self._standing = StandingNoises(vector(latitude, longitude), self._noises(STANDING))
        self._air = MovingNoises(latitude, longitude, self._noises(MOVING_AIR))
        self._clouds = MovingNoises(latitude, longitude, self._noises(MOVING_CLOUDS))

    def _noises(self, lattices: Lattices) -> list[Noise]:
        return [Noise(_stream(self._seed, self._name, what), *lattice) for what, lattice in lattices.items()]

    def standing(self, run: Run) -> StandingAir:
        """Return what does not move, in consecutive slots."""
        return StandingAir(*self._standing.at(run))

    def moving_air(self, times: Floats) -> MovingAir:
        """Return cloud that passes and wind, at some places of :meth:`frame`."""
        return MovingAir(*self._air.at(times))

    def moving_clouds(self, times: Floats) -> MovingClouds:
        """Return the forms of clouds, at some places of :meth:`frame`."""
        return MovingClouds(*self._clouds.at(times))

    def frame(self, run: Run) -> Floats:
        """Return where consecutive slots are in the frame that moves with the wind [slots]."""
        return frame(_stream(self._seed, self._name, "wind"), run)


@lru_cache(maxsize=256)
def _stream(seed: int, name: str | None, what: str) -> int:
    return key(seed, "sky" if name is None else f"weather {name}", what)


def weather(climate: Climate, sky: Sky, run: Run, places: Ints) -> Weather:
    """Return the weather of a place in some of consecutive slots.

    Args:
        places: (n,) of these among the slots.
    """
    times = sky.frame(run)[places]
    standing, air = sky.standing(run).only(places), sky.moving_air(times)
    clouds, forms = _cover(climate, run, places, standing, air), sky.moving_clouds(times)
    here = broken(forms.banks, forms.single, forms.rags)
    clearness = clear_sky_index(clouds, here, forms.thickness, standing.haze)
    warm = _temperature(climate, run, places, standing, clouds)
    return Weather(clearness, warm, wind_speed(air.breeze, air.gusts))


def air_and_wind(climate: Climate, sky: Sky, run: Run) -> tuple[Floats, Floats]:
    """Return air temperature [°C] and wind [m/s] in all of consecutive slots, by night too."""
    places = np.arange(run.length, dtype=np.int64)
    standing, air = sky.standing(run), sky.moving_air(sky.frame(run))
    clouds = _cover(climate, run, places, standing, air)
    return _temperature(climate, run, places, standing, clouds), wind_speed(air.breeze, air.gusts)


def _cover(climate: Climate, run: Run, places: Ints, standing: StandingAir, air: MovingAir) -> Floats:
    openness = climate.between(run, climate.openness)[places]
    return cover(standing.systems, standing.local, air.passing, openness)


def _temperature(climate: Climate, run: Run, places: Ints, standing: StandingAir, clouds: Floats) -> Floats:
    """Return the air's temperature [°C]: the season's, warm and cold spells, and a wave that is highest at three.

    In summer a clear sky is warm, and in winter it is cold; under one the wave is higher, and in summer.
    """
    normal = climate.between(run, climate.temperature)[places]
    season = climate.season(normal)
    spells = standing.warmth * 0.78 + standing.swing * 0.50 - season * standing.systems * 0.38
    daily = (8.2 - 4.0 * clouds) * (0.75 + 0.35 * season) * run.daily(_daily_wave(climate.longitude))[places]
    return np.asarray(normal + climate.spread * spells + daily)


@lru_cache(maxsize=64)
def _daily_wave(longitude: float) -> Floats:
    """Return the wave of a day's temperature in the slots of a UTC day."""
    return sin_cos(SHARES + (longitude / 360.0 - 0.375))[0]


def wind_speed(breeze: Floats, gusts: Floats) -> Floats:
    """Return the wind at module height [m/s] of two kinds of noise: mean 2.1, calm to 8."""
    steady = np.maximum(0.5 + 0.25 * breeze, 0.05)
    gust = np.maximum(0.5 + 0.25 * gusts, 0.0)
    return np.asarray(0.3 + steady * steady * (5.2 * (0.55 + 0.9 * gust)) + 0.4 * gust)

"""Sun, sky and weather over some slots at a place: the same for all plants there, and kept for the next one."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from mock_sma.simulation import pv, sky
from mock_sma.simulation.climate import climate_of
from mock_sma.simulation.sky import Light
from mock_sma.simulation.slots import SLOTS_PER_DAY, Run
from mock_sma.simulation.sun import Sun, sun_position
from mock_sma.simulation.weather import Sky, Weather, air_and_wind, weather

if TYPE_CHECKING:
    from mock_sma.domain.device import Array
    from mock_sma.domain.plant import Normals, Plant
    from mock_sma.simulation.arrays import Floats, Ints
    from mock_sma.simulation.climate import Climate

KEPT_SLOTS = 4 * SLOTS_PER_DAY + 24
"""Longest run that is kept for the next plant: a day and those that a battery is started with."""

KEPT = 8
"""Runs kept: of 1,200 slots each takes some 100 kB."""


class Spot(NamedTuple):
    """A place under a sky.

    Attributes:
        seed: the seed of the world.
        name: of a weather that plants share wherever they are; None: the earth's own.
        latitude: [°].
        longitude: [° east].
        elevation: [m].
        normals: a user's own normals of it; None: those of the sites around.
    """

    seed: int
    name: str | None
    latitude: float
    longitude: float
    elevation: float
    normals: Normals | None

    @classmethod
    def of(cls, plant: Plant, seed: int) -> Spot:
        """Return the place of a plant."""
        return cls(seed, plant.weather, plant.latitude, plant.longitude, plant.elevation, plant.climate)

    @property
    def sky(self) -> Sky:
        """The field of weather as it is seen from there."""
        return _sky(self.seed, self.name, self.latitude, self.longitude)

    @property
    def climate(self) -> Climate:
        """Its normals."""
        return climate_of(self.latitude, self.longitude, self.elevation, self.normals)


@dataclass(frozen=True)
class Outdoors:
    """The outdoors of a place. Only slots with the sun up are worked out.

    Attributes:
        place: the place.
        run: consecutive slots.
        lit: (n,) which of them have the sun up.
        sun: where it stands then.
        weather: then.
        light: behind houses and trees.
    """

    place: Spot
    run: Run
    lit: Ints
    sun: Sun
    weather: Weather
    light: Light
    _specific: dict[tuple[float, float], Floats] = field(default_factory=dict)
    _later: dict[int, Outdoors] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Bytes it takes, by and large."""
        lit = (*self.sun, *self.weather, *self.light, *self._specific.values(), self.lit)
        return sum(array.nbytes for array in lit) + 20 * self.run.length

    @cached_property
    def air_and_wind(self) -> tuple[Floats, Floats]:
        """Temperature [°C] and wind [m/s] of all slots."""
        return air_and_wind(self.place.climate, self.place.sky, self.run)

    def irradiance(self, array: Array) -> Floats:
        """Return the plane-of-array irradiance at lit slots [W/m²]."""
        return sky.plane_of_array(self.light, self.sun, array.tilt, array.azimuth)

    def specific_power(self, array: Array) -> Floats:
        """Return an array's DC power per watt of its rating at lit slots [1]; arrays of one direction share it."""
        direction = (array.tilt, array.azimuth)
        found = self._specific.get(direction)
        if found is None:
            found = self._specific[direction] = pv.specific_power(self.irradiance(array), self._surroundings)
        return found

    @cached_property
    def _surroundings(self) -> pv.Surroundings:
        return pv.surroundings(self.weather.temp_air, self.weather.wind)

    def since(self, start: int) -> Outdoors:
        """Return it without the first ``start`` slots."""
        found = self._later.get(start) if start else self
        if found is None:
            found = self._later[start] = self._since(start)
        return found

    def _since(self, start: int) -> Outdoors:
        low = int(np.searchsorted(self.lit, start))
        sun, found, light = ([values[low:].copy() for values in part] for part in (self.sun, self.weather, self.light))
        specific = {direction: values[low:].copy() for direction, values in self._specific.items()}
        run = Run(self.run.first + start, self.run.length - start)
        return Outdoors(self.place, run, self.lit[low:] - start, Sun(*sun), Weather(*found), Light(*light), specific)


def outdoors_of(place: Spot, run: Run, begin: int) -> Outdoors:
    """Return the outdoors of a place in some slots.

    Args:
        begin: slot before which nothing is worked out, as there is no plant yet.
    """
    begin = max(begin, run.first)
    return _kept(place, run, begin) if run.length <= KEPT_SLOTS else _outdoors(place, run, begin)


@lru_cache(maxsize=KEPT)
def _kept(place: Spot, run: Run, begin: int) -> Outdoors:
    return _outdoors(place, run, begin)


def _outdoors(place: Spot, run: Run, begin: int) -> Outdoors:
    sun = sun_position(run, place.latitude, place.longitude)
    up = sun.up > 0.0
    up[: begin - run.first] = False
    lit = np.flatnonzero(up)
    sun = sun.only(lit)
    found = weather(place.climate, place.sky, run, lit)
    thin = sky.thinner_air(place.elevation)
    light = sky.split(sky.clear_sky(sun.up) * (thin * found.clearness), sun)
    return Outdoors(place, run, lit, sun, found, sky.behind_skyline(light, sun))


@lru_cache(maxsize=64)
def _sky(seed: int, name: str | None, latitude: float, longitude: float) -> Sky:
    return Sky(seed, name, latitude, longitude)

"""One field of weather over the earth: how it varies in space and time, without a lattice that shows.

Bands hold for any seed; ten others were tried when they were set, and docs/simulation.md has the outcome.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import NamedTuple

import numpy as np
import pytest

from mock_sma.domain.plant import Plant
from mock_sma.simulation import sky
from mock_sma.simulation.chance import normal
from mock_sma.simulation.climate import climate_of
from mock_sma.simulation.field import MovingNoises, Noise, StandingNoises, frame, vector
from mock_sma.simulation.simulator import PlantSimulator
from mock_sma.simulation.slots import Run
from mock_sma.simulation.sun import sun_position
from mock_sma.simulation.weather import Sky, air_and_wind, weather
from tests.simulation_helpers import HOUSE, JUNE, ask

KASSEL = (51.31, 9.48)
KM_NORTH = 1.0 / 111.19
KM_EAST = KM_NORTH / 0.6252
"""Degrees per kilometre at Kassel."""


class Year(NamedTuple):
    """Light as a share of a clear sky's, light of a clear sky [W/m²] and air [°C] per slot."""

    index: np.ndarray
    clear: np.ndarray
    air: np.ndarray

    def days(self) -> np.ndarray:
        """Return the clear-sky index of each day."""
        light = (self.index * self.clear).reshape(-1, 288).sum(axis=1)
        return light / np.maximum(self.clear.reshape(-1, 288).sum(axis=1), 1.0)


@cache
def at(latitude: float, longitude: float, *, seed: int = 7, days: int = 730, name: str | None = None) -> Year:
    """Return two years of weather at a place, of Kassel's climate."""
    run = Run(288 * 14_610, 288 * days)
    sun = sun_position(run, *KASSEL)
    lit = np.flatnonzero(sun.up > 0.0)
    climate, place = climate_of(*KASSEL, 200.0), Sky(seed, name, latitude, longitude)
    found = weather(climate, place, run, lit)
    index, clear = np.zeros((2, run.length))
    index[lit], clear[lit] = found.clearness, sky.clear_sky(sun.up[lit])
    return Year(index, clear, air_and_wind(climate, place, run)[0])


def likeness(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.corrcoef(one, other)[0, 1])


def anomaly(air: np.ndarray) -> np.ndarray:
    """Return each day's mean temperature less the season's."""
    mean = air.reshape(-1, 288).mean(axis=1)
    phase = 2.0 * np.pi * np.arange(len(mean)) / 365.2425
    season = np.stack([np.ones(len(mean)), *(f(k * phase) for k in (1, 2, 3) for f in (np.sin, np.cos))], axis=1)
    return np.asarray(mean - season @ np.linalg.lstsq(season, mean, rcond=None)[0])


@pytest.mark.slow
@pytest.mark.parametrize(("km", "low", "high"), [(0.5, 0.95, 1.0), (50.0, 0.65, 0.95), (1_000.0, -0.2, 0.2)])
@pytest.mark.parametrize("way", ["east", "north"])
def test_neighbours_share_their_days_and_strangers_do_not(km: float, low: float, high: float, way: str) -> None:
    north, east = (km * KM_NORTH, 0.0) if way == "north" else (0.0, km * KM_EAST)
    here, there = at(*KASSEL), at(KASSEL[0] + north, KASSEL[1] + east)
    assert low <= likeness(here.days(), there.days()) <= high
    assert likeness(anomaly(here.air), anomaly(there.air)) <= high + 0.05
    if km < 100.0:
        assert likeness(anomaly(here.air), anomaly(there.air)) >= 0.85


@pytest.mark.slow
@pytest.mark.parametrize(("km", "minutes"), [(5.0, (5, 15)), (20.0, (20, 50))])
def test_a_ramp_reaches_the_neighbour_in_the_east_later(km: float, minutes: tuple[int, int]) -> None:
    here, there = at(*KASSEL), at(KASSEL[0], KASSEL[1] + km * KM_EAST)
    bright = here.clear[1:] > 200.0
    ramps, theirs = (np.where(bright, np.diff(year.index), 0.0) for year in (here, there))
    lags = range(-20, 21)
    alike = [likeness(ramps[40:-40], theirs[40 + lag : len(theirs) - 40 + lag]) for lag in lags]
    best = lags[int(np.argmax(alike))] * 5
    assert minutes[0] <= best <= minutes[1]
    assert max(alike) > alike[20] + 0.1, "as they pass, and not at once"


@pytest.mark.slow
def test_no_lattice_shows_in_the_days() -> None:
    days = at(*KASSEL, days=2_920).days()
    even, odd = (likeness(days[first:-1:2], days[first + 1 :: 2][: len(days[first:-1:2])]) for first in (0, 1))
    assert 0.2 < likeness(days[1:], days[:-1]) < 0.5
    assert abs(even - odd) < 0.12  # three times what chance allows for 1,460 pairs
    warmth = anomaly(at(*KASSEL, days=2_920).air)
    spread = [float(warmth[first::4].std()) for first in range(4)]
    assert max(spread) < 1.12 * min(spread)


@pytest.mark.slow
def test_warm_and_cold_spells_last_and_are_of_mid_europe() -> None:
    air = at(*KASSEL, days=2_920).air
    warmth = anomaly(air)
    assert 3.3 < warmth.std() < 4.7
    assert 0.70 < likeness(warmth[1:], warmth[:-1]) < 0.90
    highest, lowest = air.reshape(-1, 288).max(axis=1), air.reshape(-1, 288).min(axis=1)
    assert 28 < (highest >= 25.0).sum() / 8.0 < 54
    assert 2 < (highest >= 30.0).sum() / 8.0 < 20
    assert 60 < (lowest < 0.0).sum() / 8.0 < 110
    assert highest.max() < 42.0
    assert lowest.min() > -26.0


@pytest.mark.slow
@pytest.mark.parametrize("step", [103, 463, 1_301])
def test_noise_varies_alike_at_each_phase_of_its_lattice(step: int) -> None:
    run = Run(step * 10_000, step * 3_000)
    for noise in (
        StandingNoises(vector(*KASSEL), [Noise(99, step, 300.0)]).at(run)[0],
        MovingNoises(*KASSEL, [Noise(99, step, 300.0)]).at(np.arange(run.first, run.first + run.length) + 0.5)[0],
    ):
        by_phase = noise.reshape(-1, step)[:, :: step // 10].std(axis=0)
        assert by_phase.min() > 0.93
        assert by_phase.max() < 1.07
        assert abs(noise.mean()) < 0.06


def test_normal_chance_is_nearly_normal() -> None:
    numbers = normal(4_711, np.arange(200_000, dtype=np.int64))
    assert abs(float(numbers.mean())) < 0.01
    assert float(numbers.std()) == pytest.approx(1.0, abs=0.01)
    assert float((numbers**4).mean()) == pytest.approx(2.7, abs=0.05)


def test_the_wind_is_stronger_on_some_days_and_hardly_ever_turns() -> None:
    pace = np.diff(frame(99, Run(6_000_000, 288 * 730)))
    assert 0.2 < float(np.percentile(pace, 5)) < 0.8
    assert 1.2 < float(np.percentile(pace, 95)) < 1.8
    assert float((pace < 0.0).mean()) < 0.01


@pytest.mark.slow
def test_plants_of_one_weather_see_one_sky_and_another_seed_another() -> None:
    far = replace(HOUSE, latitude=48.1, longitude=11.6)
    shared = [PlantSimulator(replace(plant, weather="valley"), 7).generator.place.sky for plant in (HOUSE, far)]
    run = Run(288 * 19_000, 288)
    one, two = (place.moving_clouds(place.frame(run)) for place in shared)
    assert (one.rags == two.rags).all()
    assert (shared[0].standing(run).warmth == shared[1].standing(run).warmth).all()
    assert ask(PlantSimulator(HOUSE, 7), "Sensor", JUNE, "106") != ask(PlantSimulator(HOUSE, 8), "Sensor", JUNE, "106")


@pytest.mark.slow
def test_a_place_has_its_weather_whichever_plant_is_asked_and_in_any_order() -> None:
    other = Plant(**{**{name: getattr(HOUSE, name) for name in HOUSE.__slots__}, "id": "900", "name": "Next door"})
    one, two = (ask(PlantSimulator(plant, 7), "Sensor", JUNE, "106") for plant in (HOUSE, other))
    assert one.columns["ambientTemperature"] == two.columns["ambientTemperature"]
    assert one.columns["windSpeed"] == two.columns["windSpeed"]

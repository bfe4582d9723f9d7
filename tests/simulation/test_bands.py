"""What a solar engineer would check: yields, self-sufficiency, and how light varies (docs/simulation.md)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pvlib
import pytest

from mock_sma.domain.device import Array, DeviceKind
from mock_sma.domain.period import Period, Span
from mock_sma.domain.plant import Normals, Plant
from mock_sma.domain.sites import SITES
from mock_sma.simulation import clouds, sky
from mock_sma.simulation.climate import climate_of, site_ratios
from mock_sma.simulation.simulator import PlantSimulator
from mock_sma.simulation.slots import Run
from mock_sma.simulation.visibility import Visibility
from mock_sma.simulation.weather import Sky
from tests.simulation_helpers import ask, device, inverter, pack

SEEN = Visibility(int(datetime(2024, 12, 31, 12, tzinfo=UTC).timestamp()))


def house(latitude: float, longitude: float, zone: str, elevation: float, tilt: float) -> Plant:
    """Return a house of twenty years with 10 kWp and 10 kWh."""
    roof = Array(peak_power=10_000.0, azimuth=180.0 if latitude > 0.0 else 0.0, tilt=tilt)
    return Plant(
        id="100",
        name="House",
        timezone=zone,
        latitude=latitude,
        longitude=longitude,
        elevation=elevation,
        commissioned=date(2005, 1, 1),
        devices=(
            inverter("101", 10_000.0, roof),
            device("102", DeviceKind.BATTERY_INVERTER, battery=pack()),
            device("103", DeviceKind.GRID_METER),
        ),
    )


KASSEL = house(51.31, 9.48, "Europe/Berlin", 200.0, 30.0)
PLACES = {
    "Kassel": (KASSEL, (880.0, 1_000.0), (770.0, 1_100.0)),
    "Sydney": (house(-33.87, 151.21, "Australia/Sydney", 40.0, 30.0), (1_350.0, 1_600.0), (1_250.0, 1_650.0)),
    "Nairobi": (house(-1.29, 36.82, "Africa/Nairobi", 1_795.0, 10.0), (1_400.0, 1_650.0), (1_250.0, 1_700.0)),
    "Tromsø": (house(69.65, 18.96, "Europe/Oslo", 10.0, 40.0), (550.0, 800.0), (500.0, 850.0)),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", PLACES)
def test_twenty_years_yield_what_the_place_gives(name: str) -> None:
    plant, mean, each = PLACES[name]
    table = ask(PlantSimulator(plant, 20250615), "EnergyBalance", Span(Period.TOTAL), seen=SEEN)
    yields = [(value or 0.0) / 10_000.0 for value in table.columns["pvGeneration"][:19]]
    assert mean[0] <= sum(yields) / len(yields) <= mean[1]
    assert each[0] <= min(yields) <= max(yields) <= each[1]
    if name == "Kassel":
        rates = [value or 0.0 for value in table.columns["autarkyRate"][:19]]
        assert 0.77 <= min(rates) <= max(rates) <= 0.88
        used = [(value or 0.0) / 1e6 for value in table.columns["totalConsumption"][:19]]
        assert 3.85 < min(used) <= max(used) < 4.15


def test_tromso_has_nothing_in_december_and_plenty_in_june() -> None:
    plant = replace(PLACES["Tromsø"][0], commissioned=date(2023, 1, 1))
    year = ask(PlantSimulator(plant, 7), "EnergyBalance", Span(Period.YEAR, date(2023, 1, 1)), seen=SEEN)
    assert (year.columns["pvGeneration"][11] or 0.0) < 10_000.0
    assert (year.columns["pvGeneration"][5] or 0.0) > 800_000.0


def test_sites_lie_on_all_continents_and_are_complete() -> None:
    assert len(SITES) >= 20
    assert len({site.name for site in SITES}) == len(SITES)
    for site in SITES:
        assert len(site.sunshine) == len(site.temperature) == 12
        assert site.source
        assert site.held
        assert all(0 <= hours <= 744 for hours in site.sunshine)
        assert all(-40.0 < degrees < 40.0 for degrees in site.temperature)
    boxes = {  # continent: south, north, west, east
        "Europe": (36, 71, -10, 30),
        "Africa": (-35, 36, -17, 45),
        "Asia": (1, 60, 55, 145),
        "North America": (15, 70, -130, -60),
        "South America": (-55, 10, -80, -35),
        "Oceania": (-45, -10, 110, 180),
        "Antarctica": (-90, -60, -180, 180),
    }
    for south, north, west, east in boxes.values():
        assert any(south <= s.latitude <= north and west <= s.longitude <= east for s in SITES)


def test_a_place_between_sites_lies_between_them_and_a_place_at_one_is_it() -> None:
    names = [site.name for site in SITES]
    kassel, berlin = (site_ratios(SITES)[names.index(name)] for name in ("Kassel", "Berlin"))
    there = climate_of(51.31, 9.48, 230.0)
    assert there.ratio == pytest.approx(kassel, abs=0.005)
    between = climate_of(51.9, 11.5, 100.0).ratio
    assert (np.minimum(kassel, berlin) - 0.02 <= between).all()
    assert (between <= np.maximum(kassel, berlin) + 0.02).all()
    # So high above its sites that others, farther off, count a little too.
    assert climate_of(51.31, 9.48, 1_230.0).temperature == pytest.approx(there.temperature - 6.5, abs=0.3)
    # Nothing is near; the seasons are still those of the hemisphere.
    south = climate_of(-50.0, -20.0, 0.0).temperature
    assert south[0] > south[6]


@pytest.mark.slow
def test_the_clouds_let_through_what_the_normals_say() -> None:
    run = Run(6_000_000, 288 * 1_461)
    for ratio in (0.45, 0.6, 0.75, 0.9):
        openness = np.full(run.length, clouds.openness_of(np.array([ratio]))[0])
        means = [mean_index(Sky(seed, None, 51.31, 9.48), run, openness) for seed in (1_234, 98_765, 555_555)]
        assert sum(means) / 3 == pytest.approx(ratio, abs=0.02)


def mean_index(place: Sky, run: Run, openness: np.ndarray) -> float:
    """Return the mean share of a clear sky's light that a place gets."""
    times = place.frame(run)
    standing, air, forms = place.standing(run), place.moving_air(times), place.moving_clouds(times)
    cover = clouds.cover(standing.systems, standing.local, air.passing, openness)
    here = clouds.broken(forms.banks, forms.single, forms.rags)
    return float(clouds.clear_sky_index(cover, here, forms.thickness, standing.haze).mean())


def daily_and_hourly(light: np.ndarray, clear: np.ndarray) -> tuple[float, float, float, float]:
    """Return the daily index's deviation and relation from day to day, and mean and 95th percentile of hourly ramps."""
    day = np.arange(len(light)) // 24
    index = np.bincount(day, weights=light) / np.maximum(np.bincount(day, weights=clear), 1.0)
    bright = (clear[1:] > 150.0) & (clear[:-1] > 150.0)
    ramps = np.abs(np.diff(light / np.maximum(clear, 1.0)))[bright]
    relation = float(np.corrcoef(index[1:], index[:-1])[0, 1])
    return float(index.std()), relation, float(ramps.mean()), float(np.percentile(ramps, 95))


def scene_of(plant: Plant, seed: int, days: int) -> tuple[np.ndarray, np.ndarray]:
    """Return irradiance and that of a cloudless sky per slot [W/m²]."""
    simulator = PlantSimulator(plant, seed)
    scene = simulator.generator.scene(simulator.generator.days(date(2010, 1, 1), days))
    light, clear = np.zeros((2, len(scene.days.slots)))
    light[scene.lit] = scene.light.ghi
    clear[scene.lit] = sky.clear_sky(scene.sun.up) * sky.thinner_air(plant.elevation)
    return light, clear


def test_light_varies_from_day_to_day_and_hour_to_hour_as_in_a_measured_year() -> None:
    # Greensboro, North Carolina: the typical meteorological year of NREL that comes with pvlib.
    file = Path(pvlib.__file__).parent / "data" / "723170TYA.CSV"
    data, place = pvlib.iotools.read_tmy3(file, map_variables=True, coerce_year=2001)
    zenith = pvlib.solarposition.get_solarposition(
        data.index - pd.Timedelta(minutes=30), place["latitude"], place["longitude"]
    )["apparent_zenith"]
    theirs = daily_and_hourly(data["ghi"].to_numpy(), pvlib.clearsky.haurwitz(zenith)["ghi"].to_numpy())
    there = replace(KASSEL, latitude=place["latitude"], longitude=place["longitude"], timezone="Etc/GMT+5")
    light, clear = (part.reshape(-1, 12).mean(axis=1) for part in scene_of(there, 7, 1_460))
    ours = daily_and_hourly(light, clear)
    deviation, relation, mean, high = zip(ours, theirs, strict=True)
    assert deviation[0] == pytest.approx(deviation[1], rel=0.25)
    assert relation[0] == pytest.approx(relation[1], abs=0.15)
    assert mean[0] == pytest.approx(mean[1], rel=0.30)
    assert high[0] == pytest.approx(high[1], rel=0.30)


def test_five_minute_ramps_lie_in_their_band() -> None:
    light, clear = scene_of(KASSEL, 7, 1_460)
    bright = (clear[1:] > 150.0) & (clear[:-1] > 150.0)
    index = light / np.maximum(clear, 1.0)
    ramps = np.abs(np.diff(index))[bright]
    assert 0.03 < ramps.mean() < 0.10
    assert 0.15 < np.percentile(ramps, 95) < 0.45
    assert 0.30 < np.percentile(ramps, 99) < 0.65
    # Clear and cloudy slots both are common, and the rims of clouds give more than a clear sky now and then.
    values = index[1:][bright]
    assert (values < 0.4).mean() > 0.2
    assert (values > 0.9).mean() > 0.15
    assert 0.001 < (values > 1.02).mean() < 0.2
    assert values.max() < 1.15


@pytest.mark.slow
def test_a_years_light_varies_by_a_few_percent() -> None:
    light, _ = scene_of(KASSEL, 7, 3_650)
    years = light[: 365 * 288 * 9].reshape(9, -1).sum(axis=1)
    assert 0.01 < years.std() / years.mean() < 0.07


@pytest.mark.parametrize(
    ("latitude", "longitude", "elevation", "low", "high"),
    [
        (48.14, 11.58, 520.0, 920.0, 1_150.0),  # Munich
        (30.66, 104.06, 500.0, 780.0, 980.0),  # Chengdu
        (29.56, 106.55, 260.0, 720.0, 980.0),  # Chongqing
        (61.20, -149.90, 30.0, 850.0, 1_060.0),  # Anchorage
        (-22.46, -68.93, 2_260.0, 1_950.0, 2_300.0),  # Calama
        (29.65, 91.10, 3_650.0, 1_600.0, 1_950.0),  # Lhasa
        (33.45, -112.07, 340.0, 1_700.0, 1_980.0),  # Phoenix
        (40.42, -3.70, 660.0, 1_350.0, 1_650.0),  # Madrid
        (-12.05, -77.03, 150.0, 1_000.0, 1_400.0),  # Lima
    ],
)
def test_places_far_from_the_first_sites_yield_what_they_give(
    latitude: float, longitude: float, elevation: float, low: float, high: float
) -> None:
    plant = replace(house(latitude, longitude, "UTC", elevation, 25.0), commissioned=date(2022, 1, 1))
    yields = []
    for seed in (7, 8, 9, 10):
        year = ask(PlantSimulator(plant, seed), "EnergyAndPowerPv", Span(Period.YEAR, date(2023, 1, 1)), seen=SEEN)
        yields.append(sum(value or 0.0 for value in year.columns["pvGeneration"]) / 10_000.0)
    assert low < sum(yields) / 4.0 < high
    assert 0.9 * low < min(yields) <= max(yields) < 1.1 * high


def test_a_plants_own_normals_win() -> None:
    dull = Normals(irradiation=(20.0,) * 12, temperature=(3.0,) * 12)
    own = climate_of(51.31, 9.48, 230.0, dull)
    assert own.temperature == pytest.approx(3.0)
    assert own.ratio[6] < 0.2
    assert climate_of(51.31, 9.48, 230.0, Normals()).ratio == pytest.approx(climate_of(51.31, 9.48, 230.0).ratio)

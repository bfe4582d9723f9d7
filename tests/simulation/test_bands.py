"""What a solar engineer would check: yields, self-sufficiency, and how light varies (docs/simulation.md)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest

from mock_sma.domain.device import Array, DeviceKind
from mock_sma.domain.period import Period, Span
from mock_sma.domain.plant import Normals, Plant
from mock_sma.domain.sites import DAYS, SITES
from mock_sma.simulation import clouds, sky
from mock_sma.simulation.climate import clear_days, climate_of, site_ratios
from mock_sma.simulation.simulator import PlantSimulator
from mock_sma.simulation.slots import Run
from mock_sma.simulation.visibility import Visibility
from mock_sma.simulation.weather import Sky
from tests.late import Late
from tests.simulation_helpers import ask, device, inverter, pack

pd, pvlib = Late("pandas"), Late("pvlib")
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


@pytest.mark.slow
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


@pytest.mark.slow
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


@pytest.mark.slow
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


YIELDS = {  # kWh per kWp and year where modules lie at the best tilt, by satellite atlases (Global Solar Atlas, PVGIS)
    "Munich": (48.14, 11.58, 520.0, 35.0, 1_130.0),
    "Madrid": (40.42, -3.70, 660.0, 33.0, 1_600.0),
    "Chengdu": (30.66, 104.06, 500.0, 20.0, 870.0),
    "Chongqing": (29.56, 106.55, 260.0, 15.0, 820.0),
    "Hanoi": (21.03, 105.85, 15.0, 15.0, 1_030.0),
    "Anchorage": (61.20, -149.90, 30.0, 44.0, 960.0),
    "Oulu": (65.01, 25.47, 15.0, 43.0, 920.0),
    "Calama": (-22.46, -68.93, 2_260.0, 23.0, 2_250.0),
    "Lhasa": (29.65, 91.10, 3_650.0, 30.0, 1_900.0),
    "Lima": (-12.05, -77.03, 150.0, 12.0, 1_300.0),
    "Phoenix": (33.45, -112.07, 340.0, 31.0, 1_900.0),
    "Tamanrasset": (22.79, 5.53, 1_370.0, 24.0, 2_080.0),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", YIELDS)
def test_places_far_from_the_first_sites_yield_what_atlases_say(name: str) -> None:
    latitude, longitude, elevation, tilt, published = YIELDS[name]
    plant = replace(house(latitude, longitude, "UTC", elevation, tilt), commissioned=date(2022, 1, 1))
    yields = []
    for seed in (7, 8, 9):
        year = ask(PlantSimulator(plant, seed), "EnergyAndPowerPv", Span(Period.YEAR, date(2023, 1, 1)), seen=SEEN)
        yields.append(sum(value or 0.0 for value in year.columns["pvGeneration"]) / 10_000.0)
    assert sum(yields) / 3.0 == pytest.approx(published, rel=0.11)
    assert max(yields) < 1.25 * min(yields)


LIGHT = {  # kWh/m² a year on the level, by the same atlases, at places that are no sites: some hundred kilometres off
    "Marrakesh": (31.63, -8.0, 470.0, 1_980.0),
    "Tunis": (36.8, 10.18, 10.0, 1_780.0),
    "Warsaw": (52.23, 21.01, 110.0, 1_070.0),
    "Dublin": (53.35, -6.26, 20.0, 970.0),
    "Amman": (31.95, 35.93, 800.0, 2_080.0),
    "Baghdad": (33.3, 44.4, 35.0, 1_870.0),
    "Karachi": (24.9, 67.0, 10.0, 1_960.0),
    "Hyderabad": (17.4, 78.5, 540.0, 1_920.0),
    "Taipei": (25.03, 121.5, 10.0, 1_380.0),
    "Brisbane": (-27.47, 153.0, 10.0, 1_880.0),
    "Christchurch": (-43.53, 172.6, 10.0, 1_420.0),
    "Papeete": (-17.53, -149.57, 10.0, 1_850.0),
    "Havana": (23.1, -82.4, 10.0, 1_890.0),
    "Las Vegas": (36.17, -115.14, 610.0, 2_090.0),
    "Calgary": (51.05, -114.07, 1_050.0, 1_350.0),
    "Montreal": (45.5, -73.6, 50.0, 1_330.0),
    "Recife": (-8.05, -34.9, 10.0, 1_930.0),
    "Mendoza": (-32.9, -68.85, 750.0, 1_900.0),
    "Punta Arenas": (-53.16, -70.9, 20.0, 1_000.0),
    "Harare": (-17.83, 31.05, 1_480.0, 2_050.0),
    "Bamako": (12.64, -8.0, 350.0, 2_050.0),
    "Accra": (5.6, -0.19, 60.0, 1_730.0),
    "Leh": (34.16, 77.58, 3_500.0, 2_050.0),
    "Mauritius": (-20.2, 57.5, 50.0, 1_860.0),
}


@pytest.mark.parametrize("name", LIGHT)
def test_places_between_the_sites_have_the_light_that_atlases_say(name: str) -> None:
    latitude, longitude, elevation, published = LIGHT[name]
    clear = clear_days(np.array([latitude]))[0][0] * sky.thinner_air(elevation)
    light = climate_of(latitude, longitude, elevation).ratio * clear * np.array(DAYS)
    assert light.sum() / 1_000.0 == pytest.approx(published, rel=0.10)


def test_a_plants_own_normals_win() -> None:
    dull = Normals(irradiation=(20.0,) * 12, temperature=(3.0,) * 12)
    own = climate_of(51.31, 9.48, 230.0, dull)
    assert own.temperature == pytest.approx(3.0)
    assert own.ratio[6] < 0.2
    assert climate_of(51.31, 9.48, 230.0, Normals()).ratio == pytest.approx(climate_of(51.31, 9.48, 230.0).ratio)

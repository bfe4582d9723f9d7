"""Consumption has the shape of a day, a week and a year that BDEW's profiles H25 and G25 have (docs/simulation.md)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pytest

from mock_sma.domain.device import Array, Charging, Device, DeviceKind
from mock_sma.domain.holidays import countries, easter
from mock_sma.domain.plant import Address, Load, LoadKind, Plant
from mock_sma.simulation.block import FEED, USE
from mock_sma.simulation.climate import climate_of
from mock_sma.simulation.day_types import SUNDAY, day_types
from mock_sma.simulation.generator import Generator
from mock_sma.simulation.heat_pump import heat_pump
from mock_sma.simulation.load import base_load
from mock_sma.simulation.simulator import PlantSimulator
from tests.simulation_helpers import HOUSE, consumption, device, inverter

KASSEL = (51.31, 9.48, 230.0)


@dataclass(frozen=True)
class Form:
    """What was worked out from a profile."""

    working_hours: float
    """Share of a weekday's energy between 8 and 18 h."""
    busiest: int
    saturday: float
    """Energy of a Saturday over that of a workday."""
    sunday: float
    winter: float
    """January over July."""


PROFILES = {
    LoadKind.HOUSEHOLD: Form(working_hours=0.42, busiest=19, saturday=1.14, sunday=1.18, winter=1.35),
    LoadKind.COMMERCIAL: Form(working_hours=0.65, busiest=10, saturday=0.62, sunday=0.48, winter=1.24),
}


@pytest.mark.slow
@pytest.mark.parametrize("stream", [4_711, 12, 99_000])
@pytest.mark.parametrize("kind", PROFILES)
def test_consumption_has_the_form_of_its_profile(kind: LoadKind, stream: int) -> None:
    theirs = PROFILES[kind]
    days = PlantSimulator(HOUSE, 7).generator.days(date(2018, 1, 1), 2_191)
    energy = base_load(Load(kind=kind), days, day_types(days.dates, None), stream, 1.0).astype(np.float64)
    hours = days.clock // 12
    weekday = days.spread((days.dates + 6) % 7)
    week = np.bincount(hours[weekday < 5], weights=energy[weekday < 5])
    assert week[8:18].sum() / week.sum() == pytest.approx(theirs.working_hours, abs=0.02)
    assert abs(int(week.argmax()) - theirs.busiest) <= 1
    assert energy[weekday == 5].mean() / energy[weekday < 5].mean() == pytest.approx(theirs.saturday, abs=0.05)
    assert energy[weekday == 6].mean() / energy[weekday < 5].mean() == pytest.approx(theirs.sunday, abs=0.05)
    ordinals = (date.fromordinal(int(day)) for day in days.dates)
    month = days.spread(np.array([float(day.month) for day in ordinals]))
    assert energy[month == 1.0].mean() / energy[month == 7.0].mean() == pytest.approx(theirs.winter, abs=0.12)
    assert energy.sum() / 6.0 == pytest.approx(1_000.0 * Load(kind=kind).annual_energy, rel=0.05)


@pytest.mark.parametrize("annual", [1_500_000.0, 4_000_000.0, 20_000_000.0])
def test_a_household_sleeps_at_night_and_cooks_by_day(annual: float) -> None:
    days = PlantSimulator(HOUSE, 7).generator.days(date(2023, 1, 1), 365)
    load = Load(annual_energy=annual)
    power = base_load(load, days, day_types(days.dates, None), 5, 1.0) * 0.012
    mean = annual / 8_766.0
    night = (days.clock >= 12) & (days.clock < 60)
    assert power[night].max() < 1.9 * mean  # nobody puts a kettle on at half past three
    peaks = np.maximum.reduceat(power, days.offsets[:-1])
    assert np.median(peaks) > 1_500.0
    assert peaks.max() < max(9_500.0, 10.0 * mean)
    high = power[~night] > 1_800.0
    runs = np.diff(np.flatnonzero(np.diff(high.astype(np.int64))))[::2]
    assert np.median(runs) >= 3  # a quarter of an hour and more, not single slots
    assert power.sum() / 12.0 == pytest.approx(annual, rel=0.05)


def business(country: str | None) -> Generator:
    plant = replace(HOUSE, devices=(device("1", DeviceKind.GRID_METER),), load=Load(kind=LoadKind.COMMERCIAL))
    return Generator(replace(plant, address=None if country is None else Address(country=country)), 3)


def day_energy(generator: Generator, day: date) -> float:
    return float(consumption(generator.block(day, 1)).sum())


def test_a_business_rests_on_the_holidays_of_its_country() -> None:
    fourth, third = date(2025, 7, 4), date(2025, 10, 3)  # both Fridays
    assert day_energy(business("US"), fourth) / day_energy(business("DE"), fourth) == pytest.approx(0.48, abs=0.06)
    assert day_energy(business("DE"), third) / day_energy(business("US"), third) == pytest.approx(0.48, abs=0.06)
    assert day_energy(business(None), third) == day_energy(business("US"), third)
    named = business("US")
    named = Generator(replace(named.plant, load=Load(kind=LoadKind.COMMERCIAL, holidays="DE")), 3)
    assert day_energy(named, third) == day_energy(business("DE"), third)


@pytest.mark.parametrize(
    ("country", "day"),
    [
        ("DE", date(2025, 4, 18)),  # Good Friday
        ("DE", date(2025, 6, 9)),
        ("FR", date(1998, 7, 14)),  # by rule, long before the table
        ("US", date(2024, 11, 28)),  # the fourth Thursday of November
        ("US", date(2050, 9, 5)),
        ("GB", date(2022, 9, 19)),  # a state funeral
        ("JP", date(2019, 5, 1)),
        ("AE", date(2025, 3, 31)),
        ("IN", date(2025, 10, 2)),
    ],
)
def test_holidays_are_known(country: str, day: date) -> None:
    assert day_types(np.array([day.toordinal()]), country).tolist() == [SUNDAY]
    assert day_types(np.array([day.toordinal()]), "ZZ").tolist() == [max(day.weekday() - 4, 0)]


@pytest.mark.slow
def test_every_country_has_some_days_off_in_every_year_of_the_table() -> None:
    for country in countries():
        for year in range(2010, 2036):
            dates = np.arange(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal())
            assert 3 <= (day_types(dates, country) == SUNDAY).sum() - (day_types(dates, None) == SUNDAY).sum() <= 30


def test_easter() -> None:
    assert [easter(year) for year in (2000, 2024, 2025, 2038)] == [
        *(date(2000, 4, 23), date(2024, 3, 31), date(2025, 4, 20), date(2038, 4, 25)),
    ]


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_a_heat_pump_follows_the_cold(seed: int) -> None:
    house = replace(HOUSE, load=Load(kind=LoadKind.NONE, heat_pump=5_000_000.0), devices=())
    generator = Generator(house, seed)
    days = generator.days(date(2023, 7, 1), 731)
    scene = generator.scene(days)
    energy = consumption(generator.block(date(2023, 7, 1), 731)) / 1e6
    by_day, warmth = (np.add.reduceat(part, days.offsets[:-1]) for part in (energy, scene.air_and_wind[0] / 288.0))
    assert by_day.sum() / 2.0 == pytest.approx(5_000.0, rel=0.12)
    cold = warmth < 12.0
    assert np.corrcoef(by_day[cold], warmth[cold])[0, 1] < -0.93
    assert by_day[warmth < 0.0].mean() > 5.0 * by_day[warmth > 18.0].mean()
    assert by_day.min() > 1.0  # of hot water one has some every day


def test_a_heat_pump_in_the_tropics_heats_water_only() -> None:
    days = PlantSimulator(HOUSE, 7).generator.days(date(2023, 1, 1), 365)
    found = heat_pump(1_000_000.0, np.full(days.run.length, 27.0), climate_of(1.35, 103.9, 10.0), days, 9)
    assert found.sum() / 1e3 == pytest.approx(1_000_000.0, rel=0.01)


CAR = device("2", DeviceKind.EV_CHARGER, rated_power=11_000.0, annual_energy=2_500_000.0)


def roof(*devices: Device) -> Plant:
    south = inverter("1", 10_000.0, Array(peak_power=10_000.0))
    return replace(HOUSE, devices=(south, device("9", DeviceKind.GRID_METER), *devices), load=Load())


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("charging", list(Charging))
def test_a_car_takes_about_what_it_is_said_to_and_is_away_for_days(charging: Charging, seed: int) -> None:
    generator = Generator(roof(replace(CAR, charging=charging)), seed)
    block = generator.block(date(2023, 7, 1), 731)
    by_day = np.add.reduceat(block.metered[USE, "2"], block.days.offsets[:-1]) / 1e6
    assert by_day.sum() / 2.0 == pytest.approx(2_500.0, rel=0.12)
    idle = by_day < 0.5
    assert 0.2 < idle.mean() < 0.5
    gaps = np.diff(np.flatnonzero(~idle)) - 1
    assert gaps.max() >= 4
    assert block.metered[USE, "2"].max() <= 11_000 * 1_000 / 12 + 1


@pytest.mark.parametrize("seed", [1, 2])
def test_charging_on_surplus_takes_from_the_sun_what_there_is(seed: int) -> None:
    shares = {}
    for charging in Charging:
        block = Generator(roof(replace(CAR, charging=charging)), seed).block(date(2024, 5, 1), 92)
        taken = block.metered[USE, "2"]
        sunny = (block.days.clock >= 96) & (block.days.clock < 216)
        shares[charging] = taken[sunny].sum() / taken.sum()
        if charging is Charging.SURPLUS:
            # By day nothing but what swings through the grid point is fetched for it.
            charged = sunny & (taken > 100_000)
            bought = sum(values for (kind, _), values in block.metered.items() if kind == "grid")[charged].sum()
            assert bought < 0.06 * taken[charged].sum()
            assert taken[charged].min() >= 1_380 * 1_000 / 12 * 0.1
            assert block.metered[FEED, "9"].sum() > 0
    assert shares[Charging.SURPLUS] > 0.3
    assert shares[Charging.EVENING] < 0.15

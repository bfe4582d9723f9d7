"""What holds for every plant, day and seed (R20 to R29; docs/decisions.md, Numbers)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_sma.domain.catalogue import ALL_SETS, ENERGY_AND_POWER_PV, ENERGY_BALANCE
from mock_sma.domain.device import Array
from mock_sma.domain.event import EventKind, PlantEvent
from mock_sma.domain.period import Period, Span
from mock_sma.domain.plant import Load, LoadKind
from mock_sma.domain.scenario import DstFold
from mock_sma.simulation.generator import Generator
from mock_sma.simulation.simulator import PlantSimulator
from mock_sma.simulation.slots import midnight
from mock_sma.simulation.visibility import Visibility
from tests.examples import examples
from tests.simulation.house import LATER, PLANT, day, inverter

ENERGIES = ("pvGeneration", "batteryCharging", "batteryDischarging", "gridFeedIn", "gridConsumption")


@pytest.mark.slow
@examples(25)
@given(
    on=st.dates(date(2023, 3, 2), date(2025, 12, 30)),
    seed=st.integers(0, 2**63),
    zone=st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"]),
    latitude=st.floats(-60.0, 70.0),
)
def test_every_row_balances(on: date, seed: int, zone: str, latitude: float) -> None:
    plant = replace(PLANT, timezone=zone, latitude=latitude)
    rows = day(PlantSimulator(plant, seed), on)
    assert 280 <= len(rows["time"]) <= 300
    for index in range(len(rows["time"])):
        row = {name: round((cells[index] or 0.0) * 1_000) for name, cells in rows.items() if name != "time"}
        supplied = row["totalGeneration"] + row["batteryDischarging"] + row["gridConsumption"]
        assert supplied == row["totalConsumption"] + row["batteryCharging"] + row["gridFeedIn"]
        assert row["directConsumption"] == row["totalGeneration"] - row["gridFeedIn"] - row["batteryCharging"]
        assert row["selfSupply"] == row["directConsumption"] + row["batteryDischarging"]
        assert row["selfConsumption"] == row["directConsumption"] + row["batteryCharging"]
        assert not (row["batteryCharging"] and row["batteryDischarging"])
        assert 0 <= row["batteryStateOfCharge"] <= 100_000


@pytest.mark.slow
def test_rows_days_months_years_and_total_add_up(house: PlantSimulator) -> None:
    month = house.table(ENERGY_BALANCE, Span(Period.MONTH, date(2024, 5, 1)), seen=LATER)
    year = house.table(ENERGY_BALANCE, Span(Period.YEAR, date(2024, 1, 1)), seen=LATER)
    total = house.table(ENERGY_BALANCE, Span(Period.TOTAL), seen=LATER)
    assert (len(month.stamps), len(year.stamps), len(total.stamps)) == (31, 12, 3)
    for name in ENERGIES:
        for number in (0, 12, 30):
            rows = day(house, date(2024, 5, 1) + timedelta(days=number), energy=True)
            assert sum(rows[name]) == month.columns[name][number]
        assert sum(v or 0.0 for v in month.columns[name]) == year.columns[name][4]
        assert sum(v or 0.0 for v in year.columns[name]) == total.columns[name][1]


def test_devices_add_up_to_the_plant(house: PlantSimulator) -> None:
    span = Span(Period.DAY, date(2024, 6, 2))
    plant = sum(day(house, date(2024, 6, 2), energy=True)["pvGeneration"])
    parts = [
        sum(house.table(ENERGY_AND_POWER_PV, span, device_id=name, energy=True, seen=LATER).columns["pvGeneration"])
        for name in ("101", "102")
    ]
    assert sum(parts) == plant
    battery = ALL_SETS["energyandpowerbattery"]
    charged = [
        sum(house.table(battery, span, device_id=name, energy=True, seen=LATER).columns["batteryCharging"])
        for name in ("103", "106")
    ]
    assert sum(charged) == sum(day(house, date(2024, 6, 2), energy=True)["batteryCharging"])
    assert charged[0] > charged[1] > 0


def test_r23_watts_by_time_stamps_are_the_watt_hours(house: PlantSimulator) -> None:
    span = Span(Period.WEEK, date(2024, 6, 3))
    watts = house.table(ENERGY_BALANCE, span, seen=LATER)
    energy = house.table(ENERGY_BALANCE, span, energy=True, seen=LATER)
    for name in ENERGIES:
        off = 0.0
        for power, counted in zip(watts.columns[name], energy.columns[name], strict=True):
            off += power / 12.0 - counted
            # Each device has a counter of its own, off by less than 1 Wh; here are two of most kinds.
            assert abs(off) <= (1.0 if name.startswith("grid") else 2.0)


@pytest.mark.parametrize(
    ("zone", "on", "rows"),
    [
        ("Europe/Berlin", date(2025, 3, 30), 276),
        ("Europe/Berlin", date(2024, 10, 27), 300),
        ("America/New_York", date(2024, 11, 3), 300),
        ("Australia/Lord_Howe", date(2024, 10, 6), 282),
        ("America/Santiago", date(2024, 9, 8), 276),
    ],
)
def test_days_of_a_clock_change_have_their_own_length(zone: str, on: date, rows: int) -> None:
    assert len(day(PlantSimulator(replace(PLANT, timezone=zone), 7), on)["time"]) == rows


@pytest.mark.parametrize("fold", [DstFold.FIRST, DstFold.LAST, DstFold.SUM])
def test_dst_fold_sends_each_stamp_of_the_autumn_day_once(fold: DstFold) -> None:
    twice = day(PlantSimulator(PLANT, 7), date(2024, 10, 27), energy=True)
    once = day(PlantSimulator(PLANT, 7, dst_fold=fold), date(2024, 10, 27), energy=True)
    assert len(set(once["time"])) == len(once["time"]) == 288
    index = twice["time"].index("2024-10-27T02:30:00")
    pair = (twice["gridConsumption"][index], twice["gridConsumption"][index + 12])
    expected = {DstFold.FIRST: pair[0], DstFold.LAST: pair[1], DstFold.SUM: sum(pair)}[fold]
    assert once["gridConsumption"][once["time"].index("2024-10-27T02:30:00")] == expected


def test_a_skipped_date_and_dates_outside_the_data_are_empty(house: PlantSimulator) -> None:
    apia = PlantSimulator(replace(PLANT, timezone="Pacific/Apia", commissioned=date(2011, 1, 1)), 7)
    assert day(apia, date(2011, 12, 30))["time"] == []
    assert day(house, date(2023, 2, 28))["time"] == []
    assert day(house, date(2031, 1, 1))["time"] == []
    for period in (Period.MONTH, Period.YEAR):
        assert house.table(ENERGY_BALANCE, Span(period, date(2031, 1, 1)), seen=LATER).stamps == []


def test_a_fault_loses_energy_and_a_deactivated_inverter_keeps_its_history() -> None:
    fault = PlantEvent(
        kind=EventKind.DEVICE_FAULT,
        start=datetime(2024, 6, 2, 0, tzinfo=UTC),
        end=datetime(2024, 6, 3, 0, tzinfo=UTC),
        device_id="101",
    )
    gone = replace(inverter("102", 4_000.0), deactivated_at=datetime(2024, 6, 4, 22, tzinfo=UTC), is_active=False)
    plant = replace(PLANT, events=(fault,), devices=(inverter("101"), gone))
    simulator = PlantSimulator(plant, 7)
    span = Span(Period.MONTH, date(2024, 6, 1))
    first = simulator.table(ENERGY_AND_POWER_PV, span, device_id="101", seen=LATER).columns["pvGeneration"]
    second = simulator.table(ENERGY_AND_POWER_PV, span, device_id="102", seen=LATER).columns["pvGeneration"]
    assert first[0] > 1_000.0 > first[1]
    assert second[2] > 1_000.0
    assert sum(second[5:]) == 0.0


def test_r24_r33_what_is_not_measured_is_empty() -> None:
    plant = replace(PLANT, measures_grid=False, load=Load(kind=LoadKind.NONE), devices=(inverter("101"),))
    simulator = PlantSimulator(plant, 7)
    assert day(simulator, date(2024, 6, 2))["time"] == []
    assert simulator.total(ENERGY_BALANCE, Span(Period.TOTAL), seen=LATER) == {}
    assert simulator.table(ENERGY_AND_POWER_PV, Span(Period.DAY, date(2024, 6, 2)), seen=LATER).stamps
    unknown = simulator.table(ENERGY_AND_POWER_PV, Span(Period.DAY, date(2024, 6, 2)), device_id="999", seen=LATER)
    assert unknown.stamps == []


def test_total_is_the_sum_of_the_rows(house: PlantSimulator) -> None:
    span = Span(Period.DAY, date(2024, 6, 2))
    total = house.total(ENERGY_BALANCE, span, seen=LATER)
    rows = day(house, date(2024, 6, 2), energy=True)
    assert total["pvGeneration"] == sum(rows["pvGeneration"])
    assert total["autarkyRate"] == round(total["selfSupply"] / total["totalConsumption"], 3)
    assert house.total(ENERGY_BALANCE, Span(Period.DAY, date(2031, 1, 1)), seen=LATER) == {}


@pytest.mark.slow
def test_the_order_of_asking_changes_nothing() -> None:
    days = [date(2024, 2, 3), date(2024, 7, 9), date(2023, 12, 31)]
    forward, backward = PlantSimulator(PLANT, 7), PlantSimulator(PLANT, 7)
    forward.table(ENERGY_BALANCE, Span(Period.TOTAL), seen=LATER)
    ahead = [day(forward, on) for on in days]
    back = [day(backward, on) for on in reversed(days)]
    assert ahead == back[::-1]
    assert day(PlantSimulator(PLANT, 8), days[0]) != ahead[0]


@pytest.mark.slow
def test_the_running_day_of_a_month_is_the_one_that_is_polled(monkeypatch: pytest.MonkeyPatch) -> None:
    house, asked = PlantSimulator(PLANT, 1), []
    block = Generator.block
    monkeypatch.setattr(Generator, "block", lambda self, *days: [asked.append(days), block(self, *days)][1])
    on = date(2024, 5, 16)
    seen = Visibility(midnight(on, house.zone) + 3 * 3_600)
    house.whole_day(ENERGY_BALANCE, on, (), energy=True)
    house.table(ENERGY_BALANCE, Span(Period.MONTH, on.replace(day=1)), seen=seen)
    assert asked == [(on, 1), (on.replace(day=1), 31)]


@pytest.mark.slow
def test_battery_state_is_continuous_over_midnight(house: PlantSimulator) -> None:
    week = house.table(ENERGY_BALANCE, Span(Period.WEEK, date(2024, 4, 1)), seen=LATER)
    single = [
        state
        for number in range(7)
        for state in day(house, date(2024, 4, 1) + timedelta(days=number))["batteryStateOfCharge"]
    ]
    assert week.columns["batteryStateOfCharge"] == single


@pytest.mark.slow
@pytest.mark.parametrize(
    ("latitude", "longitude", "low", "high"), [(51.3, 9.5, 850, 1_080), (-33.9, 151.2, 1_250, 1_650)]
)
def test_a_year_yields_what_the_place_gives(latitude: float, longitude: float, low: int, high: int) -> None:
    array = Array(peak_power=10_000.0, azimuth=180.0 if latitude > 0 else 0.0, tilt=30.0)
    roof = replace(inverter("101", 10_000.0), arrays=(array,))
    plant = replace(PLANT, latitude=latitude, longitude=longitude, devices=(roof,))
    year = PlantSimulator(plant, 3).table(ENERGY_AND_POWER_PV, Span(Period.YEAR, date(2024, 1, 1)), seen=LATER)
    assert low < sum(v or 0.0 for v in year.columns["pvGeneration"]) / 10_000.0 < high


def test_a_first_reading_may_hold_a_whole_counter() -> None:
    spike = PlantEvent(
        kind=EventKind.FIRST_READING_SPIKE,
        start=datetime(2024, 6, 1, 22, tzinfo=UTC),
        device_id="101",
        value=165_763.0,
    )
    simulator = PlantSimulator(replace(PLANT, events=(spike,)), 7)
    span = Span(Period.DAY, date(2024, 6, 2))
    rows = simulator.table(ENERGY_AND_POWER_PV, span, device_id="101", energy=True, seen=LATER)
    plain = PlantSimulator(PLANT, 7).table(ENERGY_AND_POWER_PV, span, device_id="101", energy=True, seen=LATER)
    assert sum(rows.columns["pvGeneration"]) - sum(plain.columns["pvGeneration"]) == 165_763.0
    month = simulator.table(ENERGY_AND_POWER_PV, Span(Period.MONTH, date(2024, 6, 1)), device_id="101", seen=LATER)
    assert month.columns["pvGeneration"][1] == sum(rows.columns["pvGeneration"])

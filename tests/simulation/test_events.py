"""What events do to energies, and to what is told of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from mock_sma.domain.device import Battery, DeviceKind
from mock_sma.domain.event import EventKind
from mock_sma.domain.period import Period, Span
from mock_sma.domain.plant import COMMISSIONED, DEACTIVATED, REPLACED
from mock_sma.simulation.block import USE
from mock_sma.simulation.effects import reduce_all
from mock_sma.simulation.generator import Generator
from mock_sma.simulation.simulator import PlantSimulator
from tests.simulation_helpers import (
    EAST_WEST,
    HOUSE,
    JUNE,
    ask,
    at,
    device,
    energy,
    event,
    inverter,
    rows_of,
    with_events,
)

PLAIN = PlantSimulator(HOUSE, 7)
WITHOUT_BATTERY = replace(HOUSE, devices=tuple(item for item in HOUSE.devices if item.battery is None))
MONTH = Span(Period.MONTH, date(2024, 6, 1))


def test_a_fault_loses_energy_while_the_inverter_goes_on_reporting_nothing() -> None:
    fault = event(EventKind.DEVICE_FAULT, at(10), at(14), device_id="101")
    simulator = PlantSimulator(with_events(HOUSE, fault), 7)
    assert energy(simulator) < energy(PLAIN)
    rows = [row for row in rows_of(ask(simulator, "PowerAc", JUNE, "101")) if "T10:05" <= row["time"][10:] < "T14:00"]
    assert len(rows) == 47
    assert all(row["activePower"] == row["currentPhaseA"] == 0.0 for row in rows)
    strings = [
        row for row in rows_of(ask(simulator, "PowerDc", JUNE, "101")) if "T10:05" <= row["time"][10:] < "T14:00"
    ]
    assert all(row["dcCurrentInput"]["A"] == 0.0 < row["dcVoltageInput"]["A"] for row in strings)


def test_a_batterys_fault_stops_it_and_leaves_the_other_one() -> None:
    fault = event(EventKind.DEVICE_FAULT, at(0), at(24), device_id="103")
    simulator = PlantSimulator(with_events(HOUSE, fault), 7)
    stopped = ask(simulator, "EnergyAndPowerBattery", JUNE, "103").columns
    assert set(stopped["batteryCharging"]) == set(stopped["batteryDischarging"]) == {0.0}
    assert max(v or 0.0 for v in ask(simulator, "EnergyAndPowerBattery", JUNE, "107").columns["batteryCharging"]) > 0.0


def test_a_derated_inverter_gives_no_more_than_its_share() -> None:
    derated = event(EventKind.DERATING, at(0), at(24), device_id="101", value=0.25)
    simulator = PlantSimulator(with_events(HOUSE, derated), 7)
    limited, free = (ask(item, "EnergyAndPowerPv", JUNE, "101").columns["pvGeneration"] for item in (simulator, PLAIN))
    assert max(v or 0.0 for v in limited) == pytest.approx(1_500.0, abs=0.02)
    assert all((a or 0.0) <= (b or 0.0) + 12.0 for a, b in zip(limited, free, strict=True))


def test_a_feed_in_limit_holds_generation_back_and_nothing_else() -> None:
    limit = event(EventKind.FEED_IN_LIMIT, at(0), at(24), value=2_000.0)
    simulator = PlantSimulator(with_events(HOUSE, limit), 7)
    limited, free = (ask(item, "EnergyBalance").columns for item in (simulator, PLAIN))
    assert max(v or 0.0 for v in free["gridFeedIn"]) > 4_000.0
    assert 1_990.0 < max(v or 0.0 for v in limited["gridFeedIn"]) <= 2_000.0
    assert limited["totalConsumption"] == pytest.approx(free["totalConsumption"], abs=24.0)
    assert energy(simulator) < energy(PLAIN)
    active = {row["time"]: row["activePower"] for row in rows_of(ask(simulator, "PowerAc", JUNE, "101"))}
    strings = {
        row["time"]: sum(row["dcPowerInput"].values()) for row in rows_of(ask(simulator, "PowerDc", JUNE, "101"))
    }
    assert all(strings[time] < 1.08 * power for time, power in active.items() if power > 1_000.0)


def test_without_a_grid_and_a_battery_everything_stops() -> None:
    outage = event(EventKind.GRID_OUTAGE, at(10), at(14))
    simulator = PlantSimulator(with_events(WITHOUT_BATTERY, outage), 7)
    rows = [row for row in rows_of(ask(simulator, "EnergyBalance")) if "T10:05" <= row["time"][10:] < "T14:00"]
    for row in rows:
        assert row["pvGeneration"] == row["totalConsumption"] == row["gridFeedIn"] == row["gridConsumption"] == 0.0
    electric = [
        row for row in rows_of(ask(simulator, "PowerAc", JUNE, "101")) if "T10:10" <= row["time"][10:] < "T14:00"
    ]
    assert electric
    assert all(row["voltagePhaseA"] == 0.0 and row["gridFrequency"] is None for row in electric)


def test_a_battery_carries_the_house_through_an_outage() -> None:
    outage = event(EventKind.GRID_OUTAGE, at(8), at(32))
    simulator = PlantSimulator(with_events(HOUSE, outage), 7)
    rows = [row for row in rows_of(ask(simulator, "EnergyBalance")) if row["time"][10:] >= "T08:05"]
    assert all(row["gridFeedIn"] == row["gridConsumption"] == 0.0 for row in rows)
    assert sum(row["totalConsumption"] for row in rows) > 1_000.0
    assert energy(simulator) < energy(PLAIN), "what nobody takes is not generated"
    voltages = ask(simulator, "PowerAc", JUNE, "101").columns["voltagePhaseA"]
    assert min(v or 0.0 for v in voltages) > 200.0


@pytest.mark.parametrize(("value", "left"), [(1.0, 0.0), (0.5, 0.5), (None, 0.1)])
def test_snow_takes_its_share_of_the_light(value: float | None, left: float) -> None:
    snow = event(EventKind.SNOW, at(0), at(24), value=value)
    simulator = PlantSimulator(with_events(HOUSE, snow), 7)
    assert energy(simulator) / energy(PLAIN) == pytest.approx(left, abs=0.06)
    assert ask(simulator, "EnergyAndPowerPv", JUNE, "101").stamps == ask(PLAIN, "EnergyAndPowerPv", JUNE, "101").stamps
    one = PlantSimulator(with_events(HOUSE, event(EventKind.SNOW, at(0), at(24), value=1.0, device_id="101")), 7)
    assert energy(one, owner="101") == 0.0
    assert energy(one, owner="102") == energy(PLAIN, owner="102")


def test_r30_a_replaced_device_hands_over_and_both_keep_their_history() -> None:
    swap = at(12)
    old = inverter("101", 6_000.0, *EAST_WEST, deactivated_at=swap, is_active=False)
    new = inverter("201", 6_000.0, *EAST_WEST, activated_at=swap)
    plant = replace(HOUSE, devices=(old, new, device("104", DeviceKind.GRID_METER)))
    simulator = PlantSimulator(plant, 7)
    before, after = (ask(simulator, "EnergyAndPowerPv", MONTH, name) for name in ("101", "201"))
    assert before.stamps[-1] == after.stamps[0] == "2024-06-03T00:00:00"
    whole = ask(simulator, "EnergyBalance", MONTH).columns["pvGeneration"]
    assert sum(v or 0.0 for v in whole) == sum(v or 0.0 for t in (before, after) for v in t.columns["pvGeneration"])
    assert ask(simulator, "EnergyAndPowerPv", JUNE + timedelta(days=1), "101").stamps == []
    assert ask(simulator, "EnergyAndPowerPv", JUNE - timedelta(days=1), "201").stamps == []
    assert ask(simulator, "PowerDc", JUNE - timedelta(days=1), "201").stamps == []


def test_modules_age_from_their_own_activation() -> None:
    young = replace(HOUSE.devices[0], activated_at=datetime(2024, 6, 1, tzinfo=UTC))
    simulator = PlantSimulator(replace(HOUSE, commissioned=date(2004, 3, 1), devices=(young, *HOUSE.devices[1:])), 7)
    old = PlantSimulator(replace(HOUSE, commissioned=date(2004, 3, 1)), 7)
    assert energy(old, owner="101") / energy(simulator, owner="101") == pytest.approx(0.9, abs=0.01)


@pytest.mark.slow
def test_diesel_heat_and_power_and_hydro_are_generators_of_the_balance() -> None:
    kinds = (DeviceKind.DIESEL_GENERATOR, DeviceKind.CHP, DeviceKind.HYDRO)
    further = tuple(device(str(300 + number), kind) for number, kind in enumerate(kinds))
    simulator = PlantSimulator(replace(HOUSE, devices=(*HOUSE.devices, *further)), 7)
    table = ask(simulator, "EnergyBalance", Span(Period.YEAR, date(2024, 1, 1)))
    names = list(table.columns)
    place = names.index("dieselGeneration")
    assert names[place : place + 3] == ["dieselGeneration", "combinedHeatAndPowerGeneration", "hydroGeneration"]
    sums = {name: sum(v or 0.0 for v in table.columns[name]) / 1e6 for name in names[place : place + 3]}
    assert sums["dieselGeneration"] == pytest.approx(1.25, rel=0.25)
    assert sums["combinedHeatAndPowerGeneration"] == pytest.approx(24.75, rel=0.15)
    assert sums["hydroGeneration"] == pytest.approx(14.4, rel=0.15)
    heat = table.columns["combinedHeatAndPowerGeneration"]
    assert (heat[0] or 0.0) > 1.5 * (heat[6] or 0.0)
    fine = list(ask(simulator, "EnergyBalance").columns)
    assert fine[fine.index("batteryStateOfCharge") + 1] == "dieselGeneration"
    mix = [
        row
        for row in rows_of(ask(simulator, "EnergyMix", Span(Period.MONTH, date(2024, 6, 1)), "105"))
        if row["pvConsumptionRate"] is not None
    ]
    assert any(sum(v for n, v in row.items() if n.endswith("Rate")) < 0.9 for row in mix), "the rest is theirs"


def test_a_further_generator_can_fail() -> None:
    hydro = device("302", DeviceKind.HYDRO, rated_power=1_000.0, annual_energy=7_000_000.0)
    plant = replace(
        HOUSE, devices=(*HOUSE.devices, hydro), events=(event(EventKind.DEVICE_FAULT, at(0), at(24), device_id="302"),)
    )
    table = ask(PlantSimulator(plant, 7), "EnergyBalance", Span(Period.MONTH, date(2024, 6, 1)))
    assert table.columns["hydroGeneration"][JUNE.day - 1] == 0.0
    assert (table.columns["hydroGeneration"][JUNE.day] or 0.0) > 5_000.0


def test_amounts_are_taken_off_by_their_shares_to_the_last_digit() -> None:
    parts = [
        np.array([10, 0, 7], dtype=np.int64),
        np.array([5, 3, 0], dtype=np.int64),
        np.array([1, 1, 1], dtype=np.int64),
    ]
    taken = np.array([16, 2, 3], dtype=np.int64)
    left = reduce_all(parts, taken)
    assert (sum(left) == sum(parts) - taken).all()
    assert all((a >= 0).all() and (a <= b).all() for a, b in zip(left, parts, strict=True))


@pytest.mark.slow
def test_a_car_may_charge_beyond_midnight() -> None:
    rows = ask(PLAIN, "EnergyAndPowerConsumption", Span(Period.MONTH, date(2024, 6, 1)), "105")
    assert sum(v or 0.0 for v in rows.columns["consumption"]) > 50_000.0
    block = PLAIN.generator.block(JUNE, 200)
    midnights = block.days.offsets[:-1]
    assert (block.metered[USE, "105"][midnights] > 0).any()


def test_what_becomes_of_devices_stands_in_the_plants_history() -> None:
    swap = at(12)
    old = inverter("101", 6_000.0, *EAST_WEST, deactivated_at=swap)
    new, later = (
        inverter(name, 6_000.0, *EAST_WEST, activated_at=moment) for name, moment in (("201", swap), ("202", at(36)))
    )
    outage = event(EventKind.GRID_OUTAGE, at(1), at(2))
    plant = replace(HOUSE, devices=(old, new, later), events=(outage,))
    assert [(item.device_id, item.message_tag, item.start) for item in plant.history()] == [
        (None, None, at(1)),
        ("101", DEACTIVATED, swap),
        ("201", REPLACED, swap),
        ("202", COMMISSIONED, at(36)),
    ]


def test_limits_that_overlap_hold_together() -> None:
    both = (
        event(EventKind.FEED_IN_LIMIT, at(0), at(24), value=3_000.0),
        event(EventKind.FEED_IN_LIMIT, at(0), value=1_000.0),
        event(EventKind.GRID_OUTAGE, at(12), at(13)),
        event(EventKind.DEVICE_FAULT, at(10), at(11), device_id="101"),
        event(EventKind.DEVICE_FAULT, at(10), at(12), device_id="101"),
    )
    simulator = PlantSimulator(with_events(HOUSE, *both), 7)
    assert max(v or 0.0 for v in ask(simulator, "EnergyBalance").columns["gridFeedIn"]) <= 1_000.0
    rows = [
        row for row in rows_of(ask(simulator, "PowerAc", JUNE, "101")) if "T10:05" <= row["time"][10:] <= "T12:00:00"
    ]
    assert {row["activePower"] for row in rows} == {0.0}


@pytest.mark.slow
def test_a_battery_that_takes_years_to_fill_is_found_all_the_same() -> None:
    huge = device(
        "103", DeviceKind.BATTERY_INVERTER, battery=Battery(capacity=9e6, max_charge=400.0, max_discharge=300.0)
    )
    plant = replace(HOUSE, commissioned=date(2021, 1, 1), devices=(HOUSE.devices[0], huge))
    on = date(2024, 6, 3)
    alone = Generator(plant, 7).block(on, 1)
    whole = Generator(plant, 7).block(plant.commissioned, (on - plant.commissioned).days + 1)
    assert 0 < alone.stored["103"][0] < 9_000_000_000
    assert (alone.stored["103"] == whole.stored["103"][-288:]).all()


def test_channels_have_names_before_there_is_a_block() -> None:
    kinds = (DeviceKind.DIESEL_GENERATOR, DeviceKind.CHP, DeviceKind.HYDRO)
    plant = replace(HOUSE, devices=(*(device(str(300 + n), kind) for n, kind in enumerate(kinds)), *HOUSE.devices))
    generator = Generator(plant, 7)
    assert generator.channels() == list(generator.block(JUNE, 1).metered)

"""Devices live as said, of every kind: what was not there has no numbers, in any period (R24, R27, R28, R30)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from mock_sma.domain.device import Device, DeviceKind
from mock_sma.domain.instruments import device_sets
from mock_sma.domain.period import Period, Span
from mock_sma.simulation.simulator import PlantSimulator
from mock_sma.simulation.visibility import Visibility
from tests.simulation_helpers import EAST_WEST, HOUSE, HYBRID, JUNE, ask, at, device, inverter, pack

if TYPE_CHECKING:
    from mock_sma.domain.plant import Plant
    from mock_sma.simulation.table import Table

BEFORE, AFTER = JUNE - timedelta(days=1), JUNE + timedelta(days=1)
MONTH = Span(Period.MONTH, date(2024, 6, 1))
WEEK = Span(Period.WEEK, BEFORE)
KINDS: dict[str, Device] = {
    "inverter": inverter("200", 6_000.0, *EAST_WEST),
    "hybrid": replace(HYBRID, id="200"),
    "battery": device("200", DeviceKind.BATTERY_INVERTER, battery=pack()),
    "meter": device("200", DeviceKind.GRID_METER),
    "home manager": device("200", DeviceKind.HOME_MANAGER),
    "consumer": device("200", DeviceKind.CONSUMER),
    "charger": device("200", DeviceKind.EV_CHARGER),
    "sensor": device("200", DeviceKind.SENSOR),
}


def plant_with(*devices: Device) -> Plant:
    """Return the house without its own devices of the kinds on trial."""
    return replace(HOUSE, devices=(inverter("101", 4_000.0, *EAST_WEST), *devices))


def of_device(simulator: PlantSimulator, name: str, span: Span | date, owner: str = "200") -> Table:
    return ask(simulator, name, span, owner)


@pytest.mark.parametrize("kind", KINDS)
def test_r28_no_device_has_numbers_before_it_came_or_after_it_went(kind: str) -> None:
    lived = replace(KINDS[kind], activated_at=at(9), deactivated_at=at(15), is_active=False)
    simulator = PlantSimulator(plant_with(lived, device("104", DeviceKind.GRID_METER)), 7)
    for name in device_sets(simulator.plant, lived):
        for day in (BEFORE, AFTER):
            assert of_device(simulator, name, day).stamps == []
        stamps = [*of_device(simulator, name, JUNE).stamps]
        assert stamps
        assert stamps == of_device(simulator, name, WEEK).stamps
        assert min(stamps) == "2024-06-03T09:05:00"
        assert max(stamps) == "2024-06-03T15:00:00"
        assert set(of_device(simulator, name, MONTH).stamps) <= {"2024-06-03T00:00:00"}
        recent = of_device(simulator, name, Span(Period.RECENT)).stamps
        assert recent == ["2024-06-03T15:00:00"]


@pytest.mark.parametrize("kind", KINDS)
def test_r30_a_replaced_device_of_any_kind_ends_where_the_new_one_begins(kind: str) -> None:
    old = replace(KINDS[kind], deactivated_at=at(13), is_active=False)
    new = replace(KINDS[kind], id="201", activated_at=at(13))
    simulator = PlantSimulator(plant_with(old, new), 7)
    for name in device_sets(simulator.plant, old):
        before, after = (of_device(simulator, name, JUNE, owner).stamps for owner in ("200", "201"))
        assert before[-1] == "2024-06-03T13:00:00"
        assert after[0] == "2024-06-03T13:05:00"


@pytest.mark.slow
def test_r30_a_replaced_meter_counts_once() -> None:
    old = device("200", DeviceKind.GRID_METER, deactivated_at=at(13), is_active=False)
    new = device("201", DeviceKind.GRID_METER, activated_at=at(13))
    swapped = PlantSimulator(plant_with(old, new), 7)
    steady = PlantSimulator(plant_with(device("200", DeviceKind.GRID_METER)), 7)
    for span in (JUNE, MONTH, Span(Period.YEAR, date(2024, 1, 1)), Span(Period.TOTAL)):
        whole = ask(swapped, "EnergyBalance", span, energy=True)
        plain = ask(steady, "EnergyBalance", span, energy=True)
        parts = [ask(swapped, "EnergyAndPowerInOut", span, owner, energy=True) for owner in ("200", "201")]
        for name in ("gridFeedIn", "gridConsumption"):
            both = sum(value or 0.0 for part in parts for value in part.columns[name])
            assert both == sum(value or 0.0 for value in whole.columns[name])
            # A meter's day is a whole number of Wh, so that two meters' days are off by less than two.
            assert abs(both - sum(value or 0.0 for value in plain.columns[name])) < 2.0
        assert None not in whole.columns["totalConsumption"]


def test_two_meters_at_one_grid_point_show_the_same_and_count_once() -> None:
    simulator = PlantSimulator(plant_with(KINDS["meter"], device("201", DeviceKind.HOME_MANAGER)), 7)
    one, two = (ask(simulator, "EnergyAndPowerInOut", MONTH, owner).columns for owner in ("200", "201"))
    assert one == two
    assert ask(simulator, "EnergyBalance", MONTH).columns["gridFeedIn"] == one["gridFeedIn"]


@pytest.mark.slow
def test_r24_without_a_meter_the_plants_grid_and_what_follows_from_it_are_left_out() -> None:
    gone = device("200", DeviceKind.GRID_METER, deactivated_at=at(0), is_active=False)
    simulator = PlantSimulator(plant_with(gone), 7)
    known = {"pvGeneration"}
    assert set(ask(simulator, "EnergyBalance", AFTER).columns) == known
    assert set(ask(simulator, "EnergyBalance", BEFORE).columns) > known | {"gridFeedIn", "autarkyRate"}
    month = ask(simulator, "EnergyBalance", MONTH).columns
    for name in ("gridFeedIn", "totalConsumption", "autarkyRate"):
        assert [value is not None for value in month[name]] == [True, True] + [False] * 28
    year = ask(simulator, "EnergyBalance", Span(Period.YEAR, date(2024, 1, 1))).columns
    assert [value is not None for value in year["gridFeedIn"]] == [True] * 6 + [False] * 6
    assert [value is not None for value in year["totalConsumption"]] == [True] * 5 + [False] * 7


@pytest.mark.slow
def test_r27_a_plant_has_no_battery_columns_before_the_battery_came() -> None:
    battery = replace(KINDS["battery"], activated_at=datetime(2024, 6, 9, 22, tzinfo=UTC))
    simulator = PlantSimulator(plant_with(battery, device("104", DeviceKind.GRID_METER)), 7)
    names = {"batteryCharging", "batteryDischarging", "batteryStateOfCharge"}
    before = ask(simulator, "EnergyBalance", date(2024, 6, 4)).columns
    assert not names & set(before)
    assert None not in before["totalConsumption"]
    assert names <= set(ask(simulator, "EnergyBalance", date(2024, 6, 10)).columns)
    month = ask(simulator, "EnergyBalance", MONTH).columns["batteryCharging"]
    assert [value is not None for value in month] == [False] * 9 + [True] * 21
    first = ask(simulator, "EnergyAndPowerBattery", date(2024, 6, 10), "200").columns
    assert (first["batteryStateOfCharge"][0] or 0.0) < 10.0, "it begins empty"


@pytest.mark.slow
def test_a_battery_that_joins_another_begins_empty_and_leaves_the_other_as_it_was() -> None:
    first, second = replace(KINDS["battery"], id="203"), replace(KINDS["battery"], activated_at=at(12))
    meter = device("104", DeviceKind.GRID_METER)
    both = PlantSimulator(plant_with(first, second, meter), 7)
    alone = PlantSimulator(plant_with(first, meter), 7)
    until = slice(0, 144)
    states = [
        ask(item, "EnergyAndPowerBattery", JUNE, "203").columns["batteryStateOfCharge"][until] for item in (both, alone)
    ]
    assert states[0] == states[1]
    new = ask(both, "EnergyAndPowerBattery", JUNE, "200").columns["batteryStateOfCharge"]
    assert (new[0] or 0.0) < 10.0
    charged = [
        sum(value or 0.0 for value in ask(both, "EnergyAndPowerBattery", JUNE, name).columns["batteryCharging"])
        for name in ("203", "200")
    ]
    whole = ask(both, "EnergyBalance", JUNE).columns["batteryCharging"]
    assert sum(charged) == pytest.approx(sum(value or 0.0 for value in whole))


def test_a_device_that_is_to_come_has_nothing_yet() -> None:
    later = replace(KINDS["inverter"], activated_at=datetime(2030, 1, 1, tzinfo=UTC))
    simulator = PlantSimulator(plant_with(later), 7)
    for span in (Span(Period.RECENT), JUNE, MONTH, Span(Period.TOTAL)):
        assert of_device(simulator, "EnergyAndPowerPv", span).stamps == []


def test_a_meter_is_seen_as_far_as_its_plant_is() -> None:
    old = device("200", DeviceKind.GRID_METER, deactivated_at=at(13), is_active=False)
    simulator = PlantSimulator(plant_with(old, device("201", DeviceKind.GRID_METER, activated_at=at(13))), 7)
    noon = Visibility(int(at(12).timestamp()))
    assert ask(simulator, "EnergyAndPowerInOut", JUNE, "200", seen=noon).stamps[-1] == "2024-06-03T12:00:00"
    assert ask(simulator, "EnergyAndPowerInOut", JUNE, "201", seen=noon).stamps == []
    assert ask(simulator, "EnergyAndPowerInOut", MONTH, "201", seen=noon).stamps == []
    assert len(ask(simulator, "EnergyBalance", JUNE, seen=noon).stamps) == 144

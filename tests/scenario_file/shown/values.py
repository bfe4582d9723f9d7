"""Scenarios in which measurements are wrong, missing or there twice."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from tests.scenario_file.library.customer import Customer
from tests.scenario_file.shown.changes import BALANCE, HOUSE, TODAY, times

if TYPE_CHECKING:
    from mock_sma.domain.scenario import Scenario

INVERTER, BATTERY, METER = "devices/2101", "devices/2102", "devices/2103"
PV, GRID = "EnergyAndPowerPv", "EnergyAndPowerInOut"
MADE = "pvGeneration"


@cache
def sound(scenario: Scenario) -> Customer:
    """Return a client of the same world without its events."""
    return Customer(replace(scenario, plants=tuple(replace(plant, events=()) for plant in scenario.plants)))


def both(customer: Customer, where: str, name: str, key: str, date: str = TODAY) -> list[tuple[str, Any, Any]]:
    """Return a property in all rows of a day: the time, what it is, and what it would be without the events."""
    plain = sound(customer.world.scenario).rows(where, name, "Day", date)
    rows = customer.rows(where, name, "Day", date)
    assert times(rows) == times(plain)
    return [(at, row.get(key), right.get(key)) for at, row, right in zip(times(rows), rows, plain, strict=True)]


def from_eight_to_eleven(found: list[tuple[str, Any, Any]]) -> list[tuple[Any, Any]]:
    """Return what is and would be in the rows from 8 to 11 o'clock; all others have to be right."""
    assert all(value == right for at, value, right in found if not "08:00" < at <= "11:00")
    return [(value, right) for at, value, right in found if "08:00" < at <= "11:00"]


def value_null(customer: Customer) -> None:
    wrong = from_eight_to_eleven(both(customer, INVERTER, PV, MADE))
    assert len(wrong) == 36
    assert all(value is None and right > 0 for value, right in wrong)


def value_fixed(customer: Customer) -> None:
    wrong = from_eight_to_eleven(both(customer, INVERTER, "PowerAc", "voltagePhaseA"))
    assert {value for value, _ in wrong} == {253.0}
    assert len({right for _, right in wrong}) > 9


def value_stuck(customer: Customer) -> None:
    found = both(customer, INVERTER, PV, MADE)
    last = next(value for at, value, _ in found if at == "08:00")
    wrong = from_eight_to_eleven(found)
    assert {value for value, _ in wrong} <= {last - 1, last, last + 1}
    assert len({right for _, right in wrong}) > 9
    balance = from_eight_to_eleven(both(customer, HOUSE, BALANCE, MADE))
    assert balance == wrong


def value_scaled(customer: Customer) -> None:
    for key in ("gridFeedIn", "gridConsumption"):
        wrong = from_eight_to_eleven(both(customer, METER, GRID, key))
        assert all(value == pytest.approx(-right, abs=1.0) for value, right in wrong)
        assert sum(right for _, right in wrong) > 0
        of_plant = from_eight_to_eleven(both(customer, HOUSE, BALANCE, key))
        assert [value for value, _ in of_plant] == [value for value, _ in wrong]


def value_added(customer: Customer) -> None:
    found = both(customer, INVERTER, PV, MADE)
    wrong = {at: value - right for at, value, right in found if value != right}
    assert wrong == {"10:00": pytest.approx(500_000 / 12, abs=1.0)}  # 500 kW for five minutes [Wh]
    balance = {at: value - right for at, value, right in both(customer, HOUSE, BALANCE, MADE) if value != right}
    assert balance == wrong


def value_of_plant(customer: Customer) -> None:
    wrong = from_eight_to_eleven(both(customer, HOUSE, BALANCE, "totalConsumption"))
    assert all(value == pytest.approx(2 * right, abs=1.0) and right > 0 for value, right in wrong)
    assert all(value == right for _, value, right in both(customer, METER, GRID, "gridConsumption"))


def value_now_and_then(customer: Customer) -> None:
    found = both(customer, BATTERY, "EnergyAndPowerBattery", "batteryStateOfHealth", "2025-06-14")
    gone = sum(value is None for _, value, _ in found)
    assert 0.12 < gone / len(found) < 0.28
    assert all(value in (None, right) for _, value, right in found)


def negative_spike(customer: Customer) -> None:
    found = both(customer, METER, GRID, "gridFeedIn")
    assert {at: value - right for at, value, right in found if value != right} == {"09:05": -2_000_000}


def counter_restart(customer: Customer) -> None:
    found = both(customer, INVERTER, PV, MADE)
    assert {at: value - right for at, value, right in found if value != right} == {"09:05": -31_000_000}


def duplicate_rows(customer: Customer) -> None:
    rows = customer.rows(HOUSE, BALANCE, "Day", TODAY)
    twice = [at for at, number in Counter(times(rows)).items() if number == 2]
    assert 8 < len(twice) < 28
    assert all("08:00" < at <= "11:00" for at in twice)
    assert all(rows.count(row) == (2 if at in twice else 1) for at, row in zip(times(rows), rows, strict=True))


def missing_rows(customer: Customer) -> None:
    lost = 0
    for day in ("2025-06-12", "2025-06-13", "2025-06-14"):
        there = customer.rows(INVERTER, PV, "Day", day)
        would = sound(customer.world.scenario).rows(INVERTER, PV, "Day", day)
        assert set(times(there)) < set(times(would))
        lost += len(would) - len(there)
        # What is missing arrives with the next row: a counter goes on.
        assert sum(row[MADE] for row in there) == pytest.approx(sum(row[MADE] for row in would), abs=500)
    assert 30 < lost < 90


def nightly_gap(customer: Customer) -> None:
    for day in ("2025-03-29", "2025-03-30", "2025-03-31"):
        there = times(customer.rows(HOUSE, BALANCE, "Day", day))
        assert (there[0], there[-1]) == ("06:05", "22:00"), day
    assert times(customer.rows(HOUSE, BALANCE, "Day", "2025-04-08"))[0] == "00:05"


def any_start(customer: Customer) -> None:
    start = customer.world.clock.now().astimezone()
    assert customer.plants == ["2100"]
    customer.later(hours=6)
    rows = times(customer.rows(HOUSE, BALANCE, "Day", TODAY))
    assert "13:00" in rows
    assert not [at for at in rows if "13:00" < at <= "15:00"]
    assert "15:05" in rows
    customer.later(days=3, hours=5.9)
    assert customer.state() == "Accepted"
    customer.later(hours=0.2)
    assert (customer.state(), customer.plants) == ("Revoked", [])
    assert (customer.world.clock.now() - start).days == 3

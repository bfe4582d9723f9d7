"""Silence, single rows that fall out, and rows that come late."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from mock_sma.domain.event import EventKind
from mock_sma.domain.period import Period, Span
from mock_sma.simulation.simulator import PlantSimulator
from mock_sma.simulation.visibility import Visibility
from tests.simulation_helpers import HOUSE, JUNE, LATER, ask, at, energy, event, with_events

PLAIN = PlantSimulator(HOUSE, 7)
MONTH = Span(Period.MONTH, date(2024, 6, 1))


def test_a_silent_device_hides_its_own_rows_and_its_next_row_carries_their_energy() -> None:
    gap = event(EventKind.GAP, at(10), at(14), device_id="101")
    simulator = PlantSimulator(with_events(HOUSE, gap), 7)
    before, after = (ask(item, "EnergyAndPowerPv", JUNE, "101", energy=True) for item in (PLAIN, simulator))
    assert len(before.stamps) - len(after.stamps) == 48
    assert energy(simulator, owner="101") == energy(PLAIN, owner="101")
    row = dict(zip(after.stamps, after.columns["pvGeneration"], strict=True))["2024-06-03T14:05:00"]
    hidden = [
        v
        for s, v in zip(before.stamps, before.columns["pvGeneration"], strict=True)
        if "T10:00:00" < s[10:] <= "T14:05:00"
    ]
    assert row == sum(v or 0.0 for v in hidden)
    assert ask(simulator, "EnergyAndPowerPv", JUNE, "102") == ask(PLAIN, "EnergyAndPowerPv", JUNE, "102")


@pytest.mark.slow
def test_a_device_silent_over_midnight_moves_its_energy_to_the_day_after() -> None:
    gap = event(EventKind.GAP, at(12), at(36), device_id="101")
    simulator = PlantSimulator(with_events(HOUSE, gap), 7)
    month, plain = (ask(item, "EnergyAndPowerPv", MONTH, "101").columns["pvGeneration"] for item in (simulator, PLAIN))
    days = [(new or 0.0) - (old or 0.0) for new, old in zip(month, plain, strict=True)]
    assert days[JUNE.day - 1] < 0.0 < days[JUNE.day]
    assert sum(days) == 0.0
    assert energy(simulator, JUNE + timedelta(days=1), owner="101") == month[JUNE.day]
    whole = ask(simulator, "EnergyAndPowerPv", Span(Period.YEAR, date(2024, 1, 1)), "101").columns["pvGeneration"]
    assert whole == ask(PLAIN, "EnergyAndPowerPv", Span(Period.YEAR, date(2024, 1, 1)), "101").columns["pvGeneration"]


@pytest.mark.slow
def test_single_rows_fall_out_and_no_energy_is_lost() -> None:
    missing = event(EventKind.MISSING_ROWS, at(0), at(48), value=0.3)
    simulator = PlantSimulator(with_events(HOUSE, missing), 7)
    rows = ask(simulator, "EnergyBalance")
    assert 170 < len(rows.stamps) < 235
    week, plain = (ask(item, "EnergyBalance", Span(Period.WEEK, JUNE), energy=True) for item in (simulator, PLAIN))
    for name in ("pvGeneration", "gridConsumption", "batteryCharging"):
        assert sum(v or 0.0 for v in week.columns[name]) == sum(v or 0.0 for v in plain.columns[name])
    assert ask(simulator, "EnergyBalance").stamps == rows.stamps
    third = JUNE + timedelta(days=2)
    assert ask(simulator, "EnergyBalance", third).stamps == ask(PLAIN, "EnergyBalance", third).stamps


@pytest.mark.slow
def test_a_share_of_rows_never_arrives_and_no_energy_is_lost() -> None:
    leaky = PlantSimulator(replace(HOUSE, missing_rows=0.05), 7)
    week, plain = (ask(item, "EnergyBalance", Span(Period.WEEK, JUNE), energy=True) for item in (leaky, PLAIN))
    assert 0.02 < 1.0 - len(week.stamps) / len(plain.stamps) < 0.08
    inverter, whole = (ask(item, "EnergyAndPowerPv", JUNE, "101", energy=True) for item in (leaky, PLAIN))
    gone = {stamp for stamp in plain.stamps if stamp.startswith(whole.stamps[0][:10])} - set(week.stamps)
    assert gone & set(whole.stamps) == set(whole.stamps) - set(inverter.stamps)
    year = Span(Period.YEAR, date(2024, 1, 1))
    months, full = (ask(item, "EnergyBalance", year).columns["pvGeneration"] for item in (leaky, PLAIN))
    assert sum(value or 0.0 for value in months) == sum(value or 0.0 for value in full)
    assert HOUSE.missing_rows == 0.0


def test_missing_rows_of_one_device_leave_the_plant_its_rows() -> None:
    missing = event(EventKind.MISSING_ROWS, at(0), at(24), value=0.3, device_id="102")
    simulator = PlantSimulator(with_events(HOUSE, missing), 7)
    assert ask(simulator, "EnergyBalance").stamps == ask(PLAIN, "EnergyBalance").stamps
    assert energy(simulator) == energy(PLAIN)
    assert len(ask(simulator, "EnergyAndPowerPv", JUNE, "102").stamps) < len(
        ask(PLAIN, "EnergyAndPowerPv", JUNE, "102").stamps
    )


def test_late_rows_of_a_device_come_when_they_arrive() -> None:
    late = event(EventKind.LATE_DATA, at(8), at(12), arrives=at(60), device_id="101")
    simulator = PlantSimulator(with_events(HOUSE, late), 7)
    waiting, there = Visibility(LATER.until), Visibility(LATER.until, (0,))
    whole = ask(PLAIN, "EnergyAndPowerPv", JUNE, "101")
    assert len(ask(simulator, "EnergyAndPowerPv", JUNE, "101", seen=waiting).stamps) == len(whole.stamps) - 48
    assert ask(simulator, "EnergyAndPowerPv", JUNE, "101", seen=there) == whole


@pytest.mark.slow
def test_a_silent_plant_has_no_latest_row_after_a_week_and_the_last_one_before() -> None:
    gap = event(EventKind.GAP, at(12))
    simulator = PlantSimulator(with_events(HOUSE, gap), 7)
    recent = ask(simulator, "EnergyBalance", Span(Period.RECENT))
    assert recent.stamps == ["2024-06-03T12:00:00"]
    assert ask(simulator, "EnergyBalance", JUNE + timedelta(days=30)).stamps == []
    total = ask(simulator, "EnergyBalance", Span(Period.TOTAL))
    assert total.stamps == ["2023-01-01T00:00:00", "2024-01-01T00:00:00"]

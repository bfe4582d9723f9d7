"""A plant knows only what arrived from its instruments (R20, R23, R24, R27)."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from mock_sma.domain.catalogue import ENERGY_BALANCE
from mock_sma.domain.device import DeviceKind
from mock_sma.domain.event import EventKind, PlantEvent
from mock_sma.domain.period import Period, Span
from mock_sma.simulation.simulator import PlantSimulator
from mock_sma.simulation.visibility import Visibility
from tests.simulation_helpers import (
    EAST_WEST,
    HOUSE,
    JUNE,
    LATER,
    ask,
    at,
    device,
    event,
    inverter,
    pack,
    rows_of,
    with_events,
)

PLANT = replace(
    HOUSE,
    devices=(
        inverter("101", 6_000.0, *EAST_WEST),
        inverter("102", 4_000.0, *EAST_WEST),
        device("103", DeviceKind.BATTERY_INVERTER, battery=pack()),
        device("104", DeviceKind.GRID_METER),
    ),
)
PLAIN = PlantSimulator(PLANT, 7)
NEXT = JUNE + timedelta(days=1)
MONTH = Span(Period.MONTH, date(2024, 6, 1))
DERIVED = {
    "directConsumption",
    "totalConsumption",
    "selfConsumption",
    "autarkyRate",
    "selfConsumptionRate",
    "selfSupply",
}


def silent(owner: str, low: float = 10.0, high: float | None = 14.0, **facts: Any) -> PlantSimulator:
    gap = event(EventKind.GAP, at(low), None if high is None else at(high), device_id=owner, **facts)
    return PlantSimulator(with_events(PLANT, gap), 7)


def by_time(
    simulator: PlantSimulator, name: str = "EnergyBalance", owner: str | None = None, **how: Any
) -> dict[str, Any]:
    return {row["time"][11:16]: row for row in rows_of(ask(simulator, name, JUNE, owner, **how))}


def test_a_silent_inverter_is_missing_from_the_plant_until_its_rows_arrive() -> None:
    rows, plain = by_time(silent("101"), energy=True), by_time(PLAIN, energy=True)
    other = by_time(PLAIN, "EnergyAndPowerPv", "102", energy=True)
    assert rows["12:00"]["pvGeneration"] == other["12:00"]["pvGeneration"] < plain["12:00"]["pvGeneration"]
    hidden = sum(
        row["pvGeneration"]
        for time, row in by_time(PLAIN, "EnergyAndPowerPv", "101", energy=True).items()
        if "10:00" < time <= "14:05"
    )
    assert rows["14:05"]["pvGeneration"] == hidden + other["14:05"]["pvGeneration"]
    assert rows["10:00"] == plain["10:00"]
    assert rows["14:10"] == plain["14:10"]
    assert sum(row["pvGeneration"] for row in rows.values()) == sum(row["pvGeneration"] for row in plain.values())


def test_what_would_not_balance_is_left_out_while_an_instrument_is_silent_and_in_the_row_that_ends_it() -> None:
    rows = by_time(silent("101"))
    for time, row in rows.items():
        absent = {name for name in DERIVED if row[name] is None}
        # Nothing is a share of nothing: at night there is no self-consumption rate.
        assert absent == DERIVED if "10:00" < time <= "14:05" else absent <= {"selfConsumptionRate"}
        assert row["gridFeedIn"] is not None


@pytest.mark.parametrize(
    ("owner", "names"),
    [
        ("104", {"gridFeedIn", "gridConsumption"}),
        ("103", {"batteryCharging", "batteryDischarging", "batteryStateOfCharge"}),
    ],
)
def test_r27_properties_without_their_instrument_are_left_out(owner: str, names: set[str]) -> None:
    rows, plain = by_time(silent(owner), energy=True), by_time(PLAIN, energy=True)
    for time, row in rows.items():
        if "10:00" < time <= "14:00":
            assert all(row[name] is None for name in names | DERIVED)
            assert row["pvGeneration"] == plain[time]["pvGeneration"]
    for name in names - {"batteryStateOfCharge"}:
        arrived = sum(row[name] for time, row in plain.items() if "10:00" < time <= "14:05")
        assert rows["14:05"][name] == arrived
    whole_day = ask(silent(owner, 0.0, 24.0), "EnergyBalance").columns
    assert not (names | DERIVED) & set(whole_day)
    assert "pvGeneration" in whole_day


@pytest.mark.slow
def test_a_plant_whose_instruments_are_all_silent_has_no_rows() -> None:
    gaps = [event(EventKind.GAP, at(10), at(14), device_id=item.id) for item in PLANT.devices]
    simulator = PlantSimulator(with_events(PLANT, *gaps), 7)
    whole = PlantSimulator(with_events(PLANT, event(EventKind.GAP, at(10), at(14))), 7)
    assert ask(simulator, "EnergyBalance") == ask(whole, "EnergyBalance")
    assert ask(simulator, "EnergyBalance", MONTH) == ask(whole, "EnergyBalance", MONTH)


@pytest.mark.slow
def test_r23_watts_by_the_stamps_of_their_property_are_what_arrived() -> None:
    for owner, name in (("104", "gridFeedIn"), ("103", "batteryCharging"), ("101", "pvGeneration")):
        simulator = silent(owner, 10.0, 13.0)
        power, counted = (ask(simulator, "EnergyBalance", energy=flag) for flag in (False, True))
        there = [
            (datetime.fromisoformat(stamp), watts, energy)
            for stamp, watts, energy in zip(power.stamps, power.columns[name], counted.columns[name], strict=True)
            if watts is not None
        ]
        away = 0.0
        for (before, _, _), (stamp, watts, energy) in itertools.pairwise(there):
            away += watts * (stamp - before).total_seconds() / 3_600.0 - (energy or 0.0)
            assert abs(away) <= 2.0


@pytest.mark.slow
def test_the_day_after_gets_what_a_silence_over_midnight_held_back() -> None:
    simulator = silent("101", 12.0, 36.0)
    days, plain = (ask(item, "EnergyBalance", MONTH).columns for item in (simulator, PLAIN))
    place = JUNE.day - 1
    assert days["pvGeneration"][place] < plain["pvGeneration"][place]
    assert sum(days["pvGeneration"]) == sum(plain["pvGeneration"])
    assert days["totalConsumption"][place] is days["totalConsumption"][place + 1] is None
    assert days["totalConsumption"][place + 2] == plain["totalConsumption"][place + 2]
    for number, day in enumerate((JUNE, NEXT, NEXT + timedelta(days=1))):
        rows = ask(simulator, "EnergyBalance", day, energy=True).columns["pvGeneration"]
        assert sum(value or 0.0 for value in rows) == days["pvGeneration"][place + number]
    year = Span(Period.YEAR, date(2024, 1, 1))
    assert ask(simulator, "EnergyBalance", year) == ask(PLAIN, "EnergyBalance", year)


@pytest.mark.slow
def test_late_rows_restate_the_plant_when_they_arrive() -> None:
    late = event(EventKind.LATE_DATA, at(8), at(12), arrives=at(60), device_id="101")
    simulator = PlantSimulator(with_events(PLANT, late), 7)
    waiting, there = Visibility(LATER.until), Visibility(LATER.until, (0,))
    for span in (Span(Period.DAY, JUNE), MONTH, Span(Period.TOTAL)):
        assert ask(simulator, "EnergyBalance", span, seen=there) == ask(PLAIN, "EnergyBalance", span)
    early = by_time(simulator, energy=True, seen=waiting)
    other = by_time(PLAIN, "EnergyAndPowerPv", "102", energy=True)
    assert early["10:00"]["pvGeneration"] == other["10:00"]["pvGeneration"]


def test_an_inverter_that_falls_silent_for_good_stays_missing_and_costs_no_look_back() -> None:
    simulator = silent("101", 10.0, None)
    later = JUNE + timedelta(days=300)
    other = ask(PLAIN, "EnergyAndPowerPv", later, "102", energy=True)
    values = dict(zip(other.stamps, other.columns["pvGeneration"], strict=True))
    table = ask(simulator, "EnergyBalance", later, energy=True)
    assert table.columns["pvGeneration"] == [values.get(stamp) or 0.0 for stamp in table.stamps]
    assert [count for _, count in simulator._rows.blocks._blocks] == [1]


@pytest.mark.slow
@pytest.mark.parametrize("owner", ["101", "103", "104"])
def test_the_plants_own_total_is_that_of_its_rows(owner: str) -> None:
    simulator = silent(owner, 20.0, 30.0)
    for span in (Span(Period.DAY, JUNE), Span(Period.WEEK, JUNE), MONTH):
        table = ask(simulator, "EnergyBalance", span, energy=True)
        total = simulator.total(ENERGY_BALANCE, span, seen=LATER)
        for name in ("pvGeneration", "gridFeedIn", "batteryCharging"):
            assert total[name] == sum(value or 0.0 for value in table.columns[name])
        # The silence ends within a week and a month, so that these balance as a whole.
        assert ("totalConsumption" in total) == (span.period is not Period.DAY)


def test_the_latest_row_of_a_plant_knows_what_has_arrived() -> None:
    simulator = silent("104", 10.0, 14.0)
    recent = ask(simulator, "EnergyBalance", Span(Period.RECENT), seen=Visibility(int(at(12).timestamp())))
    assert recent.stamps == ["2024-06-03T12:00:00"]
    assert "pvGeneration" in recent.columns
    assert "gridFeedIn" not in recent.columns


def test_events_of_a_plant_without_the_device_change_nothing() -> None:
    stray = PlantEvent(kind=EventKind.GAP, start=at(10), end=at(14), device_id="999")
    assert ask(PlantSimulator(with_events(PLANT, stray), 7), "EnergyBalance") == ask(PLAIN, "EnergyBalance")

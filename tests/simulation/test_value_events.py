"""What ``value`` events, restarted counters and rows that come twice make of the numbers, in every period alike."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_sma.domain.catalogue import ALL_SETS
from mock_sma.domain.event import EventKind, PlantEvent, ValueMode
from mock_sma.domain.period import Period, Span
from mock_sma.domain.recurrence import Repeat
from mock_sma.domain.settling import settled_plant
from mock_sma.mistakes.misfits import misfits_of
from mock_sma.simulation.simulator import PlantSimulator
from tests.simulation_helpers import HOUSE, JUNE, LATER, ask, at, event, rows_of, with_events

PLAIN = PlantSimulator(HOUSE, 7)
MONTH, YEAR = Span(Period.MONTH, JUNE.replace(day=1)), Span(Period.YEAR, date(2024, 1, 1))


def value(set_name: str, property_name: str, mode: ValueMode, **facts: Any) -> PlantEvent:
    facts = {"start": at(10), "end": at(14)} | facts
    return PlantEvent(kind=EventKind.VALUE, set_name=set_name, property_name=property_name, mode=mode, **facts)


def world(*events: PlantEvent) -> PlantSimulator:
    for item in events:
        assert list(misfits_of(HOUSE, item)) == []
    return PlantSimulator(with_events(HOUSE, *events), 7)


def pv(*events: PlantEvent, owner: str | None = "101", energy: bool = False) -> dict[str, float | None]:
    table = ask(world(*events), "EnergyAndPowerPv", JUNE, owner, energy=energy)
    return {stamp[11:16]: row.get("pvGeneration") for stamp, row in zip(table.stamps, rows_of(table), strict=True)}


@pytest.mark.parametrize(
    ("mode", "amount", "expected"),
    [
        (ValueMode.NULL, None, lambda _: None),
        (ValueMode.FIXED, 1_200.0, lambda _: 1_200.0),
        (ValueMode.FIXED, -60.0, lambda _: -60.0),
        (ValueMode.SCALE, 2.0, lambda watts: 2 * watts),
        (ValueMode.SCALE, -1.0, lambda watts: -watts),
        (ValueMode.ADD, 300.0, lambda watts: watts + 300.0),
    ],
)
def test_an_inverters_values_are_other_ones_within_the_span_only(
    mode: ValueMode, amount: float | None, expected: Any
) -> None:
    before, after = pv(), pv(value("EnergyAndPowerPv", "pvGeneration", mode, device_id="101", value=amount))
    assert before.keys() == after.keys()
    for stamp, watts in before.items():
        wanted = expected(watts) if "10:00" < stamp <= "14:00" else watts
        assert after[stamp] == (pytest.approx(wanted, abs=0.01) if wanted is not None else None)


def test_a_stuck_inverter_repeats_its_last_power() -> None:
    before = pv()
    after = pv(value("EnergyAndPowerPv", "pvGeneration", ValueMode.STUCK, device_id="101"))
    (held,) = {watts for stamp, watts in after.items() if "10:00" < stamp <= "14:00"}
    assert held == pytest.approx(before["10:00"], abs=0.01)


def test_a_plant_shows_what_its_devices_rows_add_up_to() -> None:
    doubled = value("EnergyAndPowerPv", "pvGeneration", ValueMode.SCALE, device_id="101", value=2.0)
    simulator = world(doubled)
    whole = ask(simulator, "EnergyBalance", energy=True)
    parts: dict[str, float] = {}
    for owner in ("101", "102", "107"):
        for row in rows_of(ask(simulator, "EnergyAndPowerPv", JUNE, owner, energy=True)):
            parts[row["time"]] = parts.get(row["time"], 0.0) + row["pvGeneration"]
    for row in rows_of(whole):
        assert row["pvGeneration"] == parts.get(row["time"], 0.0)
        assert row["totalGeneration"] == row["pvGeneration"]


def test_a_plants_state_of_charge_follows_from_its_batteries() -> None:
    stuck = value("EnergyAndPowerBattery", "batteryStateOfCharge", ValueMode.FIXED, device_id="103", value=50.0)
    rows = rows_of(ask(world(stuck), "EnergyBalance"))
    own = {row["time"]: row for row in rows_of(ask(world(stuck), "EnergyAndPowerBattery", JUNE, "103"))}
    other = {row["time"]: row for row in rows_of(ask(PLAIN, "EnergyAndPowerBattery", JUNE, "107"))}
    for row in rows:
        mine, others = own[row["time"]]["batteryStateOfCharge"], other[row["time"]]["batteryStateOfCharge"]
        assert row["batteryStateOfCharge"] == pytest.approx((mine * 10_000 + others * 6_000) / 16_000, abs=0.02)
    assert sum(row["batteryStateOfCharge"] == 50.0 for row in own.values()) >= 48


@pytest.mark.slow
def test_states_and_inputs_are_rewritten_too() -> None:
    voltage = value("PowerAc", "voltagePhaseA", ValueMode.FIXED, device_id="101", value=400.0)
    rows = {row["time"][11:16]: row for row in rows_of(ask(world(voltage), "PowerAc", JUNE, "101"))}
    assert rows["12:00"]["voltagePhaseA"] == 400.0 != rows["15:00"]["voltagePhaseA"]
    inputs = value("PowerDc", "dcVoltageInput", ValueMode.NULL, device_id="101")
    rows = {row["time"][11:16]: row for row in rows_of(ask(world(inputs), "PowerDc", JUNE, "101"))}
    assert rows["12:00"]["dcVoltageInput"] == {} != rows["15:00"]["dcVoltageInput"]
    hung = value("Sensor", "ambientTemperature", ValueMode.STUCK, device_id="106")
    rows = {row["time"][11:16]: row for row in rows_of(ask(world(hung), "Sensor", JUNE, "106"))}
    assert (
        rows["14:00"]["ambientTemperature"]
        == rows["10:00"]["ambientTemperature"]
        != rows["15:00"]["ambientTemperature"]
    )


def test_a_share_of_the_rows_has_holes() -> None:
    whole_day = {"start": at(0), "end": at(24)}
    after = pv(value("EnergyAndPowerPv", "pvGeneration", ValueMode.NULL, device_id="101", share=0.25, **whole_day))
    holes = sum(watts is None for watts in after.values())
    assert 0.15 * len(after) < holes < 0.35 * len(after)


def test_rows_come_twice_and_sums_do_not() -> None:
    twice = event(EventKind.DUPLICATE_ROWS, at(10), at(11), device_id="101")
    stamps = ask(world(twice), "EnergyAndPowerPv", JUNE, "101").stamps
    assert [stamps.count(stamp) for stamp in (f"{JUNE}T10:00:00", f"{JUNE}T10:05:00", f"{JUNE}T11:00:00")] == [1, 2, 2]
    assert len(stamps) == len(set(stamps)) + 12
    assert ask(world(twice), "EnergyAndPowerPv", MONTH, "101") == ask(PLAIN, "EnergyAndPowerPv", MONTH, "101")


@pytest.mark.parametrize("kind", [EventKind.FIRST_READING_SPIKE, EventKind.COUNTER_RESTART])
@pytest.mark.parametrize(("owner", "name"), [("101", "EnergyAndPowerPv"), ("104", "EnergyAndPowerInOut")])
def test_a_counter_that_begins_spoils_one_row_of_an_inverter_or_a_meter(kind: EventKind, owner: str, name: str) -> None:
    amount = -5_000.0 if kind is EventKind.FIRST_READING_SPIKE else 5_000.0
    spoilt = world(event(kind, at(10), device_id=owner, value=amount))
    before, after = (ask(one, name, JUNE, owner, energy=True) for one in (PLAIN, spoilt))
    for column in before.columns:
        pairs = zip(before.stamps, before.columns[column], after.columns[column], strict=True)
        changed = {stamp: (new or 0.0) - (old or 0.0) for stamp, old, new in pairs if old != new}
        assert changed == {f"{JUNE}T10:05:00": -5_000.0}
    assert ask(spoilt, name, MONTH, owner).columns != ask(PLAIN, name, MONTH, owner).columns


def test_what_happens_every_day_keeps_its_local_time() -> None:
    base = PlantEvent(
        kind=EventKind.GAP,
        start=datetime(2024, 3, 30, 11, tzinfo=UTC),
        end=datetime(2024, 3, 30, 12, tzinfo=UTC),
        repeat=Repeat(every=timedelta(days=1), times=3),
    )
    plant = settled_plant(with_events(HOUSE, base), datetime(2024, 3, 1, tzinfo=UTC))
    assert [item.start.hour for item in plant.events] == [11, 10, 10]
    assert all(item.end is not None and item.end - item.start == timedelta(hours=1) for item in plant.events)
    assert [item.repeat for item in plant.events] == [None] * 3


OWNED = [
    (None, "EnergyBalance", "pvGeneration"),
    (None, "EnergyBalance", "totalConsumption"),
    (None, "EnergyAndPowerPv", "pvGeneration"),
    ("101", "EnergyAndPowerPv", "pvGeneration"),
    ("103", "EnergyAndPowerBattery", "batteryCharging"),
    ("104", "EnergyAndPowerInOut", "gridConsumption"),
    ("105", "EnergyAndPowerConsumption", "consumption"),
    ("108", "EnergyMix", "totalConsumption"),
]


@pytest.mark.slow
@settings(max_examples=int(os.environ.get("MOCK_SMA_TEST_EXAMPLES", "4")), deadline=None)
@given(
    st.sampled_from(OWNED),
    st.sampled_from(ValueMode),
    st.integers(-5_000, 5_000),
    st.floats(0, 40),
    st.floats(0.1, 60),
    st.none() | st.floats(0.1, 0.9),
)
def test_day_week_month_and_year_are_of_one_mind(
    owned: tuple[str | None, str, str], mode: ValueMode, amount: int, begin: float, hours: float, share: float | None
) -> None:
    owner, name, property_name = owned
    changed = value(
        name,
        property_name,
        mode,
        device_id=owner,
        value=None if mode in (ValueMode.NULL, ValueMode.STUCK) else amount / 100.0,
        start=at(begin),
        end=at(begin + hours),
        share=share,
    )
    simulator = world(changed)

    def sum_of(span: Span, only: str = "", fine: bool = True) -> float:
        table = ask(simulator, name, span, owner, energy=fine)
        cells = table.columns.get(property_name, [0.0] * len(table.stamps))
        return sum(cell or 0.0 for stamp, cell in zip(table.stamps, cells, strict=True) if stamp.startswith(only))

    days = [JUNE + timedelta(days=number) for number in range(7)]
    by_day = [sum_of(Span(Period.DAY, day)) for day in days]
    assert sum_of(Span(Period.WEEK, JUNE)) == pytest.approx(sum(by_day))
    for day, wh in zip(days, by_day, strict=True):
        assert sum_of(MONTH, str(day)) == pytest.approx(wh)
        total = simulator.total(ALL_SETS[name.lower()], Span(Period.DAY, day), device_id=owner, seen=LATER)
        assert total.get(property_name, 0.0) == pytest.approx(wh)
    month = sum_of(MONTH)
    assert sum_of(YEAR, "2024-06") == pytest.approx(month)
    total = simulator.total(ALL_SETS[name.lower()], MONTH, device_id=owner, seen=LATER)
    assert total.get(property_name, 0.0) == pytest.approx(month)


@pytest.mark.parametrize("share", [None, 0.5])
def test_a_value_that_changes_leaves_other_sets_of_the_plant_alone(share: float | None) -> None:
    lone = value("EnergyAndPowerPv", "pvGeneration", ValueMode.SCALE, value=3.0, share=share)
    assert ask(world(lone), "EnergyBalance") == ask(PLAIN, "EnergyBalance")
    assert ask(world(lone), "EnergyAndPowerPv") != ask(PLAIN, "EnergyAndPowerPv")

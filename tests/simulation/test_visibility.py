"""What can be seen of a plant, and when (R20, R25, R29)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from mock_sma.domain.catalogue import ENERGY_BALANCE
from mock_sma.domain.event import EventKind, PlantEvent
from mock_sma.domain.period import Period, Span
from mock_sma.simulation.simulator import PlantSimulator
from mock_sma.simulation.visibility import Uploads, Visibility, next_change, processing_minutes, settled
from tests.simulation.house import LATER, PLANT, day


@pytest.mark.slow
def test_r29_silent_weekend_returns_the_first_five_days_only() -> None:
    start, end = datetime(2024, 6, 7, 22, tzinfo=UTC), datetime(2024, 6, 9, 22, tzinfo=UTC)
    gap = PlantEvent(kind=EventKind.GAP, start=start, end=end)
    simulator = PlantSimulator(replace(PLANT, events=(gap,)), 7)
    week = simulator.table(ENERGY_BALANCE, Span(Period.WEEK, date(2024, 6, 3)), seen=LATER)
    assert week.stamps[-1] == "2024-06-08T00:00:00"
    assert len(week.stamps) == 5 * 288
    after = day(simulator, date(2024, 6, 10), energy=True)
    whole = PlantSimulator(PLANT, 7)
    lost = sum(sum(day(whole, date(2024, 6, n), energy=True)["pvGeneration"]) for n in (8, 9, 10))
    assert sum(after["pvGeneration"]) == lost, "the row after the gap carries its energy"
    month = simulator.table(ENERGY_BALANCE, Span(Period.MONTH, date(2024, 6, 1)), seen=LATER)
    assert "2024-06-08T00:00:00" not in month.stamps
    full = whole.table(ENERGY_BALANCE, Span(Period.MONTH, date(2024, 6, 1)), seen=LATER)
    assert sum(month.columns["pvGeneration"]) == sum(full.columns["pvGeneration"])


def test_r20_nothing_after_now_and_rows_never_change(house: PlantSimulator) -> None:
    noon = datetime(2024, 6, 2, 10, tzinfo=UTC).timestamp()
    seen = Uploads.of(PLANT, 7).by(noon)[0]
    early, late = day(house, date(2024, 6, 2), seen), day(house, date(2024, 6, 2))
    assert early["time"][-1] == "2024-06-02T11:55:00"
    assert {name: cells[: len(early["time"])] for name, cells in late.items()} == early
    recent = house.table(ENERGY_BALANCE, Span(Period.RECENT), seen=seen)
    assert recent.stamps == ["2024-06-02T11:55:00"]
    running = house.table(ENERGY_BALANCE, Span(Period.MONTH, date(2024, 6, 1)), seen=seen)
    assert running.columns["pvGeneration"][-1] == sum(day(house, date(2024, 6, 2), seen, energy=True)["pvGeneration"])


def test_r25_processing_takes_as_long_as_the_gateway_and_the_package_say() -> None:
    classic = replace(PLANT, id="6b1c8e5e-0000-4000-8000-000000000001", resolution=15, devices=())
    noon = datetime(2025, 6, 15, 12, tzinfo=UTC).timestamp()
    ages = {}
    for name, plant in {
        "ennexos": PLANT,
        "classic": classic,
        "pro": replace(classic, professional_package=True),
    }.items():
        ages[name] = (noon - Uploads.of(plant, 1).by(noon)[0].until) / 60
        assert next_change(plant, noon, 1) > noon
    assert ages == {"ennexos": 5.0, "classic": 135.0, "pro": 30.0}
    assert [processing_minutes(plant) for plant in (PLANT, classic)] == [0, 120]


def test_late_rows_appear_when_they_arrive() -> None:
    start = datetime(2024, 6, 2, 6, tzinfo=UTC)
    late = PlantEvent(
        kind=EventKind.LATE_DATA,
        start=start,
        end=start + timedelta(hours=2),
        arrives=start + timedelta(days=1),
    )
    plant = replace(PLANT, events=(late,))
    simulator = PlantSimulator(plant, 7)
    before, after = (Uploads.of(plant, 7).by((start + timedelta(hours=h)).timestamp())[0] for h in (20, 25))
    assert len(day(simulator, date(2024, 6, 2), after)["time"]) == 288
    missing = day(simulator, date(2024, 6, 2), replace(after, arrived=before.arrived))
    assert len(missing["time"]) == 288 - 24
    assert next_change(plant, start.timestamp() + 86_400 - 1, 7) <= start.timestamp() + 86_400


def test_a_day_that_is_over_is_settled_and_the_end_of_time_is_empty(house: PlantSimulator) -> None:
    day_span, month = Span(Period.DAY, date(2024, 6, 2)), Span(Period.MONTH, date(2024, 6, 1))
    noon = Visibility(int(datetime(2024, 6, 2, 10, tzinfo=UTC).timestamp()))
    assert settled(PLANT, day_span, LATER).until == int(datetime(2024, 6, 2, 22, tzinfo=UTC).timestamp())
    assert settled(PLANT, month, LATER).until == int(datetime(2024, 6, 30, 22, tzinfo=UTC).timestamp())
    assert settled(PLANT, day_span, noon) == settled(PLANT, Span(Period.TOTAL), noon) == noon
    for period in (Period.DAY, Period.WEEK, Period.MONTH, Period.YEAR):
        span = Span(period, date(9999, 12, 31))
        assert settled(PLANT, span, LATER) == LATER
        assert house.table(ENERGY_BALANCE, span, seen=LATER).stamps == []


def test_an_upload_is_processed_once_its_jitter_is_over_to_the_second() -> None:
    uploads = Uploads.of(PLANT, 7)
    begin = int(datetime(2024, 6, 2, 10, tzinfo=UTC).timestamp()) // 300
    for number in range(begin, begin + 50):
        done = uploads.done(number)
        assert number * 300 + 1 <= done < number * 300 + 60
        for now in (done - 1e-3, done, number * 300 + 59.999, number * 300 + 60, (number + 1) * 300):
            last, change = uploads.processed_until(now), uploads.by(now)[1]
            assert last == (number if now >= done else number - 1) * 300
            assert change == uploads.done(last // 300 + 1) > now

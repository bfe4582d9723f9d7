"""The grid at a plant: its frequency, voltage and phases, and what it is told to feed in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from mock_sma.domain.event import EventKind
from mock_sma.domain.period import Period, Span
from mock_sma.simulation.simulator import PlantSimulator
from tests.simulation_helpers import HOUSE, ask, event, rows_of, with_events


@pytest.fixture(scope="module")
def house() -> PlantSimulator:
    return PlantSimulator(HOUSE, 7)


def frequencies(simulator: PlantSimulator) -> dict[str, float | None]:
    table = ask(simulator, "PowerAc", device_id="101")
    return dict(zip(table.stamps, table.columns["gridFrequency"], strict=True))


def test_plants_of_one_grid_see_the_same_frequency(house: PlantSimulator) -> None:
    there = PlantSimulator(replace(HOUSE, id="200", timezone="Europe/Madrid", latitude=40.4, longitude=-3.7), 7)
    ours, theirs = frequencies(house), frequencies(there)
    both = ours.keys() & theirs.keys()
    assert len(both) > 100
    assert all(ours[stamp] == theirs[stamp] for stamp in both)
    america = frequencies(PlantSimulator(replace(HOUSE, timezone="America/New_York"), 7))
    assert {round(value or 0.0) for value in america.values()} == {60}


def test_grid_settings_show_a_limit_while_it_holds() -> None:
    start = datetime(2024, 6, 3, 10, tzinfo=UTC)
    limit = event(EventKind.FEED_IN_LIMIT, start, start + timedelta(hours=2), value=7_200.0)
    table = ask(PlantSimulator(with_events(HOUSE, limit), 7), "GridSettings")
    assert list(table.columns) == ["setPointFeedInPower", "setPointReactivePower"]
    assert set(table.columns["setPointReactivePower"]) == {0.0}
    limits = table.columns["setPointFeedInPower"]
    assert set(limits) == {18_000.0, 7_200.0}
    assert limits.count(7_200.0) == 24


@pytest.mark.parametrize(
    ("zone", "hertz", "volts"),
    [
        ("Europe/London", 50, 230),
        ("Europe/Vienna", 50, 230),
        ("America/Argentina/Salta", 50, 220),
        ("America/Denver", 60, 277),
        ("America/Sao_Paulo", 60, 220),
        ("Asia/Tokyo", 50, 202),
        ("Asia/Kolkata", 50, 230),
    ],
)
def test_each_grid_has_its_frequency_and_voltage(zone: str, hertz: int, volts: int) -> None:
    rows = rows_of(ask(PlantSimulator(replace(HOUSE, timezone=zone), 7), "PowerAc", Span(Period.RECENT), "101"))
    assert rows[0]["gridFrequency"] == pytest.approx(hertz, abs=0.04)
    assert rows[0]["voltagePhaseA"] == pytest.approx(volts, rel=0.04)


def test_one_phase_in_north_america_has_240_volts() -> None:
    rows = rows_of(
        ask(PlantSimulator(replace(HOUSE, timezone="America/Denver"), 7), "PowerAc", Span(Period.RECENT), "102")
    )
    assert rows[0]["voltagePhaseA"] == pytest.approx(240, rel=0.04)

"""What a poll's own way sees of a plant is what the world's simulators see of it, at any time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from mock_sma.domain.event import EventKind, PlantEvent
from mock_sma.sandbox.sandbox import Sandbox
from mock_sma.scenarios import load_scenario
from mock_sma.testing.life.polled import Sight

BEGIN = datetime(2025, 3, 29, 20, tzinfo=UTC)
LATE = tuple(
    PlantEvent(
        kind=EventKind.LATE_DATA,
        start=BEGIN + timedelta(hours=hours),
        end=BEGIN + timedelta(hours=hours + 2),
        arrives=BEGIN + timedelta(hours=hours + 5),
    )
    for hours in (1, 3, 9)
)


@pytest.mark.slow
@pytest.mark.parametrize("plant_id", ["4100", "11111111-aaaa-4bbb-8ccc-000000000001"])
@pytest.mark.parametrize("resolution", [5, 15, 60])
@pytest.mark.parametrize("zone", ["Europe/Berlin", "Asia/Kolkata"])
@pytest.mark.parametrize("events", [(), LATE])
def test_it_is_the_same_at_any_time(plant_id: str, resolution: int, zone: str, events: tuple[PlantEvent, ...]) -> None:
    world = Sandbox(load_scenario("ennexos"), now=BEGIN)
    plant = replace(
        next(iter(world.estate.plants.values())), id=plant_id, resolution=resolution, timezone=zone, events=events
    )
    sight = Sight(world.simulators, plant)
    for number in range(200):
        now = BEGIN.timestamp() + number * 7_919.3 % 90_000  # to and fro, through the night in which the clocks change
        seen = world.simulators.seen(plant, now)
        assert sight.at(now) == (seen.until, seen.arrived)

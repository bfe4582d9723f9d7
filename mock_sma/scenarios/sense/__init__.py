"""What a scenario may say and hardly means: legal, so it is not refused, but told as a warning."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.domain.actions import AddPlant
from mock_sma.scenarios.sense.data import odd_data
from mock_sma.scenarios.sense.devices import odd_devices
from mock_sma.scenarios.sense.events import odd_events
from mock_sma.scenarios.sense.faults import odd_faults
from mock_sma.scenarios.sense.plants import odd_plant
from mock_sma.scenarios.sense.story import odd_story

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mock_sma.domain.plant import Plant
    from mock_sma.domain.scenario import Scenario
    from mock_sma.scenario_file.source import Path


def oddities(scenario: Scenario) -> Iterator[tuple[Path, str]]:
    """Yield what makes little sense in a sound scenario: its key path, and a sentence that says what to do."""
    for index, plant in enumerate(scenario.plants):
        yield from _odd(("plants", index), plant)
    for index, entry in enumerate(scenario.timeline):
        if isinstance(entry.action, AddPlant):
            yield from _odd(("timeline", index, "plant"), entry.action.plant)
    yield from odd_story(scenario)
    yield from odd_faults(scenario)


def _odd(path: Path, plant: Plant) -> Iterator[tuple[Path, str]]:
    for found in (odd_plant(plant), odd_devices(plant), odd_events(plant), odd_data(plant)):
        for end, message in found:
            yield (*path, *end), message

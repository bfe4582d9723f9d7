"""What the tests of the simulation share.

``MOCK_SMA_TEST_SEED=3`` gives every seed of theirs another meaning, so that bands can be tried with other weather,
houses and instruments than those that they are held against each time (docs/simulation.md). Golden sums fail then.
"""

from __future__ import annotations

import os

import pytest

from mock_sma import seeding
from mock_sma.simulation import generator, grid, visibility, weather
from mock_sma.simulation.simulator import PlantSimulator
from tests.simulation.house import PLANT

OTHER = os.environ.get("MOCK_SMA_TEST_SEED", "")


def other_key(seed: int, *labels: str | int) -> int:
    return seeding.key(seed, *labels, OTHER)


if OTHER:
    for module in (generator, grid, visibility, weather):
        assert module.key is seeding.key  # type: ignore[attr-defined]
        module.key = other_key  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def house() -> PlantSimulator:
    return PlantSimulator(PLANT, 7)

"""What the tests of the simulation share."""

from __future__ import annotations

import pytest

from mock_sma.simulation.simulator import PlantSimulator
from tests.simulation.house import PLANT


@pytest.fixture(scope="module")
def house() -> PlantSimulator:
    return PlantSimulator(PLANT, 7)

"""Every set that anything offers has someone who makes its columns."""

from __future__ import annotations

import numpy as np
import pytest

from mock_sma.domain.catalogue import BASIC_REPORTING_SETS, DEVICE_SETS
from mock_sma.domain.device import DeviceKind
from mock_sma.domain.instruments import SETS_BY_KIND, plant_sets
from mock_sma.scenarios.cache import ScenarioCache
from mock_sma.scenarios.library import SHIPPED
from mock_sma.simulation.balance import rate
from mock_sma.simulation.columns import OF_DEVICES, OF_PLANTS
from mock_sma.simulation.part import rounded


def test_every_set_that_a_device_can_be_asked_for_has_columns_and_no_other_has() -> None:
    assert set(OF_DEVICES) == {item.name for item in DEVICE_SETS}


@pytest.mark.parametrize("kind", DeviceKind)
def test_every_set_that_a_kind_offers_has_columns(kind: DeviceKind) -> None:
    assert set(SETS_BY_KIND.get(kind, ())) <= set(OF_DEVICES)


@pytest.mark.slow
def test_every_set_that_a_plant_offers_has_columns_and_no_other_has() -> None:
    scenarios = ScenarioCache(SHIPPED)
    plants = [plant for name in SHIPPED.names() for plant in scenarios.load(name).plants[:9]]
    offered = {name for plant in plants for name in plant_sets(plant)}
    assert set(OF_PLANTS) == offered | {item.name for item in BASIC_REPORTING_SETS}


@pytest.mark.slow
def test_numbers_are_rounded_as_the_language_rounds_them() -> None:
    # All fractions of small numbers: 1/80 and its like lie midway, or a hair beside it.
    part, whole = (grid.ravel() for grid in np.meshgrid(np.arange(-1, 200), np.arange(0, 200)))
    exact = [
        round(min(max(a / b, 0.0), 1.0), 3) if b else None for a, b in zip(part.tolist(), whole.tolist(), strict=True)
    ]
    assert rate(part, whole) == exact
    values = np.arange(20_001) / 160.0
    assert rounded(values, 2) == [round(value, 2) for value in values.tolist()]

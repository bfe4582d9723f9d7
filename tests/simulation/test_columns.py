"""Every set that anything offers has someone who makes its columns."""

from __future__ import annotations

import pytest

from mock_sma.domain.catalogue import BASIC_REPORTING_SETS, DEVICE_SETS
from mock_sma.domain.device import DeviceKind
from mock_sma.domain.instruments import SETS_BY_KIND, plant_sets
from mock_sma.scenario_file.cache import ScenarioCache
from mock_sma.scenario_file.library import SHIPPED
from mock_sma.simulation.columns import OF_DEVICES, OF_PLANTS


def test_every_set_that_a_device_can_be_asked_for_has_columns_and_no_other_has() -> None:
    assert set(OF_DEVICES) == {item.name for item in DEVICE_SETS}


@pytest.mark.parametrize("kind", DeviceKind)
def test_every_set_that_a_kind_offers_has_columns(kind: DeviceKind) -> None:
    assert set(SETS_BY_KIND.get(kind, ())) <= set(OF_DEVICES)


def test_every_set_that_a_plant_offers_has_columns_and_no_other_has() -> None:
    scenarios = ScenarioCache(SHIPPED)
    plants = [plant for name in SHIPPED.names() for plant in scenarios.load(name).plants[:9]]
    offered = {name for plant in plants for name in plant_sets(plant)}
    assert set(OF_PLANTS) == offered | {item.name for item in BASIC_REPORTING_SETS}

"""What is legal and makes little sense is told, with its line and what to do, and loads all the same."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from mock_sma.sandbox.paths import canonical_path
from mock_sma.sandbox.table.operations import OPERATIONS
from mock_sma.scenarios import load_scenario, parse_scenario, shipped
from mock_sma.scenarios.sense.faults import VENDOR_PATHS, fits_anything
from tests.scenario_file.senseless import SENSELESS, SYDNEY, world


def test_there_are_many() -> None:
    assert len(SENSELESS) >= 40


@pytest.mark.parametrize(("document", "path", "remedy"), SENSELESS, ids=range(len(SENSELESS)))
def test_each_is_told_with_its_line_and_a_remedy(document: dict[str, Any], path: str, remedy: str) -> None:
    told = parse_scenario(yaml.safe_dump(document, sort_keys=False), file="x.yaml").warnings
    begin = rf"x\.yaml:\d+: {re.escape(path)}: warning: "
    assert any(re.match(begin, warning) and remedy in warning for warning in told), told


SENSIBLE: list[dict[str, Any]] = [
    world(),
    world(
        SYDNEY | {"devices": [{"kind": "solar-inverter", "name": "I", "arrays": [{"peak_power": 1e4, "azimuth": 0}]}]}
    ),
    world({"timezone": "Asia/Shanghai", "latitude": 30.6, "longitude": 104.1}),
    world({"timezone": "UTC", "latitude": 60.2, "longitude": 24.9, "address": {"country": "FI"}}),
    world(
        consents=[{"email": "owner@example.org"}],
        timeline=[{"after": 60, "action": "revoke", "email": "owner@example.org"}],
    ),
    world(
        timeline=[
            {"after": 60, "action": "accept", "email": "owner@example.org"},
            {"at": "PT2M", "action": "revoke", "email": "owner@example.org"},
        ]
    ),
    world(faults=[{"effect": {"delay": 1}, "match": {"path": "*/measurements/sets/*", "client_id": "demo_*"}}]),
]


@pytest.mark.parametrize("document", SENSIBLE, ids=range(len(SENSIBLE)))
def test_what_makes_sense_has_no_warning(document: dict[str, Any]) -> None:
    assert load_scenario(document).warnings == ()


@pytest.mark.slow
def test_no_shipped_scenario_is_senseless() -> None:
    assert {name: found for name, _ in shipped() if (found := load_scenario(name).warnings)} == {}


@pytest.mark.slow
def test_the_paths_that_faults_can_fit_are_those_that_are_answered() -> None:
    offered = {canonical_path(re.sub(r"\{\w+\}", "?", item.path)) for item in OPERATIONS}
    known = set(VENDOR_PATHS)
    assert offered - known == set()
    assert {path.removeprefix("/basicreporting") for path in known - offered} <= offered
    for path in sorted(known):
        assert fits_anything(path.replace("?", "13"))
        assert fits_anything(path.replace("?", "*"))
    assert not fits_anything("/v1/plants/13/14")
    assert fits_anything("*/day")
    assert not fits_anything("*" + "a*" * 400 + "/no/where/at/all")

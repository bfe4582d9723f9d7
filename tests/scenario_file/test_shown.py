"""Every scenario of ``examples/scenarios`` does through the vendor API what its first line says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema_rs
import pytest

from mock_sma.scenario_file.read import read_text
from mock_sma.scenarios import dump_scenario, load_scenario, parse_scenario
from mock_sma.scenarios.schema import schema_text
from tests.scenario_file.library.customer import Customer
from tests.scenario_file.shown import changes, requests, values, worlds

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.slow

FOLDER = Path(__file__).parents[2] / "examples" / "scenarios"
FILES = sorted(FOLDER.glob("*.yaml"))


def proof(name: str) -> Callable[[Customer], None]:
    """Return the function that is called like the file; there is one for each."""
    word = name.replace("-", "_")
    found: list[Callable[[Customer], None]] = [
        getattr(module, word) for module in (changes, requests, values, worlds) if hasattr(module, word)
    ]
    assert len(found) == 1, f"{name} needs one proof in tests/scenario_file/shown"
    return found[0]


def test_an_editor_finds_no_mistake_in_any_of_them() -> None:
    validator = jsonschema_rs.validator_for(json.loads(schema_text()))
    worlds = [*FILES, *(FOLDER / "parts" / f"{name}.yaml" for name in ("people", "house"))]
    found = {}
    for path in worlds:
        document = read_text(path.read_bytes(), format="yaml").value
        found[path.name] = [error.message for error in validator.iter_errors(document)]
    assert found == {path.name: [] for path in worlds}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_scenario_does_what_its_first_line_says(path: Path) -> None:
    scenario = load_scenario(path)
    assert (scenario.name, scenario.warnings) == (path.stem, ())
    assert parse_scenario(dump_scenario(scenario)) == scenario
    proof(path.stem)(Customer(scenario))

"""docs/scenarios.md is current, and its examples work."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mock_sma.errors import ScenarioError
from mock_sma.scenario_file import parse_scenario, shipped
from mock_sma.scenario_file.reference import renewed
from mock_sma.scenario_file.starter import STARTER

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8")
YAML = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


def test_the_reference_is_the_one_of_the_models() -> None:
    assert renewed(PAGE) == PAGE


def test_the_readme_lists_the_shipped_scenarios() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert renewed(text) == text
    assert all(f"| `{name}` |" in text for name, _ in shipped())


def test_the_first_example_loads() -> None:
    assert [plant.name for plant in parse_scenario(YAML[0]).plants] == ["Sonnenhof"]


def test_the_tutorial_builds_three_plants() -> None:
    world = parse_scenario("".join(YAML[1:5]))
    assert [plant.name for plant in world.plants] == ["Haus", "Scheune"]
    assert [entry.plant.name for entry in world.timeline if entry.plant] == ["Werkstatt"]
    assert world.warnings == ()


def test_the_tutorials_mistake_gets_the_text_it_shows() -> None:
    text = "".join(YAML[1:5]).replace("role: administrator, relationship: installer}", "role: installer, owner: true}")
    with pytest.raises(ScenarioError) as caught:
        parse_scenario(text, file="olivia.yaml")
    assert str(caught.value) in PAGE


def test_the_python_example_runs(capsys: pytest.CaptureFixture[str]) -> None:
    code = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)[0]
    exec(compile(code, "docs/scenarios.md", "exec"), {})  # noqa: S102 - our own page
    assert parse_scenario(capsys.readouterr().out).name == "my-world"


def test_the_starter_loads_without_warnings() -> None:
    assert parse_scenario(STARTER).warnings == ()

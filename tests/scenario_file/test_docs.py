"""docs/scenarios.md is current, and its examples work."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from mock_sma.scenario_file.timeline_document import ACTIONS, action_names
from mock_sma.scenarios import parse_scenario, shipped
from mock_sma.scenarios.starter import STARTER

if TYPE_CHECKING:
    import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8")
FIRST = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)[0]


def test_every_kind_of_value_is_explained() -> None:
    text = PAGE.split("<!-- begin reference -->")[1]
    rows = re.findall(r"^\| `\w+` \| (?:list of )?([^|`]+) \|", text, re.MULTILINE)
    kinds = {kind for row in rows for kind in row.split(" or ") if kind[0].isupper()}
    assert {"Gateway", "EventKind", "Device"} <= kinds
    explained = set(re.findall(r"^### (\w+)$", text, re.MULTILINE)) | set(
        re.findall(r"^\| (\w+) \|", text, re.MULTILINE)
    )
    assert kinds - explained == set()


def test_the_page_lists_the_shipped_scenarios() -> None:
    assert all(f"| `{name}` |" in PAGE for name, _ in shipped())


def test_the_first_example_loads() -> None:
    assert [plant.name for plant in parse_scenario(FIRST).plants] == ["Sonnenhof"]


def test_the_python_example_runs(capsys: pytest.CaptureFixture[str]) -> None:
    code = re.findall(r"```python\n(.*?)```", PAGE.split("## In Python")[1], re.DOTALL)[0]
    exec(compile(code, "docs/scenarios.md", "exec"), {})  # noqa: S102 - our own page
    assert parse_scenario(capsys.readouterr().out).name == "my-world"


def test_the_starter_loads_without_warnings() -> None:
    assert parse_scenario(STARTER).warnings == ()


def test_every_action_of_the_timeline_is_described() -> None:
    words = {word for model in ACTIONS for word in action_names(model)}
    table = PAGE.split("## The timeline")[1].split("\n## ")[0]
    assert words == set(re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`.*?) \|", table, re.MULTILINE))))

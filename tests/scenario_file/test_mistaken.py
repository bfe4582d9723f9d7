"""A mistake is refused with its line, its key and what would be right, whatever it is."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from mock_sma.errors import ScenarioError
from mock_sma.scenarios import parse_scenario
from tests.scenario_file.mistaken import MISTAKEN
from tools.generated.complaints import broken_files


def test_with_the_broken_files_there_are_many() -> None:
    assert len(MISTAKEN) + len(broken_files()) >= 150


@pytest.mark.parametrize(("document", "path", "remedy"), MISTAKEN, ids=range(len(MISTAKEN)))
def test_each_is_named_with_its_line_and_a_remedy(document: dict[str, Any], path: str, remedy: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        parse_scenario(yaml.safe_dump(document, sort_keys=False), file="x.yaml")
    told = [(item.path, item.line, item.message + (item.rule or "")) for item in caught.value.problems]
    assert any(at == path and line and remedy in text for at, line, text in told), told

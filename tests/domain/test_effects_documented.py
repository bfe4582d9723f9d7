"""Every effect stands in docs/control.md as it is written, and a refused one is told with an example."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from mock_sma.domain.faults import Distribution, FaultKind
from mock_sma.errors import ScenarioError
from mock_sma.fault_rules.effect_document import EXAMPLES, KEYS
from tests.facts import OWNER
from tests.sandbox_helpers import ask, make, tokens

DOCS = (Path(__file__).parents[2] / "docs" / "control.md").read_text(encoding="utf-8")
ROWS = [json.loads(text) for text in re.findall(r"^\| `(\{.*?\})` \|", DOCS, re.MULTILINE)]
PATH = "/monitoring/v1/plants"


def test_the_documentation_shows_the_json_of_every_effect() -> None:
    assert {key for row in ROWS for key in row} == set(KEYS)
    assert {row.get("fault") for row in ROWS} - {None} == set(FaultKind)
    shapes = {row["delay"]["distribution"] for row in ROWS if isinstance(row.get("delay"), dict)}
    assert shapes == set(Distribution) - {Distribution.FIXED}
    assert {key for row in ROWS for key in row.get("edit", ())} == {"headers", "merge", "patch"}


@pytest.mark.parametrize("effect", [*ROWS, *map(json.loads, EXAMPLES.values())], ids=json.dumps)
def test_an_effect_as_it_is_shown_strikes(effect: dict[str, object]) -> None:
    world = make()
    world.consents.accept(OWNER)
    bearer = tokens(world)["access_token"]
    usual = ask(world, "GET", PATH, bearer=bearer)
    world.faults.add({"effect": effect})
    struck = ask(world, "GET", PATH, bearer=bearer)
    assert struck.effect is not None
    changed = (struck.status, struck.body) != (usual.status, usual.body)
    is_broken = struck.effect.fault is not None or struck.effect.delay > 0
    assert changed or is_broken or dict(struck.headers) != dict(usual.headers)


@pytest.mark.parametrize(
    ("effect", "example"),
    [
        ({}, "status"),
        ("503", "status"),
        ({"satus": 503}, "status"),
        ({"status": "503"}, "status"),
        ({"body": "x"}, "status"),
        ({"delay": "slow"}, "delay"),
        ({"delay": {"distribution": "normal"}}, "delay.distribution"),
        ({"fault": "reset"}, "fault"),
        ({"edit": {}}, "edit"),
        ({"edit": {"patch": [{"op": "add"}]}}, "edit.patch"),
        ({"expire_token": "yes"}, "expire_token"),
        ({"quota_exhausted": 1}, "quota_exhausted"),
        ({"html_504": "no"}, "html_504"),
        ({"status": 503, "fault": "slow_body"}, "status"),
    ],
)
def test_a_refused_effect_is_told_with_an_example(effect: object, example: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        make().faults.add({"effect": effect})
    told = str(refused.value)
    assert told.endswith(f"; for example {EXAMPLES[example]}")
    assert told.count("for example") == 1

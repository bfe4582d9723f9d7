"""The ledger is whole and true: nothing is missing, nothing is named that does not exist."""

from __future__ import annotations

import json
import re
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from mock_sma.errors import UsageError
from mock_sma.fidelity import Ledger, Standing, load_ledger
from mock_sma.fidelity.ledger import KINDS
from mock_sma.openapi.facts import Fact, facts, row_of
from mock_sma.sandbox.table.operations import OPERATIONS
from mock_sma.scenarios import parse_scenario

if TYPE_CHECKING:
    from mock_sma.fidelity.ledger import CostlyRow, LedgerRow

LEDGER = load_ledger()
FACTS = list(facts(OPERATIONS))
RULES = [f"R{number:02}" for number in range(1, 34)]
PAGE = Path(__file__).parents[2] / "docs" / "fidelity.md"


def missing(found: list[Fact]) -> list[str]:
    return [f"{fact.kind} {' or '.join(fact.names)}" for fact in found if row_of(LEDGER, fact) is None]


def strangers(found: list[Fact], ledger: Ledger = LEDGER) -> list[str]:
    used = {(row.kind, row.name) for fact in found if (row := row_of(ledger, fact)) is not None}
    named = [(row.kind, row.name) for row in ledger.rows if row.kind not in ("rule", "choice")]
    return [f"{kind} {name}" for kind, name in named if (kind, name) not in used]


def test_everything_that_is_emulated_has_a_row() -> None:
    assert missing(FACTS) == []


def test_no_row_names_what_does_not_exist() -> None:
    assert strangers(FACTS) == []


def test_a_new_operation_or_field_without_a_row_is_found() -> None:
    assert missing([*FACTS, Fact("operation", ("getTariffs",))]) == ["operation getTariffs"]
    without = [fact for fact in FACTS if fact.names != ("PlantName.name",)]
    assert strangers(without) == ["field PlantName.name"]


def test_every_rule_of_the_faq_has_a_row_and_choices_name_rules() -> None:
    assert [row.name for row in LEDGER.select("rule")] == RULES
    assert [row.name for row in LEDGER.select("rule") if len(row.note.split()) < 5] == []
    choices = {row.name for row in LEDGER.select("choice")}
    assert {"R03", "R04", "R05", "R10"} <= choices <= set(RULES)


def test_every_row_has_a_source_with_a_date_and_every_source_is_used() -> None:
    date = r"20\d\d(-\d\d){0,2}"
    assert all(row.source and re.fullmatch(date, row.date) for row in LEDGER.rows)
    text = (Path(__file__).parents[2] / "mock_sma" / "fidelity" / "ledger.toml").read_text(encoding="utf-8")
    sources = re.findall(r'^([\w-]+) = \["[^"]+", "20', text, re.MULTILINE)
    assert [name for name in sources if f'", "{name}"' not in text] == []


def test_what_was_chosen_is_nowhere_called_known() -> None:
    chosen = [row for row in LEDGER.rows if row.source.startswith("a choice")]
    assert {row.standing for row in chosen} == {Standing.ASSUMED}
    # A property is guessed only where its whole set is: the others are of recordings and documents.
    guessed = {row.name for row in LEDGER.select("set", "assumed")}
    assert {row.name.partition(".")[0] for row in LEDGER.select("property", "assumed")} <= guessed


@pytest.mark.slow
def test_every_row_says_when_its_evidence_was_seen() -> None:
    date = r"20\d\d(?:-\d\d){0,2}"
    for row in LEDGER.rows:
        if row.standing is Standing.ASSUMED:
            assert row.seen == "never"
            continue
        found = re.fullmatch(f"(?:({date}) to )?({date})", row.seen)
        assert found is not None, row
        assert found[2] == row.date
        assert found[1] is None or found[1] < found[2]
    capture = LEDGER.find("property", "GridSettings.setPointFeedInPower")
    assert capture is not None
    assert capture.seen == "2025-01-31"
    table = PAGE.read_text(encoding="utf-8").partition("## Operations")[2]
    assert [row.name for row in LEDGER.rows if not re.search(_line_of(row), table, re.MULTILINE)] == []


def _line_of(row: LedgerRow) -> str:
    return rf"^\| `{re.escape(row.name)}` \| {row.standing} \|.*\| {row.seen}(; chosen {row.date})? \|"


def test_the_page_lists_twenty_assumed_rows_that_cost_most_before_all_else() -> None:
    assert len({item.row for item in LEDGER.costly}) == len(LEDGER.costly) == 20
    assert {item.row.standing for item in LEDGER.costly} == {Standing.ASSUMED}
    top = PAGE.read_text(encoding="utf-8").partition("## Counts")[0]
    assert re.findall(r"^\| `(\w+\..+?)` \| .*? \| .+ \| `.+` \|$", top, re.MULTILINE) == [
        f"{item.row.kind}.{item.row.name}" for item in LEDGER.costly
    ]


HOME = {
    "id": "7",
    "name": "Home",
    "devices": [{"kind": "solar-inverter", "name": "A", "generator_power": 5000, "arrays": [{"peak_power": 5000}]}],
}


@pytest.mark.parametrize("costly", LEDGER.costly, ids=lambda item: item.row.name)
def test_a_scenario_with_the_key_that_turns_a_costly_row_loads(costly: CostlyRow) -> None:
    owner = {"email": "owner@example.org", "role": "user", "owner": True}
    plant = deepcopy(HOME) | {"users": [owner | {"role": "administrator"}, owner | {"email": "second@example.org"}]}
    document = {"users": [{"email": "owner@example.org"}, {"email": "second@example.org"}], "plants": [plant]}
    path, value = next(iter(yaml.safe_load(re.sub(r"^([^:]+):", r'"\1":', costly.turn)).items()))
    *parents, last = path.split(".")
    place: Any = document
    for parent in parents:
        place = place[parent[:-2]][-1] if parent.endswith("[]") else place.setdefault(parent, {})
    if last.endswith("[]"):
        place.setdefault(last[:-2], []).append(value)
    else:
        assert place.get(last) != value
        place[last] = value
    assert parse_scenario(json.dumps(document), format="json").plants


def test_a_costly_row_that_is_not_assumed_is_refused() -> None:
    with pytest.raises(UsageError, match="no row that is assumed"):
        Ledger(
            {"source": {"a": ["text", "2026"]}, "rule": {"R01": ["observed", "a"]}, "costly": {"rule.R01": ["", ""]}}
        )


def test_counts_add_up() -> None:
    counts = LEDGER.counts()
    assert list(counts) == [*KINDS, "total"]
    assert sum(counts["total"].values()) == len(LEDGER.rows)


def test_select_narrows_by_kind_standing_and_part_of_a_name() -> None:
    rows = LEDGER.select("field", "documented", "logitem")
    assert [row.name for row in rows] == ["LogItem.logId", "LogItem.messageTagId"]
    assert LEDGER.select() == LEDGER.rows


@pytest.mark.parametrize(
    "document",
    [
        {"source": {"a": ["text", "2026"]}, "operation": {"x": ["sure", "a"]}},
        {"source": {"a": ["text", "2026"]}, "operation": {"x": ["assumed", "b"]}},
        {"source": {"a": ["text", "2026"]}, "operation": {"x": ["assumed", "a", "one", "two"]}},
        {"source": {}, "operations": {}},
    ],
)
def test_a_row_of_another_form_is_refused(document: dict[str, dict[str, list[str]]]) -> None:
    with pytest.raises(UsageError):
        Ledger(document)

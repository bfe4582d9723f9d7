"""The ledger is whole and true: nothing is missing, nothing is named that does not exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mock_sma.errors import UsageError
from mock_sma.fidelity import Ledger, Standing, load_ledger
from mock_sma.fidelity.ledger import KINDS
from mock_sma.sandbox.table.facts import Fact, facts, row_of
from mock_sma.sandbox.table.operations import OPERATIONS

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
    assert all(row.source and re.fullmatch(r"20\d\d(-\d\d)?", row.date) for row in LEDGER.rows)
    text = (Path(__file__).parents[2] / "mock_sma" / "fidelity" / "ledger.toml").read_text(encoding="utf-8")
    sources = re.findall(r'^([\w-]+) = \["[^"]+", "20', text, re.MULTILINE)
    assert [name for name in sources if f'", "{name}"' not in text] == []


def test_what_was_chosen_is_nowhere_called_known() -> None:
    chosen = [row for row in LEDGER.rows if row.source.startswith("a choice")]
    assert {row.standing for row in chosen} == {Standing.ASSUMED}


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

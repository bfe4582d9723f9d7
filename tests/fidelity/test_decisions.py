"""docs/decisions.md names every row of the ledger that is assumed, and every switch with its values."""

from __future__ import annotations

import re
from dataclasses import fields
from enum import StrEnum
from fnmatch import fnmatchcase
from pathlib import Path
from typing import get_type_hints

import pytest

from mock_sma.domain.scenario import Switches
from mock_sma.fidelity import Standing, load_ledger

PAGE = (Path(__file__).parents[2] / "docs" / "decisions.md").read_text(encoding="utf-8")
ROWS = {f"{row.kind}.{row.name}": row.standing for row in load_ledger().rows}


def named(page: str = PAGE) -> set[str]:
    """Return the rows and patterns of rows that entries of the page end with."""
    endings = re.findall(r"Ledger: (.*?)\.\n", page, re.DOTALL)
    return {name for ending in endings for name in re.findall(r"`([^`]+)`", ending)}


def left_out(patterns: set[str]) -> list[str]:
    """Return the assumed rows that none of the patterns matches."""
    return [
        name
        for name, standing in ROWS.items()
        if standing is Standing.ASSUMED and not any(fnmatchcase(name, pattern) for pattern in patterns)
    ]


def test_every_assumed_row_of_the_ledger_has_its_decision() -> None:
    assert left_out(named()) == []


def test_every_row_that_is_named_exists() -> None:
    assert [pattern for pattern in named() if not any(fnmatchcase(name, pattern) for name in ROWS)] == []


def test_a_decision_that_is_left_out_is_found() -> None:
    shorter = named(re.sub(r"- \*\*The hour that comes twice.*?(?=\n- )", "", PAGE, flags=re.DOTALL))
    assert left_out(shorter) == ["switch.dst_fold"]


@pytest.mark.parametrize("name", [item.name for item in fields(Switches)])
def test_every_switch_has_its_values_and_its_default_first(name: str) -> None:
    found = re.search(rf"[Ss]witch `{name}`: ((?:`\w+`(?: \([^)]*\))?,? ?)+)", PAGE)
    assert found is not None
    values = re.findall(r"`(\w+)`", found[1])
    default, kind = getattr(Switches(), name), get_type_hints(Switches)[name]
    assert values[0] == str(default).lower()
    if issubclass(kind, StrEnum):
        assert set(values) == set(kind)
    elif kind is bool:
        assert set(values) == {"true", "false"}
    else:
        assert set(values) in ({"403", "404"}, {"404", "501"})

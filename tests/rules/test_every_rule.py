"""Each rule of the FAQ about people and consent has a test that carries its number."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def names() -> str:
    """Names of all test functions."""
    found = (re.findall(r"def (test_\w+)", file.read_text(encoding="utf-8")) for file in TESTS.rglob("test_*.py"))
    return "\n".join(name for group in found for name in group)


@pytest.mark.parametrize("rule", [f"r{number:02}" for number in range(1, 18)])
def test_the_rule_is_in_the_name_of_a_test(rule: str, names: str) -> None:
    assert re.search(rf"^test_(?:r\d\d_)*{rule}_", names, re.MULTILINE)

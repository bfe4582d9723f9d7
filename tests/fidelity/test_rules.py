"""Every rule of the FAQ on data (R18 to R33) has a test that bears its name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
NAMES = re.findall(
    r"def (test_\w+)", "\n".join(path.read_text(encoding="utf-8") for path in sorted(TESTS.rglob("test_*.py")))
)


@pytest.mark.parametrize("rule", [f"r{number:02}" for number in range(18, 34)])
def test_every_rule_is_named_by_a_test(rule: str) -> None:
    assert [name for name in NAMES if rule in name.split("_")] != []

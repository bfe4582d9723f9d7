"""CONTRIBUTING's recipes work as they stand, and touch few files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.docs.recipes import ROOT, RecipeError, carry_out, copy, edited, python, recipes

if TYPE_CHECKING:
    from pathlib import Path

RECIPES = recipes((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))
LIMITS = {
    "Add an operation": 4,
    "Add a measurement set": 4,
    "Add a scenario key": 3,
    "Add a timeline action": 5,
    "Add a fault effect": 4,
    "Add a page of the console": 4,
}
"""Most files that a recipe may change by hand, besides its test."""
EXISTING = ("tests/fidelity/test_ledger.py", "tests/openapi/test_openapi.py", "tests/scenario_file/test_docs.py")
"""Tests that find what was forgotten. A reason in docs/decisions.md is for what is added in earnest."""


def test_there_is_a_recipe_for_everything_that_is_often_added() -> None:
    assert set(RECIPES) == set(LIMITS)


@pytest.mark.parametrize("title", LIMITS)
def test_a_recipe_touches_few_files(title: str) -> None:
    assert 0 < len(RECIPES[title].files) <= LIMITS[title]


@pytest.mark.slow
@pytest.mark.parametrize("title", LIMITS)
def test_a_recipe_works_as_it_stands(title: str, tmp_path: Path) -> None:
    recipe, folder = RECIPES[title], copy(tmp_path)
    carry_out(recipe, folder)
    python(folder, "-m", "ruff", "check", *(name for name in recipe.files if name.endswith(".py")))
    tests = python(folder, "-m", "pytest", "-q", "-p", "no:randomly", "--no-cov", recipe.test[0], *EXISTING)
    assert " passed" in tests


def test_an_edit_that_does_not_fit_is_refused() -> None:
    with pytest.raises(RecipeError, match=r"a\.py has these lines 0 times"):
        edited("a = 1\n", (" b = 2", "+c = 3"), "a.py")
    with pytest.raises(RecipeError, match=r"a\.py has these lines 2 times"):
        edited("a = 1\na = 1\n", (" a = 1", "+c = 3"), "a.py")
    assert edited("a = 1\nb = 2\n", (" a = 1", "-b = 2", "+c = 3"), "a.py") == "a = 1\nc = 3\n"
    assert edited("", ("+c = 3",), "new.py") == "c = 3\n"

"""CONTRIBUTING's recipes, carried out on a copy of the repository."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
COPIED = (
    "mock_sma",
    "tests",
    "docs",
    "scenarios",
    "tools",
    "pyproject.toml",
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
)
LEFT_OUT = shutil.ignore_patterns("__pycache__", "node_modules", "*.png")
GENERATED = ("docs/scenarios.md", "docs/fidelity.md", "mock_sma/", "scenarios/")
"""What recipes change of the generated files."""


class RecipeError(Exception):
    """A recipe does not fit the code any more."""


@dataclass(frozen=True)
class Recipe:
    """One recipe.

    Attributes:
        edits: pairs of a file and the lines of one edit, each with its sign.
        test: the file of its test, and what is in it.
    """

    title: str
    edits: tuple[tuple[str, tuple[str, ...]], ...]
    test: tuple[str, str]

    @property
    def files(self) -> set[str]:
        """The files that it changes by hand, besides its test."""
        return {name for name, _ in self.edits}


def recipes(page: str) -> dict[str, Recipe]:
    """Return the recipes of a page by their titles."""
    sections = re.findall(r"^## (Add .*?)\n(.*?)(?=^## )", page, re.DOTALL | re.MULTILINE)
    return {title: recipe_of(title, text) for title, text in sections}


def recipe_of(title: str, text: str) -> Recipe:
    """Return the recipe of a section."""
    edits: list[tuple[str, tuple[str, ...]]] = []
    for block in re.findall(r"^```diff\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
        for part in re.split(r"^--- ", block, flags=re.MULTILINE)[1:]:
            name, *lines = part.splitlines()
            hunks = "\n".join(lines).split("\n@@\n")
            edits += [(name, tuple(hunk.splitlines())) for hunk in hunks]
    ((file, code),) = re.findall(r"^```python\n# (tests/\S+)\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    return Recipe(title, tuple(edits), (file, code))


def edited(text: str, lines: tuple[str, ...], name: str) -> str:
    """Return a file with one edit made.

    Raises:
        RecipeError: the lines that are said to be there are not, or are more than once.
    """
    before = "".join(f"{line[1:]}\n" for line in lines if line[:1] != "+")
    after = "".join(f"{line[1:]}\n" for line in lines if line[:1] != "-")
    if not before:
        return text + after
    made, found = re.subn(f"^{re.escape(before)}", lambda _: after, text, flags=re.MULTILINE)
    if found != 1:
        raise RecipeError(f"{name} has these lines {found} times, not once; mend CONTRIBUTING.md:\n{before}")
    return made


def copy(folder: Path) -> Path:
    """Return a copy of the repository, of what recipes need."""
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=LEFT_OUT)
        else:
            shutil.copy(ROOT / name, folder / name)
    return folder


def carry_out(recipe: Recipe, folder: Path) -> None:
    """Make a recipe's edits in a copy, and write what follows from them."""
    for name, lines in recipe.edits:
        file = folder / name
        text = file.read_text(encoding="utf-8") if file.exists() else ""
        file.write_text(edited(text, lines, name), encoding="utf-8")
    file, code = recipe.test
    (folder / file).write_text(code, encoding="utf-8")
    python(folder, "-m", "tools.generated", *GENERATED)


def python(folder: Path, *arguments: str) -> str:
    """Run Python in a copy, whose package it imports.

    Raises:
        AssertionError: it fails.
    """
    environment = os.environ | {"PYTHONPATH": str(folder)}
    environment = {name: value for name, value in environment.items() if not name.startswith(("COV_", "COVERAGE_"))}
    command = [sys.executable, *arguments]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, f"{arguments}:\n{done.stdout}\n{done.stderr}"
    return done.stdout

"""SMA's words are spelled in one place: keys of bodies in ``sandbox/wire``, names of sets in the catalogue."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mock_sma.domain.catalogue import ALL_SETS
from mock_sma.domain.instruments import Capability
from mock_sma.sandbox.table.operations import OPERATIONS
from mock_sma.sandbox.wire.models.base import Body

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(__file__).parents[2] / "mock_sma"
WIRE = PACKAGE / "sandbox" / "wire"
PARAMETERS = {name for operation in OPERATIONS for name in re.findall(r"{(\w+)}", operation.path)}
"""Names of path parameters, which are no keys of a body."""
SETS = {item.name for item in ALL_SETS.values()} - {str(word) for word in Capability}


def models(base: type[Body]) -> Iterator[type[Body]]:
    for model in base.__subclasses__():
        yield model
        yield from models(model)


def keys() -> set[str]:
    """Return the keys of all bodies of the Monitoring API."""
    own = [model for model in models(Body) if model.__module__.startswith("mock_sma.sandbox.wire")]
    return {field.alias or name for model in own for name, field in model.model_fields.items()}


def spelled(text: str) -> Iterator[tuple[int, str]]:
    """Yield line and word of keys of dictionaries and of keyword arguments, and where one is looked up."""
    for node in ast.walk(ast.parse(text)):
        words: list[ast.expr | None] = []
        if isinstance(node, ast.Dict):
            words = node.keys
        elif isinstance(node, ast.Subscript):
            words = [node.slice]
        elif isinstance(node, ast.keyword) and node.arg:
            yield node.value.lineno, node.arg
        yield from ((word.lineno, word.value) for word in words if isinstance(word, ast.Constant))


def outside(folder: Path, but: Path) -> list[Path]:
    return [file for file in sorted(folder.rglob("*.py")) if not file.is_relative_to(but)]


@pytest.mark.slow
def test_no_other_module_spells_a_key_of_a_body() -> None:
    # A word in lower case may be anything; what only SMA would write is hers.
    hers = {key for key in keys() if re.search(r"[a-z][A-Z]", key)} - PARAMETERS
    found = {file.relative_to(PACKAGE): spelled(file.read_text(encoding="utf-8")) for file in outside(PACKAGE, WIRE)}
    assert [f"{file}:{line} {word}" for file, words in found.items() for line, word in words if word in hers] == []


@pytest.mark.slow
def test_handlers_leave_the_form_of_bodies_to_their_makers() -> None:
    folder = PACKAGE / "sandbox" / "handlers"
    for file in [*sorted((folder / "monitoring").rglob("*.py")), folder / "consent.py", folder / "reporting.py"]:
        nodes = ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        made = {ast.literal_eval(key) for node in nodes if isinstance(node, ast.Dict) for key in node.keys if key}
        assert made & keys() == set(), file.name


def test_a_key_outside_is_seen() -> None:
    text = 'body = {"peakPower": 1}\nshown = body["zipCode"]\nmade = present(startUpUtc=2)\n'
    assert {word for _, word in spelled(text)} == {"peakPower", "zipCode", "startUpUtc"} <= keys()


def names_of_sets(text: str) -> list[str]:
    return [node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant) and node.value in SETS]


@pytest.mark.slow
def test_names_of_sets_are_spelled_in_the_catalogue_alone() -> None:
    found = {file: names_of_sets(file.read_text(encoding="utf-8")) for file in outside(PACKAGE, PACKAGE / "simulation")}
    assert {str(file.relative_to(PACKAGE)) for file, names in found.items() if names} == {"domain/catalogue.py"}

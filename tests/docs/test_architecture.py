"""docs/architecture.md draws the code as it is: layers, rooms, state, files, rules and words."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mock_sma import Sandbox, load_scenario
from tests.test_layers import FREE, SANDBOX, VALUES, all_imports, layer, modules

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
LEFT_OUT = FREE - {"cli"} | {"frozen", "version"}
"""Of the diagram of layers: the package's face, its number, and the records that all of them consist of."""


def section(title: str) -> str:
    """Return the text below a heading."""
    return PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]


def drawn(mark: str) -> dict[str, set[str]]:
    """Return the arrows of a diagram."""
    diagram = PAGE.split(f"<!-- {mark} -->\n```mermaid\n")[1].split("```")[0]
    arrows: dict[str, set[str]] = {}
    for start, end in re.findall(r"^    (\w+) --> (\w+)$", diagram, re.MULTILINE):
        arrows.setdefault(start, set()).add(end)
        arrows.setdefault(end, set())
    return arrows


def reached(arrows: dict[str, set[str]], start: str) -> set[str]:
    """Return what the arrows lead to from a start, directly or through others."""
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        for end in arrows[waiting.pop()] - seen:
            seen.add(end)
            waiting.append(end)
    return seen


def room(module: str) -> str | None:
    """Return a module's room in the sandbox, or None."""
    if not module.startswith(SANDBOX):
        return None
    name = module.removeprefix(SANDBOX).split(".")[0]
    return "values" if name in VALUES else name


def imported(place: Callable[[str], str | None]) -> dict[str, set[str]]:
    """Return which places import which, where ``place`` names a module's."""
    found: dict[str, set[str]] = {}
    for module in modules():
        own = place(module)
        if own is not None:
            others = {place(target) for _, target in all_imports(module)} - {own, None}
            found.setdefault(own, set()).update(others)
    return found


def of_layers() -> dict[str, set[str]]:
    """Return which layers import which, without those that the diagram leaves out."""
    found = imported(layer)
    return {name: ends - LEFT_OUT for name, ends in found.items() if name not in LEFT_OUT}


@pytest.mark.slow
@pytest.mark.parametrize("mark", ["layers", "rooms"])
def test_the_diagrams_are_those_of_the_imports(mark: str) -> None:
    arrows, real = drawn(mark), of_layers() if mark == "layers" else imported(room)
    assert set(arrows) == set(real)
    for start, ends in real.items():
        assert ends <= reached(arrows, start), f"{start} imports what no arrow leads to"
    for start, ends in arrows.items():
        for end in ends:
            assert end in real[start], f"{start} --> {end} is drawn, but {start} does not import {end}"


@pytest.mark.slow
def test_every_layer_and_room_has_its_line() -> None:
    for title, names in (("Layers", set(of_layers())), ("Rooms of the sandbox", set(imported(room)))):
        first = [row.split("|")[1] for row in section(title).splitlines() if row.startswith("| ")]
        named = set(re.findall(r"[a-z_]+", " ".join(first)))
        assert names <= named, title
    (values,) = re.findall(r"^\| values \|(.*)", PAGE, re.MULTILINE)
    assert set(re.findall(r"`(\w+)`", values)) == VALUES


def test_the_state_that_it_lists_is_that_of_a_world() -> None:
    rows = re.findall(r"^\| [^|]+ \| (`[^|]+) \| ([^|]+) \|$", section("Where state lives"), re.MULTILINE)
    listed = {name: when for names, when in rows for name in re.findall(r"`(\w+)`", names)}
    world = Sandbox(load_scenario("sandbox"), now="2025-06-15T12:00:00+02:00")
    before = {name: getattr(world, name) for name in listed}
    world.reset()
    renewed = {name for name, value in before.items() if getattr(world, name) is not value and name != "seed"}
    assert renewed == {name for name, when in listed.items() if when == "yes"}
    books = {name for name, value in vars(world).items() if type(value).__module__.startswith(f"{SANDBOX}world.")}
    own = {name for name in books if not name.startswith("_")}
    assert own - set(listed) == {"bearer"}, "a book that is not listed; bearer looks up, and keeps nothing of its own"


@pytest.mark.slow
def test_files_and_classes_that_it_names_exist() -> None:
    files = set(re.findall(r"`([\w/]+\.py)`", PAGE))
    there = [ROOT / "mock_sma", ROOT / "mock_sma" / "sandbox", ROOT]
    assert [name for name in files if not any((folder / name).is_file() for folder in there)] == []
    assert len(files) > 10
    code = "\n".join(file.read_text(encoding="utf-8") for file in modules().values())
    classes = set(re.findall(r"^class (\w+)", code, re.MULTILINE))
    words = set(re.findall(r"`([A-Z]\w+)`", section("Glossary")))
    assert words - classes == set()
    assert len(words) > 30

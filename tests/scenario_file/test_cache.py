"""Scenarios by name, read once until one of their files changes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from mock_sma.errors import ScenarioError
from mock_sma.scenarios import cache
from mock_sma.scenarios.cache import ScenarioCache
from mock_sma.scenarios.library import Library

if TYPE_CHECKING:
    from pathlib import Path


def write(file: Path, text: str, second: int) -> None:
    file.write_text(text)
    os.utime(file, (second, second))


def test_a_scenario_is_read_once_and_again_when_a_file_of_it_changes(tmp_path: Path) -> None:
    base, top = tmp_path / "base.yaml", tmp_path / "top.yaml"
    write(base, "version: 1\nname: base\ndescription: first\n", 1)
    write(top, "version: 1\nname: top\nextends: base.yaml\n", 1)
    shelf = ScenarioCache(Library([tmp_path]))
    first = shelf.load("top")
    assert shelf.load("top") is first
    write(base, "version: 1\nname: base\ndescription: second\n", 2)
    assert (first.description, shelf.load("top").description) == ("first", "second")
    base.unlink()
    with pytest.raises(ScenarioError):
        shelf.load("top")


def test_only_names_of_the_library_are_loaded(tmp_path: Path) -> None:
    shelf = ScenarioCache(Library([tmp_path]))
    (tmp_path.parent / "outside.yaml").write_text("version: 1\nname: outside\n")
    for name in ("../outside", str(tmp_path.parent / "outside.yaml"), "outside", "", ".", "sandbox.yaml", "a\0b"):
        with pytest.raises(ScenarioError, match=r"scenario: no scenario"):
            shelf.load(name)


def test_few_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "MAX_KEPT", 1)
    for name in "ab":
        write(tmp_path / f"{name}.yaml", f"version: 1\nname: {name}\n", 1)
    shelf = ScenarioCache(Library([tmp_path]))
    first = shelf.load("a")
    shelf.load("b")
    assert shelf.load("a") is not first

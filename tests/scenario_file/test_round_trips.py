"""Whatever a scenario says, it says the same as one file, as many, and in Python."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_sma.scenarios import builders as b
from mock_sma.scenarios import dump_scenario, load_scenario
from tests.examples import examples
from tests.facts import HOUSEHOLDER
from tests.scenario_file.language import scenarios

if TYPE_CHECKING:
    from mock_sma.domain.scenario import Scenario

pytestmark = pytest.mark.slow

LISTS = ("timeline", "consents", "faults", "auto_answers")
"""Lists whose end can stand in ``append``; users, plants and clients are told apart by their names."""

Files = dict[str, Any]
"""Documents by the names of their files."""


def build(document: dict[str, Any]) -> Scenario:
    """Return a scenario made with the functions that have the names of a file's words."""
    keys = dict(document)
    for word, make in (("clients", client), ("users", user), ("plants", plant), ("consents", consent)):
        if word in keys:
            keys[word] = [make(**item) for item in keys[word]]
    for word, function in (("auto_answers", b.auto_answer), ("faults", b.fault), ("timeline", happening)):
        if word in keys:
            keys[word] = [function(**item) for item in keys[word]]
    return b.scenario(**keys)


def client(id: str, secret: str, **keys: Any) -> Any:  # noqa: A002 - as a file has it
    return b.client(id, secret, **keys)


def user(email: str, **keys: Any) -> Any:
    return b.user(email, **keys)


def consent(email: str, **keys: Any) -> Any:
    return b.consent(email, **keys)


def plant(id: str, name: str, **keys: Any) -> Any:  # noqa: A002
    for word, function in (("events", b.event), ("devices", b.device)):
        if word in keys:
            keys[word] = [function(**item) for item in keys[word]]
    return b.plant(id, name, **keys)


def happening(action: str, **keys: Any) -> Any:
    if isinstance(keys.get("plant"), dict):
        keys["plant"] = plant(**keys["plant"])
    if isinstance(keys.get("device"), dict):
        keys["device"] = b.device(**keys["device"])
    return b.happening(action, **keys)


@given(scenarios())
@examples(10)
def test_python_says_what_the_file_says(scenario: Scenario) -> None:
    document = dump_scenario(scenario, "document")
    made = build(document)
    assert replace(made, warnings=()) == replace(load_scenario(document), warnings=())
    assert dump_scenario(made, "document") == document


@st.composite
def folders(draw: st.DrawFn, document: dict[str, Any]) -> Files:
    """Draw several files that together say what one document says; ``main`` is where to begin."""
    files: Files = {}
    rest = dict(document)
    append = {name: taken for name in LISTS if (taken := _tail(draw, rest, name))}
    for name in ("first", "second"):
        taken = draw(st.lists(st.sampled_from(sorted({*rest, *LISTS} & rest.keys())), unique=True)) if rest else []
        files[name] = {key: rest.pop(key) for key in taken}
    for word in draw(st.lists(st.sampled_from(["plants", "timeline", "consents"]), unique=True)):
        _include(files, rest, word, as_list=draw(st.booleans()))
    main = rest | {"extends": ["first", "second"]} | ({"append": append} if append else {})
    if draw(st.booleans()):
        files = {name: _named(item) for name, item in files.items()}
        main = _named(main)
        # The base has another value by itself, which the one that extends it does not want.
        files["first"]["parameters"] = {"owner": "x@example.org", "unused": 5}
        main["parameters"] = {"owner": HOUSEHOLDER}
    return files | {"main": main}


def _tail(draw: st.DrawFn, rest: dict[str, Any], name: str) -> list[Any]:
    """Take the end of a list away, but not all of it, and return it."""
    items = rest.get(name, [])
    if len(items) < 2:
        return []
    at = draw(st.integers(1, len(items)))
    rest[name] = items[:at]
    return list(items[at:])


def _include(files: Files, rest: dict[str, Any], word: str, *, as_list: bool) -> None:
    """Put items of a list into files of their own: each alone, or all together."""
    items = rest.get(word, [])
    if as_list and items:
        files[f"all-{word}"] = items
        rest[word] = [{"include": f"all-{word}"}]
        return
    for index, item in enumerate(items):
        files[f"{word}-{index}"] = item
        items = [*items[:index], {"include": f"{word}-{index}.json"}, *items[index + 1 :]]
    if items:
        rest[word] = items


def _named(value: Any) -> Any:
    """Return a document in which the owner is a parameter."""
    if isinstance(value, dict):
        return {name: _named(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_named(item) for item in value]
    return value.replace(HOUSEHOLDER, "${owner}") if isinstance(value, str) else value


@given(st.data(), scenarios())
@examples(10)
def test_several_files_say_what_one_says(data: st.DataObject, scenario: Scenario) -> None:
    document = dump_scenario(scenario, "document")
    files = data.draw(folders(document))
    with TemporaryDirectory() as folder:
        for name, item in files.items():
            (Path(folder) / f"{name}.json").write_text(json.dumps(item), encoding="utf-8")
        loaded = load_scenario(Path(folder) / "main.json")
    assert replace(loaded, warnings=()) == scenario

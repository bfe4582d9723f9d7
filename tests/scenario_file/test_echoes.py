"""A mistake is told once: what only follows from it is not told besides."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest

from mock_sma.errors import Problem, ScenarioError
from mock_sma.mistakes.echoes import without_echoes
from mock_sma.scenarios import parse_scenario

if TYPE_CHECKING:
    from collections.abc import Iterator

VALUE = {
    "kind": "value",
    "set": "EnergyBalance",
    "property": "pvGeneration",
    "mode": "fixed",
    "value": 3,
    "start": "2025-06-15T08:00:00+02:00",
    "end": "2025-06-15T09:00:00+02:00",
    "every": "P1D",
    "times": 3,
}
ROOF = [{"peak_power": 5000}]
BATTERY = {"capacity": 10000, "max_charge": 5000, "max_discharge": 5000}
DOCUMENT: dict[str, Any] = {
    "now": "2025-06-15T12:00:00+02:00",
    "users": [{"email": "a@example.org", "country": "DE"}],
    "clients": [{"id": "app", "secret": "s", "flow": "code", "redirect_uris": ["http://localhost:1/cb"]}],
    "plants": [
        {
            "id": "10",
            "name": "x",
            "template": "household-battery-ev",
            "owner": "a@example.org",
            "events": [VALUE],
        },
        {
            "id": "50",
            "name": "y",
            "owner": "a@example.org",
            "devices": [{"kind": "hybrid-inverter", "name": "i", "arrays": ROOF, "battery": BATTERY}],
            "events": [{"kind": "feed-in-limit", "value": 3000, "start": "-P1D", "end": "P1D"}],
        },
    ],
    "consents": [{"email": "*", "share": 0.5}],
    "faults": [
        {"match": {"path": "/monitoring/v1/plants", "query": {"Date": "2025-06-01"}}, "effect": {"status": 503}},
        {"effect": {"edit": {"patch": [{"op": "remove", "path": "/set"}]}}, "after": 2},
    ],
    "timeline": [
        {"at": "P1D", "action": "change_plant", "plant": "10", "change": {"name": "z"}},
        {"at": "P2D", "action": "set_owner", "plant": "50", "email": "a@example.org", "owner": False},
        {"at": "P2D", "action": "add_fault", "rule": {"effect": {"status": 500}}},
        {"at": "P3D", "action": "add_device", "plant": "50", "device": {"kind": "grid-meter", "name": "q"}},
    ],
    "generate": {"count": 3, "owners": 2, "mix": {"pv-only": 1}},
}


def mappings(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the paths of all keys."""
    if isinstance(value, dict | list):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            if isinstance(key, str):
                yield *path, key
            yield from mappings(item, (*path, key))


def complaints(document: object) -> list[str]:
    try:
        parse_scenario(json.dumps(document), format="json")
    except ScenarioError as refused:
        return [str(item) for item in refused.problems]
    return []


def holder(document: Any, path: tuple[str | int, ...]) -> Any:
    for part in path[:-1]:
        document = document[part]
    return document


def test_a_key_that_is_misspelt_is_told_once() -> None:
    assert complaints(DOCUMENT) == []
    told = {}
    for path in mappings(DOCUMENT):
        if path[-2:-1] in (("query",), ("mix",)) or path in (("users",), ("plants",)):
            continue  # these have keys of the user's own; and who is nowhere is told wherever they are named
        document = deepcopy(DOCUMENT)
        mapping = holder(document, path)
        mapping[f"{path[-1]}x"] = mapping.pop(path[-1])
        told[path] = complaints(document)
    assert {path: found for path, found in told.items() if len(found) != 1} == {}
    assert len(told) > 70


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        (
            ("plants", 0, "events", 0, "mode"),
            "fixd",
            "events[0].mode: 'fixd' is unknown; did you mean 'fixed'?",
        ),
        (("plants", 0, "events", 0, "every"), "daily", "plants[0].events[0].every: has to be a span such as PT5M"),
        (("plants", 0, "events", 0, "value"), "x", "plants[0].events[0].value: has to be a number"),
        (("clients", 0, "redirect_uris"), 7, "clients[0].redirect_uris: has to be a list"),
        (("consents", 0, "email"), "max", "consents[0].email: 'max' is not an e-mail address"),
        (("plants",), 7, "plants: has to be a list"),
    ],
)
def test_a_value_that_cannot_stand_is_told_once(path: tuple[str | int, ...], value: object, told: str) -> None:
    document = deepcopy(DOCUMENT)
    holder(document, path)[path[-1]] = value
    (found,) = complaints(document)
    assert told in found


def test_what_another_mapping_lacks_is_told_besides() -> None:
    other = Problem("'value' needs the key 'mode'", "plants[0].events[1]")
    problems = [other, Problem("'fixd' is unknown", "plants[0].events[0].mode"), other]
    assert without_echoes(problems) == problems[:2]

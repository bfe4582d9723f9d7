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


@pytest.mark.slow
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
        (("plants", 0, "events", 0, "mode"), [], "plants[0].events[0].mode: [] is unknown"),
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


CLOCK = ("events[0].end", "time goes backwards")
PAIRS: list[tuple[dict[str, Any], tuple[str, ...]]] = [
    ({"now": "yesterday", "plants.1.timezone": "Europe/Berln"}, ("now:", "plants[1].timezone: unknown time zone")),
    ({"profile": "prod", "clients.0.flow": "code"}, ("profile:", "clients[0]: a client of the code flow needs")),
    ({"plnts": [], "plants.0.timezone": "Europe/Berln"}, ("plnts: unknown key", "plants[0].timezone:")),
    ({"plants.0.template": "houshold", "faults.0.effect.status": 99}, ("plants[0].template:", "effect.status:")),
    (
        {"plants.0.devices.0.kind": "solar", "consents.0.email": "c@example.org"},
        ("devices[0].kind:", "consents[0].email: 'c"),
    ),
    ({"plants.0.devices.0.kind": "solar", "plants.0.events.0.end": "-P3D"}, ("devices[0].kind:", ": ".join(CLOCK))),
    (
        {"users.0.emial": "x", "timeline.0.at": "P1D"},
        ("users[0].emial: unknown key", "timeline[0]: needs one of the keys"),
    ),
    (
        {"timeline.0.dura": 1, "auto_answers.0.email": "q@example.org"},
        ("timeline[0].dura:", "auto_answers[0].email: 'q"),
    ),
    (
        {"faults.0.schedule": {"every": "P1D", "time": 2}},
        ("schedule.time: unknown key", "'every' needs the key 'duration'"),
    ),
    (
        {"plants.0.events.0": {"kind": "late-data", "start": "-P1D", "end": "-PT1H", "data": 1}},
        ("events[0].data: unknown key", "'late-data' needs the key 'arrives'"),
    ),
    (
        {
            "plants.0.events.0": {
                "kind": "value",
                "start": "-P1D",
                "set": "EnergyBalance",
                "property": "pvGeneration",
                "scale": 2,
            }
        },
        ("events[0].scale: unknown key", "'value' needs the key 'mode'"),
    ),
]
SMALL: dict[str, Any] = {
    "now": "2025-06-15T12:00:00+02:00",
    "users": [{"email": "a@example.org"}, {"email": "b@example.org"}],
    "clients": [{"id": "app", "secret": "s"}],
    "plants": [
        {
            "id": "100",
            "name": "x",
            "owner": "a@example.org",
            "devices": [{"kind": "solar-inverter", "name": "i", "arrays": ROOF}, {"kind": "grid-meter", "name": "g"}],
            "events": [{"kind": "snow", "start": "-P2D", "end": "-P1D", "value": 0.5}],
        },
        {"id": "200", "name": "y", "owner": "b@example.org", "template": "household"},
    ],
    "consents": [{"email": "a@example.org", "plants": ["100"]}],
    "auto_answers": [{"email": "b@example.org", "answer": "accept"}],
    "timeline": [{"after": "PT1H", "action": "gap", "plant": "100", "duration": "PT2H"}],
    "faults": [{"effect": {"status": 503}}],
}


@pytest.mark.parametrize(
    ("changes", "told"), PAIRS, ids=lambda value: " ".join(value) if isinstance(value, dict) else ""
)
def test_of_two_mistakes_that_have_nothing_to_do_with_one_another_both_are_told(
    changes: dict[str, Any], told: tuple[str, ...]
) -> None:
    document = deepcopy(SMALL)
    for place, value in changes.items():
        path = tuple(int(part) if part.isdigit() else part for part in place.split("."))
        holder(document, path)[path[-1]] = value
    found = complaints(document)
    assert len(found) == 2, found
    assert [part for part in told if not any(part in line for line in found)] == []


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"users": 7}, "users: has to be a list"),
        ({"plants.0.devices.0.kind": "solar", "timeline.0.device": "101"}, "devices[0].kind:"),
        ({"clients.0.secret": [], "consents.0.client_id": "app"}, "clients[0].secret:"),
    ],
)
def test_what_only_misses_a_part_that_is_lost_is_not_told(changes: dict[str, Any], told: str) -> None:
    document = deepcopy(SMALL)
    for place, value in changes.items():
        path = tuple(int(part) if part.isdigit() else part for part in place.split("."))
        holder(document, path)[path[-1]] = value
    (found,) = complaints(document)
    assert told in found


def test_a_set_that_there_is_not_is_told_of_a_device_with_rows_too() -> None:
    document = deepcopy(SMALL)
    rows = "time,power\n2025-06-15T10:00:00Z,1"
    document["plants"][0]["devices"][0] |= {"sets": ["EnergyDcc"], "data": [{"rows": rows}]}
    (found,) = complaints(document)
    assert "sets[0]: no set 'EnergyDcc' of a device; did you mean 'EnergyDc'?" in found

"""What a state file of today is made of: each class in it, and the names of its attributes.

usage: python -m tests.state.layout   (writes tests/state/layout.json)
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from mock_sma import Sandbox, load_scenario
from mock_sma.sandbox.exchange import Request
from mock_sma.scenarios.library import shipped
from mock_sma.state.file import VERSION

FILE = Path(__file__).with_name("layout.json")
FORM = b"grant_type=client_credentials&client_id=demo_api&client_secret=demo_secret"
KIND = {b"content-type": b"application/x-www-form-urlencoded"}


def layout() -> dict[str, Any]:
    """Return the version of state files, and the attributes of the classes in one, by name."""
    found: dict[str, list[str]] = {}
    for name, _ in shipped():
        if name != "big-portfolio":  # the same classes, five hundred times
            _walk(_state(lived(name)), found)
    return {"version": VERSION, "classes": dict(sorted(found.items()))}


def lived(scenario: str) -> Sandbox:
    """Return a world in which something has happened to every book."""
    world = Sandbox(load_scenario(scenario), now="2025-06-15T12:00:00+02:00", seed=1)
    world.handle(Request("POST", "/oauth2/token", headers=KIND, body=FORM))
    for email in {user.email for user in world.scenario.users}:
        world.handle(Request("GET", f"/oauth2/v2/bc-authorize/{email}"))
    world.faults.add({"match": {"path": "/v1/plants"}, "effect": {"status": 503}})
    world.clock.advance(days=2)
    for plant in list(world.estate.plants.values())[:1]:
        world.estate.put_from(replace(plant, missing_rows=0.5), world.clock.now())
    return world


def _state(world: Sandbox) -> tuple[object, ...]:
    point = world.save()
    return point.load(), world.lasting, world.scenario


def _walk(start: object, found: dict[str, list[str]]) -> None:
    waiting, seen = [start], set[int]()
    kept = []  # an id is an object's own as long as it lives
    while waiting:
        item = waiting.pop()
        if id(item) in seen:
            continue
        seen.add(id(item))
        kept.append(item)
        members = dict(_members(item))
        if type(item).__module__.startswith("mock_sma.") and not isinstance(item, type):
            known = found.setdefault(f"{type(item).__module__}.{type(item).__qualname__}", [])
            known[:] = sorted({*known, *members})
        waiting += members.values()
        if isinstance(item, Mapping):
            waiting += [*item.keys(), *item.values()]
        elif isinstance(item, list | tuple | set | frozenset | deque):
            waiting += list(item)


def _members(item: object) -> Iterator[tuple[str, object]]:
    if not type(item).__module__.startswith("mock_sma.") or isinstance(item, type | Sandbox):
        return
    slots = {name for kind in type(item).__mro__ for name in getattr(kind, "__slots__", ())}
    for name in {*slots, *getattr(item, "__dict__", {})}:
        if not name.startswith("__") and hasattr(item, name):
            yield name, getattr(item, name)


if __name__ == "__main__":
    FILE.write_text(json.dumps(layout(), indent=1) + "\n", encoding="utf-8")

"""A capsule is a text that anybody may have edited: it is refused, or the world and its pages live with it."""

from __future__ import annotations

import copy
import json
import os
from random import Random  # noqa: TID251 - a seeded choice of the test's own
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx
import pytest

from mock_sma.api.app import App
from mock_sma.capsule import capsule_of
from mock_sma.worlds.worlds import Worlds
from tests.facts import OWNER
from tests.sandbox_helpers import BC, CLIENT, ask, make, shipped, token, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 5, 10**30, -(10**30), 1e308, 0.5, "", " ", "x", "\n", "\x1b[31m", "\u2028", "ä" * 300,
    "../..", "%2F", "Pending", "accept", [], {}, [[]], [{}], [""], {"": ""}, [None], "GET", "999", "eyJhbGciOi.eyJ.x",
)  # fmt: skip
PAGES = (
    "/_mock/console/", "/_mock/console/requests", "/_mock/console/consents", "/_mock/console/plants",
    "/_mock/console/plants/13", "/_mock/console/faults", "/_mock/console/mailbox", "/_mock/console/worlds",
    "/_mock/requests", "/_mock/requests?format=har", "/_mock/consents", "/_mock/capsule",
    "/_mock/scenario?format=document",
    "/_mock/plants/13", "/_mock/clock", "/_mock/faults", "/_mock/timeline", "/_mock/metrics", "/portal/mailbox",
)  # fmt: skip
JSON = {"content-type": "application/json"}
COUNT = int(os.environ.get("MUTATED_CAPSULES", "150"))
"""Five thousand take a quarter of an hour: MUTATED_CAPSULES=5000, when the form of a capsule changes."""


def base() -> dict[str, Any]:
    """Return the document of a world that has lived a little."""
    world = make()
    bearer = tokens(world)["access_token"]
    ask(world, "POST", BC, bearer=bearer, json={"loginHint": OWNER})
    ask(world, "GET", "/monitoring/v1/plants", bearer=bearer)
    world.consents.accept(OWNER)
    ask(world, "GET", "/monitoring/v1/plants", bearer=bearer)
    ask(world, "GET", "/v1/plants/13/measurements/sets/EnergyBalance/Day?Date=2025-06-14", bearer=bearer)
    token(world, grant_type="client_credentials", **(CLIENT | {"client_secret": "no"}))
    world.faults.add({"match": {"path": "/v1/*"}, "effect": {"status": 503}, "times": 3})
    return json.loads(capsule_of(world).model_dump_json())


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to each value of a document; of long lists, to their beginning."""
    if path:
        yield path
    if isinstance(value, dict):
        for name, item in value.items():
            yield from places(item, (*path, name))
    elif isinstance(value, list):
        for index, item in enumerate(value[:4]):
            yield from places(item, (*path, index))


def mutated(document: dict[str, Any], chance: Random) -> tuple[dict[str, Any], str]:
    """Return a copy with one to three changes, and what they are."""
    changed, told = copy.deepcopy(document), []
    for _ in range(chance.randint(1, 3)):
        # The scenario has tests of its own; here it is one place among others.
        known = [path for path in places(changed) if path[0] not in ("scenario", "present") or chance.random() < 0.05]
        path = chance.choice(known)
        parent: Any = changed
        for step in path[:-1]:
            parent = parent[step]
        deed = chance.choice(("set", "set", "set", "drop", "double"))
        value = chance.choice(ODD)
        if deed == "drop":
            del parent[path[-1]]
        elif deed == "double" and isinstance(parent, list):
            parent.insert(path[-1], copy.deepcopy(parent[path[-1]]))
        else:
            parent[path[-1]] = value
        told.append(f"{deed} {path} {value!r}")
    return changed, "; ".join(told)


@pytest.mark.slow
async def test_a_mutated_capsule_is_refused_or_harmless() -> None:
    """The running world stays whole when it is refused; no page and no export of it fails when it is not."""
    document, chance = base(), Random(20_261_129)  # noqa: S311 - it keeps no secret
    world, taken = make(), 0
    before = capsule_of(world)
    transport = httpx.ASGITransport(App(Worlds(world)))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        for _ in range(COUNT):
            changed, told = mutated(document, chance)
            world.load(shipped("sandbox"))
            answer = await client.put("/_mock/capsule", content=json.dumps(changed), headers=JSON)
            assert answer.status_code in (200, 400, 409, 422), (told, answer.text)
            if answer.status_code == 200:
                taken += 1
                await look_at_all(client, told)
            else:
                assert capsule_of(world) == before, told
    assert 0 < taken < COUNT


async def look_at_all(client: httpx.AsyncClient, told: str) -> None:
    """Open every page and every export."""
    entries = (await client.get("/_mock/requests")).json()
    for page in [*PAGES, *(f"/_mock/console/requests/{quote(item['id'], safe='')}" for item in entries[:3])]:
        shown = await client.get(page)
        # A fault rule of the capsule that has lost its match strikes the vendor's pages too.
        struck = page.startswith("/portal") and shown.status_code == 503
        assert shown.status_code < 500 or struck, (told, page, shown.text)
    asked = await client.get("/v1/plants", headers={"authorization": "Bearer x"})
    assert asked.status_code in (401, 503), told

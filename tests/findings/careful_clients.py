"""Clients that do nothing wrong; all in process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.facts import HOUSEHOLDER, OWNER
from tests.findings.steps import DAY, OLD, PKCE, access, ask_consent, code_of, opened, redeem, refreshed
from tests.sandbox_helpers import BC, ask, make, tokens

if TYPE_CHECKING:
    from collections.abc import Callable

    from mock_sma.sandbox.sandbox import Sandbox

    Story = Callable[[], Sandbox]


def reader() -> Sandbox:
    """Read the list, the sets and days, and refresh in time."""
    world = opened()
    got = tokens(world)
    for day in (12, 13, 14, 15):
        ask(world, "GET", "/v1/plants", bearer=got["access_token"])
        ask(world, "GET", "/v1/plants/13/measurements/sets", bearer=got["access_token"])
        ask(world, "GET", f"{DAY}?Date=2025-06-{day}&ReturnEnergyValues=true", bearer=got["access_token"])
        world.clock.advance(minutes=4)
        got = refreshed(world, got["refresh_token"])
    return world


def waits_as_told() -> Sandbox:
    world = opened()
    world.faults.add({"match": {"path": "/v1/*"}, "effect": {"quota_exhausted": True}, "times": 2})
    for _ in range(3):
        if ask(world, "GET", "/v1/plants", bearer=access(world)).status == 429:
            world.clock.advance(minutes=5)
    return world


def five_in_flight() -> Sandbox:
    """Five tasks share a token that runs out; each asks once more with the next."""
    world = opened()
    old = access(world)
    world.clock.advance(minutes=5)
    plants = ("13", "24", "35", "46", "57")
    for plant in plants:
        ask(world, "GET", f"/v1/plants/{plant}", bearer=old)
    new = access(world)
    for plant in plants:
        ask(world, "GET", f"/v1/plants/{plant}", bearer=new)
    return world


def three_programs() -> Sandbox:
    """Three programs with the same credentials have a token each."""
    world = opened()
    bearers = [access(world) for _ in range(3)]
    for bearer, plant in zip(bearers, ("13", "24", "35"), strict=True):
        for path in ("", "/location", "/status"):
            ask(world, "GET", f"/v1/plants/{plant}{path}", bearer=bearer)
    return world


def struck_by_us() -> Sandbox:
    """Answers are lost, cut off and refused by fault rules; the client asks once more each time."""
    world = opened()
    got = tokens(world)
    for effect in ({"fault": "connection_reset"}, {"fault": "malformed_json"}, {"status": 500}, {"status": 504}):
        world.faults.add({"match": {"path": DAY}, "effect": effect, "times": 1})
        for _ in range(2):
            ask(world, "GET", f"{DAY}?Date=2025-06-14", bearer=got["access_token"])
        world.clock.advance(minutes=15)
        got = refreshed(world, got["refresh_token"])
    world.faults.add({"match": {"path": "/oauth2/token"}, "effect": {"fault": "empty_response"}, "times": 1})
    for _ in range(2):
        refreshed(world, got["refresh_token"])
    return world


def asks_and_looks() -> Sandbox:
    """Ask for consent once over a broken connection, look, and take the answer."""
    world = make()
    bearer = access(world)
    world.faults.add({"match": {"method": "POST", "path": BC}, "effect": {"fault": "connection_reset"}, "times": 1})
    ask_consent(world, bearer)
    ask(world, "GET", f"{BC}/{OWNER}", bearer=bearer)
    world.consents.accept(OWNER)
    ask(world, "GET", f"{BC}/{OWNER}", bearer=bearer)
    ask(world, "GET", "/v1/plants", bearer=bearer)
    return world


def learns_the_new_id() -> Sandbox:
    world = opened("migration", HOUSEHOLDER)
    bearer = access(world)
    where = ask(world, "GET", f"/v1/plants/{OLD}", bearer=bearer).header(b"location")
    assert where is not None
    for path in ("", "/location", "/status"):
        ask(world, "GET", where.decode() + path, bearer=bearer)
    return world


def refused_and_looks() -> Sandbox:
    """Take a 403 as the sign to list the plants anew."""
    world = opened()
    bearer = access(world)
    world.consents.revoke(OWNER, "demo_api")
    for _ in range(3):
        ask(world, "GET", "/v1/plants/13", bearer=bearer)
        ask(world, "GET", "/v1/plants", bearer=bearer)
    return world


def code_flow() -> Sandbox:
    world = make()
    redeem(world, code_of(world, **PKCE))
    return world


CAREFUL: tuple[Story, ...] = (
    reader,
    waits_as_told,
    five_in_flight,
    three_programs,
    struck_by_us,
    asks_and_looks,
    learns_the_new_id,
    refused_and_looks,
    code_flow,
)

"""Reset gives the world of a fresh start, after any history."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_sma import Sandbox, load_scenario
from mock_sma.domain import actions as act
from mock_sma.domain.event import EventKind
from mock_sma.errors import MockSmaError
from tests.examples import examples
from tests.facts import HOUSEHOLDER, NOW, OWNER
from tests.sandbox_helpers import CLIENT, ask, token

SCENARIOS = ("portfolio", "ownership-lost", "rate-limited", "token-expiry", "no-consent")
LOADED = {name: load_scenario(name) for name in SCENARIOS}
EMAIL = st.sampled_from(["anna@example.org", "ben@example.org", HOUSEHOLDER, OWNER])
PLANT = st.sampled_from(["3100", "2100", "13", "11111111-aaaa-4bbb-8ccc-000000000001"])

ACTIONS = st.one_of(
    st.tuples(st.just("advance"), st.integers(0, 90_000)),
    st.tuples(st.just("rate"), st.sampled_from([0.0, 1.0, 60.0])),
    st.tuples(st.sampled_from(["accept", "reject", "revoke", "expire"]), EMAIL),
    st.tuples(st.just("fault"), st.sampled_from([{"status": 503}, {"delay": 1}, {"expire_token": True}])),
    st.tuples(st.just("token"), st.just(None)),
    st.tuples(st.just("list"), st.sampled_from(["/v1/plants", "/v1/plants/3100/devices", "/nothing"])),
    st.tuples(st.just("request"), EMAIL),
    st.tuples(st.just("owner"), st.tuples(PLANT, EMAIL, st.booleans())),
    st.tuples(st.just("gap"), PLANT),
    st.tuples(st.just("migrate"), PLANT),
    st.tuples(st.just("quota"), st.none()),
)


class Driver:
    """Does to a world what a test could."""

    def __init__(self, world: Sandbox) -> None:
        self.world = world
        self.bearer = ""

    def do(self, action: str, what: Any) -> None:  # noqa: C901 - a table
        world = self.world
        carry_out = world.happenings.carry_out
        match action:
            case "advance":
                world.clock.advance(what)
            case "rate":
                world.clock.set_rate(what)
            case "accept" | "reject" | "revoke" | "expire":
                getattr(world.consents, action)(what)
            case "fault":
                world.faults.add({"effect": what, "times": 2})
            case "token":
                reply = token(world, grant_type="client_credentials", **CLIENT)
                self.bearer = reply.body.decode().split('"')[3]
            case "list":
                ask(world, "GET", what, bearer=self.bearer)
            case "request":
                ask(world, "POST", "/oauth2/v2/bc-authorize", bearer=self.bearer, json={"loginHint": what})
            case "owner":
                carry_out(act.SetOwner(plant_id=what[0], email=what[1], owner=what[2]))
            case "gap":
                carry_out(act.StartEvent(kind=EventKind.GAP, plant_id=what))
            case "migrate":
                carry_out(act.Migrate(plant_id=what, to="777000"))
            case "quota":
                world.quota.quota = what


def digest(world: Sandbox) -> str:
    """Return a digest of all that can be seen of a world, and of what it does next."""
    parts: list[object] = [world.clock.isoformat(), world.clock.frozen, world.clock.rate, world.scenario, world.seed]
    parts += [list(world.estate.plants.values()), list(world.estate.users.values())]
    parts += [world.quota.quota, len(world.agenda), [fault.as_dict() for fault in world.faults]]
    parts += [list(world.consents), list(world.mailbox), len(world.requests), world.requests.total]
    parts += [[(item.at, item.action) for item in world.happenings]]
    for path in ("/v1/plants", "/v1/plants/3100"):
        reply = token(world, grant_type="client_credentials", **CLIENT)
        bearer = reply.body.decode().split('"')[3]
        shown = ask(world, "GET", path, bearer=bearer)
        parts += [reply.headers, reply.body, shown.status, shown.headers, shown.body, str(world.requests[-1].why)]
    return hashlib.sha256(repr(parts).encode()).hexdigest()


FRESH = {name: digest(Sandbox(LOADED[name], now=NOW, seed=3)) for name in SCENARIOS}


@pytest.mark.slow
@examples(60)
@given(st.sampled_from(SCENARIOS), st.lists(ACTIONS, max_size=12))
def test_reset_after_any_history_is_a_fresh_start(name: str, history: list[tuple[str, Any]]) -> None:
    world = Sandbox(LOADED[name], now=NOW, seed=3)
    driver = Driver(world)
    for action, what in history:
        try:
            driver.do(action, what)
        except MockSmaError:
            continue
    world.reset()
    assert world.estate.version == Sandbox(LOADED[name], now=NOW, seed=3).estate.version
    assert digest(world) == FRESH[name]


def test_the_digest_sees_a_difference() -> None:
    world = Sandbox(LOADED["portfolio"], now=NOW, seed=3)
    world.consents.revoke("anna@example.org")
    assert digest(world) != FRESH["portfolio"]

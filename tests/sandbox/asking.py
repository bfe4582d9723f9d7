"""A client of a world, which may be one that a test writes down as a scenario document."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from mock_sma import Sandbox
from mock_sma.sandbox.exchange import Reply, Request
from mock_sma.scenarios import parse_scenario
from tests import sandbox_helpers
from tests.facts import HOUSEHOLDER, NOW, OWNER

PLANTS = "/monitoring/v1/plants"
HEAD = f"""
users: [{{email: {HOUSEHOLDER}, country: DE}}]
consents: [{{email: {HOUSEHOLDER}}}]
"""


class Asker:
    """A client with a token and whatever consents its world has."""

    def __init__(self, world: Sandbox) -> None:
        self.world = world
        self.token = sandbox_helpers.tokens(world)["access_token"]

    def get(self, target: str = PLANTS, *, host: str = "", **headers: str) -> Reply:
        path, _, query = target.partition("?")
        sent = {name.replace("_", "-").encode(): value.encode() for name, value in headers.items()}
        sent[b"authorization"] = b"Bearer " + self.token.encode()
        return self.world.handle(Request(method="GET", path=path, query=query, headers=sent, host=host))

    def json(self, target: str, **headers: str) -> Any:
        reply = self.get(target, **headers)
        assert reply.status == 200, (reply.status, reply.body)
        return json.loads(reply.body)

    def statuses(self, count: int, path: str = PLANTS) -> list[int]:
        return [self.get(path).status for _ in range(count)]

    @property
    def why(self) -> str:
        return self.world.requests[-1].why


def asker(document: str, now: str = NOW) -> Asker:
    """Return a client of the world that ``document`` (YAML) describes below :data:`HEAD`."""
    return Asker(Sandbox(parse_scenario(HEAD + document), now=now))


def shipped(name: str, now: str | None = NOW) -> Asker:
    """Return a client of a shipped scenario."""
    return Asker(Sandbox(sandbox_helpers.shipped(name), now=now))


def consenting(world: Sandbox) -> Asker:
    """Return a client of a world of the sandbox's plants, whose owner has accepted."""
    world.consents.accept(OWNER, "demo_api")
    return Asker(world)


def faulty(*rules: Any, **options: Any) -> Asker:
    """Return a client that the sandbox's owner has accepted, in a world with fault rules."""
    made = consenting(sandbox_helpers.make(**options))
    for rule in rules:
        made.world.faults.add(rule)
    return made


def changed(**facts: Any) -> Asker:
    """Return a client of the sandbox whose first plant has other facts."""
    scenario = sandbox_helpers.shipped("sandbox")
    first = replace(scenario.plants[0], **facts)
    return consenting(Sandbox(replace(scenario, plants=(first, *scenario.plants[1:])), now=NOW))

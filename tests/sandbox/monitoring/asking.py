"""A client of worlds that a test writes down as a scenario document."""

from __future__ import annotations

import json
from typing import Any

from mock_sma import Sandbox
from mock_sma.sandbox.exchange import Reply, Request
from mock_sma.scenario_file import load_scenario, parse_scenario

OWNER = "owner@example.org"
NOON = "2025-06-15T12:00:00+02:00"
HEAD = f"""
users: [{{email: {OWNER}, country: DE}}]
consents: [{{email: {OWNER}}}]
"""


class Asker:
    """A client with a token and whatever consents the scenario has."""

    def __init__(self, world: Sandbox) -> None:
        self.world = world
        form = b"grant_type=client_credentials&client_id=demo_api&client_secret=demo_secret"
        headers = {b"content-type": b"application/x-www-form-urlencoded"}
        reply = world.handle(Request(method="POST", path="/oauth2/token", headers=headers, body=form))
        self.token = json.loads(reply.body)["access_token"]

    def get(self, target: str, *, host: str = "", **headers: str) -> Reply:
        path, _, query = target.partition("?")
        sent = {name.replace("_", "-").encode(): value.encode() for name, value in headers.items()}
        sent[b"authorization"] = b"Bearer " + self.token.encode()
        return self.world.handle(Request(method="GET", path=path, query=query, headers=sent, host=host))

    def json(self, target: str, **headers: str) -> Any:
        reply = self.get(target, **headers)
        assert reply.status == 200, (reply.status, reply.body)
        return json.loads(reply.body)


def asker(document: str, now: str = NOON) -> Asker:
    """Return a client of the world that ``document`` (YAML) describes below :data:`HEAD`."""
    return Asker(Sandbox(parse_scenario(HEAD + document), now=now))


def shipped(name: str, now: str | None = NOON) -> Asker:
    """Return a client of a shipped scenario."""
    return Asker(Sandbox(load_scenario(name), now=now))

"""A client of the Monitoring API in process."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from mock_sma import Sandbox, load_scenario
from mock_sma.sandbox.exchange import Reply, Request

OWNER = "apiTestUser@apiSandbox.com"
NOON = "2025-06-15T12:00:00+02:00"


class Client:
    """A client of one world with a token."""

    def __init__(self, world: Sandbox, *, consent: bool = True) -> None:
        self.world = world
        if consent:
            world.consents.accept(OWNER, "demo_api")
        form = b"grant_type=client_credentials&client_id=demo_api&client_secret=demo_secret"
        headers = {b"content-type": b"application/x-www-form-urlencoded"}
        reply = world.handle(Request(method="POST", path="/oauth2/token", headers=headers, body=form))
        self.token = json.loads(reply.body)["access_token"]

    def get(self, target: str, host: str = "") -> Reply:
        path, _, query = target.partition("?")
        headers = {b"authorization": b"Bearer " + self.token.encode()}
        return self.world.handle(Request(method="GET", path=path, query=query, headers=headers, host=host))

    def json(self, target: str) -> Any:
        reply = self.get(target)
        assert reply.status == 200, reply
        return json.loads(reply.body)


def changed(**facts: object) -> Client:
    """Return a client of the sandbox whose first plant has other facts."""
    scenario = load_scenario("sandbox")
    first = replace(scenario.plants[0], **facts)  # type: ignore[arg-type]
    return Client(Sandbox(replace(scenario, plants=(first, *scenario.plants[1:])), now=NOON))

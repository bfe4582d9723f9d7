"""A client of the Monitoring API in process."""

from __future__ import annotations

from dataclasses import replace

from mock_sma import Sandbox, load_scenario
from tests.sandbox.monitoring.asking import NOON, Asker

OWNER = "apiTestUser@apiSandbox.com"


class Client(Asker):
    """A client of a world of the sandbox's owner, who has accepted unless said otherwise."""

    def __init__(self, world: Sandbox, *, consent: bool = True) -> None:
        if consent:
            world.consents.accept(OWNER, "demo_api")
        super().__init__(world)


def changed(**facts: object) -> Client:
    """Return a client of the sandbox whose first plant has other facts."""
    scenario = load_scenario("sandbox")
    first = replace(scenario.plants[0], **facts)  # type: ignore[arg-type]
    return Client(Sandbox(replace(scenario, plants=(first, *scenario.plants[1:])), now=NOON))

"""A client of the vendor API in the world of a scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mock_sma import Sandbox, load_scenario
from mock_sma.domain.scenario import Scenario
from tests.facts import HOUSEHOLDER, NOW
from tests.sandbox_helpers import BC, ask, content, tokens

if TYPE_CHECKING:
    from pathlib import Path

    from mock_sma.sandbox.exchange import Reply


class Customer:
    """The custom flow's client with its token."""

    def __init__(self, name: str | Path | dict[str, Any] | Scenario) -> None:
        scenario = name if isinstance(name, Scenario) else load_scenario(name)
        self.world = Sandbox(scenario, now=scenario.now or NOW)
        self.renew()

    def renew(self) -> None:
        """Get a fresh token."""
        self.token = tokens(self.world)["access_token"]

    def later(self, **span: float) -> None:
        """Let time pass, and get a token that is good then."""
        self.world.clock.advance(**span)
        self.renew()

    def call(self, path: str, method: str = "GET", **more: Any) -> Reply:
        """Return the answer to a request with the token."""
        return ask(self.world, method, path, bearer=self.token, **more)

    def get(self, path: str) -> Any:
        """Return what a request that succeeds answers."""
        reply = self.call(path)
        assert reply.status == 200, (path, reply.status, reply.body)
        return content(reply)

    @property
    def plants(self) -> list[str]:
        """Ids of the plants that are listed."""
        self.renew()
        return [item["plantId"] for item in self.get("/v1/plants")["plants"]]

    def rows(self, where: str, measurement_set: str, period: str, date: str = "") -> list[dict[str, Any]]:
        """Return the rows of a set in Wh; ``where`` is like ``plants/2100``."""
        query = f"?ReturnEnergyValues=true{f'&Date={date}' if date else ''}"
        rows = self.get(f"/v1/{where}/measurements/sets/{measurement_set}/{period}{query}")["set"]
        assert isinstance(rows, list)
        return rows

    def energy(self, where: str, measurement_set: str, period: str, date: str, name: str = "pvGeneration") -> float:
        """Return the sum of a property [Wh]."""
        return sum(row.get(name) or 0.0 for row in self.rows(where, measurement_set, period, date))

    def request_consent(self, email: str = HOUSEHOLDER) -> str:
        """Ask an owner and return the state of the request."""
        reply = self.call(BC, "POST", json={"loginHint": email})
        assert reply.status == 201
        return str(content(reply)["state"])

    def state(self, email: str = HOUSEHOLDER) -> str:
        """Return the state of an owner's consent."""
        return str(self.get(f"{BC}/{email}")["state"])

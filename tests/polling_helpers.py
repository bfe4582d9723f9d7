"""A program that polls, and all that a world has taken down of it."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import httpx

from mock_sma.capsule import capsule_of

if TYPE_CHECKING:
    from mock_sma.sandbox.sandbox import Sandbox
    from mock_sma.testing.life import Living

TOKEN = "https://sandbox-auth.smaapis.de/oauth2/token"
API = "https://sandbox.smaapis.de/monitoring/v1/plants"
CLIENT = {"client_id": "demo_api", "client_secret": "demo_secret"}
CLASSIC = "11111111-aaaa-4bbb-8ccc-000000000001"
SETS = {"4100": "EnergyBalance", "4200": "EnergyAndPowerPv", CLASSIC: "EnergyBalance"}
WORLD = {
    "profile": "production-2020",
    "users": [{"email": "anna@example.org", "country": "DE"}],
    "consents": [{"email": "anna@example.org"}],
    "plants": [
        {"id": "4100", "name": "A", "template": "household-battery", "owner": "anna@example.org"},
        {"id": "4200", "name": "B", "template": "pv-only", "owner": "anna@example.org"},
        {"id": CLASSIC, "name": "C", "template": "household", "owner": "anna@example.org"},
    ],
}
NOON = "2025-06-15T12:00:00+02:00"


class Poller:
    """A program that keeps its requests and its session, as most do that poll.

    Attributes:
        http: the module that it asks with.
    """

    def __init__(self, http: Any = httpx, every: float = 300.0) -> None:
        self.http, self.every = http, every
        self.client = http.Client()
        self.tokens: dict[str, Any] = {}
        self.built: dict[str, Any] = {}
        self.got: list[Any] = []

    def refresh(self) -> int:
        """Get a token by the one before, or by the credentials where that is refused."""
        grant = {"grant_type": "client_credentials"}
        if self.tokens:
            grant = {"grant_type": "refresh_token", "refresh_token": self.tokens["refresh_token"]}
        answer = self.client.post(TOKEN, data=grant | CLIENT)
        self.tokens = answer.json() if answer.status_code == 200 else {}
        return int(answer.status_code)

    def poll(self, plant: str, period: str = "Recent") -> Any:
        """Ask for the latest row of a plant."""
        url = f"{API}/{plant}/measurements/sets/{SETS.get(plant, 'EnergyBalance')}/{period}?ReturnEnergyValues=true"
        request = self.built.setdefault(url, self.client.build_request("GET", url))
        if self.tokens:
            request.headers["Authorization"] = f"Bearer {self.tokens['access_token']}"
        answer = self.client.send(request)
        self.got.append((answer.status_code, answer.content, sorted(answer.headers.multi_items())))
        return answer

    def live(self, _: Living) -> None:
        """Poll for ever."""
        plants = list(SETS)
        while True:
            with suppress(self.http.HTTPError, ValueError):
                self.refresh()
            for place, plant in enumerate(plants):
                with suppress(self.http.HTTPError):
                    answer = self.poll(plant)
                    if answer.status_code == 308:
                        plants[place] = answer.headers["Location"].partition("/plants/")[2].partition("/")[0]
            time.sleep(self.every)


def told(entry: Any) -> tuple[object, ...]:
    """Return all that an entry of the journal says."""
    names = ("id", "at", "method", "host", "path", "query", "status", "client_id", "operation", "request_body")
    more = ("response_body", "headers", "user_agent", "access", "origin", "number", "server", "traceparent", "size")
    steps = [(str(step), step.kind, str(step.data)) for step in entry.why.steps]
    return *(getattr(entry, name) for name in (*names, *more)), str(entry.trace), steps, entry.is_asset, entry.params


def known_of(world: Sandbox) -> tuple[object, ...]:
    """Return all that a world has taken down."""
    capsule = capsule_of(world).model_dump(mode="json", exclude={"made", "made_at", "created"})
    return (
        [told(entry) for entry in world.requests],
        world.requests.total,
        str(world.findings),
        world.coverage,
        str(capsule),
    )

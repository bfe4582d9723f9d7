"""A world whose plant or inverter has rows, and a client that asks for them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from mock_sma.sandbox.sandbox import Sandbox
from mock_sma.scenarios import load_scenario
from tests.facts import NOW
from tests.sandbox_helpers import ask, content, tokens

BERLIN = ZoneInfo("Europe/Berlin")
INVERTER = {"kind": "solar-inverter", "name": "Roof", "generator_power": 5000, "arrays": [{"peak_power": 6000}]}
METER = {"kind": "grid-meter", "name": "Meter"}
EMAIL = "owner@example.org"


def document(
    plant: dict[str, Any] | None = None, inverter: dict[str, Any] | None = None, **more: Any
) -> dict[str, Any]:
    return {
        "version": 1,
        "profile": "production-2020",
        "clients": [{"id": "demo_api", "secret": "demo_secret"}],
        "users": [{"email": EMAIL, "password": "secret", "country": "DE"}],
        "consents": [{"client_id": "demo_api", "email": EMAIL, "state": "accepted"}],
        "plants": [
            {"id": "700", "name": "Mine", "owner": EMAIL, "devices": [INVERTER | (inverter or {}), METER]}
            | (plant or {})
        ],
        **more,
    }


class Client:
    """Asks for sets."""

    def __init__(self, scenario: Any, now: str = NOW) -> None:
        self.world = Sandbox(load_scenario(scenario) if isinstance(scenario, dict) else scenario, now=now, seed=5)
        self.bearer = tokens(self.world)["access_token"]

    def answer(self, place: str, period: str, date: str | None = None, **flags: bool) -> dict[str, Any]:
        query = [f"{name}={str(value).lower()}" for name, value in flags.items()] + ([f"Date={date}"] if date else [])
        reply = ask(self.world, "GET", f"/v1/{place}/{period}?{'&'.join(query)}", bearer=self.bearer)
        assert reply.status == 200
        return content(reply)

    def rows(self, place: str, period: str, date: str | None = None, **flags: bool) -> list[dict[str, Any]]:
        return list(self.answer(place, period, date, **flags)["set"])


PLANT_PV = "plants/700/measurements/sets/EnergyAndPowerPv"
BALANCE = "plants/700/measurements/sets/EnergyBalance"
DEVICE_PV = "devices/701/measurements/sets/EnergyAndPowerPv"
PV = "pvGeneration"


def spelt(day: str, values: list[float | str], step: int = 300, head: str = "time,power") -> str:
    """Return rows from the midnight of a day in Berlin on, stamped at their ends as SMA does."""
    begin = datetime.fromisoformat(day).replace(tzinfo=BERLIN).timestamp()
    ends = [datetime.fromtimestamp(begin + step * (place + 1), BERLIN) for place in range(len(values))]
    lines = [f"{end.replace(tzinfo=None).isoformat()},{value}" for end, value in zip(ends, values, strict=True)]
    return "\n".join([head, *lines]) + "\n"

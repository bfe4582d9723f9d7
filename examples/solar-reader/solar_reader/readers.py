"""The same reader twice: sync and async. What they say to SMA stands in one place."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import httpx

from solar_reader.auth import SmaAuth

TRIES = 4
"""Tries of a request that is answered 429."""


@dataclass(frozen=True)
class Hosts:
    """Where SMA is; by itself its sandbox."""

    auth: str = "https://sandbox-auth.smaapis.de"
    consent: str = "https://sandbox.smaapis.de"
    monitoring: str = "https://sandbox.smaapis.de/monitoring"

    @classmethod
    def at(cls, origin: str) -> Hosts:
        """Return one origin for all, as mock-sma's server has it."""
        return cls(origin, origin, origin)


def _pause(answer: httpx.Response) -> float:
    return float(answer.headers.get("Retry-After", "60"))


class Reader:
    """Reads from SMA.

    Args:
        now: seconds, for the tokens.
        sleep: waits; a test lets the emulator's clock move instead.
    """

    def __init__(
        self,
        client_id: str,
        client_secret: str,
        hosts: Hosts | None = None,
        *,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self.hosts = hosts or Hosts()
        auth = SmaAuth(f"{self.hosts.auth}/oauth2/token", client_id, client_secret, now)
        self._http = httpx.Client(auth=auth)
        self._sleep = sleep

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def plants(self) -> list[str]:
        """Return the ids of the plants that consents open."""
        return [plant["plantId"] for plant in self._get("/v1/plants").json()["plants"]]

    def measurements(self, plant_id: str, set_type: str, period: str, date: str) -> list[dict[str, Any]]:
        """Return the rows of a set."""
        path = f"/v1/plants/{plant_id}/measurements/sets/{set_type}/{period}"
        rows: list[dict[str, Any]] = self._get(path, Date=date, ReturnEnergyValues="true").json()["set"]
        return rows

    def ask_for_consent(self, email: str) -> str:
        """Ask an owner for consent and return its state."""
        answer = self._http.post(f"{self.hosts.consent}/oauth2/v2/bc-authorize", json={"loginHint": email})
        answer.raise_for_status()
        return str(answer.json()["state"])

    def consent(self, email: str) -> str:
        """Return the state of an owner's consent."""
        answer = self._http.get(f"{self.hosts.consent}/oauth2/v2/bc-authorize/{email}")
        answer.raise_for_status()
        return str(answer.json()["state"])

    def _get(self, path: str, **query: str) -> httpx.Response:
        for _ in range(TRIES):
            answer = self._http.get(f"{self.hosts.monitoring}{path}", params=query)
            if answer.status_code != 429:
                break
            self._sleep(_pause(answer))
        return answer.raise_for_status()


class AsyncReader:
    """Reads from SMA in asyncio; see :class:`Reader`."""

    def __init__(
        self,
        client_id: str,
        client_secret: str,
        hosts: Hosts | None = None,
        *,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self.hosts = hosts or Hosts()
        auth = SmaAuth(f"{self.hosts.auth}/oauth2/token", client_id, client_secret, now)
        self._http = httpx.AsyncClient(auth=auth)
        self._sleep = sleep

    async def __aenter__(self) -> AsyncReader:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def plants(self) -> list[str]:
        """Return the ids of the plants that consents open."""
        for _ in range(TRIES):
            answer = await self._http.get(f"{self.hosts.monitoring}/v1/plants")
            if answer.status_code != 429:
                break
            await self._sleep(_pause(answer))
        return [plant["plantId"] for plant in answer.raise_for_status().json()["plants"]]

"""Warm Days for many clients while another one asks for what has to be simulated: how long do the many wait?

Each of them asks on its own connection some times a second, so that the server is busy and not overrun. The other one
asks cold Years and Totals of a large portfolio, one after the other, in the same world.

usage: bench_mixed.py [--clients 50] [--seconds 10]
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import sys
import time
from typing import Self

from bench_bystanders import world_of
from bench_server import raw, serving
from figures import figure

GOAL = 20.0
"""Longest wait of 99 in 100 warm requests [ms]."""

PERIOD = 0.1
"""Time between two requests of a client [s]."""

OWNER = "owner@example.org"
PLANTS = 200
SET = "/monitoring/v1/plants/{}/measurements/sets/EnergyBalance/"


def scenario() -> dict[str, object]:
    """Return the document of a world with plants that are twenty years old."""
    plants = [
        {
            "id": str(10 * number),  # its devices have the ids behind it
            "name": f"plant {number}",
            "template": "household-battery",
            "commissioned": "2005-01-01",
            "users": [{"email": OWNER, "owner": True}],
        }
        for number in range(1, PLANTS + 1)
    ]
    return {
        "version": 1,
        "name": "mixed",
        "now": "2025-06-15T12:00:00+02:00",
        "clients": [{"id": "demo_api", "secret": "demo_secret", "flow": "custom"}],
        "plants": plants,
        "users": [{"email": OWNER}],
        "consents": [{"email": OWNER, "state": "accepted"}],
    }


class Client:
    """Asks on one connection."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def __aenter__(self) -> Self:
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port, limit=1 << 22)
        return self

    async def __aexit__(self, *error: object) -> None:
        self._writer.close()

    async def ask(self, request: bytes) -> float:
        """Ask, and return how long the answer took [ms]."""
        begun = time.perf_counter()
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        await self._reader.readexactly(int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0]))
        return 1e3 * (time.perf_counter() - begun)


async def many(port: int, request: bytes, clients: int, seconds: float) -> list[float]:
    """Ask by many clients; return how long each answer took [ms]."""
    times: list[float] = []

    async def one(first: float) -> None:
        async with Client(port) as client:
            await asyncio.sleep(first)
            end = time.perf_counter() + seconds
            while time.perf_counter() < end:
                took = await client.ask(request)
                times.append(took)
                await asyncio.sleep(max(0.0, PERIOD - took / 1e3))

    chance = random.Random(1)
    await asyncio.gather(*(one(chance.uniform(0, PERIOD)) for _ in range(clients)))
    return sorted(times)


async def cold(port: int, token: str, times: list[float]) -> None:
    """Ask for what nobody has asked for, until it is told to stop."""
    async with Client(port) as client:
        for number in range(2, PLANTS + 1):
            for period in ("Year?Date=2015", "Total"):
                took = await client.ask(raw("GET", SET.format(10 * number) + period, token=token))
                times.append(took)


async def measure(port: int, token: str, clients: int, seconds: float) -> dict[str, list[float]]:
    """Return the times of the many alone and beside cold requests, and of these [ms]."""
    request = raw("GET", SET.format(10) + "Day?Date=2025-06-14", token=token)
    async with Client(port) as client:
        await client.ask(request)
    alone = await many(port, request, clients, seconds / 2)
    simulated: list[float] = []
    work = asyncio.create_task(cold(port, token, simulated))
    beside = await many(port, request, clients, seconds)
    work.cancel()
    return {"warm, alone": alone, "warm, beside cold": beside, "cold": sorted(simulated)}


def main() -> int:
    """Measure, and say whether the goal is met."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=10.0)
    options = parser.parse_args()
    if hasattr(os, "sched_setaffinity") and (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(0, {1})
    with serving([sys.executable, "-m", "mock_sma", "serve", "--port", "0", "--json"]) as (url, _, _):
        token = world_of(url, scenario(), "mixed")["Authorization"].removeprefix("Bearer ")
        found = asyncio.run(measure(int(url.rpartition(":")[2]), token, options.clients, options.seconds))
    print(f"{'':20}{'answers':>9}{'p50 ms':>9}{'p99 ms':>9}{'max ms':>9}")
    for name, times in found.items():
        if times:
            p50, p99 = times[len(times) // 2], times[len(times) * 99 // 100]
            print(f"{name:20}{len(times):9}{p50:9.1f}{p99:9.1f}{times[-1]:9.1f}")
    for name in ("warm, alone", "warm, beside cold"):
        p99 = found[name][len(found[name]) * 99 // 100]
        figure(f"{options.clients} clients, Days, {name}: p99", p99, "ms", goal=f"< {GOAL:g}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

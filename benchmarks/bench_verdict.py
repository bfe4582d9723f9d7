"""What judging a client costs: findings and coverage over a full journal, in a busy world and in an idle one.

Times are the processor's, and the best of several runs.

usage: bench_verdict.py [--times 9]
"""

from __future__ import annotations

import argparse
import gc
import time
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import orjson
from figures import figure

from mock_sma import Sandbox, load_scenario
from mock_sma.coverage import Tally
from mock_sma.findings import judge
from mock_sma.sandbox.exchange import Request
from mock_sma.sandbox.world.journal import MAX_ENTRIES

if TYPE_CHECKING:
    from collections.abc import Callable

NOW = "2025-06-15T12:00:00+02:00"
CLIENT = {"client_id": "demo_api", "client_secret": "demo_secret"}
FORM = {b"content-type": b"application/x-www-form-urlencoded"}
BASE = "/v1/plants/2100/measurements/sets"


def ask(world: Sandbox, path: str, bearer: str) -> None:
    path, _, query = path.partition("?")
    world.handle(Request("GET", path, query, {b"authorization": f"Bearer {bearer}".encode()}))


def access(world: Sandbox) -> str:
    form = urlencode({"grant_type": "client_credentials", **CLIENT}).encode()
    return str(orjson.loads(world.handle(Request("POST", "/oauth2/token", "", FORM, form)).body)["access_token"])


def careful() -> Sandbox:
    """Return a world whose journal is full of a client that polls as it should."""
    world = Sandbox(load_scenario("ennexos"), now=NOW, rate=0.0)
    while len(world.requests) < MAX_ENTRIES:
        bearer = access(world)
        for plant in ("2100", "2200"):
            ask(world, f"/v1/plants/{plant}/measurements/sets/EnergyBalance/Recent", bearer)
        world.clock.advance(seconds=300)
    return world


def careless() -> Sandbox:
    """Return a world whose journal is full of what most rules have something to say to."""
    world = Sandbox(load_scenario("ennexos"), now=NOW, rate=0.0)
    days = [f"{BASE}/EnergyBalance/Day?Date=2025-{month:02}-{day:02}" for month in range(1, 6) for day in range(1, 28)]
    paths = ["/v1/plants?Sort=1", f"{BASE}/EnergyBalance/Total", f"{BASE}/None/Recent", "/v1/plants/99", *days]
    while len(world.requests) < MAX_ENTRIES:
        bearer = access(world)
        for number, path in enumerate(paths):
            ask(world, path, bearer)
            world.clock.advance(seconds=4 if number % 90 else 300)
    return world


def best(work: Callable[[], object], times: int) -> float:
    """Return the shortest time of some work [ms]."""
    shortest = float("inf")
    for _ in range(times):
        gc.collect()
        begun = time.process_time()
        work()
        shortest = min(shortest, time.process_time() - begun)
    return shortest * 1e3


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=9)
    times = parser.parse_args().times
    for name, world in (("careful", careful()), ("careless", careless())):
        entries = list(world.requests)
        found = best(lambda entries=entries: judge(entries), times)  # type: ignore[misc]
        figure(f"findings over {len(entries):,} entries of a {name} client", found, "ms", goal="< 50")
        met = best(lambda entries=entries: Tally().look(entries), times)  # type: ignore[misc]
        figure(f"coverage of {len(entries):,} entries of a {name} client", met, "ms")
        print(f"{name}: {len(world.findings)} findings in {found:.1f} ms, coverage in {met:.1f} ms")


if __name__ == "__main__":
    main()

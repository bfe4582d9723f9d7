"""CPU time of a plain ``GET /v1/plants`` of a large portfolio, in process: token check, consents, body, journal.

usage: bench_plants.py [--count 2000]

Goals for 500 plants: at most 5 ms where nothing of it has been asked before (or the portfolio has changed), and at most
0.2 ms when it is asked again.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import time

import orjson
from figures import figure

from mock_sma import Sandbox
from mock_sma.sandbox.exchange import Reply, Request
from mock_sma.scenarios import parse_scenario

PLANTS = 500
NOW = "2025-06-15T12:00:00+02:00"
FORM = b"grant_type=client_credentials&client_id=demo_api&client_secret=demo_secret"
GOALS = {"cold": 5.0, "cached": 0.2}


def portfolio() -> Sandbox:
    """Return a world whose one owner of 500 plants has consented."""
    world = Sandbox(
        parse_scenario(
            f"""
generate: {{count: {PLANTS}, owners: 1, classic: 0.3, mix: {{household: 4, household-battery: 3, commercial-roof: 1}}}}
"""
        ),
        now=NOW,
    )
    for user in world.scenario.users:
        world.consents.accept(user.email, "demo_api")
    return world


def token(world: Sandbox) -> str:
    """Return a client token."""
    headers = {b"content-type": b"application/x-www-form-urlencoded"}
    text: str = orjson.loads(world.handle(Request("POST", "/oauth2/token", "", headers, FORM)).body)["access_token"]
    return text


def measured(samples: list[float]) -> str:
    """Return median and 99th percentile in words."""
    ordered = sorted(samples)
    return f"{statistics.median(ordered):8.3f} ms, p99 {ordered[int(len(ordered) * 0.99)]:8.3f} ms"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=2_000)
    count = parser.parse_args().count
    world = portfolio()
    request = Request("GET", "/v1/plants", "", {b"authorization": b"Bearer " + token(world).encode()})
    plants = list(world.estate.plants.values())

    def ask() -> tuple[Reply, float]:
        begun = time.process_time_ns()
        reply = world.handle(request)
        return reply, (time.process_time_ns() - begun) / 1e6

    reply, first = ask()
    assert (reply.status, reply.body.count(b'"plantId"')) == (200, PLANTS)
    gc.freeze()
    cold: list[float] = []
    for number in range(min(count, 200)):
        world.estate.put(plants[number % PLANTS])  # another version of the estate: nothing kept is of use
        cold.append(ask()[1])
    cached = [ask()[1] for _ in range(count)]
    print(f"GET /v1/plants, {PLANTS} plants, {len(reply.body):,} bytes; the very first {first:.3f} ms")
    for name, samples in (("cold", cold), ("cached", cached)):
        met = statistics.median(samples) <= GOALS[name]
        figure(f"/v1/plants of {PLANTS} plants, {name}", statistics.median(samples), "ms", goal=f"< {GOALS[name]:g}")
        print(f"{name:7} {measured(samples)}, goal {GOALS[name]} ms: {'met' if met else 'MISSED'}")


if __name__ == "__main__":
    main()

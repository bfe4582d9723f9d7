"""What a million requests leave behind: memory of a world before and after.

The start is after the first token and the first measurement, which load the libraries for signing and for numbers
(some 28 MB): they come once, however many requests there are.

python benchmarks/bench_memory.py [--requests 1000000]
"""

from __future__ import annotations

import argparse
import gc
import time

import psutil
from figures import figure

from mock_sma.sandbox.exchange import Request
from mock_sma.sandbox.sandbox import Sandbox
from mock_sma.scenarios import load_scenario

GOAL = 10.0
"""At most so much more than at the start [MiB]: the journal (8 MiB at most) and 5,000 sessions."""

WARM = 20_000
FORM = {b"content-type": b"application/x-www-form-urlencoded"}
CLIENT = b"grant_type=client_credentials&client_id=demo_api&client_secret=demo_secret"
PATHS = (
    "/monitoring/v1/plants",
    "/monitoring/v1/plants/13",
    "/monitoring/v1/plants/13/devices/lean",
    "/monitoring/v1/plants/24/measurements/sets/EnergyBalance/Day?Date=2025-06-14",
    "/monitoring/v1/devices/14/measurements/sets",
    "/monitoring/v1/plants/99",
    "/monitoring/v1/nowhere/{number}",
    "/monitoring/v1/plants?Filter={number}",
)


def memory() -> float:
    """Return this process's resident memory [MiB]."""
    gc.collect()
    return float(psutil.Process().memory_info().rss) / 2**20


def ask(world: Sandbox, first: int, count: int) -> None:
    """Ask ``count`` times: a mix of paths, some of which nobody has asked before, and a new token now and then."""
    bearer: dict[bytes, bytes] = {}
    for number in range(first, first + count):
        if number % 250 == 0:
            world.clock.advance(seconds=20)
            reply = world.handle(Request("POST", "/oauth2/token", "", FORM, CLIENT))
            bearer = {b"authorization": b"Bearer " + reply.body.split(b'"')[3]}
        path, _, query = PATHS[number % len(PATHS)].format(number=number).partition("?")
        world.handle(Request("GET", path, query, bearer))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=1_000_000)
    count = parser.parse_args().requests
    world = Sandbox(load_scenario("sandbox"), now="2025-06-15T12:00:00+02:00")
    world.consents.accept("apiTestUser@apiSandbox.com")
    ask(world, 0, len(PATHS))
    begun = memory()
    ask(world, 0, WARM)
    warm = memory()
    print(f"{'requests':>10}{'memory [MiB]':>14}{'more than at the start':>24}")
    print(f"{0:>10}{begun:>14.1f}{0.0:>24.1f}\n{WARM:>10}{warm:>14.1f}{warm - begun:>24.1f}")
    begin = time.perf_counter()
    for part in range(1, 11):
        ask(world, WARM + (part - 1) * count // 10, count // 10)
        now = memory()
        print(f"{part * count // 10:>10}{now:>14.1f}{now - begun:>24.1f}", flush=True)
    figure(f"in process, {count:,} requests: more than at the start", now - begun, "MB", goal=f"< {GOAL:g}")
    print(f"{count / (time.perf_counter() - begin):,.0f} requests per second")


if __name__ == "__main__":
    main()

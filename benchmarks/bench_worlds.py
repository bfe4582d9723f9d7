"""What worlds cost: making one, resetting one, finding a request's one.

python benchmarks/bench_worlds.py
"""

from __future__ import annotations

import gc
import statistics
import time
from typing import TYPE_CHECKING

import psutil
from figures import figure

from mock_sma.sandbox.exchange import Request
from mock_sma.sandbox.sandbox import Sandbox
from mock_sma.scenarios.cache import ScenarioCache
from mock_sma.scenarios.library import SHIPPED
from mock_sma.worlds.worlds import Worlds

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 200
MANY = 1_000
MAX_MEMORY = 300.0
"""Largest size of a world that was asked something [kB]."""

FORM = {b"content-type": b"application/x-www-form-urlencoded"}
LIMITS = {"create": 5.0, "reset": 1.0}
"""At most that many milliseconds."""


def milliseconds(job: Callable[[], object]) -> float:
    begin = time.perf_counter()
    job()
    return 1e3 * (time.perf_counter() - begin)


def used(world: Sandbox) -> None:
    """Leave traces of use in a world, so that a reset has something to throw away."""
    client = next(iter(world.clients.values()))
    form = f"grant_type=client_credentials&client_id={client.id}&client_secret={client.secret}".encode()
    kind = {b"content-type": b"application/x-www-form-urlencoded"}
    for _ in range(5):
        world.handle(Request("POST", "/oauth2/token", "", kind, form))
    for _ in range(50):
        world.handle(Request("GET", "/v1/plants"))


def measured(cache: ScenarioCache, name: str) -> tuple[list[float], list[float], float]:
    """Return times of making and of resetting [ms], and of finding a request's world [us]."""
    scenario = cache.load(name)
    worlds = Worlds(Sandbox(scenario), limit=ROUNDS)
    made = [milliseconds(lambda: worlds.create(cache.load(name), now="2025-06-15T12:00:00Z")) for _ in range(ROUNDS)]
    everyone = list(worlds)[1:]
    for world in everyone:
        used(world)
    reset = [milliseconds(world.reset) for world in everyone]
    request = Request("GET", "/oauth2/auth", f"client_id={next(iter(everyone[-1].clients))}")
    pick = 1e3 * statistics.median(milliseconds(lambda: worlds.pick(request)) for _ in range(ROUNDS))
    return made, reset, pick


def memory(cache: ScenarioCache) -> float:
    """Return what a world takes that was asked for its plants once, as the mean of many [kB]."""
    worlds = Worlds(Sandbox(cache.load("sandbox")), limit=MANY)

    def ask(world: Sandbox) -> None:
        client = next(iter(world.clients.values()))
        form = f"grant_type=client_credentials&client_id={client.id}&client_secret={client.secret}".encode()
        reply = worlds.handle(Request("POST", "/oauth2/token", "", FORM, form))
        bearer = {b"authorization": b"Bearer " + reply.body.split(b'"')[3]}
        assert worlds.handle(Request("GET", "/v1/plants", "", bearer)).status == 200

    def resident() -> float:
        gc.collect()
        return float(psutil.Process().memory_info().rss) / 1e3

    ask(worlds.create(cache.load("sandbox")))  # what is loaded and made once
    before = resident()
    for _ in range(MANY - 1):
        ask(worlds.create(cache.load("sandbox")))
    assert len(worlds) == MANY + 1
    return (resident() - before) / (MANY - 1)


def main() -> None:
    cache = ScenarioCache(SHIPPED)
    each = memory(cache)  # first: later worlds would live in what earlier ones have given back
    print(f"{'scenario':<32}{'create [ms]':>12}{'p99':>8}{'reset [ms]':>12}{'p99':>8}{'pick [us]':>11}")
    slowest = dict.fromkeys(LIMITS, 0.0)
    for name in SHIPPED.names():
        if not cache.load(name).clients:
            continue
        made, reset, pick = measured(cache, name)
        create_ms, reset_ms = statistics.median(made), statistics.median(reset)
        tails = [statistics.quantiles(values, n=100)[98] for values in (made, reset)]
        print(f"{name:<32}{create_ms:>12.3f}{tails[0]:>8.3f}{reset_ms:>12.3f}{tails[1]:>8.3f}{pick:>11.1f}")
        for what, value in (("create", create_ms), ("reset", reset_ms)):
            slowest[what] = max(slowest[what], value)
    for what, value in slowest.items():
        figure(f"{what} a world, of the slowest scenario", value, "ms", goal=f"< {LIMITS[what]:g}")
    print(f"{MANY} worlds: {each:.0f} kB each")
    figure(f"memory of each of {MANY:,} worlds", each, "kB", goal=f"< {MAX_MEMORY:g}")
    if any(value > LIMITS[what] for what, value in slowest.items()):
        raise SystemExit(f"too slow: {slowest}")


if __name__ == "__main__":
    main()

"""Measure how long scenarios take: ``python benchmarks/bench_scenarios.py``.

Each shipped scenario is loaded and checked, made into a world, dumped and reset; shown are the medians of a
number of rounds in one process, warm. Bounds: 50 ms to load, 300 ms for ``big-portfolio``.

Then ten thousand plants of three thousand owners, four fifths of whom have consented: CPU time of the load, the first
list and the next one, of the console's page of all plants and of the metrics, and the memory that the world takes.
"""

from __future__ import annotations

import asyncio
import sys
from statistics import median
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any

import httpx
import orjson
import psutil
from figures import figure

from mock_sma import Sandbox, load_scenario
from mock_sma.sandbox.exchange import Request
from mock_sma.scenarios import dump_scenario, shipped
from mock_sma.testing import asgi_app

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 7
BOUNDS = {"big-portfolio": 300.0}
BOUND = 50.0


def milliseconds(work: Callable[[], object]) -> float:
    """Return the median time of some work [ms]."""
    times = []
    for _ in range(ROUNDS):
        begin = perf_counter()
        work()
        times.append(1_000.0 * (perf_counter() - begin))
    return median(times)


MANY: dict[str, Any] = {
    "now": "2025-06-15T12:00:00+02:00",
    "generate": {
        "count": 10_000,
        "owners": 3_000,
        "classic": 0.3,
        "mix": {"household-battery-ev": 1, "pv-only": 1, "commercial-roof": 1},
        "sizes": [0.5, 3],
        "directions": 90,
        "countries": {"DE": 3, "AU": 1, "US": 1, "ES": 1},
        "commissioned": [2005, 2024],
        "status": {"ok": 8, "gap": 1, "fault": 1},
    },
    "consents": [{"email": "*", "share": 0.8}],
}
GOALS = {"load": 2_000.0, "first list": 1_500.0, "next list": 50.0, "next list with status": 50.0}
GOALS |= {"portfolio page": 1_000.0, "metrics": 50.0}
"""CPU time [ms]."""

PAGES = {"portfolio page": "/_mock/console/plants", "metrics": "/_mock/metrics"}

MEMORY = 200.0
"""What the world may take [MiB]."""

HOST = "http://127.0.0.1"
FORM = {b"content-type": b"application/x-www-form-urlencoded"}
CLIENT = b"grant_type=client_credentials&client_id=demo_api&client_secret=demo_secret"


def cpu(work: Callable[[], object]) -> float:
    """Return the CPU time of some work [ms]."""
    begin = process_time()
    work()
    return 1_000.0 * (process_time() - begin)


def many() -> list[str]:
    """Measure a portfolio of ten thousand plants; return what took longer than it may."""
    resident = psutil.Process().memory_info
    before = resident().rss
    loads = [cpu(lambda: load_scenario(MANY)) for _ in range(3)]
    world = Sandbox(load_scenario(MANY))
    token = orjson.loads(world.handle(Request("POST", "/oauth2/token", "", FORM, CLIENT)).body)["access_token"]
    bearer = {b"authorization": b"Bearer " + str(token).encode()}

    def lists(query: str = "") -> float:
        return cpu(lambda: world.handle(Request("GET", "/v1/plants", query, bearer)))

    first = lists()
    found = {"load": min(loads), "first list": first, "next list": lists()}
    lists("WithStatus=true")
    found["next list with status"] = lists("WithStatus=true")
    taken = (resident().rss - before) / 2**20
    found |= asyncio.run(pages(world))
    for name, value in found.items():
        figure(f"10,000 plants: {name}", value, "ms", goal=f"< {GOALS[name]:g}")
        print(f"10,000 plants: {name}: {value:.1f} ms, goal {GOALS[name]:g} ms")
    figure("10,000 plants: memory", taken, "MiB", goal=f"< {MEMORY:g}")
    print(f"10,000 plants: memory: {taken:.0f} MiB, goal {MEMORY:g} MiB")
    late = [f"{name} of 10,000 plants" for name, value in found.items() if value > GOALS[name]]
    return [*late, "too much memory of 10,000 plants"] if taken > MEMORY else late


async def pages(world: Sandbox) -> dict[str, float]:
    """Return the CPU time of the pages that show all plants, asked for again [ms]."""
    found = {}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(asgi_app(world)), base_url=HOST) as client:
        for name, path in PAGES.items():
            (await client.get(path)).raise_for_status()
            begin = process_time()
            (await client.get(path)).raise_for_status()
            found[name] = 1_000.0 * (process_time() - begin)
    return found


def main() -> int:
    """Print a table; 1 where a scenario takes longer to load than it may."""
    load_scenario("sandbox")
    late = []
    slowest = 0.0
    print("| scenario | plants | load [ms] | world [ms] | dump [ms] | reset [ms] |\n|---|---|---|---|---|---|")
    for name, _ in shipped():
        scenario = load_scenario(name)
        world = Sandbox(scenario)
        times = (
            milliseconds(lambda: load_scenario(name)),  # noqa: B023 - called before the next round
            milliseconds(lambda: Sandbox(scenario)),  # noqa: B023
            milliseconds(lambda: dump_scenario(scenario)),  # noqa: B023
            milliseconds(world.reset),
        )
        print(f"| {name} | {len(scenario.plants)} | " + " | ".join(f"{time:.1f}" for time in times) + " |")
        if name in BOUNDS:
            figure(f"load {name}", times[0], "ms", goal=f"< {BOUNDS[name]:g}")
        else:
            slowest = max(slowest, times[0])
        if times[0] > BOUNDS.get(name, BOUND):
            late.append(name)
    figure("load the slowest other scenario", slowest, "ms", goal=f"< {BOUND:g}")
    late += many()
    if late:
        print(f"too slow: {', '.join(late)}", file=sys.stderr)
    return 1 if late else 0


if __name__ == "__main__":
    sys.exit(main())

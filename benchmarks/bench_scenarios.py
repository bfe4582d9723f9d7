"""Measure how long scenarios take: ``python benchmarks/bench_scenarios.py``.

Each shipped scenario is loaded and checked, made into a world, dumped and reset; shown are the medians of a
number of rounds in one process, warm. Bounds: 50 ms to load, 300 ms for ``big-portfolio``.
"""

from __future__ import annotations

import sys
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

from figures import figure

from mock_sma import Sandbox, load_scenario
from mock_sma.scenario_file import dump_scenario, shipped

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
    if late:
        print(f"too slow: {', '.join(late)}", file=sys.stderr)
    return 1 if late else 0


if __name__ == "__main__":
    sys.exit(main())

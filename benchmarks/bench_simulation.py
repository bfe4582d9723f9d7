"""Times and memory of the simulation: one plant at five minutes (three inverters would not change much), many plants.

Run it with ``make bench`` or alone; ``--quick`` repeats less. Times are the processor's, and the best of several
runs: the work is done by one thread, so that on an idle machine they are what a clock on the wall shows, and on a
busy one what it would show. The first day is taken in a process of its own, after the imports.
"""

from __future__ import annotations

import argparse
import gc
import json
import subprocess
import sys
import time
import tracemalloc
from datetime import UTC, date, datetime
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING

from figures import figure

from mock_sma.domain.catalogue import ENERGY_BALANCE, POWER_AC, POWER_DC
from mock_sma.domain.device import Array, Battery, Device, DeviceKind
from mock_sma.domain.period import Period, Span
from mock_sma.domain.plant import Plant
from mock_sma.domain.scenario import DstFold
from mock_sma.sandbox.world.simulators import Simulators
from mock_sma.simulation.simulator import PlantSimulator
from mock_sma.simulation.visibility import Visibility

if TYPE_CHECKING:
    from collections.abc import Callable

    from mock_sma.domain.catalogue import MeasurementSet

SEEN = Visibility(int(datetime(2025, 12, 31, 22, tzinfo=UTC).timestamp()))
DAY = Span(Period.DAY, date(2025, 6, 2))
PACK = Battery(capacity=10_000.0, max_charge=5_000.0, max_discharge=5_000.0)


def device(number: int, kind: DeviceKind, **facts: object) -> Device:
    return Device(id=str(number), kind=kind, name="D", type="T", product="P", product_id=1, **facts)  # type: ignore[arg-type]


def plant(number: int = 100) -> Plant:
    """Return a house with two inverters of two roofs, a battery and a meter; twenty years old."""
    roofs = [(Array(peak_power=3_000.0, azimuth=a), Array(peak_power=2_500.0, azimuth=a + 180.0)) for a in (90.0, 80.0)]
    return Plant(
        id=str(number),
        name="House",
        commissioned=date(2006, 1, 1),
        devices=(
            device(number + 1, DeviceKind.SOLAR_INVERTER, generator_power=5_000.0, arrays=roofs[0]),
            device(number + 2, DeviceKind.SOLAR_INVERTER, generator_power=5_000.0, arrays=roofs[1]),
            device(number + 3, DeviceKind.BATTERY_INVERTER, battery=PACK),
            device(number + 4, DeviceKind.GRID_METER),
        ),
    )


HOUSE = plant()


def ask(
    simulator: PlantSimulator, span: Span, what: MeasurementSet = ENERGY_BALANCE, device_id: str | None = None
) -> None:
    simulator.table(what, span, device_id=device_id, seen=SEEN)


def best(make: Callable[[int], Callable[[], object]], times: int) -> float:
    """Return the shortest time of what ``make`` prepares, not counting the preparation [s]."""
    shortest = float("inf")
    for number in range(times):
        work = make(number)
        gc.collect()
        begun = time.process_time()
        work()
        shortest = min(shortest, time.process_time() - begun)
    return shortest


def cold(
    span: Span, what: MeasurementSet = ENERGY_BALANCE, device_id: str | None = None
) -> Callable[[int], Callable[[], object]]:
    """Return work for a simulator that has never been asked: its making counts."""
    return lambda seed: lambda: ask(PlantSimulator(HOUSE, seed), span, what, device_id)


FIRST = f"""
import json, sys, time
sys.path.insert(0, {str(Path(__file__).parent)!r})
from bench_simulation import DAY, HOUSE, PlantSimulator, ask
begun = time.process_time()
ask(PlantSimulator(HOUSE, 1), DAY)
print(json.dumps(time.process_time() - begun))
"""


def first_day(times: int) -> float:
    """Return the first day in a fresh process, imports not counted [s]."""
    runs = [
        subprocess.run([sys.executable, "-c", FIRST], capture_output=True, check=True, text=True) for _ in range(times)
    ]
    return min(float(json.loads(run.stdout)) for run in runs)


def cached() -> float:
    """Return a day that has been asked for before [s]."""
    simulator = PlantSimulator(HOUSE, 1)
    ask(simulator, DAY)

    def many() -> None:
        for _ in range(1_000):
            ask(simulator, DAY)

    return best(lambda _: many, 5) / 1_000


def memory() -> float:
    """Return what a plant keeps with twenty years and a day asked for [bytes]."""
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    simulator = PlantSimulator(HOUSE, 1)
    ask(simulator, Span(Period.TOTAL))
    ask(simulator, DAY)
    gc.collect()
    kept = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert simulator.size
    return kept


def fleet(count: int) -> tuple[float, float]:
    """Return time [s] and memory [bytes] per plant of a day asked of each of ``count`` plants, once.

    The time is the least one among the last tenth of the plants: a cost that grows with their number shows there, and
    the machine's other tenants can only add to it.
    """
    plants = [plant(1_000 + 10 * number) for number in range(count)]
    simulators = Simulators(1, DstFold.DUPLICATE, RLock())
    times = []
    for item in plants:
        begun = time.process_time()
        ask(simulators.of(item), DAY)
        times.append(time.process_time() - begun)
    gc.collect()
    tracemalloc.start()
    simulators = Simulators(1, DstFold.DUPLICATE, RLock())
    for item in plants[: min(count, 100)]:
        ask(simulators.of(item), DAY)
    kept = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return min(times[-max(1, count // 10) :]), kept / min(count, 100)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="repeat less")
    quick = parser.parse_known_args()[0].quick
    few, many = (2, 5) if quick else (5, 30)
    ask(PlantSimulator(HOUSE, 0), DAY)
    rows = [
        ("first Day in a process, without imports", first_day(2 * few) * 1e3, 15.0, "ms"),
        ("Day, cold", best(cold(DAY), many) * 1e3, 6.0, "ms"),
        ("Day, cached", cached() * 1e6, 20.0, "µs"),
        ("Day of PowerAc, cold", best(cold(DAY, POWER_AC, "101"), many) * 1e3, None, "ms"),
        ("Day of PowerDc, cold", best(cold(DAY, POWER_DC, "101"), many) * 1e3, None, "ms"),
        ("Week, cold", best(cold(Span(Period.WEEK, DAY.first)), many) * 1e3, None, "ms"),
        ("Month, cold", best(cold(Span(Period.MONTH, date(2025, 6, 1))), many) * 1e3, 20.0, "ms"),
        ("Year, cold", best(cold(Span(Period.YEAR, date(2025, 1, 1))), few * 2) * 1e3, 70.0, "ms"),
        ("Total over 20 years, cold", best(cold(Span(Period.TOTAL)), few) * 1e3, 1_200.0, "ms"),
        ("memory of a plant with 20 years and a day", memory() / 1e6, 2.0, "MB"),
    ]
    print("\nsimulation: one plant at 5 minutes, two inverters of two strings, battery, meter")
    for name, value, target, unit in rows:
        aim = "" if target is None else f"   at most {target:g} {unit}{'' if value <= target else '   MISSED'}"
        print(f"  {name:<44} {value:>9.2f} {unit}{aim}")
        figure(f"simulation: {name}", value, unit, goal="" if target is None else f"< {target:g}")
    print("\ncost per plant: a Day of each of so many plants, once")
    base: float | None = None
    for count in (1, 10, 100) if quick else (1, 10, 100, 1_000):
        runs = [fleet(count) for _ in range(5 if count < 100 else 1)]
        took, kept = min(run[0] for run in runs), runs[0][1]
        base = base or took
        if count > 1:
            figure(f"simulation: one plant's day / that of {count:,}, per plant", base / took, "ratio", goal=">= 0.8")
        print(
            f"  {count:>5} plants {took * 1e3:>9.2f} ms {kept / 1e3:>9.0f} kB each   {took / base:.2f} times one plant"
        )


if __name__ == "__main__":
    main()

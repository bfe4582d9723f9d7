"""Measure how long recorded rows take: ``python benchmarks/bench_data.py``.

A year of one-minute rows is read from a file, CSV and Parquet, and a day of it is asked for the first time in a new
world. Bounds: 2 s and 10 ms of CPU time.
"""

from __future__ import annotations

import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time

from figures import figure

from mock_sma import Sandbox, load_scenario
from mock_sma.domain.catalogue import ENERGY_AND_POWER_PV
from mock_sma.domain.period import Period, Span
from mock_sma.sandbox.wire.measurements import measurement_body

MINUTES = 366 * 1_440
LOAD, DAY = 2_000.0, 10.0
INVERTER = {"kind": "solar-inverter", "name": "Roof", "generator_power": 5000, "arrays": [{"peak_power": 6000}]}


def _load(file: Path) -> tuple[float, Sandbox]:
    begin = process_time()
    scenario = load_scenario({"plants": [{"id": "700", "name": "Mine", "devices": [INVERTER], "data": str(file)}]})
    taken = 1_000.0 * (process_time() - begin)
    return taken, Sandbox(scenario, now="2025-06-15T12:00:00+02:00")


def _parquet(file: Path) -> list[float]:
    """Return how long the same rows take as Parquet, with times as such [ms]; nothing without pyarrow."""
    try:
        from pyarrow import csv, parquet  # noqa: PLC0415 - not everybody has it
    except ImportError:
        return []
    parquet.write_table(csv.read_csv(file), file.with_suffix(".parquet"))
    return [_load(file.with_suffix(".parquet"))[0]]


def _day(world: Sandbox, day: date) -> float:
    plant = world.scenario.plants[0]
    seen = world.simulators.seen(plant, world.clock.time())
    begin = process_time()
    table = world.simulators.of(plant).table(ENERGY_AND_POWER_PV, Span(Period.DAY, day), seen=seen)
    measurement_body(plant, None, ENERGY_AND_POWER_PV, table, None)
    return 1_000.0 * (process_time() - begin)


def main() -> int:
    """Print the figures; 1 where one is over its bound."""
    loads, parquets, days = [], [], []
    with TemporaryDirectory() as folder:
        for number in range(3):
            file = Path(folder) / f"{number}.csv"  # another file each time: one that has not changed is not read again
            begin = datetime(2024, 1, 1)  # noqa: DTZ001 - local
            stamps = (begin + timedelta(minutes=place) for place in range(MINUTES))
            rows = [f"{stamp.isoformat()}+01:00,{place % 5_000}.25" for place, stamp in enumerate(stamps)]
            file.write_text("\n".join(["time,power", *rows]), encoding="utf-8")
            taken, world = _load(file)
            loads.append(taken)
            parquets += _parquet(file)
            days += [_day(world, date(2024, 6, day)) for day in range(1, 8)]
    figure("load a year of minutes", median(loads), "ms", goal=f"< {LOAD:g}")
    if parquets:
        figure("load a year of minutes, Parquet", median(parquets), "ms", goal=f"< {LOAD:g}")
    figure("a recorded day, cold", median(days), "ms", goal=f"< {DAY:g}")
    return int(max(map(median, filter(None, (loads, parquets)))) > LOAD or median(days) > DAY)


if __name__ == "__main__":
    sys.exit(main())

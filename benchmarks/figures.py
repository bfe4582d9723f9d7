"""Figures of the benchmarks: said once by each file, gathered into one table, held against the last recorded ones."""

from __future__ import annotations

import json
import os
from pathlib import Path

FILE = "MOCK_SMA_BENCH_FIGURES"
"""Environment variable that names the file ``run.py`` gathers figures from."""


def figure(name: str, value: float, unit: str, *, goal: str = "", ratio: bool = False) -> None:
    """Record a figure where the benchmark is part of a run of all; alone, it prints its own table.

    Args:
        name: the same in every run.
        goal: such as ``< 90`` or ``>= 0.6``; the table says whether it is met.
        ratio: whether it compares two things of one run, so that the machine's speed cancels out; only such a
            figure is held against the last recorded one. More is better.
    """
    file = os.environ.get(FILE)
    if file is None:
        return
    line = {"name": name, "value": round(value, 4), "unit": unit, "goal": goal, "ratio": ratio}
    with Path(file).open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(line) + "\n")

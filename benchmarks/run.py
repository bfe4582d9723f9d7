"""Run all benchmarks, end with one table, and hold the ratios against the recorded ones.

usage: run.py [--quick] [--record] [--check] [--only NAME …]

--quick   fewer requests, and only the files whose ratios are held: what .ci/run does
--record  append the figures to history.jsonl
--check   exit status 1 where a ratio is more than 20 % below the median of the last five recorded ones
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from figures import FILE

HERE = Path(__file__).parent
HISTORY = HERE / "history.jsonl"
LOSS = 0.2
"""Part of a ratio whose loss is a regression."""

LAST = 5
"""Records whose median a ratio is held against: a single one has the luck of its minute."""

TRIES = 5
"""Runs of a file in the quick mode at most; a ratio is the median of all of them."""

QUICK = {"bench_server.py": ["--requests", "9000", "--memory", "0"]}
"""Files of the quick mode, with their options."""


def main() -> int:
    """Run, show, record and check."""
    options = arguments()
    mode = "quick" if options.quick else "full"
    files = wanted(quick=options.quick, only=options.only)
    found, failed = gather(files, quick=options.quick)
    last = recorded(mode)
    if options.check:
        for _ in range(TRIES - 1):
            if not any(regressed(figure, last) for figure in found.values()):
                break
            again, _ = gather(files, quick=options.quick)
            for name, figure in again.items():
                found[name]["values"] += figure["values"]
    show(found, last)
    if options.record:
        record(found, mode)
    worse = [name for name, figure in found.items() if regressed(figure, last)]
    complaints = [f"regression: {name} is {value_of(found[name]):.3f}, was {last[name]:.3f}" for name in worse]
    print("\n".join([*complaints, *(f"failed: {name}" for name in failed)]), file=sys.stderr)
    return 1 if failed or (options.check and worse) else 0


def arguments() -> argparse.Namespace:
    """Return what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for option in ("--quick", "--record", "--check"):
        parser.add_argument(option, action="store_true")
    parser.add_argument("--only", nargs="*", default=[], help="names of files, without bench_ and .py")
    return parser.parse_args()


def wanted(*, quick: bool, only: list[str]) -> list[Path]:
    """Return the files to run."""
    files = [file for file in sorted(HERE.glob("bench_*.py")) if not quick or file.name in QUICK]
    return [file for file in files if not only or file.stem.removeprefix("bench_") in only]


def gather(files: list[Path], *, quick: bool) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """Run the files; return their figures by name, and the files that failed."""
    failed = []
    with tempfile.NamedTemporaryFile("r", suffix=".jsonl") as stream:
        for file in files:
            print(f"\n== {file.name}", flush=True)
            command = [sys.executable, str(file), *(QUICK[file.name] if quick else [])]
            if subprocess.run(command, check=False, env=os.environ | {FILE: stream.name}).returncode:
                failed.append(file.name)
        figures = [json.loads(line) for line in stream]
    return {figure["name"]: figure | {"values": [figure["value"]]} for figure in figures}, failed


def value_of(figure: dict[str, Any]) -> float:
    """Return the median of a figure's values."""
    return float(statistics.median(figure["values"]))


def recorded(mode: str) -> dict[str, float]:
    """Return the ratios of a mode as last recorded: the median of the last few records."""
    if not HISTORY.exists():
        return {}
    lines = [json.loads(line) for line in HISTORY.read_text(encoding="utf-8").splitlines()]
    ratios: dict[str, list[float]] = {}
    for line in lines:
        for figure in line["figures"]:
            if line["mode"] == mode and figure["ratio"]:
                ratios.setdefault(figure["name"], []).append(figure["value"])
    return {name: statistics.median(values[-LAST:]) for name, values in ratios.items()}


def regressed(figure: dict[str, Any], last: dict[str, float]) -> bool:
    """Tell whether a ratio has lost more than it may."""
    return figure["ratio"] and value_of(figure) < (1.0 - LOSS) * last.get(figure["name"], 0.0)


def met(figure: dict[str, Any]) -> str:
    """Return whether a figure's goal is met, in a word."""
    if not figure["goal"]:
        return ""
    sign, limit = figure["goal"].split()
    fine = value_of(figure) < float(limit) if sign == "<" else value_of(figure) >= float(limit)
    return "met" if fine else "MISSED"


def show(figures: dict[str, dict[str, Any]], last: dict[str, float]) -> None:
    """Print the table."""
    print(f"\n{'figure':58}{'value':>12} {'unit':8}{'last':>10}  goal")
    for name, figure in figures.items():
        before = f"{last[name]:.3f}" if name in last else ""
        print(
            f"{name:58}{value_of(figure):12.3f} {figure['unit']:8}{before:>10}  {figure['goal']} {met(figure)}".rstrip()
        )


def record(figures: dict[str, dict[str, Any]], mode: str) -> None:
    """Append the figures to the history."""
    kept = [
        {"name": name, "value": round(value_of(figure), 4), "unit": figure["unit"], "ratio": figure["ratio"]}
        for name, figure in figures.items()
    ]
    line = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "mode": mode,
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "figures": kept,
    }
    with HISTORY.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    sys.exit(main())

"""What a state file costs: CPU time of requests with and without one, by turns, and the time of save and restore.

usage: bench_state.py [--requests 4000]
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from bench_server import DAY, FORM, SMA, call, load, prepare, raw, serving
from figures import figure

from mock_sma import Sandbox, load_scenario

ROUNDS = 5
NOW = "2025-06-15T12:00:00+02:00"


def against(requests: int) -> None:
    """Measure the same requests to a server with a state file, and to one without."""
    with tempfile.TemporaryDirectory() as folder:
        kept = [*SMA, "--state", str(Path(folder) / "a.sqlite")]
        with serving(SMA) as without, serving(kept) as with_state:
            rows: dict[str, dict[str, list[dict[str, float]]]] = {}
            cases = {}
            for name, (url, process, _) in {"without": without, "with": with_state}.items():
                call(url, "GET", "/_mock/ready")
                token = prepare(url)[0]
                cases[name] = {"Day": raw("GET", DAY, token=token), "token": raw("POST", "/oauth2/token", FORM)}
                load(url, process, cases[name]["Day"], 400)
            for _ in range(ROUNDS):
                for name, (url, process, _) in {"without": without, "with": with_state}.items():
                    for kind, request in cases[name].items():
                        count = requests // (1 if kind == "Day" else 8) // ROUNDS
                        rows.setdefault(kind, {}).setdefault(name, []).append(load(url, process, request, count))
    for kind, goal in (("Day", ">= 0.8"), ("token", "")):
        cpu = {name: min(row["cpu_us"] for row in found) for name, found in rows[kind].items()}
        rate = {name: statistics.median(row["per_s"] for row in found) for name, found in rows[kind].items()}
        ratio = cpu["without"] / cpu["with"]
        print(
            f"{kind:8}{rate['without']:9.0f}/s without {rate['with']:9.0f}/s with "
            f"{cpu['without']:9.1f} µs {cpu['with']:9.1f} µs   ratio {ratio:.2f}"
        )
        figure(f"{kind} with a state file / without", ratio, "ratio", goal=goal, ratio=True)
        figure(f"{kind} with a state file, requests per second", rate["with"], "1/s")


def restoring() -> None:
    """Measure a save point and going back to it."""
    world = Sandbox(load_scenario("sandbox"), now=NOW)
    times: dict[str, list[float]] = {"save": [], "restore": []}
    for _ in range(50):
        begun = time.process_time()
        point = world.save()
        saved = time.process_time()
        world.restore(point)
        times["save"].append(saved - begun)
        times["restore"].append(time.process_time() - saved)
    for name, found in times.items():
        milliseconds = statistics.median(found) * 1e3
        print(f"{name:8}{milliseconds:9.2f} ms")
        figure(f"{name} a world", milliseconds, "ms", goal="< 5")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=4_000)
    against(parser.parse_args().requests)
    restoring()


if __name__ == "__main__":
    main()

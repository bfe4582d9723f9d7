"""What a state file costs: CPU time of requests with and without one, by turns, and the time of save and restore.

usage: bench_state.py [--requests 4000]
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bench_server import DAY, FORM, SMA, call, load, prepare, raw, serving
from figures import figure

from mock_sma import Sandbox, load_scenario
from mock_sma.sandbox.exchange import Request

if TYPE_CHECKING:
    from collections.abc import Iterator

ROUNDS = 5
NOW = "2025-06-15T12:00:00+02:00"


@contextmanager
def store(folder: Path) -> Iterator[list[str]]:
    """Run a store for servers that share a state; gives the options for one of them, none where there is no store."""
    program = shutil.which("valkey-server") or shutil.which("redis-server")
    if program is None:
        yield []
        return
    path = folder / "store.sock"
    command = [program, "--port", "0", "--unixsocket", str(path), "--save", "", "--dir", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        while not path.exists():
            time.sleep(0.01)
        try:
            yield ["--state", f"unix://{path}"]
        finally:
            process.kill()


def against(requests: int) -> None:
    """Measure the same requests to a server with a state file, to one that shares its state, and to one without."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        kept = ["--state", str(Path(folder) / "a.sqlite")]
        options = {"without": [], "a state file": kept, "a shared state": stack.enter_context(store(Path(folder)))}
        servers = {
            name: stack.enter_context(serving([*SMA, *more]))[:2]
            for name, more in options.items()
            if more or name == "without"
        }
        rows: dict[str, dict[str, list[dict[str, float]]]] = {}
        cases = {}
        for name, (url, process) in servers.items():
            call(url, "GET", "/_mock/ready")
            token = prepare(url)[0]
            cases[name] = {"Day": raw("GET", DAY, token=token), "token": raw("POST", "/oauth2/token", FORM)}
            load(url, process, cases[name]["Day"], 400)
        for _ in range(ROUNDS):
            for name, (url, process) in servers.items():
                for kind, request in cases[name].items():
                    count = requests // (1 if kind == "Day" else 2) // ROUNDS
                    rows.setdefault(kind, {}).setdefault(name, []).append(load(url, process, request, count))
    for kind, goal in (("Day", ">= 0.8"), ("token", "")):
        cpu = {name: min(row["cpu_us"] for row in found) for name, found in rows[kind].items()}
        rate = {name: statistics.median(row["per_s"] for row in found) for name, found in rows[kind].items()}
        for name in list(servers)[1:]:
            ratio = cpu["without"] / cpu[name]
            print(
                f"{kind:8}{rate['without']:9.0f}/s without {rate[name]:9.0f}/s with {name} "
                f"{cpu['without']:9.1f} µs {cpu[name]:9.1f} µs   ratio {ratio:.2f}"
            )
            figure(f"{kind} with {name} / without", ratio, "ratio", goal=goal, ratio=True)
            figure(f"{kind} with {name}, requests per second", rate[name], "1/s")


HEADERS = {b"content-type": b"application/x-www-form-urlencoded"}
SESSIONS = (0, 200, 2_000)
"""Sessions of worlds that are saved."""


def restoring(sessions: int) -> None:
    """Measure a save point of a world with so many sessions, and going back to it."""
    world = Sandbox(load_scenario("sandbox"), now=NOW)
    for _ in range(sessions):
        world.handle(Request("POST", "/oauth2/token", "", HEADERS, FORM.encode()))
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
        print(f"{name:8}{milliseconds:9.2f} ms with {sessions} sessions")
        more = f" with {sessions:,} sessions" if sessions else ""
        figure(f"{name} a world{more}", milliseconds, "ms", goal="< 5")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=4_000)
    against(parser.parse_args().requests)
    for sessions in SESSIONS:
        restoring(sessions)


if __name__ == "__main__":
    main()

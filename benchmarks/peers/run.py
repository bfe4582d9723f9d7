"""mock-sma beside general mock servers that send the same bytes statically: WireMock, MockServer, Prism, Mockoon.

Each is pinned to one core and loaded from the other with an authenticated Day EnergyBalance and the list of plants, in
turn, several times. mock-sma checks the token, works the answer out and keeps a journal; the others send a file. Needs
Java and, in this folder, ``npm install --ignore-scripts``.

usage: run.py [--requests 10000]
"""

from __future__ import annotations

import argparse
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from mock_sma import __version__

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from bench_server import DAY, PLANTS, SMA, call, load, prepare, raw, serving  # noqa: E402 - found by the line above
from servers import PEERS, version  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

ROUNDS = 3
START = 60.0
"""Longest time for a server to begin to answer [s]."""


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as sock:
        return int(sock.getsockname()[1])


@contextmanager
def running(command: list[str], port: int, folder: Path) -> Iterator[tuple[str, psutil.Process]]:
    """Run a server on the first core until the block ends."""
    log = tempfile.TemporaryFile()  # noqa: SIM115 - closed below
    process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, cwd=folder)
    try:
        os.sched_setaffinity(process.pid, {0})
        url = f"http://127.0.0.1:{port}"
        wait(url, process, log)
        # Threads that were begun before the line above are on the first core, too.
        for task in Path(f"/proc/{process.pid}/task").iterdir():
            os.sched_setaffinity(int(task.name), {0})
        yield url, psutil.Process(process.pid)
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
        log.close()


def wait(url: str, process: subprocess.Popen[bytes], log: object) -> None:
    """Wait until a server answers the day."""
    until = time.monotonic() + START
    while True:
        try:
            urllib.request.urlopen(url + DAY, timeout=10).read()
        except (OSError, urllib.error.URLError):
            if process.poll() is not None or time.monotonic() > until:
                log.seek(0)  # type: ignore[attr-defined]
                raise SystemExit(f"{process.args} did not begin: {log.read()[-2000:]}") from None  # type: ignore[attr-defined]
            time.sleep(0.2)
        else:
            return


def main() -> None:
    """Measure all by turns and print a table for each answer."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--requests", type=int, default=10_000)
    count = parser.parse_args().requests // ROUNDS
    os.sched_setaffinity(0, {1})
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url, own, _ = stack.enter_context(serving(SMA))
        token, _, day = prepare(url)
        bodies = {DAY: day, PLANTS: call(url, "GET", PLANTS, Authorization=f"Bearer {token}")}
        answers = {target.partition("?")[0]: body.decode() for target, body in bodies.items()}
        servers = {"mock-sma": (url, own)}
        for name, (command, _) in PEERS.items():
            place, port = folder / name, free_port()
            place.mkdir()
            servers[name] = stack.enter_context(running(command(place, port, answers), port, place))
        print(f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, one for the server")
        for target, body in bodies.items():
            compare(servers, target, raw("GET", target, token=token), body, count)


def compare(
    servers: dict[str, tuple[str, psutil.Process]], target: str, request: bytes, body: bytes, count: int
) -> None:
    """Load the servers with one request by turns, and print the medians."""
    rows: dict[str, list[dict[str, float]]] = {}
    for server in servers.values():
        load(*server, request, 2_000)
    for _ in range(ROUNDS):
        for name, server in servers.items():
            rows.setdefault(name, []).append(load(*server, request, count))
    print(f"\n{target}, {len(body):,} bytes\n")
    print("| server | version | requests per second | p50 [ms] | p99 [ms] | CPU per request [µs] | memory [MB] |")
    print("|---|---|---|---|---|---|---|")
    for name, runs in rows.items():
        figures = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
        which = __version__ if name not in PEERS else version(PEERS[name][1])
        memory = servers[name][1].memory_info().rss / 2**20
        print(
            f"| {name} | {which} | {figures['per_s']:.0f} | {figures['p50_ms']:.2f} | {figures['p99_ms']:.2f} "
            f"| {figures['cpu_us']:.0f} | {memory:.0f} |"
        )


if __name__ == "__main__":
    main()

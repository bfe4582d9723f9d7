"""Requests per second, latency, start-up and memory of the server, against bare servers in the same run.

Every server is pinned to one core and loaded from the other, in turn. The figure that counts is the server's own
CPU time per request, since the load generator and the machine's other tenants do not disturb it.

usage: bench_server.py [--requests 20000] [--memory 1000000]
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import psutil
from figures import figure

if TYPE_CHECKING:
    from collections.abc import Iterator

CONNECTIONS = 8
FORM = "grant_type=client_credentials&client_id=demo_api&client_secret=demo_secret"
DAY = "/monitoring/v1/plants/13/measurements/sets/EnergyBalance/Day?Date=2025-06-14"
PLANTS = "/monitoring/v1/plants"
MIB = 2**20
ROUNDS = 9
NOW = "2025-06-15T12:00:00+02:00"
SMA = [sys.executable, "-m", "mock_sma", "serve", "--port", "0", "--json", "--now", NOW, "--rate", "0"]
IMPORTS = [sys.executable, "-c", "import fastapi, uvicorn"]
BARE = [sys.executable, str(Path(__file__).with_name("bare.py"))]


@contextmanager
def serving(command: list[str]) -> Iterator[tuple[str, psutil.Process, float]]:
    """Start a server on the first core; give its URL, its process and the time to its ready line [s]."""
    begun = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = json.loads(process.stdout.readline())["url"]
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(process.pid, {0})
        try:
            yield url, psutil.Process(process.pid), time.perf_counter() - begun
        finally:
            process.terminate()


def call(url: str, method: str, target: str, body: str = "", **headers: str) -> bytes:
    """Send one request and return the body of its answer."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    connection.request(method, target, body, headers)
    response = connection.getresponse()
    data = response.read()
    assert response.status < 300, (response.status, data)
    connection.close()
    return data


def prepare(url: str) -> tuple[str, bytes, bytes]:
    """Get a token and a consent; return the token, and one answer of each kind."""
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    token_body = call(url, "POST", "/oauth2/token", FORM, **form)
    token = json.loads(token_body)["access_token"]
    call(url, "POST", "/_mock/consents/apiTestUser@apiSandbox.com/accept", "{}", **{"Content-Type": "application/json"})
    return token, token_body, call(url, "GET", DAY, Authorization=f"Bearer {token}")


def cold(command: list[str]) -> float:
    """Return the CPU time of a process until its end, or until it has given its first token [s]."""
    if command is IMPORTS:
        with subprocess.Popen(command) as process:
            _, _, used = os.wait4(process.pid, 0)
            process.returncode = 0
        return used.ru_utime + used.ru_stime
    with serving(command) as (url, process, _):
        call(url, "POST", "/oauth2/token", FORM, **{"Content-Type": "application/x-www-form-urlencoded"})
        return cpu_seconds(process)


def raw(method: str, target: str, body: str = "", token: str = "") -> bytes:
    """Return a request as bytes."""
    lines = [f"{method} {target} HTTP/1.1", "Host: localhost", "User-Agent: bench"]
    if token:
        lines.append(f"Authorization: Bearer {token}")
    if body:
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


async def _connection(port: int, request: bytes, count: int, times: list[float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)
    clock = time.perf_counter
    for _ in range(count):
        begun = clock()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith((b"HTTP/1.1 200", b"HTTP/1.1 201")), head
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
        times.append(clock() - begun)
    writer.close()


def cpu_seconds(process: psutil.Process) -> float:
    """Return the CPU time of a process [s]: to the nanosecond where the system tells, else to its tick of 10 ms."""
    try:
        tasks = list(Path(f"/proc/{process.pid}/task").iterdir())
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9
    except OSError:
        times = process.cpu_times()
        return float(times.user + times.system)


def load(url: str, process: psutil.Process, request: bytes, count: int) -> dict[str, float]:
    """Send ``count`` requests over a few connections; return rate, latencies [ms], CPU per request [µs]."""
    port = urlsplit(url).port or 80
    times: list[float] = []

    async def all_connections() -> None:
        await asyncio.gather(*(_connection(port, request, count // CONNECTIONS, times) for _ in range(CONNECTIONS)))

    before, begun = cpu_seconds(process), time.perf_counter()
    asyncio.run(all_connections())
    wall, cpu = time.perf_counter() - begun, (cpu_seconds(process) - before) / len(times)
    times.sort()
    return {
        "per_s": len(times) / wall,
        "p50_ms": times[len(times) // 2] * 1e3,
        "p99_ms": times[len(times) * 99 // 100] * 1e3,
        "cpu_us": cpu * 1e6,
    }


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--memory", type=int, default=1_000_000, help="requests between two looks at the memory")
    options = parser.parse_args()
    if hasattr(os, "sched_setaffinity") and (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(0, {1})
    starts, costs = [], []
    for _ in range(5):
        with serving(SMA) as (_, process, took):
            starts.append(took)
            costs.append(cpu_seconds(process))
    print(f"start to ready line, best of {len(starts)}: {min(starts):.2f} s, of which CPU {min(costs):.2f} s")
    figure("start to ready line, CPU", min(costs), "s", goal="< 0.7")
    figure("start to ready line, best of five", min(starts), "s", goal="< 0.7")
    bare, first = min(cold(IMPORTS) for _ in "12345"), min(cold(SMA) for _ in "12345")
    print(f"start to first token: CPU {first:.2f} s; to import FastAPI and uvicorn alone {bare:.2f} s")
    figure("start to first token, CPU", first, "s", goal="< 0.25")
    figure("import of FastAPI and uvicorn / start to first token, CPU", bare / first, "ratio", ratio=True)
    with tempfile.TemporaryDirectory() as folder, serving(SMA) as (url, process, _):
        call(url, "GET", "/_mock/ready")
        time.sleep(1.0)  # by now all is loaded: what signs tokens, the control API, NumPy
        rss = process.memory_info().rss / MIB
        print(f"memory after start {rss:.1f} MB")
        figure("memory after start", rss, "MB", goal="< 90")
        token, token_body, day_body = prepare(url)
        plants_body = call(url, "GET", PLANTS, Authorization=f"Bearer {token}")
        cases = {
            "Day EnergyBalance": (raw("GET", DAY, token=token), "GET", day_body, ">= 0.85"),
            "/v1/plants": (raw("GET", PLANTS, token=token), "GET", plants_body, ">= 0.85"),
            "token": (raw("POST", "/oauth2/token", FORM), "POST", token_body, ""),
        }
        print(f"{'':34}{'1/s':>9}{'p50 ms':>9}{'p99 ms':>9}{'CPU us':>9}{'ratio':>8}")
        for name, (request, method, body, goal) in cases.items():
            file = Path(folder) / "body"
            file.write_bytes(body)
            rows = in_turn(url, process, request, options.requests, [*BARE, "{kind}", str(file), method])
            for kind, row in rows.items():
                print(
                    f"{name + ' ' + kind:34}{row['per_s']:9.0f}{row['p50_ms']:9.2f}{row['p99_ms']:9.2f}"
                    f"{row['cpu_us']:9.1f}{rows['asgi']['cpu_us'] / row['cpu_us']:8.2f}"
                )
            own = rows["mock-sma"]
            figure(f"{name}, requests per second", own["per_s"], "1/s")
            figure(f"{name} / bare ASGI", rows["asgi"]["cpu_us"] / own["cpu_us"], "ratio", goal=goal, ratio=True)
        if options.memory:
            load(url, process, cases["Day EnergyBalance"][0], options.memory)
            after = process.memory_info().rss / MIB
            print(f"memory after {options.memory} requests {after:.1f} MB")
            figure(f"memory after {options.memory:,} requests", after, "MB", goal="< 130")
            figure("the same: more than after the start", after - rss, "MB", goal="< 10")
        begun = time.perf_counter()
        process.terminate()
        process.wait()
        ended = time.perf_counter() - begun
        print(f"SIGTERM to end {ended:.2f} s")
        figure("SIGTERM to end", ended, "s", goal="< 1")
    print("ratio: requests per second of CPU, against the bare ASGI application")


def in_turn(
    url: str, process: psutil.Process, request: bytes, count: int, bare: list[str]
) -> dict[str, dict[str, float]]:
    """Load mock-sma and the bare servers by turns, several times; return the medians of each, and the least CPU time.

    By turns, since the machine is now faster and now slower: each server has its share of both. The least CPU time,
    since the machine's other tenants can only add to it: the ratio of the least ones is the steadiest figure there is.
    """
    rounds: dict[str, list[dict[str, float]]] = {"mock-sma": [], "asgi": [], "starlette": []}
    commands = {kind: [part.format(kind=kind) for part in bare] for kind in ("asgi", "starlette")}
    with serving(commands["asgi"]) as asgi, serving(commands["starlette"]) as starlette:
        servers = {"mock-sma": (url, process), "asgi": asgi[:2], "starlette": starlette[:2]}
        for server in servers.values():
            load(*server, request, 800)
        for _ in range(ROUNDS):
            for kind, server in servers.items():
                rounds[kind].append(load(*server, request, count // ROUNDS))
    return {
        kind: {name: (min if name == "cpu_us" else statistics.median)(row[name] for row in rows) for name in rows[0]}
        for kind, rows in rounds.items()
    }


if __name__ == "__main__":
    main()

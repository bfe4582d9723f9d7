"""mock-sma beside general mock servers that send the same bytes statically: WireMock, MockServer, Prism, Mockoon.

Each is pinned to one core and loaded from the other with an authenticated Day EnergyBalance, in turn, several times.
mock-sma checks the token, works the answer out and keeps a journal; the others send a file. Needs Java and, in this
folder, ``npm install --ignore-scripts``.

usage: run.py [--requests 10000]
"""

from __future__ import annotations

import argparse
import json
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

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from bench_server import DAY, SMA, load, prepare, raw, serving  # noqa: E402 - found by the line above

if TYPE_CHECKING:
    from collections.abc import Iterator

MODULES = HERE / "node_modules"
PATH = DAY.partition("?")[0]
ROUNDS = 3
START = 60.0
"""Longest time for a server to begin to answer [s]."""


def version(package: str) -> str:
    """Return the version of an npm package."""
    return str(json.loads((MODULES / package / "package.json").read_text(encoding="utf-8"))["version"])


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as sock:
        return int(sock.getsockname()[1])


def wiremock(folder: Path, port: int, body: str) -> list[str]:
    """Return the command of WireMock with one stub."""
    (folder / "mappings").mkdir()
    (folder / "__files").mkdir()
    (folder / "__files" / "day.json").write_text(body, encoding="utf-8")
    stub = {
        "request": {"method": "GET", "urlPath": PATH},
        "response": {"status": 200, "bodyFileName": "day.json", "headers": {"Content-Type": "application/json"}},
    }
    (folder / "mappings" / "day.json").write_text(json.dumps(stub), encoding="utf-8")
    (jar,) = MODULES.glob("wiremock/build/wiremock-standalone-*.jar")
    options = ["--port", str(port), "--bind-address", "127.0.0.1", "--root-dir", str(folder)]
    return [
        "java",
        "-jar",
        str(jar),
        *options,
        "--no-request-journal",
        "--disable-banner",
        "--use-chunked-encoding",
        "never",
    ]


def mockserver(folder: Path, port: int, body: str) -> list[str]:
    """Return the command of MockServer with one expectation."""
    expectation = {
        "httpRequest": {"method": "GET", "path": PATH},
        "httpResponse": {"statusCode": 200, "body": {"type": "JSON", "json": body}},
    }
    (folder / "expectations.json").write_text(json.dumps([expectation]), encoding="utf-8")
    (jar,) = MODULES.glob("mockserver-node/mockserver-netty-*.jar")
    options = [f"-Dmockserver.initializationJsonPath={folder / 'expectations.json'}", "-Dmockserver.logLevel=WARN"]
    return ["java", *options, "-jar", str(jar), "-serverPort", str(port)]


def prism(folder: Path, port: int, body: str) -> list[str]:
    """Return the command of Prism with an OpenAPI document whose example is the body."""
    content = {"application/json": {"example": json.loads(body)}}
    operation = {"responses": {"200": {"description": "a day", "content": content}}}
    document = {"openapi": "3.0.3", "info": {"title": "day", "version": "1"}, "paths": {PATH: {"get": operation}}}
    (folder / "openapi.json").write_text(json.dumps(document), encoding="utf-8")
    program = str(MODULES / ".bin" / "prism")
    return [program, "mock", "--host", "127.0.0.1", "--port", str(port), str(folder / "openapi.json")]


def mockoon(folder: Path, port: int, body: str) -> list[str]:
    """Return the command of Mockoon with one route."""
    response = {
        "uuid": "11111111-1111-4111-8111-111111111111",
        "body": body,
        "latency": 0,
        "statusCode": 200,
        "label": "",
        "headers": [{"key": "Content-Type", "value": "application/json"}],
        "bodyType": "INLINE",
        "filePath": "",
        "databucketID": "",
        "sendFileAsBody": False,
        "rules": [],
        "rulesOperator": "OR",
        "disableTemplating": True,
        "fallbackTo404": False,
        "default": True,
        "crudKey": "id",
        "callbacks": [],
    }
    route = {
        "uuid": "22222222-2222-4222-8222-222222222222",
        "type": "http",
        "documentation": "",
        "method": "get",
        "endpoint": PATH.lstrip("/"),
        "responses": [response],
        "responseMode": None,
    }
    environment = {
        "uuid": "33333333-3333-4333-8333-333333333333",
        "lastMigration": 33,
        "name": "day",
        "port": port,
        "hostname": "127.0.0.1",
        "endpointPrefix": "",
        "latency": 0,
        "folders": [],
        "routes": [route],
        "rootChildren": [{"type": "route", "uuid": route["uuid"]}],
        "proxyMode": False,
        "proxyHost": "",
        "proxyRemovePrefix": False,
        "cors": False,
        "headers": [],
        "proxyReqHeaders": [],
        "proxyResHeaders": [],
        "data": [],
        "callbacks": [],
    }
    (folder / "mockoon.json").write_text(json.dumps(environment), encoding="utf-8")
    program = str(MODULES / ".bin" / "mockoon-cli")
    options = ["--data", str(folder / "mockoon.json"), "--port", str(port), "--hostname", "127.0.0.1"]
    return [program, "start", *options, "--disable-log-to-file", "--disable-admin-api", "--repair"]


PEERS = {
    "WireMock": (wiremock, "wiremock"),
    "MockServer": (mockserver, "mockserver-node"),
    "Prism": (prism, "@stoplight/prism-cli"),
    "Mockoon": (mockoon, "@mockoon/cli"),
}
"""Name, command and npm package of each."""


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
    """Measure all by turns and print a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--requests", type=int, default=10_000)
    count = parser.parse_args().requests // ROUNDS
    os.sched_setaffinity(0, {1})
    rows: dict[str, list[dict[str, float]]] = {}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url, own, _ = stack.enter_context(serving(SMA))
        token, _, body = prepare(url)
        servers = {"mock-sma": (url, own)}
        for name, (command, _) in PEERS.items():
            place, port = folder / name, free_port()
            place.mkdir()
            servers[name] = stack.enter_context(running(command(place, port, body.decode()), port, place))
        request = raw("GET", DAY, token=token)
        for server in servers.values():
            load(*server, request, 2_000)
        for _ in range(ROUNDS):
            for name, server in servers.items():
                rows.setdefault(name, []).append(load(*server, request, count))
        memory = {name: process.memory_info().rss / 2**20 for name, (_, process) in servers.items()}
    print(f"{datetime.now(UTC):%Y-%m-%d}, {len(body):,} bytes, {os.cpu_count()} cores, one for the server")
    print("| server | version | requests per second | p50 [ms] | p99 [ms] | CPU per request [µs] | memory [MB] |")
    print("|---|---|---|---|---|---|---|")
    for name, runs in rows.items():
        figures = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
        which = "this one" if name not in PEERS else version(PEERS[name][1])
        print(
            f"| {name} | {which} | {figures['per_s']:.0f} | {figures['p50_ms']:.2f} | {figures['p99_ms']:.2f} "
            f"| {figures['cpu_us']:.0f} | {memory[name]:.0f} |"
        )


if __name__ == "__main__":
    main()

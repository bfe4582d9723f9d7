"""What the pytest plugin costs: its import, each fixture's first use, and each fixture in a suite of trivial tests.

Each suite runs in a process of its own, several times; the best run counts, since the machine has other tenants.
The cost of a fixture is the time of a test that asks for it less that of one that asks for nothing, measured around
pytest's whole protocol of a test: as the mean of the process's CPU time, and as the median of the wall clock.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from figures import figure

TARGETS = {"sma_sandbox": 0.5, "sma_mock": 1.0, "sma_server": 1.0, "sma_hosts": 3.0}  # [ms a test]
FIRST_USE, IMPORT = 400.0, 5.0  # [ms]

CONFTEST = """
import json, time
import pytest

times = []

@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item):
    start = time.perf_counter(), time.process_time()
    result = yield
    times.append((time.perf_counter() - start[0], time.process_time() - start[1]))
    return result

def pytest_sessionfinish(session):
    session.config.rootpath.joinpath("times.json").write_text(json.dumps(times))
"""
IMPORTS = """
import sys, time
import pytest
start = time.perf_counter()
import mock_sma.testing.plugin
print(time.perf_counter() - start)
"""
TESTING = """
import time
start = time.process_time()
import mock_sma.testing
print(time.process_time() - start)
"""
WORLDS = """
import time
from mock_sma import Sandbox, load_scenario
scenario = load_scenario({name!r})
Sandbox(scenario, now="2025-06-15T12:00:00Z")
start = time.perf_counter()
for _ in range(50):
    world = Sandbox(scenario, now="2025-06-15T12:00:00Z")
made = time.perf_counter()
for _ in range(50):
    world.reset()
print((made - start) / 50, (time.perf_counter() - made) / 50)
"""


def environment() -> dict[str, str]:
    """Return an environment as a user's, where byte code is kept, but without other plugins, whose cost is not ours."""
    own = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    cache = str(Path(tempfile.gettempdir()) / f"mock-sma-bench-{os.getpid()}")
    return own | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPYCACHEPREFIX": cache}


def python(code: str) -> list[float]:
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment())
    return [float(word) * 1e3 for word in done.stdout.split()]


class Suite(NamedTuple):
    """One run of a suite [ms]: first test, then per further test."""

    first_wall: float
    first_cpu: float
    wall: float
    cpu: float


def suite(fixture: str, count: int) -> Suite:
    """Run trivial tests that ask for a fixture."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "pytest.ini").write_text("[pytest]\n")
        (folder / "conftest.py").write_text(CONFTEST)
        body = f"def test_{{}}({fixture}): pass\n"
        (folder / "test_trivial.py").write_text("".join(body.format(number) for number in range(count)))
        subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "mock_sma.testing.plugin", name],
            check=True,
            capture_output=True,
            cwd=folder,
            env=environment(),
        )
        times = json.loads((folder / "times.json").read_text())
    (first_wall, first_cpu), *others = [(wall * 1e3, cpu * 1e3) for wall, cpu in times]
    return Suite(
        first_wall,
        first_cpu,
        statistics.median(wall for wall, _ in others),
        statistics.fmean(cpu for _, cpu in others),
    )


SUITE_OF = 1_000
"""Tests of the suite whose whole time is measured."""

ASKING = """
import httpx
import pytest
import respx

@pytest.fixture(scope="session")
def client():
    with httpx.Client({transport}) as client:
        yield client

@pytest.fixture
def begun(request):
    return request

@pytest.fixture
def nothing(request, begun):
    yield begun

@pytest.fixture
def one_route(request, begun):
    with respx.mock() as router:
        router.get("https://sandbox.smaapis.de/monitoring/v1/plants").respond(200)
        yield router
"""
ASKED = """
def test_{number}(client, {fixture}):
    client.get("https://sandbox.smaapis.de/monitoring/v1/plants")
"""
NOBODY = "mounts={'https://': httpx.MockTransport(lambda request: httpx.Response(200))}"
"""With a transport of its own beside, as clients have, for which httpx loads httpcore and the system's authorities."""

RESPX = "a respx router with one route"
LAYERS = {
    "pytest and httpx": ("", NOBODY),
    "two fixtures that do nothing": ("nothing", NOBODY),
    RESPX: ("one_route", ""),
    "sma_mock": ("sma_mock", ""),
}
"""What the time of a test with one call is made of: each has all that the one before has, respx apart."""


class Layer(NamedTuple):
    """A suite of tests with one call each.

    Attributes:
        alone: CPU time of a run of one test [s].
        whole: the same of all tests [s].
    """

    alone: float
    whole: float

    @property
    def test(self) -> float:
        """CPU time of each test after the first [ms]."""
        return (self.whole - self.alone) / (SUITE_OF - 1) * 1e3


def layers(runs: int) -> dict[str, Layer]:
    """Measure the suites in turn, some times; the least of each counts."""
    found: dict[str, list[Layer]] = {name: [] for name in LAYERS}
    for _ in range(runs):
        for name, (fixture, transport) in LAYERS.items():
            found[name].append(Layer(asking(fixture, transport, 1), asking(fixture, transport, SUITE_OF)))
    return {name: Layer(*map(min, zip(*taken, strict=True))) for name, taken in found.items()}


def asking(fixture: str, transport: str, count: int) -> float:
    """Return the CPU time of a session of tests with one call each [s]."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "pytest.ini").write_text("[pytest]\n")
        tests = "".join(ASKED.format(number=at, fixture=fixture) for at in range(count))
        (folder / "test_asking.py").write_text(ASKING.format(transport=transport) + tests)
        plugins = ["-p", "no:cacheprovider", "-p", "mock_sma.testing.plugin"]
        before = os.times()
        subprocess.run(
            [sys.executable, "-m", "pytest", "-q", *plugins, name],
            check=True,
            capture_output=True,
            cwd=folder,
            env=environment(),
        )
        after = os.times()
    return after.children_user - before.children_user + after.children_system - before.children_system


def tell(found: dict[str, Layer]) -> None:
    """Show what a test with one call is made of."""
    floor, mocked = found["two fixtures that do nothing"], found["sma_mock"]
    print(f"{'CPU of tests with one call':34}{'one [s]':>9}{f'{SUITE_OF} [s]':>10}{'a test [ms]':>13}")
    for name, layer in found.items():
        print(f"{name:34}{layer.alone:9.2f}{layer.whole:10.2f}{layer.test:13.2f}")
    print(f"ours: {mocked.test - floor.test:.2f} ms a test (target {TARGETS['sma_mock']:g})")
    figure("a test with one call: CPU of sma_mock", mocked.test - floor.test, "ms", goal=f"< {TARGETS['sma_mock']:g}")
    figure("a test with one call: respx alone / sma_mock, CPU", found[RESPX].test / mocked.test, "x", ratio=True)
    figure(f"{SUITE_OF} tests with one call by sma_mock: CPU", mocked.whole, "s", goal="< 2")
    figure(f"{SUITE_OF} tests with one call: CPU of pytest and httpx alone", found["pytest and httpx"].whole, "s")


def best(fixture: str, options: argparse.Namespace) -> Suite:
    """Return the best of several runs, figure by figure."""
    runs = [suite(fixture, options.tests) for _ in range(options.runs)]
    return Suite(*(min(values) for values in zip(*runs, strict=True)))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tests", type=int, default=300)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    python(IMPORTS)  # compiles
    imported = min(python(IMPORTS)[0] for _ in range(options.runs))
    print(f"plugin import {imported:.2f} ms (target {IMPORT:g})")
    figure("plugin: import", imported, "ms", goal=f"< {IMPORT:g}")
    first = min(python(TESTING)[0] for _ in range(options.runs))
    print(f"import mock_sma.testing, the first of a process: CPU {first:.2f} ms (target {IMPORT:g})")
    figure("import mock_sma.testing, the first of a process: CPU", first, "ms", goal=f"< {IMPORT:g}")
    for scenario in ("sandbox", "portfolio"):
        made, reset = (
            min(values) for values in zip(*(python(WORLDS.format(name=scenario)) for _ in "123"), strict=True)
        )
        print(f"world {scenario}: made in {made:.2f} ms (target 5), reset in {reset:.2f} ms (target 1)")
    bare = best("", options)
    print(f"a test without a fixture: {bare.wall:.2f} ms, CPU {bare.cpu:.2f} ms")
    for fixture, target in TARGETS.items():
        run = best(fixture, options)
        added = f"adds {run.wall - bare.wall:.2f} ms a test, CPU {run.cpu - bare.cpu:.2f} ms (target {target:g})"
        print(
            f"{fixture}: {added}; first use {run.first_wall:.0f} ms, CPU {run.first_cpu:.0f} ms (target {FIRST_USE:g})"
        )
        figure(f"{fixture}: CPU a test", run.cpu - bare.cpu, "ms", goal=f"< {target:g}")
        figure(f"{fixture}: CPU of the first use", run.first_cpu, "ms", goal=f"< {FIRST_USE:g}")
    tell(layers(options.runs))
    shutil.rmtree(environment()["PYTHONPYCACHEPREFIX"], ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

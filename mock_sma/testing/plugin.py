"""The pytest plugin; installing the package loads it. What costs time is imported by the first fixture used."""

from __future__ import annotations

import sys
from threading import local
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from types import ModuleType

    from mock_sma.sandbox.sandbox import Sandbox
    from mock_sma.testing.given import SmaHosts, SmaMock, SmaServer
    from mock_sma.testing.hosts import Hosts
    from mock_sma.testing.live import LiveServer
    from mock_sma.testing.remote.sandbox import RemoteSandbox
    from mock_sma.testing.session import ServerOfSession
    from mock_sma.testing.time import VirtualTime
    from mock_sma.testing.world import SmaWorld

MARKER = (
    "sma(scenario=…, now=…, seed=…, rate=…, consent='accepted', **keys): the world that the fixtures sma_sandbox, "
    "sma_mock and sma_server give; every other keyword is a key of the scenario, such as quota, switches or faults"
)
INI = {
    "sma_scenario": "scenario of tests that name none: a shipped one or a file",
    "sma_seed": "seed of tests that name none",
    "sma_now": "start of the frozen clock where neither test nor scenario names one",
    "sma_url": "origin of a running mock-sma, such as a container's, that the tests use",
    "sma_control_token": "its control token; by itself the variable MOCK_SMA_CONTROL_TOKEN",
}
MET = pytest.StashKey[Any]()
"""What gathers coverage, where the session wants it."""

USED = pytest.StashKey[Any]()
"""The world of a test; kept after its fixtures are gone, for the report."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options and ini keys."""
    group = parser.getgroup("mock-sma", "mock-sma: an emulator of SMA's Monitoring API")
    group.addoption("--sma-scenario", metavar="NAME", help="scenario of tests that name none")
    group.addoption("--sma-seed", metavar="N", type=int, help="seed of tests that name none")
    group.addoption("--sma-url", metavar="URL", help="run the tests against the mock-sma there, such as a container")
    group.addoption("--sma-coverage", action="store_true", help="show which of all situations the tests met")
    group.addoption(
        "--sma-report",
        metavar="FILE",
        action="append",
        default=[],
        help="write what the tests met, and findings: HTML, or by its name .json or .ctrf.json; can be repeated",
    )
    group.addoption(
        "--sma-fail-under", metavar="PERCENT", type=float, help="fail where fewer of all situations were met"
    )
    for name, text in INI.items():
        parser.addini(name, text, default=None)
    parser.addini("sma_pass_through", "hosts that sma_mock lets through to the network", type="args", default=[])


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    """Have our modules loaded as they are, which takes two thirds of the time.

    pytest rewrites those of all plugins for the sake of their ``assert`` statements, of which we have none for tests.
    """
    for finder in sys.meta_path:
        getattr(finder, "_must_rewrite", set()).discard("mock_sma")


_runs: list[pytest.Config] = []
"""Runs of pytest that have begun: one, and those within its tests (pytester)."""

_kept: dict[str, ModuleType] = {}
"""What those have loaded, and pytester takes away when they are over."""


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", MARKER)
    _runs.append(config)
    _put_back()
    show, files, least = (config.getoption(name) for name in ("--sma-coverage", "--sma-report", "--sma-fail-under"))
    if show or files or least is not None:
        from mock_sma.testing.session_coverage import SessionCoverage  # noqa: PLC0415 - heavy, and seldom wanted

        config.stash[MET] = SessionCoverage(show=show, files=files, least=least)
        config.pluginmanager.register(config.stash[MET], "mock-sma-coverage")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Keep what a run within a test has loaded."""
    if config in _runs:
        _runs.remove(config)
    if _runs:
        from mock_sma.testing.nested import to_keep  # noqa: PLC0415 - runs within runs are rare

        _kept.update(to_keep(config))


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Put back what runs within the test have loaded."""
    if "pytester" in getattr(item, "fixturenames", ()):
        _put_back()


def _put_back() -> None:
    for name, module in _kept.items():
        sys.modules.setdefault(name, module)


@pytest.fixture(scope="session")
def sma_sandbox_factory(request: pytest.FixtureRequest) -> Callable[..., SmaWorld]:
    """Give a function that makes worlds, with the keywords of the marker ``sma``, for fixtures of a wider scope."""
    from mock_sma.testing.fixtures import factory  # noqa: PLC0415 - heavy

    return factory(request)


@pytest.fixture(scope="session")
def sma_base() -> SmaWorld | None:
    """Give the world that each test without a marker ``sma`` begins with, as it was when the first of them began.

    By itself there is none, and each test has a fresh world. A module or session overrides this fixture to set a world
    up once: ``@pytest.fixture(scope="module") def sma_base(sma_sandbox_factory): …``.
    """
    return None


class _Asking(local):
    """What is being set up: a fixture of ours whose time counts.

    Attributes:
        request: its request. The fixture ``request`` would be the same; pytest inspects a function anew each time that
            one is asked for, which it is twice for a fixture.
    """

    request: pytest.FixtureRequest


_asking = _Asking()


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
) -> Generator[None, object, object]:
    """Let fixtures of ours know their request."""
    if fixturedef.argname not in ("sma_sandbox", "sma_mock"):
        return (yield)
    before, _asking.request = vars(_asking).get("request"), request
    try:
        return (yield)
    finally:
        vars(_asking).update(request=before)


@pytest.fixture
def sma_sandbox(sma_base: SmaWorld | None) -> SmaWorld:
    """Give a fresh world whose clock stands still, or that of ``sma_base`` as it was set up."""
    from mock_sma.testing.fixtures import Used, put_back, world_of  # noqa: PLC0415 - heavy

    request = _asking.request
    on_base = sma_base is not None and request.node.get_closest_marker("sma") is None
    sandbox = put_back(request.config, sma_base) if on_base and sma_base is not None else world_of(request)
    request.node.stash[USED] = Used.by(request, sandbox)
    if hasattr(type(request.instance), "sma_world"):
        # A class of unittest that asks for fixtures too has one world with them.
        request.instance.sma_sandbox = sandbox
    return sandbox


@pytest.fixture
def sma_mock(sma_sandbox: Sandbox | RemoteSandbox) -> SmaMock:
    """Give a world that answers every httpx client, sync and async, for all of SMA's hosts."""
    from mock_sma.testing.fixtures import mocked  # noqa: PLC0415 - heavy

    return mocked(_asking.request, sma_sandbox)


@pytest.fixture(scope="session")
def _sma_session(request: pytest.FixtureRequest) -> Generator[ServerOfSession]:
    from mock_sma.testing.fixtures import url_of  # noqa: PLC0415 - heavy
    from mock_sma.testing.session import ServerOfSession  # noqa: PLC0415 - as above

    session = ServerOfSession(url_of(request.config))
    yield session
    session.close()


@pytest.fixture(scope="session")
def _sma_live_server(_sma_session: ServerOfSession) -> Callable[[], LiveServer]:
    return _sma_session.live


@pytest.fixture
def sma_server(
    request: pytest.FixtureRequest, sma_sandbox: Sandbox | RemoteSandbox, _sma_live_server: Callable[[], LiveServer]
) -> Generator[SmaServer]:
    """Give a real HTTP server on a free port, one for the session, with a fresh world."""
    from mock_sma.testing.fixtures import Used, served  # noqa: PLC0415 - heavy

    with served(_sma_live_server, sma_sandbox) as server:
        request.node.stash[USED] = Used.by(request, sma_sandbox, server.url)
        yield server


@pytest.fixture(scope="session")
def _sma_hosts_server(_sma_session: ServerOfSession) -> Callable[[], Hosts]:
    return _sma_session.hosts


@pytest.fixture
def sma_hosts(
    request: pytest.FixtureRequest,
    sma_sandbox: Sandbox | RemoteSandbox,
    _sma_live_server: Callable[[], LiveServer],
    _sma_hosts_server: Callable[[], Hosts],
    monkeypatch: pytest.MonkeyPatch,
) -> Generator[SmaHosts]:
    """Lead SMA's https host names here, in this process and in those that it starts, whatever library asks."""
    from mock_sma.testing.fixtures import Used, led  # noqa: PLC0415 - heavy

    with led(request.node, _sma_hosts_server(), sma_sandbox, monkeypatch) as hosts:
        request.node.stash[USED] = Used.by(request, sma_sandbox, hosts.url)
        yield hosts


@pytest.fixture
def sma_time(request: pytest.FixtureRequest, sma_sandbox: Sandbox | RemoteSandbox) -> Generator[VirtualTime]:
    """Let the program's time be the world's: sleeps cost nothing, and the clock moves both."""
    from mock_sma.testing.fixtures import timed  # noqa: PLC0415 - heavy

    with timed(request, sma_sandbox) as virtual:
        yield virtual


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the section ``mock-sma`` to the report of a failed test that used a world."""
    report = yield
    used = item.stash.get(USED, None)
    case: Any = getattr(getattr(item, "instance", None), "sma_sandbox", None)
    if report.when == "call" and (met := item.config.stash.get(MET, None)) is not None:
        world = case if used is None else used.sandbox
        if world is not None:
            met.take(item.nodeid, world)
    if report.failed and (used is not None or case is not None):
        from mock_sma.testing.fixtures import Used  # noqa: PLC0415 - loaded where a world is used
        from mock_sma.testing.sections import sections  # noqa: PLC0415 - for tests that fail

        report.sections.extend(sections(used or Used(case)))
    if report.when == "teardown" and used is not None:
        del item.stash[USED]  # pytest keeps its items, and would keep all worlds
    return report

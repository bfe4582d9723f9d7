"""What the fixtures of the plugin give, imported by the first test that uses one."""

from __future__ import annotations

import os
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from mock_sma.errors import MockSmaError, UsageError
from mock_sma.frozen import frozen
from mock_sma.sandbox.sandbox import Sandbox
from mock_sma.testing.choice import Choice, Shelf
from mock_sma.testing.given import SmaHosts, SmaMock, SmaServer, program_variables
from mock_sma.testing.other_mockers import refuse_others

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from mock_sma.domain.scenario import Scenario
    from mock_sma.testing.hosts import Hosts
    from mock_sma.testing.live import LiveServer
    from mock_sma.testing.remote.sandbox import RemoteSandbox
    from mock_sma.testing.time import VirtualTime
    from mock_sma.testing.world import SmaWorld

SHELF = pytest.StashKey[Shelf]()
USUAL = pytest.StashKey[Choice]()
"""What a test gets that chooses nothing."""

FOLDERS = pytest.StashKey[Any]()
"""What makes a session's temporary folders, None where pytest was told not to."""

POINTS = pytest.StashKey[dict[int, tuple[Any, Any]]]()
"""Save points of the worlds that tests share, by the world's id."""


@frozen
class Used:
    """The world of a test, for its report."""

    sandbox: SmaWorld
    origin: str | None = None
    folder: Callable[[str], Path] | None = None
    """Makes a folder for what a failed test leaves behind."""

    @classmethod
    def by(cls, request: pytest.FixtureRequest, sandbox: SmaWorld, origin: str | None = None) -> Used:
        """Return the world of a fixture's test."""
        known = request.config.stash
        if FOLDERS not in known:
            has_folders = request.config.pluginmanager.has_plugin("tmpdir")
            known[FOLDERS] = request.getfixturevalue("tmp_path_factory").mktemp if has_folders else None
        return cls(sandbox, origin, known[FOLDERS])


def choice_of(item: pytest.Item) -> Choice:
    """Return the world that a test asks for by markers, options and ini keys.

    The marker nearest to the test wins, key by key; ``scenario`` may be its first positional argument.

    Raises:
        UsageError: a keyword or value that cannot be.
    """
    config = item.config
    markers, named = list(item.iter_markers("sma")), getattr(getattr(item, "cls", None), "sma_world", {})
    if not markers and not named:
        if USUAL not in config.stash:
            config.stash[USUAL] = Choice.of(_defaults(config), config.rootpath)
        return config.stash[USUAL]
    keywords = _defaults(config)
    directory = item.path.parent if keywords["scenario"] is None else config.rootpath
    keywords |= named
    for marker in reversed(markers):
        if len(marker.args) > 1:
            raise UsageError("the marker sma takes one positional argument, the scenario; name all others")
        given = {**dict(zip(("scenario",), marker.args, strict=False)), **marker.kwargs}
        directory = item.path.parent if "scenario" in given else directory
        keywords |= given
    return Choice.of(keywords, directory)


def _defaults(config: pytest.Config) -> dict[str, Any]:
    keywords: dict[str, Any] = {
        "scenario": config.getoption("--sma-scenario") or config.getini("sma_scenario"),
        "seed": config.getoption("--sma-seed"),
    }
    if keywords["seed"] is None and (seed := config.getini("sma_seed")) is not None:
        keywords["seed"] = _seed(seed)
    return keywords


def _seed(text: str) -> int:
    if not text.isdecimal():
        raise UsageError(f"the ini key sma_seed has to be a whole number, not {text!r}")
    return int(text)


def url_of(config: pytest.Config) -> str | None:
    """Return the origin of the server elsewhere that tests are to use, or None."""
    return config.getoption("--sma-url") or config.getini("sma_url") or None


def world_of(request: pytest.FixtureRequest) -> Sandbox | RemoteSandbox:
    """Return a fresh world for a test: of this process, or on the server that ``--sma-url`` names."""
    # Workers share the server: each test has a world, and clients, of its own. One alone has the default world.
    return _made(request, partial(choice_of, request.node), own=hasattr(request.config, "workerinput"))


def factory(request: pytest.FixtureRequest) -> Callable[..., Sandbox | RemoteSandbox]:
    """Return what makes worlds with the keywords of the marker; they live as long as the session."""

    def made(**keywords: Any) -> Sandbox | RemoteSandbox:
        defaults = _defaults(request.config)
        return _made(request, partial(Choice.of, defaults | keywords, request.config.rootpath), own=True)

    return made


def put_back(config: pytest.Config, world: SmaWorld) -> Any:
    """Return a world that tests share, put back to where it was when the first of them began."""
    points = config.stash.setdefault(POINTS, {})
    if id(world) in points:
        world.restore(points[id(world)][1])
    else:
        # With the world itself, so that no other one gets its id.
        points[id(world)] = world, world.save()
    return world


def _made(request: pytest.FixtureRequest, wanted: Callable[[], Choice], *, own: bool) -> Sandbox | RemoteSandbox:
    config = request.config
    shelf = config.stash.get(SHELF, None) or config.stash.setdefault(SHELF, Shelf())
    try:
        choice, now = wanted(), config.getini("sma_now")
        if (url := url_of(config)) is None:
            return shelf.sandbox(choice, default_now=now)
        scenario = shelf.scenario(choice)
        return _elsewhere(request, url, scenario, choice.start(scenario, now), choice, own=own)
    except MockSmaError as error:
        # Not pytest.fail: that cannot be told to leave the first exception out, and would say everything twice.
        raise pytest.fail.Exception(f"mock-sma: {error}", pytrace=False) from None


def _elsewhere(
    request: pytest.FixtureRequest, url: str, scenario: Scenario, now: datetime | str, choice: Choice, *, own: bool
) -> RemoteSandbox:
    from mock_sma.testing.remote.line import Line  # noqa: PLC0415 - only where it is wanted
    from mock_sma.testing.remote.sandbox import RemoteSandbox  # noqa: PLC0415 - as above

    token = request.config.getini("sma_control_token") or os.environ.get("MOCK_SMA_CONTROL_TOKEN")
    world = RemoteSandbox(Line(url, token), scenario, now=now, seed=choice.seed, rate=choice.rate, own=own)
    request.addfinalizer(world.close)
    return world


def mocked(request: pytest.FixtureRequest, sandbox: Sandbox | RemoteSandbox) -> SmaMock:
    """Answer httpx clients from a world while a test runs."""
    config = request.config
    _alone(request.node, "sma_mock")
    try:
        from mock_sma.testing.routers import router  # noqa: PLC0415 - httpx may have been taken out

        mock = router(sandbox)
    except ImportError as error:
        pytest.fail(f"mock-sma: the fixture sma_mock needs httpx or httpx2: {error}", pytrace=False)
    if hosts := config.getini("sma_pass_through"):
        try:
            mock.pass_through(*hosts)
        except UsageError as error:
            raise pytest.fail.Exception(f"mock-sma: the ini key sma_pass_through: {error}", pytrace=False) from None
    request.addfinalizer(mock.stop)
    mock.start()
    return SmaMock(sandbox, mock)


def _alone(item: pytest.Item, wants: str) -> None:
    try:
        refuse_others(item, wants)
    except UsageError as error:
        raise pytest.fail.Exception(f"mock-sma: {error}", pytrace=False) from None


@contextmanager
def served(live: Callable[[], LiveServer], sandbox: Sandbox | RemoteSandbox) -> Iterator[SmaServer]:
    """Serve a world while a test runs; afterwards a request that comes late finds nothing."""
    if not isinstance(sandbox, Sandbox):
        yield SmaServer(sandbox, sandbox.url)
        return
    server = live()
    idle = server.sandbox
    server.serve(sandbox)
    try:
        yield SmaServer(sandbox, server.url)
    finally:
        server.serve(idle)


@contextmanager
def led(
    item: pytest.Item, hosts: Hosts, sandbox: Sandbox | RemoteSandbox, monkeypatch: pytest.MonkeyPatch
) -> Iterator[SmaHosts]:
    """Lead SMA's names to a world while a test runs."""
    _alone(item, "sma_hosts")
    with served(lambda: hosts.server, sandbox) as server, hosts.leading() as leading:
        env = leading | program_variables(sandbox, server.url)
        # By the test's own monkeypatch, so that what the test sets over it is taken back first.
        for name, value in env.items():
            monkeypatch.setenv(name, value)
        yield SmaHosts(sandbox, server.url, hosts.way.authority, env)


@contextmanager
def timed(request: pytest.FixtureRequest, sandbox: Sandbox | RemoteSandbox) -> Iterator[VirtualTime]:
    """Let the test's process live by its world's clock."""
    try:
        from mock_sma.testing.time import VirtualTime, patched  # noqa: PLC0415 - time-machine is an extra
    except ImportError as error:
        pytest.fail(f"mock-sma: sma_time needs time-machine: pip install 'mock-sma[testing]' ({error})", pytrace=False)
    if not isinstance(sandbox, Sandbox):
        pytest.fail("mock-sma: sma_time moves this process's world; leave --sma-url out", pytrace=False)
    server: LiveServer | None = None
    if "sma_hosts" in request.fixturenames:
        # Its ports have to be there, whichever of the two fixtures comes first.
        server = request.getfixturevalue("_sma_hosts_server")().server
    elif "sma_server" in request.fixturenames:
        server = request.getfixturevalue("_sma_live_server")()
    virtual = VirtualTime(sandbox, lambda: None if server is None else server.loop)
    if server is None:
        with patched(virtual):
            yield virtual
    else:
        with server.delaying(virtual.let_pass), patched(virtual, server.ports):
            yield virtual

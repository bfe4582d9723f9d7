"""The command serve: settings, world and server put together."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import os
import socket
import sys
from contextlib import ExitStack
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Protocol

from mock_sma.api.logs import set_up_logs
from mock_sma.api.server import Server, run
from mock_sma.api.watch import ScenarioWatch
from mock_sma.cli.kept import served
from mock_sma.cli.output import complain, put_line
from mock_sma.cli.parts import (
    answered,
    app_of,
    is_open_to_others,
    listening,
    observers_of,
    protocol_of,
    tls_of,
    url_host,
    world_of,
)
from mock_sma.printable import printable
from mock_sma.sandbox.world import tokens
from mock_sma.scenarios import Library, load_scenario, shipped_directory
from mock_sma.settings import misspelt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from mock_sma.cli.log_process import LogProcess
    from mock_sma.domain.scenario import Scenario
    from mock_sma.settings import Settings

TURN = 0.001
"""Longest time that a thread which simulates keeps the interpreter from the loop [s]; Python's own is five times that,
and a request waits for several turns."""

_log = logging.getLogger("mock_sma.serve")


class Post(Protocol):
    """What one of several servers at a port has of the process that looks after them."""

    @property
    def number(self) -> int:
        """Tells it from the others."""

    @property
    def log(self) -> LogProcess | None:
        """The process that has the state file for all of them; None: there is none."""

    def ready(self, facts: dict[str, str], text: str) -> None:
        """Say that requests are answered, in data and in words."""


def serve(settings: Settings, post: Post | None = None) -> int:
    """Run a server until a signal ends it.

    Args:
        post: its place among several ones; None: it is the only one.

    Raises:
        UsageError: options that exclude one another.
        MockSmaError: the port is taken, or a file cannot be used.
    """
    set_up_logs(settings.log_format, settings.log_level)
    sys.setswitchinterval(TURN)
    tell = _log_it if settings.log_format == "json" else complain
    for name, meant in misspelt(os.environ):
        tell(f"warning: {name} is not a setting; did you mean {meant}?")
    library = Library(settings.scenario_dir)

    def read(files: list[Path]) -> Scenario:
        return load_scenario(settings.scenario, library=library, files=files)

    files: list[Path] = []
    log = None if post is None else post.log
    kept = served(settings, lambda: world_of(settings, lambda: read(files), tell), tell, log)
    world = kept.worlds.default
    _tell_each(tell, world.scenario.warnings)
    if settings.watch and not files:  # the world goes on from a state file
        read(files)
    watch = ScenarioWatch(world, lambda files: answered(settings, read(files)), files, tell, kept.changed)
    if settings.watch:
        _look_at(files[0], tell)
    tls = tls_of(settings)
    protocol, authority = protocol_of(settings, tls)
    sock = listening(settings, shared=post is not None)
    _warn_of_others(settings, tell)
    url = f"{'https' if tls else 'http'}://{url_host(settings.host)}:{sock.getsockname()[1]}"
    ends = ExitStack()
    ends.callback(kept.close)
    app = app_of(settings, kept.worlds, library, kept.keeper, observers_of(settings, ends), kept.sharing)
    tell_ready = partial(_print_ready, settings) if post is None else post.ready
    kept.name(f"{socket.gethostname()}:{sock.getsockname()[1]}{f'/{post.number}' if post else ''}")

    def ready() -> None:
        facts = {"event": "ready", "url": url, "scenario": world.scenario.name, "now": world.clock.isoformat()}
        text = f"mock-sma {world.scenario.name} ready on {url}"
        if settings.proxy:
            facts["proxy"] = url
            text += ", also as a proxy for SMA's hosts"
        if authority is not None:
            facts["ca"] = str(authority)
            text += f"; clients must trust {authority}"
        tell_ready(facts, text)

    async def settle() -> None:
        kept.start()
        await asyncio.to_thread(tokens.prepare)  # asked for first
        await app.prepare()
        # NumPy with it, which takes a tenth of a second of the first measurement otherwise.
        await asyncio.to_thread(import_module, "mock_sma.simulation.simulator")
        # What is loaded by now stays: the collector need not look at it again and again while requests come and go.
        gc.collect()
        gc.freeze()
        gc.enable()
        if settings.watch:
            await watch.run()

    with ends:
        run(Server(app, on_ready=ready, prepare=settle, tls=tls, protocol=protocol), sock)
    return 0


def _print_ready(settings: Settings, facts: dict[str, str], text: str) -> None:
    put_line(json.dumps(facts) if settings.json_ else printable(text))


def _tell_each(tell: Callable[[str], None], texts: Iterable[str]) -> None:
    for text in texts:
        tell(text)


def _warn_of_others(settings: Settings, tell: Callable[[str], None]) -> None:
    if is_open_to_others(settings):
        tell(
            f"warning: listening on {settings.host}, so other machines may reach the control API and the portal; "
            "set --control-token, or listen on 127.0.0.1"
        )


def _look_at(file: Path, tell: Callable[[str], None]) -> None:
    """Warn of a file that nobody edits."""
    if file.parent == shipped_directory():
        tell(
            f"warning: --watch is for a scenario file of your own; {file.stem} is included in mock-sma and does "
            f"not change. Make a copy to edit: mock-sma init mine.yaml --from {file.stem}"
        )


def _log_it(text: str) -> None:
    """Say it as an object of the log, as everything is there that a program reads line by line."""
    _log.warning("%s", text.removeprefix("warning: "))

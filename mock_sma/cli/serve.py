"""The command serve: settings, world and server put together."""

from __future__ import annotations

import asyncio
import errno
import gc
import json
import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING

from mock_sma.api.addresses import is_loopback
from mock_sma.api.app import App
from mock_sma.api.logs import set_up_logs
from mock_sma.api.server import Server, bind, run
from mock_sma.api.tls import Tls, certificates, checked, default_directory, is_name
from mock_sma.api.watch import Watch
from mock_sma.cli.output import complain, put_line
from mock_sma.errors import MockSmaError, UsageError
from mock_sma.printable import printable
from mock_sma.sandbox.sandbox import Sandbox
from mock_sma.sandbox.world import tokens
from mock_sma.sandbox.worlds import Worlds
from mock_sma.scenario_file import Library, load_scenario, shipped_directory
from mock_sma.settings import misspelt

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from mock_sma.domain.scenario import Scenario
    from mock_sma.settings import Settings

_log = logging.getLogger("mock_sma.serve")

ANY = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared, not bound
"""Addresses that mean all of this machine's, with the one to name in a URL."""


def serve(settings: Settings) -> int:
    """Run a server until a signal ends it.

    Raises:
        UsageError: options that exclude one another.
        MockSmaError: the port is taken, or a file cannot be used.
    """
    set_up_logs(settings.log_format, settings.log_level)
    tell = _log_it if settings.log_format == "json" else complain
    for name, meant in misspelt(os.environ):
        tell(f"warning: {name} is no setting; did you mean {meant}?")
    library = Library(settings.scenario_dir)

    def read(files: list[Path]) -> Scenario:
        return load_scenario(settings.scenario, library=library, files=files)

    files: list[Path] = []
    world = _world(settings, lambda: read(files), tell)
    watch = Watch(world, read, files, tell)
    if settings.watch and files[0].parent == shipped_directory():
        tell(
            f"warning: --watch waits for changes of a scenario file of yours; {files[0].stem} comes with mock-sma and "
            f"does not change. Make a copy to change: mock-sma init mine.yaml --from {files[0].stem}"
        )
    tls = _tls(settings)
    sock = _listen(settings)
    if is_open_to_others(settings):
        tell(
            f"warning: listening on {settings.host}, where other machines may reach the control API and the portal; "
            "set --control-token, or listen on 127.0.0.1"
        )
    url = f"{'https' if tls else 'http'}://{url_host(settings.host)}:{sock.getsockname()[1]}"
    app = App(
        Worlds(world),
        token=settings.control_token,
        allowed_hosts=settings.allowed_host,
        library=library,
        access_log=settings.access_log,
    )

    def ready() -> None:
        facts = {"event": "ready", "url": url, "scenario": world.scenario.name, "now": world.clock.isoformat()}
        text = f"mock-sma {world.scenario.name} ready on {url}"
        if tls is not None and tls.authority is not None:
            facts["ca"] = str(tls.authority)
            text += f"; clients have to trust {tls.authority}"
        put_line(json.dumps(facts) if settings.json_ else printable(text))

    async def settle() -> None:
        await app.prepare()
        await asyncio.to_thread(tokens.prepare)
        # What is loaded by now stays: the collector need not look at it again and again while requests come and go.
        gc.collect()
        gc.freeze()
        if settings.watch:
            await watch.run()

    run(Server(app, on_ready=ready, prepare=settle, tls=tls), sock)
    return 0


def _log_it(text: str) -> None:
    """Say it as an object of the log, as everything is there that a program reads line by line."""
    _log.warning("%s", text.removeprefix("warning: "))


def _world(settings: Settings, read: Callable[[], Scenario], tell: Callable[[str], None]) -> Sandbox:
    if settings.capsule is None:
        return Sandbox(read(), now=settings.now, seed=settings.seed, rate=settings.rate)
    if settings.watch:
        raise UsageError("--capsule has no file to watch: leave --watch out")
    for name in ("scenario", "now", "seed", "rate"):
        if name in settings.model_fields_set:
            tell(f"warning: --capsule brings a world with its own {name}; --{name} is ignored")
    from mock_sma.capsule import opened, read_capsule  # noqa: PLC0415 - a start without one need not wait for it

    return opened(read_capsule(Path(settings.capsule).read_bytes()))


def is_open_to_others(settings: Settings) -> bool:
    """Tell whether other machines may reach the control API and the portal without a token."""
    return not is_loopback(settings.host) and settings.control_token is None


def url_host(address: str) -> str:
    """Return an address that is listened on as a URL has it; loopback for all of this machine's."""
    host = ANY.get(address, address)
    return f"[{host}]" if ":" in host else host


def _listen(settings: Settings) -> socket.socket:
    try:
        return bind(settings.host, settings.port)
    except OSError as error:
        of_port = error.errno in (errno.EADDRINUSE, errno.EACCES)
        raise MockSmaError(
            f"cannot listen on {settings.host} port {settings.port}: {error.strerror}; "
            + ("choose another with --port, 0 picks a free one" if of_port else "--host has to be this machine's own")
        ) from None


def _tls(settings: Settings) -> Tls | None:
    if (settings.tls_cert is None) != (settings.tls_key is None):
        raise UsageError("--tls-cert and --tls-key go together")
    if settings.tls and settings.tls_cert:
        raise UsageError("--tls auto makes a certificate of its own: leave --tls-cert and --tls-key out")
    if settings.tls_cert and settings.tls_key:
        return checked(Tls(Path(settings.tls_cert), Path(settings.tls_key)))
    if settings.tls is None:
        return None
    directory = Path(settings.tls_dir) if settings.tls_dir else default_directory(os.environ)
    own = () if settings.host in ANY else (settings.host,)
    return certificates(directory.absolute(), [name for name in (*own, *settings.allowed_host) if is_name(name)])

"""A program run with SMA's host names led to a world: server, namespaces or proxy, report."""

from __future__ import annotations

import asyncio
import os
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING

from mock_sma.api.background import Background
from mock_sma.api.protocol import Protocol
from mock_sma.api.proxy import PassThrough, Proxy
from mock_sma.api.relay import Onward, Place
from mock_sma.api.server import bind
from mock_sma.api.tls import certificates
from mock_sma.api.tunnel import ProxyProtocol
from mock_sma.cli.ended import serve_again
from mock_sma.cli.output import complain
from mock_sma.cli.parts import app_of, listening, tls_of, url_host, world_of
from mock_sma.cli.unnoticed import unnoticed
from mock_sma.cli.via import Via
from mock_sma.domain.people import usual_client
from mock_sma.errors import MockSmaError, UsageError
from mock_sma.frozen import frozen
from mock_sma.hosts.bundles import Bundles
from mock_sma.hosts.environment import PROXIES, variables
from mock_sma.hosts.leftovers import folder
from mock_sma.hosts.program import CommandError, NoSpaceError, Program, end_what_is_left, signals_held
from mock_sma.hosts.space import HOME, HTTPS, planned
from mock_sma.hosts.way import Way
from mock_sma.report.text import failure_report
from mock_sma.sandbox.world import tokens
from mock_sma.scenarios import Library, load_scenario
from mock_sma.worlds.worlds import Worlds

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from mock_sma.api.tls import Tls
    from mock_sma.domain.scenario import Scenario
    from mock_sma.sandbox.sandbox import Sandbox
    from mock_sma.settings import Settings

ISOLATED = (
    "every program reaches SMA's hosts there; other hosts and this machine's ports are out of reach, "
    "--pass-through HOST:PORT lets one in"
)
BY_VARIABLES = "programs are led by variables and hooks; one that minds neither would reach SMA itself"


@frozen
class Led:
    """A server that SMA's names of programs can lead to.

    Attributes:
        url: its origin.
        tls: certificates for SMA's names.
        folder: for files, while it lives.
    """

    server: Background
    settings: Settings
    world: Sandbox
    url: str
    tls: Tls
    folder: Path

    @property
    def bundles(self) -> Bundles:
        """Files of authorities in the folder."""
        assert self.tls.authority is not None
        return Bundles(self.folder, self.tls.authority)

    def environment(self, way: Way) -> dict[str, str]:
        """Return the environment of a program."""
        before = dict(os.environ)
        own = {"MOCK_SMA_URL": self.url}
        if client := usual_client(self.world.clients.values()):
            own |= {"MOCK_SMA_CLIENT_ID": client.id, "MOCK_SMA_CLIENT_SECRET": client.secret}
        if self.settings.control_token is not None:
            own["MOCK_SMA_CONTROL_TOKEN"] = self.settings.control_token
        if way.proxy is None:
            # No proxy outside is reached from within.
            before = {name: value for name, value in before.items() if name not in PROXIES}
        return {**before, **variables(way, before), **own}

    def by_proxy(self, command: Sequence[str]) -> Program:
        """Return a program that is led by its environment."""
        context = self.tls.context()
        passes = PassThrough.of(self.settings.pass_through)
        proxy = bind("127.0.0.1", 0)
        self.server.also_listen(proxy, partial(ProxyProtocol, proxy=Proxy(context, passes, Protocol)))
        secure = bind("127.0.0.1", 0)
        self.server.also_listen(secure, Protocol, context)
        way = self._way(secure.getsockname(), proxy.getsockname()[1])
        return Program.prepared(command, self.environment(way))

    def in_namespaces(self, command: Sequence[str]) -> Program:
        """Return a program that can reach nothing else.

        Raises:
            NoSpaceError: the system gives none.
            UsageError: a host is let through that there is no way to.
        """
        port = int(self.url.rpartition(":")[2])
        plan = planned(port, PassThrough.of(self.settings.pass_through).goals, self.bundles)
        program = Program.prepared(command, self.environment(self._way((str(HOME), HTTPS), None)), plan.space)
        secure, own, *passages = program.sockets
        self.server.also_listen(secure, Protocol, self.tls.context())
        self.server.also_listen(own, Protocol, self.server.context)
        for sock, passage in zip(passages, plan.passages, strict=True):
            place = Place(passage.host, passage.port, None)
            self.server.also_listen(sock, partial(Onward, place=place))
        return program

    def _way(self, server: tuple[str, int], proxy: int | None) -> Way:
        assert self.tls.authority is not None
        return Way(server, proxy, self.tls.authority, self.bundles)


def run_program(settings: Settings, command: Sequence[str], via: Via, report: Path | None) -> int:
    """Run a program and return its exit status.

    Raises:
        MockSmaError: the server cannot begin, or the system has not what ``via`` wants.
    """
    with folder() as place, signals_held(), ExitStack() as ends:
        read = partial(load_scenario, settings.scenario, library=Library(settings.scenario_dir))
        led = led_to(settings, place, ends, read)
        program = program_of(led, command, via)
        try:
            status = program.run()
        except CommandError as error:
            complain(f"mock-sma: {error}")
            return error.status
        finally:
            end_what_is_left()
        _tell(led, status, report)
    return status


def led_to(settings: Settings, place: Path, ends: ExitStack, read: Callable[[], Scenario]) -> Led:
    """Begin to serve until the stack ends.

    Args:
        place: folder for certificates and what else a program is to read.
        read: reads the scenario of the world.
    """
    library = Library(settings.scenario_dir)
    world = world_of(settings, read, complain)
    own = tls_of(settings)
    sock = listening(settings)
    app = app_of(settings, Worlds(world), library)

    async def settle() -> None:
        await asyncio.to_thread(tokens.prepare)  # asked for first
        await app.prepare()

    server = Background(app, sock, prepare=settle, tls=own)
    ends.callback(server.close)
    url = f"{'https' if own else 'http'}://{url_host(settings.host)}:{sock.getsockname()[1]}"
    return Led(server, settings, world, url, certificates(place), place)


def program_of(led: Led, command: Sequence[str], via: Via) -> Program:
    """Return a program whose calls to SMA's hosts are led to a world.

    Raises:
        MockSmaError: the system has not what ``via`` wants.
    """
    place = f"mock-sma: {led.world.scenario.name} on {led.url}"
    if via is Via.PROXY:
        return led.by_proxy(command)
    try:
        program = led.in_namespaces(command)
    except (NoSpaceError, UsageError) as error:
        if via is Via.NAMESPACE:
            raise MockSmaError(f"--via namespace: {error}; --via proxy works on every system") from None
        complain(f"{place}, via proxy, for there are no namespaces ({error}): {BY_VARIABLES}")
        return led.by_proxy(command)
    if via is Via.AUTO:
        complain(f"{place}, via namespace: {ISOLATED}")
    return program


def _tell(led: Led, status: int, report: Path | None) -> None:
    """Write the report, and show it where the program has failed; else say in a line what it might not have noticed."""
    for line in unnoticed(led.world):
        complain(f"mock-sma: {line}")
    if not status and report is None:
        return
    text = failure_report(led.world.requests, findings=led.world.findings, ended=serve_again(led.settings, led.world))
    if report is not None:
        report.write_text(text + "\n", encoding="utf-8")
    if status:
        own = "" if led.world.requests else "; worlds that the program made have journals of their own"
        complain(f"mock-sma: the command ended with {status}\n{text}{own}")

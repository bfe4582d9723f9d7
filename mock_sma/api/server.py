"""uvicorn, set up for an emulator: no headers of its own, a ready call, an end within a second."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any
from typing import Protocol as Interface

import uvicorn

from mock_sma.api.protocol import Protocol
from mock_sma.api.secure import Secure
from mock_sma.frozen import frozen

if TYPE_CHECKING:
    import ssl
    from collections.abc import Awaitable, Callable
    from types import FrameType

    from uvicorn.server import Protocols

    from mock_sma.api.relay import Relay
    from mock_sma.api.tls import Tls

BACKLOG = 2_048
HANDSHAKE = 0.2
"""Time that a client has for TLS's handshake when the server ends [s]."""

GRACE = 0.7
"""Time that requests in flight have after a signal [s]."""

LAST_RESORT = 0.85
"""Time after which uvicorn cancels what even the end of its connection did not end [s]."""

_log = logging.getLogger("mock_sma.server")


def bind(host: str, port: int, *, shared: bool = False) -> socket.socket:
    """Return a listening socket; port 0 picks a free one.

    Args:
        shared: one that does not listen yet, at a port where other processes may listen as well (SO_REUSEPORT).

    Raises:
        OSError: the port is in use, or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if shared:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        sock.bind((host, port))
        if not shared:
            sock.listen(BACKLOG)
    except OSError:
        sock.close()
        raise
    sock.setblocking(False)
    return sock


def waiting_at(sock: socket.socket) -> list[socket.socket]:
    """Return the connections that wait to be taken in at a listening socket."""
    waiting: list[socket.socket] = []
    with suppress(OSError):  # there are no more
        while len(waiting) < BACKLOG:
            waiting.append(sock.accept()[0])
    return waiting


@frozen
class Listener:
    """Where the server listens.

    Attributes:
        protocol: makes the protocol of a connection.
    """

    sock: socket.socket
    protocol: Callable[[], asyncio.Protocol]


def under(context: ssl.SSLContext | None, protocol: Callable[..., asyncio.Protocol]) -> Callable[..., asyncio.Protocol]:
    """Return what makes a protocol under TLS; without a context, what makes it as it is."""
    return protocol if context is None else lambda **settings: Secure(protocol(**settings), context)


class ServedApp(Interface):
    """An ASGI application that is told how to learn that the server ends."""

    is_ending: Callable[[], bool]

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer a request."""


class Server(uvicorn.Server):
    """A uvicorn server that tells when it answers.

    Args:
        app: the application.
        on_ready: called once requests are answered.
        prepare: done after that, while requests are answered.
        tls: files of the certificate; None: plain HTTP.
        protocol: makes the protocol of a connection; is given uvicorn's settings.
    """

    def __init__(
        self,
        app: ServedApp,
        *,
        on_ready: Callable[[], None] | None = None,
        prepare: Callable[[], Awaitable[object]] | None = None,
        tls: Tls | None = None,
        protocol: Callable[..., asyncio.Protocol] = Protocol,
    ) -> None:
        self.context = tls.context() if tls else None
        config = uvicorn.Config(
            app,
            http=under(self.context, protocol),  # type: ignore[arg-type] # called as a class is
            lifespan="off",
            access_log=False,
            log_config=None,  # set up by the command line, or by the program that this runs in
            server_header=False,
            date_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=LAST_RESORT,  # type: ignore[arg-type] # awaited with this timeout, whole or not
        )
        super().__init__(config)
        self._listeners: list[Listener] = []
        self._on_ready = on_ready
        self._prepare = prepare
        app.is_ending = lambda: self.should_exit

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer, tell, and load what the first vendor requests do not need."""
        self.loop = asyncio.get_running_loop()
        await super().startup(sockets)
        for sock in sockets or ():
            self._listener(sock, self.config.http_protocol_class)
        if self.started and self._on_ready is not None:
            self._on_ready()
            if self._prepare is not None:
                self._preparing = asyncio.ensure_future(self._prepare())

    async def also_listen(
        self, sock: socket.socket, protocol: Callable[..., asyncio.Protocol], context: ssl.SSLContext | None = None
    ) -> None:
        """Answer on a further socket; it is closed with the others.

        Args:
            protocol: makes one for a connection; is given uvicorn's settings.
            context: TLS; None: plain HTTP.
        """
        listener = self._listener(sock, under(context, protocol))
        server = await self.loop.create_server(listener.protocol, sock=sock, backlog=BACKLOG)
        self.servers.append(server)

    def _listener(self, sock: socket.socket, protocol: Callable[..., asyncio.Protocol]) -> Listener:
        state = {"config": self.config, "server_state": self.server_state, "app_state": self.lifespan.state}
        listener = Listener(sock, partial(protocol, **state))
        self._listeners.append(listener)
        return listener

    def secure_connections(self) -> list[Protocols]:
        """Return the connections under TLS that are there now."""
        connections = list(self.server_state.connections)
        return [item for item in connections if item.transport.get_extra_info("sslcontext") is not None]

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let requests in flight end, and close the connections of those that do not.

        An answer that a fault rule holds back ends with its connection; were its task cancelled, uvicorn would
        call that a failure of the application.
        """
        await self._end_listening()
        timer = asyncio.get_running_loop().call_later(GRACE, self._give_up)
        await super().shutdown(sockets)
        timer.cancel()
        # A second Ctrl-C comes here at once.
        self._give_up()
        if tasks := set(self.server_state.tasks):
            await asyncio.wait(tasks, timeout=1 - LAST_RESORT)

    async def _end_listening(self) -> None:
        """Take in all that wait to be taken in, and nobody after them: the end of listening resets who waits."""
        taken = [(listener, sock) for listener in self._listeners for sock in waiting_at(listener.sock)]
        for server in self.servers:
            server.close()
        for listener in self._listeners:
            listener.sock.close()
        begun = (self._take(listener, sock) for listener, sock in taken)
        await asyncio.gather(*begun, return_exceptions=True)  # a client may have left meanwhile

    async def _take(self, listener: Listener, sock: socket.socket) -> None:
        _, protocol = await self.loop.connect_accepted_socket(listener.protocol, sock)
        if isinstance(protocol, Secure):
            await asyncio.wait((protocol.shaken,), timeout=HANDSHAKE)

    def _give_up(self) -> None:
        connections: list[Protocol | Relay] = list(self.server_state.connections)  # type: ignore[arg-type] # our own
        held = sum(item.give_up() for item in connections)
        if held:
            count = "1 connection was" if held == 1 else f"{held} connections were"
            _log.warning("the server ends; %s closed with a request unanswered", count)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002 - uvicorn's
        """End on a signal. A second Ctrl-C does not wait for requests in flight."""
        # Not remembered as uvicorn does, which raises it anew at the end: being told to stop is no failure.
        self.force_exit = self.should_exit and sig == signal.SIGINT
        self.should_exit = True


def run(server: Server, sock: socket.socket) -> None:
    """Serve until a signal ends it."""
    with asyncio.Runner(loop_factory=server.config.get_loop_factory()) as runner:
        runner.run(server.serve([sock]))

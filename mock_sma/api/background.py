"""A server in a thread of its own, beside what else a process does."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any

from mock_sma.api.server import Server, run
from mock_sma.errors import MockSmaError

if TYPE_CHECKING:
    import socket
    import ssl
    from asyncio import Protocol
    from collections.abc import Callable, Coroutine

    from mock_sma.api.app import App

START = 30.0
"""Longest wait for the server to answer, and to end [s]."""


class Background:
    """A server that answers once this has been made.

    Args:
        app: the application.
        sock: a listening socket.
        settings: the settings of :class:`~mock_sma.api.server.Server`.

    Raises:
        MockSmaError: it does not begin to answer.
    """

    def __init__(self, app: App, sock: socket.socket, **settings: Any) -> None:
        ready = threading.Event()
        self._socket = sock
        self._server = Server(app, on_ready=ready.set, **settings)
        self._thread = threading.Thread(target=self._run, name="mock-sma", daemon=True)
        self._thread.start()
        if not ready.wait(START):
            self.close()
            raise MockSmaError(f"the server did not start to answer within {START:g} s")

    @property
    def context(self) -> ssl.SSLContext | None:
        """TLS of the first socket; None: plain HTTP."""
        return self._server.context

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The loop that answers, in a thread of its own."""
        return self._server.loop

    @property
    def is_alive(self) -> bool:
        """Whether it still answers: nothing has ended its thread or closed its sockets."""
        serving = self._thread.is_alive() and not self._server.should_exit and self._socket.fileno() >= 0
        return serving and all(server.is_serving() for server in self._server.servers)

    def _run(self) -> None:
        run(self._server, self._socket)

    def also_listen(
        self, sock: socket.socket, protocol: Callable[..., Protocol], context: ssl.SSLContext | None = None
    ) -> None:
        """Answer on a further socket; see :meth:`~mock_sma.api.server.Server.also_listen`."""
        self._do(self._server.also_listen(sock, protocol, context))

    def drop_secure(self) -> None:
        """Close the connections under TLS before this returns; their clients see it when they look next."""
        if self.is_alive and self._server.secure_connections():
            self._do(self._drop())

    async def _drop(self) -> None:
        for connection in self._server.secure_connections():
            connection.transport.abort()

    def _do(self, work: Coroutine[None, None, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._server.loop).result(START)

    def close(self) -> None:
        """End the server and its thread."""
        self._server.should_exit = True
        self._thread.join(START)
        self._socket.close()

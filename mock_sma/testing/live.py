"""One real HTTP server on a free port of this machine, in a thread of the test process."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Self

from mock_sma.api.app import App
from mock_sma.api.server import Server, bind, run
from mock_sma.errors import MockSmaError
from mock_sma.sandbox.worlds import Worlds

if TYPE_CHECKING:
    import ssl
    from asyncio import Protocol
    from collections.abc import Callable, Coroutine
    from types import TracebackType

    from mock_sma.sandbox.sandbox import Sandbox

HOST = "127.0.0.1"
START = 30.0
"""Longest wait for the server to answer, and to end [s]."""


class LiveServer:
    """A server over one world, which may be exchanged between tests.

    Use it as a context manager, or call :meth:`close`.

    Args:
        sandbox: the world it serves first.

    Attributes:
        url: its origin, without a slash at the end.
        port: where it listens.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        self._worlds = Worlds(sandbox)
        self._socket = bind(HOST, 0)
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://{HOST}:{self.port}"
        ready = threading.Event()
        self._server = Server(App(self._worlds), on_ready=ready.set)
        self._thread = threading.Thread(target=self._run, name="mock-sma", daemon=True)
        self._thread.start()
        if not ready.wait(START):
            self.close()
            raise MockSmaError(f"the server on {self.url} did not begin to answer within {START:g} s")

    def _run(self) -> None:
        run(self._server, self._socket)

    @property
    def sandbox(self) -> Sandbox:
        """The world that is served now."""
        return self._worlds.default

    def serve(self, sandbox: Sandbox) -> None:
        """Serve another world from the next request on."""
        self._worlds.default = sandbox

    def also_listen(self, protocol: Callable[..., Protocol], context: ssl.SSLContext | None = None) -> int:
        """Answer on a further port of this machine, and return it; see :meth:`Server.also_listen`."""
        sock = bind(HOST, 0)
        port: int = sock.getsockname()[1]
        self._do(self._server.also_listen(sock, protocol, context))
        return port

    def drop_secure(self) -> None:
        """Close the connections under TLS before this returns; their clients see it when they look next."""
        if self._server.secure_connections():
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

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

"""One real HTTP server on a free port of this machine, in a thread of the test process."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

from mock_sma.api.app import App
from mock_sma.api.background import Background
from mock_sma.api.delivery import OverTcp
from mock_sma.api.server import bind
from mock_sma.worlds.worlds import Worlds

if TYPE_CHECKING:
    import asyncio
    import ssl
    from asyncio import Protocol
    from collections.abc import Callable, Iterator
    from types import TracebackType

    from mock_sma.api.delivery import Wait
    from mock_sma.sandbox.sandbox import Sandbox

HOST = "127.0.0.1"


class LiveServer:
    """A server over one world, which may be exchanged between tests.

    Use it as a context manager, or call :meth:`close`.

    Args:
        sandbox: the world it serves first.

    Attributes:
        url: its origin, without a slash at the end.
        port: where it listens.
        ports: all where it does, those for SMA's names too.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        self._worlds = Worlds(sandbox)
        sock = bind(HOST, 0)
        self.port: int = sock.getsockname()[1]
        self.ports = {self.port}
        self.url = f"http://{HOST}:{self.port}"
        self._app = App(self._worlds)
        self._background = Background(self._app, sock)

    @property
    def sandbox(self) -> Sandbox:
        """The world that is served now."""
        return self._worlds.default

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The loop that answers, in a thread of its own."""
        return self._background.loop

    @property
    def is_alive(self) -> bool:
        """Whether it still answers: nothing has ended its thread or closed its sockets."""
        return self._background.is_alive

    def serve(self, sandbox: Sandbox) -> None:
        """Serve another world from the next request on."""
        self._worlds.default = sandbox

    def also_listen(self, protocol: Callable[..., Protocol], context: ssl.SSLContext | None = None) -> int:
        """Answer on a further port of this machine, and return it."""
        sock = bind(HOST, 0)
        port: int = sock.getsockname()[1]
        self._background.also_listen(sock, protocol, context)
        self.ports.add(port)
        return port

    @contextmanager
    def delaying(self, wait: Wait) -> Iterator[None]:
        """Let the delays of fault rules pass as ``wait`` lets them, on the server's loop, until the block ends."""
        vendor, before = self._app.vendor, self._app.vendor.deliver
        vendor.deliver = OverTcp(wait)
        try:
            yield
        finally:
            vendor.deliver = before

    def drop_secure(self) -> None:
        """Close the connections under TLS before this returns; their clients see it when they look next."""
        self._background.drop_secure()

    def close(self) -> None:
        """End the server and its thread."""
        self._background.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

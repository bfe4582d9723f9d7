"""Bytes from one connection to another, and back."""

from __future__ import annotations

import asyncio
import ssl
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from mock_sma.api.delivery import reset
from mock_sma.frozen import frozen

if TYPE_CHECKING:
    from asyncio import BaseTransport, Transport
    from typing import Any

    from uvicorn.server import ServerState


class Relay(asyncio.Protocol):
    """One end of a pair of connections: what arrives goes out at the other end.

    Args:
        connections: the server's, which it closes when it ends.
    """

    transport: Transport
    _other: Relay | None = None

    def __init__(self, connections: set[Any]) -> None:
        self._connections = connections
        self._early: list[bytes] = []
        """What arrived before there was another end."""
        self._has_ended = False

    def join(self, transport: Transport, other: Relay) -> None:
        """Become the end of a connection that is there, with the end of another one as its pair."""
        self.connection_made(transport)
        transport.set_protocol(self)
        self.pair(other)

    def pair(self, other: Relay) -> None:
        """Hand on to another end from now on, and take what it hands on."""
        self._other, other._other = other, self
        for end in (self, other):
            end.flush()

    def flush(self) -> None:
        """Hand on what came before there was another end."""
        for data in self._early:
            self.data_received(data)
        if self._has_ended:
            self.eof_received()

    def connection_made(self, transport: BaseTransport) -> None:
        """Begin."""
        self.transport = cast("Transport", transport)
        self._connections.add(self)

    def data_received(self, data: bytes) -> None:
        """Hand on."""
        if self._other is None:
            self._early.append(data)
        else:
            self._other.transport.write(data)

    def eof_received(self) -> bool:
        """Hand on that nothing more comes; answers still may."""
        self._has_ended = True
        if self._other is not None and self._other.transport.can_write_eof():
            self._other.transport.write_eof()
        # TLS knows no half of a connection.
        return self.transport.get_extra_info("sslcontext") is None

    def pause_writing(self) -> None:
        """Read no more from the other end than this one takes."""
        if self._other is not None:
            self._other.transport.pause_reading()

    def resume_writing(self) -> None:
        """Read on."""
        if self._other is not None:
            self._other.transport.resume_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        """End the other one too, as this one ended."""
        self._connections.discard(self)
        if self._other is None or self._other.transport.is_closing():
            return
        if isinstance(exc, ConnectionResetError):
            reset(self._other.transport)
        else:
            self._other.transport.close()

    def shutdown(self) -> None:
        """End with the server."""
        self.transport.close()

    def give_up(self) -> bool:
        """Close at once; what a relay carries is not known, so nothing is said of it."""
        self.transport.abort()
        return False


@frozen
class Place:
    """Where a server answers.

    Attributes:
        context: TLS with what its certificate has to be trusted by; None: plain HTTP.
    """

    host: str
    port: int
    context: ssl.SSLContext | None

    @classmethod
    def of(cls, url: str) -> Place:
        """Return the place of an origin."""
        parts = urlsplit(url)
        secure = parts.scheme == "https"
        context = ssl.create_default_context() if secure else None
        return cls(parts.hostname or "", parts.port or (443 if secure else 80), context)


class Onward(Relay):
    """A connection whose every byte goes to a server elsewhere, and back.

    Args:
        place: the place of that server.
        server_state: uvicorn's, as is what follows.
    """

    def __init__(self, *, place: Place, server_state: ServerState, **_: Any) -> None:
        super().__init__(server_state.connections)
        self._place = place
        self._tasks = server_state.tasks

    def connection_made(self, transport: BaseTransport) -> None:
        """Connect to the server before anything is read."""
        super().connection_made(transport)
        self.transport.pause_reading()
        task = asyncio.get_running_loop().create_task(self._connect())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _connect(self) -> None:
        place, loop = self._place, asyncio.get_running_loop()
        try:
            _, other = await loop.create_connection(self._end, place.host, place.port, ssl=place.context)
        except OSError:
            self.transport.abort()
            return
        self.pair(other)
        self.transport.resume_reading()

    def _end(self) -> Relay:
        return Relay(self._connections)

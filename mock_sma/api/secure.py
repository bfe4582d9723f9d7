"""TLS of a server's connection (RFC 8446), read record by record.

The transports of asyncio and uvloop take the end of what a client sends (``close_notify``) for the end of all, and read
it with the requests before it: answers that take a moment are lost. Here nothing is read while the protocol above has
asked for a pause, and what it writes after the client's end is sent (RFC 8446, section 6.1).
"""

from __future__ import annotations

import asyncio
import ssl
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

PATIENCE = 60.0
"""Longest time for a handshake [s]."""

RECORD = 16 * 1024
"""Most that a record holds [bytes] (RFC 8446, section 5.1)."""


class Secure(asyncio.Protocol):
    """The client's end of TLS: between a connection's bytes and the protocol that they are for.

    Args:
        protocol: what is spoken under TLS.
        context: the server's.
        failed: told why a handshake has failed.

    Attributes:
        shaken: done once the handshake is, or the connection has ended before.
    """

    transport: asyncio.Transport

    def __init__(
        self, protocol: asyncio.Protocol, context: ssl.SSLContext, failed: Callable[[OSError], object] = bool
    ) -> None:
        self.protocol = protocol
        self.context = context
        self.loop = asyncio.get_running_loop()
        self.shaken: asyncio.Future[None] = self.loop.create_future()
        self.is_closing = False
        self._failed = failed
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.end = context.wrap_bio(self._incoming, self._outgoing, server_side=True)
        self._is_paused = self._is_half = self._has_ended = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to wait for the handshake."""
        self.transport = cast("asyncio.Transport", transport)
        self._timer = self.loop.call_later(PATIENCE, self.transport.abort)

    def data_received(self, data: bytes) -> None:
        """Take bytes; what follows the server's own end is thrown away."""
        if not self.is_closing:
            self._incoming.write(data)
            self._advance()

    def eof_received(self) -> bool:
        """Take the end of the client's bytes, for which not every client says ``close_notify``.

        OpenSSL is not told: it would take nothing more to send.
        """
        if self.is_closing or not self.shaken.done():
            return False
        self._has_ended = True
        self._advance()
        return not self.transport.is_closing()

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._timer.cancel()
        self.is_closing = True
        if self.shaken.done():
            self.protocol.connection_lost(exc)
        else:
            self.shaken.set_result(None)

    def pause_writing(self) -> None:
        """Hand on that the client does not take what it is sent."""
        if self.shaken.done():
            self.protocol.pause_writing()

    def resume_writing(self) -> None:
        """Hand on that it does."""
        if self.shaken.done():
            self.protocol.resume_writing()

    def pause(self, *, is_paused: bool) -> None:
        """Read on or not, from the next record on."""
        self._is_paused = is_paused
        if not is_paused:
            self.loop.call_soon(self._advance)

    def write(self, data: bytes) -> None:
        """Send, unless the connection has ended."""
        if data and not self.is_closing:
            self.end.write(data)
            self._flush()

    def close(self) -> None:
        """Say that nothing more comes, in TLS and below, and wait for the client's end."""
        if self.is_closing:
            return
        self.is_closing = True
        with suppress(ssl.SSLError):  # the client has not said so yet, or has said more
            self.end.unwrap()
        self._flush()
        if self._is_half or not self.transport.can_write_eof():
            self.transport.close()
        else:
            self.transport.resume_reading()
            self.transport.write_eof()

    def _advance(self) -> None:
        if self.shaken.done() or self._shake():
            while not (self._is_paused or self._is_half or self.is_closing):
                data = self._read()
                if data is None:
                    break
                if data:
                    self.protocol.data_received(data)
                else:
                    self._is_half = True
                    if not self.protocol.eof_received():
                        self.close()
            self._flush()

    def _shake(self) -> bool:
        try:
            self.end.do_handshake()
        except ssl.SSLWantReadError:
            self._flush()
            return False
        except ssl.SSLError as error:
            self._failed(error)
            self._flush()
            self.transport.close()
            return False
        self._timer.cancel()
        self._flush()
        self.shaken.set_result(None)
        self.protocol.connection_made(SecureTransport(self))
        return True

    def _read(self) -> bytes | None:
        """Return what a record holds; nothing at the end; None: there is no whole record."""
        try:
            return self.end.read(RECORD)
        except ssl.SSLWantReadError:
            return b"" if self._has_ended else None
        except ssl.SSLZeroReturnError:
            return b""
        except ssl.SSLError:
            self._flush()
            self.is_closing = True
            self.transport.abort()
            return None

    def _flush(self) -> None:
        if self._outgoing.pending and not self.transport.is_closing():
            self.transport.write(self._outgoing.read())


class SecureTransport(asyncio.Transport):
    """What the protocol under TLS writes to.

    Args:
        secure: the connection.
    """

    def __init__(self, secure: Secure) -> None:
        super().__init__()
        self._secure = secure
        self._below = secure.transport

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """Return what is known of the connection."""
        own = {"sslcontext": self._secure.context, "ssl_object": self._secure.end}
        return own[name] if name in own else self._below.get_extra_info(name, default)

    def is_closing(self) -> bool:
        """Tell whether nothing more can be sent."""
        return self._secure.is_closing or self._below.is_closing()

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        """Let another protocol go on."""
        self._secure.protocol = cast("asyncio.Protocol", protocol)

    def get_protocol(self) -> asyncio.BaseProtocol:
        """Return the protocol."""
        return self._secure.protocol

    def is_reading(self) -> bool:
        """Tell whether more is read."""
        return self._below.is_reading()

    def pause_reading(self) -> None:
        """Read no more."""
        self._secure.pause(is_paused=True)
        self._below.pause_reading()

    def resume_reading(self) -> None:
        """Read on."""
        self._secure.pause(is_paused=False)
        self._below.resume_reading()

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """Set how much waits to be sent before the protocol is told."""
        self._below.set_write_buffer_limits(high, low)

    def get_write_buffer_size(self) -> int:
        """Return how much waits to be sent [bytes]."""
        return self._below.get_write_buffer_size()

    def get_write_buffer_limits(self) -> tuple[int, int]:
        """Return low and high water."""
        return self._below.get_write_buffer_limits()

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Send."""
        self._secure.write(bytes(data))

    def writelines(self, list_of_data: Iterable[bytes | bytearray | memoryview]) -> None:
        """Send all."""
        self._secure.write(b"".join(list_of_data))

    def can_write_eof(self) -> bool:
        """Tell that one end cannot be closed alone: OpenSSL reads no more once it has said its own end."""
        return False

    def close(self) -> None:
        """Close when all is sent."""
        self._secure.close()

    def abort(self) -> None:
        """Close at once."""
        self._secure.is_closing = True
        self._below.abort()

"""uvicorn's HTTP protocol with limits of size and time, and its transport within reach of the application."""

from __future__ import annotations

from typing import TYPE_CHECKING

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from mock_sma.api.delivery import TRANSPORT

if TYPE_CHECKING:
    from asyncio import TimerHandle, Transport

    from mock_sma.api.delivery import Receive, Scope, Send

MAX_HEAD = 32 * 1024
"""Largest request line and headers together [bytes]; a vendor token has some 1,500."""

REQUEST_TIME = 20.0
"""Longest time for a request to arrive, from its first byte to its last, and for the first byte of a connection [s]."""


async def head_too_large(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001 - an ASGI application
    """Answer 431 and close."""
    headers = [(b"content-length", b"0"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 431, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


class Protocol(HttpToolsProtocol):
    """One connection."""

    _timer: TimerHandle | None = None
    _is_partial = False
    _in_head = False
    _head = 0
    _piece = 0
    _arrived = 0

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes; a head without end is cut off before it fills the memory."""
        self._piece = len(data)
        self._arrived += self._piece
        super().data_received(data)
        # Most requests arrive whole, and need no timer.
        if self._is_partial and self._timer is None:
            self._wait()
        if not self._in_head:
            return
        self._head += len(data)
        if self._head > MAX_HEAD and not self.transport.is_closing():
            self.transport.write(
                b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
            )
            self.transport.close()

    def on_message_begin(self) -> None:
        """Note the beginning of a request."""
        super().on_message_begin()
        self._is_partial = self._in_head = True
        self._head = 0
        self.scope[TRANSPORT] = self.transport  # type: ignore[literal-required]

    def on_headers_complete(self) -> None:
        """Start the application, or refuse a head that is too large."""
        self._in_head = False
        # What has arrived since the last request ended bounds the head; only where it is much, the head is measured.
        if self._arrived <= MAX_HEAD or self._head_size() <= MAX_HEAD:
            super().on_headers_complete()
            return
        app, self.app = self.app, head_too_large
        super().on_headers_complete()
        self.app = app

    def on_message_complete(self) -> None:
        """Note the end of a request."""
        self._is_partial = False
        # The next request may have begun in the same piece.
        self._arrived = self._piece
        self._stop_waiting()
        super().on_message_complete()

    def _head_size(self) -> int:
        return len(self.url) + sum(len(name) + len(value) for name, value in self.headers)

    def _wait(self) -> None:
        self._timer = self.loop.call_later(REQUEST_TIME, self._give_up)

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _give_up(self) -> None:
        """Close a connection whose request does not arrive (slow loris)."""
        self._timer = None
        if not self.transport.is_closing():
            self.transport.abort()

"""uvicorn's HTTP protocol with limits of size and time, and its transport within reach of the application.

A world answers a request at once, and without waiting for anything. Most requests of the vendor API are a GET that
has arrived whole, on a connection where nothing else is under way: these are answered where they are read, without
a task, an event and three coroutines for each. All others go the way of ASGI.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from mock_sma.api.app import App
from mock_sma.api.delivery import TRANSPORT
from mock_sma.api.paths import is_portal, is_vendor
from mock_sma.api.vendor import to_request

if TYPE_CHECKING:
    from asyncio import TimerHandle, Transport
    from collections.abc import Awaitable, Callable

    from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

    from mock_sma.api.delivery import Receive, Scope, Send
    from mock_sma.api.vendor import Vendor
    from mock_sma.sandbox.exchange import Reply

    Application = Callable[[Scope, Receive, Send], Awaitable[None]]

MAX_HEAD = 32 * 1024
"""Largest request line and headers together [bytes]; a vendor token has some 1,500."""

REQUEST_TIME = 20.0
"""Longest time for a request to arrive, from its first byte to its last, and for the first byte of a connection [s]."""

_NO_VALUE = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
"""What no header's value may hold (RFC 9110, section 5.5)."""


async def head_too_large(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001 - an ASGI application
    """Answer 431 and close."""
    headers = [(b"content-length", b"0"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 431, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


def raising(error: Exception) -> Application:
    """Return an application that fails."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001 - an ASGI application
        raise error

    return app


class Protocol(HttpToolsProtocol):
    """One connection."""

    _vendor: Vendor | None = None
    _timer: TimerHandle | None = None
    _under_way: RequestResponseCycle | None = None
    """The request whose application was started last; uvicorn itself knows the one that was read last."""
    _is_answered = False
    _is_partial = False
    _in_head = False
    _piece = 0
    """Size of what arrived last."""
    _arrived = 0
    """Bytes since the last request ended, with all of the piece in which it did."""
    _shared = 0
    """Size of that piece: how much of it is the next request's is not known."""

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        app: object = self.app
        self._vendor = app.vendor if isinstance(app, App) else None
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._stop_waiting()
        super().connection_lost(exc)
        # uvicorn tells the request that was read last, which may be waiting behind the one that is being answered.
        if self._under_way is not None and not self._under_way.response_complete:
            self._under_way.disconnected = True
            self._under_way.message_event.set()

    def data_received(self, data: bytes) -> None:
        """Take bytes; a head without end is cut off before it fills the memory."""
        self._piece = len(data)
        self._arrived += self._piece
        super().data_received(data)
        # Most requests arrive whole, and need no timer.
        if self._is_partial and self._timer is None:
            self._wait()
        if self._in_head and self._arrived - self._shared > MAX_HEAD and not self.transport.is_closing():
            self.transport.write(
                b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
            )
            self.transport.close()

    def on_message_begin(self) -> None:
        """Note the beginning of a request."""
        super().on_message_begin()
        self._is_partial = self._in_head = True
        self._is_answered = False
        self.scope[TRANSPORT] = self.transport  # type: ignore[literal-required]

    def on_headers_complete(self) -> None:
        """Answer at once, start the application, or refuse a head that is too large."""
        self._in_head = False
        # A request answered at once may stand before this one in the same piece, and have begun the wait for the next.
        self._unset_keepalive_if_required()
        # Only where much has arrived, the head is measured.
        if self._arrived > MAX_HEAD and self._head_size() > MAX_HEAD:
            self._start(head_too_large)
        elif not self._answer_at_once():
            self._start(self.app)

    def on_body(self, body: bytes) -> None:
        """Take a part of a body; nobody reads that of a request which has its answer."""
        if not self._is_answered:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """Note the end of a request."""
        self._is_partial = False
        self._arrived = self._shared = self._piece
        self._stop_waiting()
        if not self._is_answered:
            super().on_message_complete()

    def on_response_complete(self) -> None:
        """Go on with the next request of those that wait."""
        if self.pipeline:
            self._under_way = self.pipeline[-1][0]
        super().on_response_complete()

    def _start(self, app: Application) -> None:
        """Start an application for the request whose head has arrived, or let it wait for its turn."""
        usual, self.app = self.app, app
        super().on_headers_complete()
        self.app = usual
        if not self.pipeline:
            self._under_way = self.cycle

    def _answer_at_once(self) -> bool:
        """Answer a request of the vendor API, and tell whether that was possible."""
        vendor, parser = self._vendor, self.parser
        if (
            vendor is None
            or parser.get_method() != b"GET"
            or parser.get_http_version() != "1.1"
            or parser.should_upgrade()
            or not parser.should_keep_alive()
            or (self.cycle is not None and not self.cycle.response_complete)
            or self.flow.write_paused
            or self.transport.is_closing()
        ):
            return False
        url = httptools.parse_url(self.url)
        path = url.path.decode("ascii")
        if "%" in path or is_portal(path) or not is_vendor(path):
            return False
        scope: Scope = self.scope  # type: ignore[assignment]
        scope["method"], scope["raw_path"], scope["query_string"] = "GET", url.path, url.query or b""
        try:
            world, reply = vendor.answer(to_request(scope, b""))
        except Exception as error:  # noqa: BLE001 - raised again where uvicorn logs it and answers 500
            self._start(raising(error))
            return True
        head = None if reply.effect is not None else head_of(reply)
        if head is None:
            self._start(lambda scope, receive, send: vendor.send(world, reply, scope, receive, send))
            return True
        self._is_answered = True
        self.transport.writelines((head, reply.body))
        self.on_response_complete()
        return True

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


def head_of(reply: Reply) -> bytes | None:
    """Return the head of an answer; None where a value may not stand in one, which uvicorn then refuses."""
    if _NO_VALUE.search(b"".join([value for _, value in reply.headers])):
        return None
    lines = [b"%b: %b\r\n" % header for header in reply.headers]
    return b"".join((STATUS_LINE[reply.status], *lines, b"\r\n"))

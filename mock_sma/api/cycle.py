"""One request on the road of ASGI: what an application reads of it, and what it answers (ASGI 3.0, HTTP 2.3)."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Protocol
from urllib.parse import unquote

from mock_sma.api.delivery import TRANSPORT
from mock_sma.api.head import FAILURE, head_of, parts_of_reply
from mock_sma.sandbox.exchange import BODILESS

if TYPE_CHECKING:
    from asyncio import Transport
    from collections.abc import Awaitable, Callable

    from mock_sma.api.arrival import Arrival
    from mock_sma.api.delivery import Message, Receive, Scope, Send
    from mock_sma.api.head import Refusal
    from mock_sma.sandbox.exchange import Reply

    Application = Callable[[Scope, Receive, Send], Awaitable[None]]

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"

_log = logging.getLogger("mock_sma.server")


class Outlet(Protocol):
    """The connection, as far as an answer needs it."""

    transport: Transport
    is_writable: asyncio.Event
    """Unset while the client takes less than it is sent."""

    def read_on(self) -> None:
        """Let more of the request's body arrive."""

    def answered(self, *, closing: bool) -> None:
        """Go on with the next request, or close."""


def scope_of(request: Arrival, transport: Transport, scheme: str, state: dict[str, object]) -> Scope:
    """Return the ASGI scope of a request on a connection."""
    server, client = (transport.get_extra_info(name) for name in ("sockname", "peername"))
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": request.version,
        "server": server and tuple(server[:2]),
        "client": client and tuple(client[:2]),
        "scheme": request.scheme or scheme,
        "root_path": "",
        "method": request.method,
        "path": unquote(request.path.decode("ascii")),
        "raw_path": request.path,
        "query_string": request.query,
        "headers": request.headers,
        "state": state.copy(),
        TRANSPORT: transport,
    }


class Cycle:
    """One request and its answer.

    Args:
        outlet: the connection.
        request: the request, whose body may go on arriving.
        closing: whether the connection ends with the answer.

    Attributes:
        is_begun: whether the head of the answer has been sent.
        is_over: whether nothing more of the answer can be sent: it is complete, or nobody is there to read it.
    """

    def __init__(self, outlet: Outlet, request: Arrival, *, closing: bool) -> None:
        self._outlet = outlet
        self.request = request
        self.closing = closing
        self.is_begun = False
        self.is_over = False
        self._has_body = True
        self._is_chunked = False
        self._left: int | None = None
        """Bytes of the body that are to come; None: no number was announced."""
        self._news = asyncio.Event()
        request.news = self._news.set
        if request.is_whole or request.body:
            self._news.set()

    async def run(self, app: Application, scope: Scope) -> None:
        """Let an application answer; one that fails is answered for."""
        if self.is_over:  # the request has turned out to be none
            return
        try:
            await app(scope, self.receive, self.send)
        except Exception:  # noqa: BLE001 - answered 500
            _log.exception("an exception in the application")
        else:
            if not self.is_over:
                _log.error("the application gave no whole answer to %s %s", scope["method"], scope["path"])
        self.refuse(FAILURE)

    def refuse(self, refusal: Refusal) -> None:
        """End with a refusal where no answer has begun; one that has begun is cut off."""
        if self.is_over:
            return
        self.end()
        if self.is_begun:
            self._outlet.transport.close()
        else:
            self._outlet.transport.write(refusal.answer())
            self._outlet.answered(closing=True)

    def answer(self, reply: Reply) -> None:
        """Send a whole answer at once, for an application that was none of ASGI's."""
        try:
            parts = parts_of_reply(reply, self.request.method, closing=self.closing)
        except ValueError:
            _log.exception("an exception in the vendor API")
            self.refuse(FAILURE)
            return
        self._outlet.transport.writelines(parts)
        self.end()
        self._outlet.answered(closing=self.closing)

    def end(self) -> None:
        """End: nobody is there any more, or all is said."""
        self.is_over = True
        self.request.keep = 0
        self._news.set()

    async def receive(self) -> Message:
        """Return what has arrived of the body, once there is more of it; then, that the client has left."""
        if self.request.expects_continue and not self.is_over:
            self.request.expects_continue = False
            self._outlet.transport.write(CONTINUE)
        if not self.is_over:
            self._outlet.read_on()
            await self._news.wait()
            self._news.clear()
        if self.is_over:
            return {"type": "http.disconnect"}
        body = bytes(self.request.body)
        self.request.body.clear()
        return {"type": "http.request", "body": body, "more_body": not self.request.is_whole}

    async def send(self, message: Message) -> None:
        """Send the head of the answer, or a part of its body.

        Raises:
            RuntimeError: a message at the wrong time, or a body longer or shorter than announced.
            ValueError: a header may not stand in a head.
        """
        await self._outlet.is_writable.wait()
        if self.is_over:
            return
        wanted = "http.response.body" if self.is_begun else "http.response.start"
        if message["type"] != wanted:
            raise RuntimeError(f"the next message is {wanted}, not {message['type']}")
        if self.is_begun:
            self._send_body(message.get("body", b""), is_last=not message.get("more_body", False))
        else:
            self._send_head(message["status"], [(name.lower(), value) for name, value in message.get("headers", ())])

    def _send_head(self, status: int, headers: list[tuple[bytes, bytes]]) -> None:
        known = dict(headers)
        self._has_body = self.request.method != "HEAD" and status not in BODILESS
        if b"content-length" in known:
            self._left = int(known[b"content-length"])
        elif self._has_body and self.request.version != "1.0":  # whose bodies end with the connection
            self._is_chunked = True
            headers = [*headers, (b"transfer-encoding", b"chunked")]
        self.closing = self.closing or b"close" in known.get(b"connection", b"").lower()
        self._outlet.transport.write(head_of(status, headers, closing=self.closing))
        self.is_begun = True
        self.request.expects_continue = False

    def _send_body(self, body: bytes, *, is_last: bool) -> None:
        if self._has_body:
            if self._left is not None:
                self._left -= len(body)
                if self._left < 0 or (is_last and self._left):
                    raise RuntimeError("the body is not as long as its content-length")
            if self._is_chunked:
                body = (b"%x\r\n%b\r\n" % (len(body), body) if body else b"") + (b"0\r\n\r\n" if is_last else b"")
            self._outlet.transport.write(body)
        if is_last:
            self.end()
            self._outlet.answered(closing=self.closing)

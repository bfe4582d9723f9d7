"""How a reply reaches the client over TCP, with what a fault rule does to the connection.

What goes wrong below HTTP goes wrong on the wire: a reset is a RST packet, an empty response a FIN without a byte.
"""

from __future__ import annotations

import asyncio
import os
import socket
import struct
from typing import TYPE_CHECKING, Protocol

from mock_sma.domain.faults import FaultKind
from mock_sma.errors import MockSmaError
from mock_sma.sandbox.exchange import SLOW_PIECES

if TYPE_CHECKING:
    from asyncio import Future, Transport
    from collections.abc import Awaitable, Callable, Coroutine, MutableMapping
    from typing import Any

    from mock_sma.api.head import Refusal
    from mock_sma.sandbox.exchange import Effect, Reply
    from mock_sma.sandbox.sandbox import Sandbox

    Scope = MutableMapping[str, Any]
    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]
    Wait = Callable[[float], Coroutine[Any, Any, object]]

TRANSPORT = "mock_sma.transport"
"""Key of an ASGI scope under which :class:`mock_sma.api.protocol.Protocol` puts the connection's transport."""

UNSENT = 64
"""Bytes that ``wrong_content_length`` announces and does not send."""


FAREWELL = 0.5
"""Time that a client has to close its side of a connection that was closed on it [s]."""


class Delivery(Protocol):
    """Sends a reply whose ``effect`` is set."""

    async def __call__(
        self, world: Sandbox, reply: Reply, effect: Effect, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Send ``reply``, or break what ``effect`` breaks."""


async def send_whole(reply: Reply, send: Send) -> None:
    """Send a reply as it is."""
    await send({"type": "http.response.start", "status": reply.status, "headers": reply.headers})
    await send({"type": "http.response.body", "body": reply.body})


async def refuse(refusal: Refusal, send: Send) -> None:
    """Send a refusal."""
    headers, body = refusal.parts()
    await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


class OverTcp:
    """Delivers a reply through the connection's transport.

    Args:
        wait: lets the seconds of a delay pass; by itself real ones, since the client waits in real time.
    """

    def __init__(self, wait: Wait = asyncio.sleep) -> None:
        self._wait = wait

    async def __call__(
        self,
        world: Sandbox,  # noqa: ARG002 - in process its clock waits; here the client does
        reply: Reply,
        effect: Effect,
        scope: Scope,
        receive: Receive,
        send: Send,
    ) -> None:
        """Send ``reply``, or break what ``effect`` breaks."""
        if effect.delay and not await stays(receive, self._wait(effect.delay)):
            return
        if effect.fault == FaultKind.SLOW_BODY:
            await self._send_slowly(reply, effect.spread, receive, send)
        elif effect.fault in BREAKING:
            transport = _transport(scope)
            if not transport.is_closing():
                await BREAKING[effect.fault](reply, transport, send)
            if await stays(receive, asyncio.sleep(FAREWELL)):
                # Under TLS a connection is closed when both have said so; a client that says nothing is not waited for.
                transport.abort()
                await _gone(receive)
        else:
            await send_whole(reply, send)

    async def _send_slowly(self, reply: Reply, spread: float, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": reply.status, "headers": reply.headers})
        size = max(1, -(-len(reply.body) // SLOW_PIECES))
        pieces = [reply.body[at : at + size] for at in range(0, len(reply.body), size)] or [b""]
        for piece in pieces:
            if not await stays(receive, self._wait(spread / len(pieces))):
                return
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


over_tcp = OverTcp()


def _transport(scope: Scope) -> Transport:
    transport: Transport | None = scope.get(TRANSPORT)
    if transport is None:
        raise MockSmaError("faults of the connection need mock-sma's own server; start it with mock-sma serve")
    return transport


async def _gone(receive: Receive) -> None:
    """Wait until the connection is closed."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def stays(receive: Receive, wait: Coroutine[Any, Any, object] | Future[Any]) -> bool:
    """Wait and tell whether the client is still there; one that has left frees what it held at once."""
    gone, over = asyncio.ensure_future(_gone(receive)), asyncio.ensure_future(wait)
    try:
        await asyncio.wait((gone, over), return_when=asyncio.FIRST_COMPLETED)
        return not gone.done()
    finally:
        gone.cancel()
        over.cancel()
        await asyncio.gather(gone, over, return_exceptions=True)


async def _reset(reply: Reply, transport: Transport, send: Send) -> None:  # noqa: ARG001 - one signature for all
    reset(transport)


def reset(transport: Transport) -> None:
    """Close so that the kernel sends RST: with a linger time of 0 (socket(7), SO_LINGER)."""
    name = transport.get_extra_info("socket")
    if name is not None:
        # uvloop gives no socket that options can be set on; a second descriptor of the same one does.
        with socket.socket(fileno=os.dup(name.fileno())) as twin:
            twin.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


async def _close(reply: Reply, transport: Transport, send: Send) -> None:  # noqa: ARG001 - one signature for all
    transport.close()


async def _truncate(reply: Reply, transport: Transport, send: Send) -> None:
    if len(reply.body) < 2:
        # There is nothing to cut in the body: the head is cut.
        transport.write(b"HTTP/1.1 ")
    else:
        await send({"type": "http.response.start", "status": reply.status, "headers": reply.headers})
        half = reply.body[: len(reply.body) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})
    transport.close()


async def _send_less(reply: Reply, transport: Transport, send: Send) -> None:
    announced = b"%d" % (len(reply.body) + UNSENT)
    headers = [(name, announced if name == b"content-length" else value) for name, value in reply.headers]
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": reply.body, "more_body": True})
    transport.close()


BREAKING: dict[str, Callable[[Reply, Transport, Send], Awaitable[None]]] = {
    FaultKind.CONNECTION_RESET: _reset,
    FaultKind.EMPTY_RESPONSE: _close,
    FaultKind.TRUNCATED_BODY: _truncate,
    FaultKind.WRONG_CONTENT_LENGTH: _send_less,
}

"""Vendor requests over ASGI: past FastAPI's parameter machinery, straight into the world."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.api.delivery import over_tcp, send_whole
from mock_sma.clock import monotonic
from mock_sma.sandbox.exchange import Request

if TYPE_CHECKING:
    from collections.abc import Callable

    from mock_sma.api.delivery import Delivery, Receive, Scope, Send
    from mock_sma.sandbox.journal import Entry
    from mock_sma.sandbox.worlds import Worlds

    Observer = Callable[[Entry, float], None]

MAX_BODY = 64 * 1024
"""Largest vendor request body [bytes]; the largest real one is a token request of a few hundred."""


def to_request(scope: Scope, body: bytes) -> Request:
    """Return the request of an ASGI scope."""
    headers = dict(scope["headers"])
    host = headers.get(b"host", b"").decode("latin-1").lower()
    if not host.startswith("["):
        host = host.partition(":")[0]
    return Request(
        method=scope["method"],
        path=scope["raw_path"].decode("latin-1"),
        query=scope["query_string"].decode("latin-1"),
        headers=headers,
        body=body,
        host=host,
        scheme=scope["scheme"],
    )


async def read_body(receive: Receive) -> bytes | None:
    """Return the whole body, or None where it is larger than :data:`MAX_BODY`."""
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > MAX_BODY:
            return None
        chunks.append(chunk)
        if not message.get("more_body"):
            return b"".join(chunks)


class Vendor:
    """The ASGI application of the vendor API.

    Args:
        worlds: that answer.
        deliver: sends replies that a fault rule has struck.
        observers: told of each exchange, with the time that making its answer took [s].
    """

    def __init__(self, worlds: Worlds, deliver: Delivery = over_tcp, observers: tuple[Observer, ...] = ()) -> None:
        self.worlds = worlds
        self.deliver = deliver
        self.observers = observers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        body: bytes | None = b""
        if scope["method"] != "GET":
            body = await read_body(receive)
        if body is None:
            await send({"type": "http.response.start", "status": 413, "headers": [(b"connection", b"close")]})
            await send({"type": "http.response.body", "body": b""})
            return
        request = to_request(scope, body)
        world = self.worlds.pick(request)
        begun = monotonic()
        reply = world.handle(request)
        seconds, entry = monotonic() - begun, world.requests[-1]
        for observe in self.observers:
            observe(entry, seconds)
        if reply.effect is None:
            await send_whole(reply, send)
        else:
            await self.deliver(world, reply, reply.effect, scope, receive, send)

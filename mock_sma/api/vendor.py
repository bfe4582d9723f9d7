"""Vendor requests over ASGI: past FastAPI's parameter machinery, straight into the world."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.api.delivery import over_tcp, send_whole
from mock_sma.clock import monotonic
from mock_sma.sandbox.exchange import MAX_BODY, Request
from mock_sma.sandbox.hosts import name_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from mock_sma.api.delivery import Delivery, Receive, Scope, Send
    from mock_sma.sandbox.exchange import Reply
    from mock_sma.sandbox.sandbox import Sandbox
    from mock_sma.sandbox.world.entry import Entry
    from mock_sma.sandbox.worlds import Worlds

    Observer = Callable[[Entry, float], None]


def request_of(
    method: str, path: bytes, query: bytes, headers: dict[bytes, bytes], body: bytes, scheme: str
) -> Request:
    """Return what a world is asked.

    Args:
        path: as sent, percent-encoding kept.
        headers: names in lower case.
    """
    host = name_of(headers.get(b"host", b"").decode("latin-1"))
    return Request(method, path.decode("latin-1"), query.decode("latin-1"), headers, body, host, scheme)


async def read_body(receive: Receive) -> bytes:
    """Return the whole body; of one larger than :data:`MAX_BODY` just enough for the world to refuse it."""
    chunks: list[bytes] = []
    size = 0
    while size <= MAX_BODY:
        message = await receive()
        chunk = message.get("body", b"")
        size += len(chunk)
        chunks.append(chunk)
        if not message.get("more_body"):
            break
    return b"".join(chunks)[: MAX_BODY + 1]


class Vendor:
    """The ASGI application of the vendor API.

    Args:
        worlds: the worlds that answer.
        deliver: sends replies that a fault rule has struck.
        observers: told of each exchange, with the time that making its answer took [s].
    """

    def __init__(self, worlds: Worlds, deliver: Delivery = over_tcp, observers: tuple[Observer, ...] = ()) -> None:
        self.worlds = worlds
        self.deliver = deliver
        self.observers = observers

    def answer(self, request: Request) -> tuple[Sandbox, Reply]:
        """Return the answer to a request, and the world that gave it."""
        world = self.worlds.pick(request)
        begun = monotonic()
        reply = world.handle(request)
        seconds, entry = monotonic() - begun, world.requests[-1]
        for observe in self.observers:
            observe(entry, seconds)
        return world, reply

    async def send(self, world: Sandbox, reply: Reply, scope: Scope, receive: Receive, send: Send) -> None:
        """Send an answer, or what a fault rule leaves of it."""
        if reply.effect is None:
            await send_whole(reply, send)
        else:
            await self.deliver(world, reply, reply.effect, scope, receive, send)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        body = await read_body(receive)
        headers = dict(scope["headers"])
        request = request_of(scope["method"], scope["raw_path"], scope["query_string"], headers, body, scope["scheme"])
        world, reply = self.answer(request)
        await self.send(world, reply, scope, receive, send)

"""Vendor requests over ASGI: past FastAPI's parameter machinery, straight into the world."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from mock_sma.sandbox.exchange import Request

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping
    from typing import Any

    from mock_sma.sandbox.worlds import Worlds

    Scope = MutableMapping[str, Any]
    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]

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
    """The ASGI application of the vendor API."""

    def __init__(self, worlds: Worlds) -> None:
        self.worlds = worlds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        body: bytes | None = b""
        if scope["method"] != "GET":
            body = await read_body(receive)
        if body is None:
            await send({"type": "http.response.start", "status": 413, "headers": [(b"connection", b"close")]})
            await send({"type": "http.response.body", "body": b""})
            return
        reply = self.worlds.handle(to_request(scope, body))
        if reply.effect is not None and reply.effect.delay:
            await asyncio.sleep(reply.effect.delay)
        await send({"type": "http.response.start", "status": reply.status, "headers": reply.headers})
        await send({"type": "http.response.body", "body": reply.body})

"""Answers that wait until what they tell of is kept (``serve --state``); how that is done is somebody else's."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol

import orjson

from mock_sma.errors import StateError
from mock_sma.sandbox.exchange import SAFE

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from mock_sma.api.delivery import Message, Receive, Scope, Send
    from mock_sma.sandbox.exchange import Reply, Request
    from mock_sma.sandbox.sandbox import Sandbox

    Application = Callable[[Scope, Receive, Send], Awaitable[None]]

    Hold = asyncio.Future[StateError | None]
    """Done when something is kept, with why it could not be."""

REFUSED = (401, 403)


class Keeping(Protocol):
    """Keeps what requests change."""

    def check(self, method: str) -> None:
        """Look whether a request can be answered now; raises a StateError where it cannot."""

    def handle(self, world: Sandbox, request: Request) -> tuple[Reply, Hold | None]:
        """Return a world's answer, and what it has to wait for; raises a StateError as :meth:`check` does."""

    def changed(self, name: str | None) -> Hold | None:
        """Keep what has been done to a world (None: the default one), or to the list of worlds."""

    def pending(self) -> Hold | None:
        """Return what a reader has to wait for."""


async def kept(hold: Hold | None) -> StateError | None:
    """Wait, and return why something could not be kept."""
    # Others wait for the same, whether this one's client stays or not.
    return None if hold is None else await asyncio.shield(hold)


def keeping(keeper: Keeping, control: Application) -> Application:
    """Return the control API whose answers wait until what they have changed, and what they show, is kept."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        is_safe = scope["method"] in SAFE
        problem: StateError | None = None

        async def send_kept(message: Message) -> None:
            nonlocal problem
            if message["type"] == "http.response.start":
                changes = not is_safe and message["status"] not in REFUSED
                problem = await kept(keeper.changed(_world(scope["path"])) if changes else keeper.pending())
                if problem is not None:
                    await _unavailable(problem, send)
            if problem is None:
                await send(message)

        try:
            keeper.check(scope["method"])
        except StateError as error:
            await _unavailable(error, send)
        else:
            await control(scope, receive, send_kept)

    return answer


async def _unavailable(error: StateError, send: Send) -> None:
    """Send an error of the control API, which is ready before the modules that it has them from."""
    body = orjson.dumps({"type": "about:blank", "title": "Service Unavailable", "status": 503, "detail": str(error)})
    headers = [(b"content-type", b"application/problem+json"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _world(path: str) -> str | None:
    """Return the name of the world that a path of the control API or the console is about."""
    parts = path.split("/")
    return parts[3] if parts[1:3] == ["_mock", "worlds"] and len(parts) > 3 and parts[3] else None

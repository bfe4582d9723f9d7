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


class Shared(Protocol):
    """Has requests answered in turns with other servers, and changes by hand followed by them.

    All of it raises a StateError, or gives one, where the others are out of reach.
    """

    def ask(self, request: Request, done: Callable[[tuple[Sandbox, Reply] | Exception], None]) -> None:
        """Have a request of the vendor API answered; ``done`` is given the answer, or why there is none."""

    def read_at_once(self, world: Sandbox, request: Request) -> Reply | None:
        """Return a world's answer to what only reads it, where nobody has to be asked; None: :meth:`ask` has it."""

    async def settled(self) -> None:
        """Have all that was answered by any server so far."""

    async def begin(self) -> None:
        """Let nobody else change anything."""

    async def commit(self, name: str | None) -> None:
        """End that, with changes of a world (None: the default one) or of the list of worlds."""

    async def leave_be(self) -> None:
        """End that without a change."""

    async def abandon(self) -> None:
        """End that after a failure."""


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


OWN = ("/_mock/health", "/_mock/fidelity", "/_mock/metrics", "/_mock/openapi.json", "/_mock/console/static/")
"""Beginnings of paths that are about this server alone."""

MAX_AHEAD = 32 * 1024 * 1024
"""Bytes of a body that are read before the others have to wait for what it changes."""


def sharing(shared: Shared, control: Application) -> Application:
    """Return the control API of one of several servers."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"].startswith(OWN):
            await control(scope, receive, send)
            return
        try:
            if scope["method"] in SAFE:
                await shared.settled()
            else:
                receive = await _ahead(receive)
                await shared.begin()
        except StateError as error:
            await _unavailable(error, send)
            return
        if scope["method"] in SAFE:
            await control(scope, receive, send)
        else:
            await _ByHand(shared, _world(scope["path"]), send).run(control, scope, receive)

    return answer


class _ByHand:
    """One change by hand, which has begun."""

    def __init__(self, shared: Shared, world: str | None, send: Send) -> None:
        self._shared = shared
        self._world = world
        self._send = send
        self._is_over = self._is_refused = False

    async def run(self, control: Application, scope: Scope, receive: Receive) -> None:
        try:
            await control(scope, receive, self._send_shared)
        finally:
            if not self._is_over:
                await self._shared.abandon()

    async def _send_shared(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._is_over = True
            try:
                await (self._shared.leave_be() if message["status"] in REFUSED else self._shared.commit(self._world))
            except StateError as error:
                self._is_refused = True
                await _unavailable(error, self._send)
        if not self._is_refused:
            await self._send(message)


async def _ahead(receive: Receive) -> Receive:
    """Read a body, so that nobody has to wait until it has arrived."""
    read: list[Message] = []
    size = 0
    while size < MAX_AHEAD:
        message = await receive()
        read.append(message)
        size += len(message.get("body", b""))
        if not message.get("more_body"):
            break

    async def again() -> Message:
        return read.pop(0) if read else await receive()

    return again


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

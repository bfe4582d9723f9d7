"""Vendor requests over ASGI: past FastAPI's parameter machinery, straight into the world."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from mock_sma.api.delivery import over_tcp, refuse, send_whole, stays
from mock_sma.api.head import Refusal
from mock_sma.api.keeping import kept
from mock_sma.api.worker import in_thread
from mock_sma.clock import monotonic
from mock_sma.errors import StateError
from mock_sma.sandbox.exchange import MAX_BODY, Request
from mock_sma.sandbox.hosts import name_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mock_sma.api.delivery import Delivery, Receive, Scope, Send
    from mock_sma.api.keeping import Hold, Keeping, Shared
    from mock_sma.sandbox.exchange import Reply
    from mock_sma.sandbox.sandbox import Sandbox
    from mock_sma.sandbox.world.entry import Entry
    from mock_sma.worlds.worlds import Worlds

    Observer = Callable[[Entry, float], None]

    Answered = tuple[Sandbox, Reply, Hold | None]
    """The world that answers, its answer, and what that has to wait for."""


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


MAX_HEARD = 500
"""Requests that are known by their bytes."""

MAX_HEARD_SIZE = 4_096
"""Largest of them [bytes]; one with a token has some 1,500."""


class Vendor:
    """The ASGI application of the vendor API.

    Args:
        worlds: the worlds that answer.
        deliver: sends replies that a fault rule has struck.
        observers: told of each exchange, with the time that making its answer took [s].

    Attributes:
        heard: arrivals of requests without a body by the bytes that they came in, for each scheme: who polls sends the
            same again.
    """

    def __init__(self, worlds: Worlds, deliver: Delivery = over_tcp, observers: tuple[Observer, ...] = ()) -> None:
        self.worlds = worlds
        self.deliver = deliver
        self.observers = observers
        self.keeper: Keeping | None = None
        self.heard: dict[str, dict[bytes, Any]] = {"http": {}, "https": {}}
        self.shared: Shared | None = None
        self._turns: WeakKeyDictionary[Sandbox, asyncio.Lock] = WeakKeyDictionary()
        """Held while a thread works for a world, which has one at most."""
        self._working: set[asyncio.Future[Answered]] = set()
        self._asking: set[asyncio.Future[None]] = set()

    def answer_at_once(self, request: Request) -> Answered | None:
        """Return the answer to a request; None: others would have to wait for it.

        Raises:
            StateError: what the request may change cannot be kept.
        """
        world = self.worlds.pick(request)
        if not world.lock.acquire(blocking=False):  # a thread holds it
            return None
        try:
            if not world.is_at_hand(request):
                return None
            begun = monotonic()
            if self.shared is not None:
                read = self.shared.read_at_once(world, request)
                if read is None:
                    return None
                reply, entry, hold = read, world.requests[-1], None
            else:
                reply, entry, hold = self._handle(world, request)
        finally:
            world.lock.release()
        self._tell(entry, begun)
        return world, reply, hold

    def hear(self, data: bytes, came: Any) -> Mapping[bytes, Any]:
        """Know a request by its bytes from now on; return all that are known of its scheme."""
        heard = self.heard[came.asked.scheme]
        if len(data) <= MAX_HEARD_SIZE:
            if len(heard) >= MAX_HEARD:
                heard.clear()
            heard[data] = came
        return heard

    def _handle(self, world: Sandbox, request: Request) -> tuple[Reply, Entry, Hold | None]:
        with world.lock:
            if self.keeper is None:
                return world.handle(request), world.requests[-1], None
            reply, hold = self.keeper.handle(world, request)
            return reply, world.requests[-1], hold

    def ask(self, request: Request, done: Callable[[Answered | Exception], None]) -> None:
        """Have a request answered in turn with other servers; ``done`` is given the answer, or why there is none."""
        begun = monotonic()

        def told(answer: tuple[Sandbox, Reply] | Exception) -> None:
            if isinstance(answer, Exception):
                done(answer)
            else:
                world, reply = answer
                self._tell(world.requests[-1], begun)
                done((world, reply, None))

        assert self.shared is not None
        if self.worlds.pick(request).is_at_hand(request):
            self.shared.ask(request, told)
        else:
            work = asyncio.ensure_future(self._ask_later(self.shared, request, told))
            self._asking.add(work)
            work.add_done_callback(self._asking.discard)

    async def _ask_later(
        self, shared: Shared, request: Request, told: Callable[[tuple[Sandbox, Reply] | Exception], None]
    ) -> None:
        world = self.worlds.pick(request)
        async with self._turns.setdefault(world, asyncio.Lock()):
            await in_thread(lambda: world.work_ahead(request))
        shared.ask(request, told)

    async def _asked(self, request: Request) -> Answered:
        """Return the answer to a request; raises why there is none."""
        answer: asyncio.Future[Answered | Exception] = asyncio.get_running_loop().create_future()

        def told(found: Answered | Exception) -> None:
            if not answer.done():
                answer.set_result(found)

        self.ask(request, told)
        found = await answer
        if isinstance(found, Exception):
            raise found
        return found

    async def answer_later(self, request: Request, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request that takes long, while others get theirs; that its client leaves makes no difference."""
        work = asyncio.ensure_future(self._work(self.worlds.pick(request), request))
        self._working.add(work)
        work.add_done_callback(self._working.discard)
        if not await stays(receive, asyncio.shield(work)):
            return
        try:
            answer = work.result()
        except StateError as error:
            await refuse(Refusal(503, str(error)), send)
        else:
            await self.send(answer, scope, receive, send)

    async def _work(self, world: Sandbox, request: Request) -> Answered:
        async with self._turns.setdefault(world, asyncio.Lock()):
            return await self._beside(world, request)

    async def _beside(self, world: Sandbox, request: Request) -> Answered:
        """Return the answer to a request, which a thread works for."""

        def work() -> tuple[Reply, Entry, Hold | None] | None:
            world.work_ahead(request)
            # What is kept is answered on the loop, one after the other.
            return self._handle(world, request) if self.keeper is None else None

        begun = monotonic()
        done = await in_thread(work)
        reply, entry, hold = done or self._handle(world, request)
        self._tell(entry, begun)
        return world, reply, hold

    def _tell(self, entry: Entry, begun: float) -> None:
        seconds = monotonic() - begun
        for observe in self.observers:
            observe(entry, seconds)

    async def send(self, answer: Answered, scope: Scope, receive: Receive, send: Send) -> None:
        """Send an answer, or what a fault rule leaves of it, once what it tells of is kept."""
        world, reply, hold = answer
        problem = await kept(hold)
        if problem is not None:
            await refuse(Refusal(503, str(problem)), send)
        elif reply.effect is None:
            await send_whole(reply, send)
        else:
            await self.deliver(world, reply, reply.effect, scope, receive, send)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        body = await read_body(receive)
        headers = dict(scope["headers"])
        request = request_of(scope["method"], scope["raw_path"], scope["query_string"], headers, body, scope["scheme"])
        try:
            answer = await self._asked(request) if self.shared is not None else self.answer_at_once(request)
            if answer is None:
                answer = await self._beside(self.worlds.pick(request), request)
        except StateError as error:
            await refuse(Refusal(503, str(error)), send)
        else:
            await self.send(answer, scope, receive, send)

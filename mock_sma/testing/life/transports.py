"""Clients of httpx and httpx2 answered by a world as directly as can be: nothing is routed, and nothing remembered.

A life has a hundred times as many requests as a test. So a client's request is answered before it comes to the parts of
httpx that deal with connections, with streams of bytes and with cookies: they take two thirds of a request that no
network is behind. What a program sees of its client is the same: authentication, redirects, event hooks, the response.
"""

from __future__ import annotations

import logging
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from importlib import import_module
from importlib.util import find_spec
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from mock_sma.sandbox.exchange import Reply
from mock_sma.sandbox.hosts import SMA_HOSTS
from mock_sma.testing.convert import answer
from mock_sma.testing.life.flows import FLOW, FOLLOWING, REDIRECT, SENDING, flowing
from mock_sma.testing.life.sent import Sent, Ways
from mock_sma.testing.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    from mock_sma.sandbox.sandbox import Sandbox
    from mock_sma.testing.life.polled import Polled
    from mock_sma.testing.life.polls import Watch

    Turn = Callable[[], object]

MAX_SENT = 4_096
"""Requests of clients that are remembered with their parts."""

AT_ONCE = timedelta()
"""How long an answer takes where nothing holds it back."""


@contextmanager
def answering(world: Sandbox, turn: Turn = lambda: None, watch: Watch = lambda *_: None) -> Iterator[None]:
    """Answer SMA's hosts from a world, whatever client of httpx asks, until the block ends.

    Args:
        turn: waits for the turn of the thread that asks.
        watch: is shown each exchange that the world's own way does not see.
    """
    ways = Ways(world, watch)
    with ExitStack() as undo:
        for name in ("httpx", "httpx2"):
            if find_spec(name) is not None:
                _answer(world, import_module(name), undo, turn, ways)
        yield


def _answer(world: Sandbox, http: ModuleType, undo: ExitStack, turn: Turn, ways: Ways) -> None:
    turns = Turns(world)
    real, real_async = http.HTTPTransport.handle_request, http.AsyncHTTPTransport.handle_async_request

    def handle(self: Any, request: Any) -> Any:
        if request.url.host.lower() not in SMA_HOSTS:
            return real(self, request)
        request.read()
        turn()
        return answer(world, request, http)

    async def handle_async(self: Any, request: Any) -> Any:
        if request.url.host.lower() not in SMA_HOSTS:
            return await real_async(self, request)
        await request.aread()
        turn()
        return await turns.let(lambda: answer(world, request, http))

    for kind, name, ours in (
        (http.HTTPTransport, "handle_request", handle),
        (http.AsyncHTTPTransport, "handle_async_request", handle_async),
    ):
        _replace(undo, kind, name, ours)
    # A version of httpx may come without these; then the transport answers.
    if all(hasattr(http.Client, name) for name in (FLOW, FOLLOWING, SENDING)):
        _replace(undo, http.Client, FLOW, flowing(http))
        _replace(undo, http.Client, SENDING, _sending(world, http, turn, ways))
    _replace(undo, http.Cookies, "extract_cookies", _extracting(http.Cookies.extract_cookies))


def _sending(world: Sandbox, http: ModuleType, turn: Turn, ways: Ways) -> Callable[[Any, Any], Any]:
    """Return a method of a client that sends one request: to the world at once where no fault rule is in force."""
    real, told, whole = getattr(http.Client, SENDING), logging.getLogger(http.__name__), _whole(http)
    fields_of = attrgetter("_list" if hasattr(http.Headers(), "_list") else "raw")
    sent: dict[int, Sent] = {}

    def send(self: Any, request: Any) -> Any:
        known = sent.get(id(request))
        if known is None or known.request is not request or known.url is not request.url:
            known = _remembered(sent, request)
        client, mounts, default, _ = known.way
        if client is not self or mounts is not self._mounts or default is not self._transport:
            way = self._transport_for_url(known.url)
            known.way = (self, self._mounts, self._transport, way)
            known.is_ours = known.target[0] in SMA_HOSTS and type(way) is http.HTTPTransport
        is_plain = (
            known.is_ours
            and not world.faults.in_force(_now(world))
            and isinstance(request.stream, http.SyncByteStream)
            and not told.isEnabledFor(logging.INFO)
        )
        if not is_plain:
            return real(self, request)
        turn()
        reply = ways.answer(known, request, fields_of(request.headers))
        response = whole(reply, request, self._default_encoding)
        # Behind what all answers have and the request's id come those that are its own.
        if isinstance(reply, Reply) and any(
            name == b"set-cookie" for name, _ in reply.headers[len(reply.common) + 1 :]
        ):
            self.cookies.extract_cookies(response)
        return response

    return send


def _now(world: Sandbox) -> float:
    """Return the time after all that is due by then has happened [s since the epoch]."""
    now = world.clock.time()
    return now if now < world.agenda.due else world.catch_up()


def _remembered(sent: dict[int, Sent], request: Any) -> Sent:
    """Return what is the same each time that a request is sent, and remember it where it may be sent again."""
    found = Sent(request)
    if request.method == "GET":  # what is posted is made anew, and would only take room
        if len(sent) >= MAX_SENT:
            sent.clear()
        sent[id(request)] = found
    return found


def _whole(http: ModuleType) -> Callable[[Reply | Polled, Any, Any], Any]:
    """Return what makes the response of a reply, of which most programs look at the status and the body alone."""

    def stream(reply: Reply | Polled) -> Any:
        return http.ByteStream(reply.body)

    seen = http.Response(200)
    before, seen.elapsed = dict(vars(seen)), AT_ONCE
    at_once = {name: value for name, value in vars(seen).items() if name not in before}
    later = {"headers": lambda reply: http.Headers(reply.headers), "stream": stream, "extensions": _extensions}
    given = vars(http.Response(200, stream=http.ByteStream(b"")))
    begin = {name: value for name, value in given.items() if name not in later}

    class Response(http.Response):  # type: ignore[misc,name-defined]
        """A response whose body is there: it is read as a whole, unless somebody reads it in pieces."""

        _reply: Reply | Polled

        def __getattr__(self, name: str) -> Any:
            if name not in later:
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}", name=name, obj=self)
            found = self.__dict__[name] = later[name](self._reply)
            return found

        @property
        def has_redirect_location(self) -> bool:
            return bool(self.status_code >= REDIRECT and super().has_redirect_location)

        def read(self) -> bytes:
            state = self.__dict__
            if "_content" not in state:
                if state["is_stream_consumed"]:
                    return bytes(super().read())
                state["_content"] = whole = self._reply.body  # which is never encoded: no world compresses
                state["is_stream_consumed"] = state["is_closed"] = True
                state["_num_bytes_downloaded"] = len(whole)
                state.update(at_once)
            body: bytes = state["_content"]
            return body

        def close(self) -> None:
            super().close()
            self.elapsed = AT_ONCE

    def whole(reply: Reply | Polled, request: Any, encoding: Any) -> Any:
        found = Response.__new__(Response)
        state = found.__dict__
        state.update(begin)
        state["_reply"], state["status_code"], state["history"] = reply, reply.status, []
        state["_request"], state["default_encoding"] = request, encoding
        return found

    return whole


def _extensions(_: Reply | Polled) -> dict[str, bytes]:
    return {"http_version": b"HTTP/1.1"}


def _extracting(real: Callable[..., None]) -> Callable[..., None]:
    """Return a method that looks for cookies where there are any: the jar takes a fifth of a request to say so."""

    def extract(self: Any, response: Any) -> None:
        if "set-cookie" in response.headers:
            real(self, response)

    return extract


def _replace(undo: ExitStack, owner: Any, name: str, value: object) -> None:
    undo.callback(setattr, owner, name, getattr(owner, name))
    setattr(owner, name, value)

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
from typing import TYPE_CHECKING, Any, NamedTuple

from mock_sma.sandbox.exchange import Request
from mock_sma.sandbox.hosts import SMA_HOSTS
from mock_sma.testing.convert import answer
from mock_sma.testing.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    from mock_sma.sandbox.sandbox import Sandbox

    Turn = Callable[[], object]

SENDING = "_send_single_request"
"""Method of a client that a version of httpx may come without; then the transport answers."""

MAX_PLACES = 4_096
"""Addresses that are remembered with their parts."""

AT_ONCE = timedelta()
"""How long an answer takes where nothing holds it back."""


@contextmanager
def answering(world: Sandbox, turn: Turn = lambda: None) -> Iterator[None]:
    """Answer SMA's hosts from a world, whatever client of httpx asks, until the block ends.

    Args:
        turn: waits for the turn of the thread that asks.
    """
    with ExitStack() as undo:
        for name in ("httpx", "httpx2"):
            if find_spec(name) is not None:
                _answer(world, import_module(name), undo, turn)
        yield


def _answer(world: Sandbox, http: ModuleType, undo: ExitStack, turn: Turn) -> None:
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
    if hasattr(http.Client, SENDING):
        _replace(undo, http.Client, SENDING, _sending(world, http, turn))
    _replace(undo, http.Cookies, "extract_cookies", _extracting(http.Cookies.extract_cookies))


def _sending(world: Sandbox, http: ModuleType, turn: Turn) -> Callable[[Any, Any], Any]:
    """Return a method of a client that sends one request: to the world at once where no fault rule is in force."""
    real, told, whole = getattr(http.Client, SENDING), logging.getLogger(http.__name__), _whole(http)
    places: dict[int, _Place] = {}

    def send(self: Any, request: Any) -> Any:
        place = places.get(id(request.url))
        if place is None or place.url is not request.url:
            place = _remembered(places, request.url)
        is_plain = (
            place.host in SMA_HOSTS
            and not world.faults.in_force(_now(world))
            and type(self._transport_for_url(place.url)) is http.HTTPTransport
            and isinstance(request.stream, http.SyncByteStream)
            and not told.isEnabledFor(logging.INFO)
        )
        if not is_plain:
            return real(self, request)
        turn()
        _, host, path, query, scheme = place
        headers = {name.lower(): value for name, value in request.headers.raw}
        reply = world.handle(Request(request.method.upper(), path, query, headers, request.read(), host, scheme))
        response = whole(
            reply.status,
            headers=reply.headers,
            stream=http.ByteStream(reply.body),
            request=request,
            extensions={"http_version": b"HTTP/1.1"},
            default_encoding=self._default_encoding,
        )
        if any(name == b"set-cookie" for name, _ in reply.headers):
            self.cookies.extract_cookies(response)
        return response

    return send


def _now(world: Sandbox) -> float:
    """Return the time after all that is due by then has happened [s since the epoch]."""
    now = world.clock.time()
    return now if now < world.agenda.due else world.catch_up()


class _Place(NamedTuple):
    """The parts of an address."""

    url: Any
    host: str
    path: str
    query: str
    scheme: str


def _remembered(places: dict[int, _Place], url: Any) -> _Place:
    """Return the parts of an address, and remember them as long as its object is there: who polls sends it again."""
    path, _, query = url.raw_path.partition(b"?")
    if len(places) >= MAX_PLACES:
        places.clear()
    places[id(url)] = place = _Place(url, url.host.lower(), path.decode("ascii"), query.decode("ascii"), url.scheme)
    return place


def _whole(http: ModuleType) -> type[Any]:
    """Return the class of a response whose body is there: it is read as a whole, unless somebody reads it in pieces."""

    class Response(http.Response):  # type: ignore[misc,name-defined]
        is_stream_consumed: bool

        def read(self) -> bytes:
            if not self.is_stream_consumed:  # and never encoded: a world does not compress
                self._content = body = b"".join(self.stream)
                self.is_stream_consumed = self.is_closed = True
                self._num_bytes_downloaded = len(body)
                self.elapsed = AT_ONCE
            return bytes(super().read())

        def close(self) -> None:
            super().close()
            self.elapsed = AT_ONCE

    return Response


def _extracting(real: Callable[..., None]) -> Callable[..., None]:
    """Return a method that looks for cookies where there are any: the jar takes a fifth of a request to say so."""

    def extract(self: Any, response: Any) -> None:
        if "set-cookie" in response.headers:
            real(self, response)

    return extract


def _replace(undo: ExitStack, owner: Any, name: str, value: object) -> None:
    undo.callback(setattr, owner, name, getattr(owner, name))
    setattr(owner, name, value)

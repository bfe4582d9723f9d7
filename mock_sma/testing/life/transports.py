"""Clients of httpx and httpx2 answered by a world as directly as can be: nothing is routed, and nothing remembered.

A life has a hundred times as many requests as a test.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from mock_sma.hosts.inside.entry import enter
from mock_sma.hosts.inside.rules import Guard
from mock_sma.sandbox.hosts import SMA_DOMAINS, SMA_HOSTS
from mock_sma.testing.convert import answer
from mock_sma.testing.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    from mock_sma.sandbox.sandbox import Sandbox

OTHERS = (
    "mock-sma: {name} is asked for by a client that is neither httpx's nor httpx2's, and live answers those alone; "
    "for a program of another library use the fixtures sma_time and sma_hosts together. Nothing was looked up or sent"
)


@contextmanager
def answering(world: Sandbox) -> Iterator[None]:
    """Answer SMA's hosts from a world, whatever client of httpx asks, until the block ends."""
    with ExitStack() as undo:
        for name in ("httpx", "httpx2"):
            if find_spec(name) is not None:
                _answer(world, import_module(name), undo)
        undo.callback(enter(Guard(SMA_DOMAINS, OTHERS, lambda name: name not in SMA_HOSTS)))
        yield


def _answer(world: Sandbox, http: ModuleType, undo: ExitStack) -> None:
    turns = Turns(world)
    real, real_async = http.HTTPTransport.handle_request, http.AsyncHTTPTransport.handle_async_request

    def handle(self: Any, request: Any) -> Any:
        if request.url.host.lower() not in SMA_HOSTS:
            return real(self, request)
        request.read()
        return answer(world, request, http)

    async def handle_async(self: Any, request: Any) -> Any:
        if request.url.host.lower() not in SMA_HOSTS:
            return await real_async(self, request)
        await request.aread()
        return await turns.let(lambda: answer(world, request, http))

    for kind, name, ours in (
        (http.HTTPTransport, "handle_request", handle),
        (http.AsyncHTTPTransport, "handle_async_request", handle_async),
    ):
        _replace(undo, kind, name, ours)
    _replace(undo, http.Cookies, "extract_cookies", _extracting(http.Cookies.extract_cookies))


def _extracting(real: Callable[..., None]) -> Callable[..., None]:
    """Return a method that looks for cookies where there are any: the jar takes a fifth of a request to say so."""

    def extract(self: Any, response: Any) -> None:
        if "set-cookie" in response.headers:
            real(self, response)

    return extract


def _replace(undo: ExitStack, owner: Any, name: str, value: object) -> None:
    undo.callback(setattr, owner, name, getattr(owner, name))
    setattr(owner, name, value)

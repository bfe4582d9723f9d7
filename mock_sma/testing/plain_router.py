"""Clients of httpx and httpx2 answered by a world where respx is not installed: without routes of one's own."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Self
from unittest.mock import patch

from mock_sma.errors import UsageError
from mock_sma.hosts.inside.entry import enter
from mock_sma.hosts.inside.rules import Guard
from mock_sma.http_library import installed
from mock_sma.sandbox.hosts import SMA_DOMAINS, SMA_HOSTS
from mock_sma.testing.contexts import made_once
from mock_sma.testing.passing import OTHERS, Passing

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType, TracebackType

    from mock_sma.testing.turns import Turns


class PlainRouter:
    """Takes the place of the network transports of httpx and httpx2 while it is active.

    Args:
        answer: answers a request to one of SMA's hosts, in the classes of the library that sent it.
        turns: what asynchronous requests take before and after that.
    """

    def __init__(self, answer: Callable[[Any, ModuleType], Any], turns: Turns) -> None:
        self._answer = answer
        self._turns = turns
        self._passing = Passing()
        self._ends: list[Callable[[], None]] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        raise UsageError(f"sma_mock.router.{name} is respx's, which is not installed; pip install respx")

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Begin to answer httpx and httpx2, and to refuse SMA's hosts to every other library."""
        if not _active:
            _patched.append(_patch())
        _active.append(self)
        self._ends.append(enter(Guard(SMA_DOMAINS, OTHERS, self._passing.names)))

    def stop(self, quiet: bool = False) -> None:  # noqa: ARG002 - respx has it
        """End what :meth:`start` began; routers may end in any order."""
        if not self._ends:
            return
        self._ends.pop()()
        _active.remove(self)
        if not _active:
            _patched.pop().close()

    def pass_through(self, *hosts: str) -> None:
        """Let requests to other hosts reach the network; see :meth:`SmaRouter.pass_through`."""
        self._passing.let(*hosts)

    def answer(self, request: Any, http: ModuleType) -> Any:
        """Return the world's answer to a request that has been read."""
        return self._answer(request, http)

    async def answer_in_turn(self, request: Any, http: ModuleType) -> Any:
        """Return the world's answer to a request of an asynchronous client."""
        return await self._turns.let(lambda: self._answer(request, http))

    def is_answered(self, request: Any) -> bool:
        """Tell whether the world answers a request, or else the network.

        Raises:
            AssertionError: neither may.
        """
        name = request.url.host.lower()
        if name in SMA_HOSTS:
            return True
        if self._passing.lets(name):
            return False
        raise AssertionError(self._passing.refusal(request, name))


_active: list[PlainRouter] = []
"""Routers that have begun, in that order: the first one answers, as with respx."""
_patched: list[ExitStack] = []
"""What puts the transports back, while any router is active."""


def _patch() -> ExitStack:
    with ExitStack() as ends:
        ends.callback(made_once())
        for http in installed():
            sync, asynchronous = http.HTTPTransport, http.AsyncHTTPTransport
            ends.enter_context(patch.object(sync, "handle_request", _sync(http, sync.handle_request)))
            there = asynchronous.handle_async_request
            ends.enter_context(patch.object(asynchronous, "handle_async_request", _async(http, there)))
        return ends.pop_all()


def _sync(http: ModuleType, original: Callable[..., Any]) -> Callable[..., Any]:
    def handle_request(transport: Any, request: Any) -> Any:
        router = _active[0]
        if not router.is_answered(request):
            return original(transport, request)
        request.read()
        return router.answer(request, http)

    return handle_request


def _async(http: ModuleType, original: Callable[..., Any]) -> Callable[..., Any]:
    async def handle_async_request(transport: Any, request: Any) -> Any:
        router = _active[0]
        if not router.is_answered(request):
            return await original(transport, request)
        await request.aread()
        return await router.answer_in_turn(request, http)

    return handle_async_request

"""Clients of httpx and httpx2 answered by a world through respx; other libraries are refused SMA's hosts."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Self, cast
from unittest.mock import NonCallableMock

import httpx
import respx
from respx.mocks import HTTPCoreMocker
from respx.models import AllMockedAssertionError, CallList, ResolvedRoute, RouteList, SideEffectError

from mock_sma.hosts.inside.entry import enter
from mock_sma.hosts.inside.rules import Guard
from mock_sma.hosts.inside.watch import Watch
from mock_sma.sandbox.hosts import SMA_DOMAINS, SMA_HOSTS
from mock_sma.testing.contexts import made_once
from mock_sma.testing.passing import OTHERS, Passing
from mock_sma.testing.pools import take_over
from mock_sma.testing.shortcut import shorten

if TYPE_CHECKING:
    from collections.abc import Callable

    from respx.types import ResolvedResponseTypes as Resolved
    from respx.types import RouteResultTypes

    from mock_sma.testing.turns import Turns


_ROUTE, _ROUTER = respx.Route(), respx.MockRouter(assert_all_called=False, assert_all_mocked=True)
"""What new ones are copied from: respx makes four mocks for a pair, each of a class of its own."""


class Calls(CallList):
    """Calls, a mock only once somebody asks for what a mock has and a list has not."""

    def __new__(cls) -> Self:
        """Make a list, not the class that each mock has."""
        return list.__new__(cls)

    def __init__(self) -> None:
        list.__init__(self)

    def __getattr__(self, name: str) -> Any:
        """Return what a mock has."""
        if "_mock_name" not in self.__dict__:
            NonCallableMock.__init__(self, name="mock-sma")
            return getattr(self, name)
        return super().__getattr__(name)


class SmaRoute(respx.Route):
    """The route of a world.

    Args:
        answer: answers its requests.
    """

    def __init__(self, answer: Callable[[httpx.Request], httpx.Response]) -> None:
        vars(self).update(vars(_ROUTE), calls=Calls(), _snapshots=[], _side_effect=answer)
        self.answer = answer

    @property
    def is_untouched(self) -> bool:
        """Tell whether the world answers: the user may give the route another effect."""
        return self._side_effect is self.answer

    def snapshot(self) -> None:
        """Remember the calls, in a plain list."""
        self._snapshots.append((self._pattern, None, self._return_value, self._side_effect, False, list(self.calls)))

    def match(self, request: httpx.Request) -> RouteResultTypes:
        """Return the answer to a request."""
        if not self.is_untouched:
            return super().match(request)
        try:
            return self.answer(request)
        except Exception as error:
            raise SideEffectError(self, origin=error) from error


class SmaRouter(respx.MockRouter):
    """A respx router whose last resort is a world.

    Args:
        answer: answers a request to one of SMA's hosts.
        turns: what asynchronous requests take before and after that.

    Attributes:
        sma: the route of the world; its ``calls`` are what the world was asked through this router.
    """

    def __init__(self, answer: Callable[[httpx.Request], httpx.Response], turns: Turns) -> None:
        vars(self).update(vars(_ROUTER), routes=RouteList(), calls=Calls(), _snapshots=[])
        self.snapshot()
        self.sma = SmaRoute(answer)
        self._turns = turns
        self._passing = Passing()
        self._ends: list[list[Callable[[], None]]] = []

    def snapshot(self) -> None:
        """Remember the routes and their calls; see :class:`SmaRoute`."""
        self._snapshots.append((RouteList(self.routes), list(self.calls)))
        for route in self.routes:
            route.snapshot()

    def __enter__(self) -> Self:
        self.start()
        return self

    def start(self) -> None:
        """Begin to answer httpx and httpx2, and to refuse SMA's hosts to every other library."""
        take_over(HTTPCoreMocker)
        shorten()
        super().start()
        ends = [made_once(), enter(Guard(SMA_DOMAINS, OTHERS, self._passing.names))]
        self._ends.append(ends)
        # Few programs need httpx2, and to load it takes as long as dozens of tests.
        watch = Watch(("httpcore2",), lambda *_: ends.append(_answer_httpx2(self)))
        watch.start()
        ends.append(watch.stop)

    def stop(self, clear: bool = True, reset: bool = True, quiet: bool = False) -> None:
        """End what :meth:`start` began."""
        try:
            super().stop(clear, reset, quiet)
        finally:
            ends = self._ends.pop() if self._ends else []
            while ends:
                ends.pop()()

    def pass_through(self, *hosts: str) -> None:
        """Let requests to other hosts reach the network.

        Args:
            *hosts: their names; none: every host that is not SMA's.

        Raises:
            UsageError: an address or a name with a port, which would never fit.
        """
        self._passing.let(*hosts)

    def resolve(self, request: httpx.Request) -> ResolvedRoute:
        """Return the answer of a route of the user's, else that of the world."""
        if self.routes:
            with suppress(AllMockedAssertionError):
                return super().resolve(request)
        other = self._other(request)
        return self._last_resort(request) if other is None else other.resolve(request)

    async def aresolve(self, request: httpx.Request) -> ResolvedRoute:
        """Do as :meth:`resolve` for asynchronous clients."""
        if self.routes:
            with suppress(AllMockedAssertionError):
                return await super().aresolve(request)
        other = self._other(request)
        if other is not None:
            return await other.aresolve(request)
        return await self._turns.let(lambda: self._last_resort(request))

    def is_by_itself(self, request: httpx.Request) -> bool:
        """Tell whether nobody but the world can have a say in the answer to a request, whose body is there."""
        return (
            not self.routes
            and self.sma.is_untouched
            and request.url.host in SMA_HOSTS
            and not (request.url.fragment or request.url.userinfo)
            and hasattr(request, "_content")
        )

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Answer a request for which the router is by itself, and record it, as :meth:`resolve` and its pool do."""
        heard = _copy(request)
        try:
            told = self.sma.answer(heard)
        except Exception:
            self.record(heard, response=None, route=self.sma)
            raise
        if isinstance(told.stream, httpx.ByteStream):
            _read(told)
        self.record(heard, response=told, route=self.sma)
        return httpx.Response(told.status_code, headers=told.headers, stream=told.stream, extensions=told.extensions)

    async def answer_in_turn(self, request: httpx.Request) -> httpx.Response:
        """Do as :meth:`answer` for asynchronous clients."""
        return await self._turns.let(lambda: self.answer(request))

    def reset(self) -> None:
        """Reset the calls, those of the world's route too."""
        super().reset()
        # The base class calls this before our own attributes are there.
        if (sma := getattr(self, "sma", None)) is not None:
            sma.calls.clear()

    def _other(self, request: httpx.Request) -> respx.Router | None:
        """Return a router that was started after this one, such as ``respx.mock``, and knows the request."""
        routers = self.Mocker.routers if self.Mocker is not None else []
        later = routers[routers.index(self) + 1 :] if self in routers else []
        return next((item for item in later if any(_knows(route, request) for route in item.routes)), None)

    def _last_resort(self, request: httpx.Request) -> ResolvedRoute:
        name = request.url.host.lower()
        if name not in SMA_HOSTS and not self._passing.lets(name):
            raise AllMockedAssertionError(self._passing.refusal(request, name))
        with self.resolver(request) as resolved:
            resolved.route = self.sma
            resolved.response = cast("Resolved", self.sma.match(request) if name in SMA_HOSTS else request)
        if isinstance(resolved.response, httpx.Response) and isinstance(resolved.response.stream, httpx.ByteStream):
            resolved.response.read()  # so that the recorded call can be looked at
        return resolved


def _copy(request: httpx.Request) -> httpx.Request:
    """Return a request as it is now: an Auth may send the same one again with another header."""
    copied = httpx.Request.__new__(httpx.Request)
    vars(copied).update(vars(request), headers=httpx.Headers(request.headers), extensions=dict(request.extensions))
    return copied


def _read(response: httpx.Response) -> None:
    """Let a recorded answer be looked at; httpx's own way takes half as long as to find the answer."""
    if hasattr(response, "_content") or any(name.lower() == b"content-encoding" for name, _ in response.headers.raw):
        response.read()
        return
    response._content = b"".join(cast("httpx.ByteStream", response.stream))  # noqa: SLF001 - what read would keep
    response.is_closed = response.is_stream_consumed = True


def _knows(route: respx.Route, request: httpx.Request) -> bool:
    return route.pattern is None or bool(route.pattern.match(request))


def _answer_httpx2(router: SmaRouter) -> Callable[[], None]:
    """Answer httpx2 by a router's routes too; return what ends that."""
    from mock_sma.testing.httpx2_mocker import Httpx2Mocker  # noqa: PLC0415 - where a program uses it

    Httpx2Mocker.register(router)
    take_over(Httpx2Mocker)

    def end() -> None:
        Httpx2Mocker.unregister(router)
        Httpx2Mocker.stop()

    return end

"""httpx clients answered by a world through respx, for all of SMA's hosts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, cast

import httpx
import respx
from respx.models import AllMockedAssertionError

from mock_sma.errors import UsageError
from mock_sma.sandbox.hosts import SMA_HOSTS
from mock_sma.testing.convert import answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from mock_sma.sandbox.sandbox import Sandbox


def router(sandbox: Sandbox) -> SmaRouter:
    """Return a respx router that answers SMA's hosts, and refuses all others, while it is active.

    Use it as a context manager. Routes of one's own may be added for other hosts, and for SMA's, where they win.

    Args:
        sandbox: the world that answers.
    """
    return SmaRouter(lambda request: answer(sandbox, request))


class SmaRouter(respx.MockRouter):
    """A respx router whose last resort is a world.

    Args:
        answer: answers a request to one of SMA's hosts.

    Attributes:
        sma: the route of the world; its ``calls`` are what the world was asked through this router.
    """

    def __init__(self, answer: Callable[[httpx.Request], httpx.Response]) -> None:
        super().__init__(assert_all_called=False, assert_all_mocked=True)
        self.sma = respx.Route().mock(side_effect=answer)
        self._lets_through: Callable[[str], bool] = _nobody

    def __enter__(self) -> Self:
        self.start()
        return self

    def pass_through(self, *hosts: str) -> None:
        """Let requests to other hosts reach the network.

        Args:
            *hosts: their names; none: every host that is not SMA's.

        Raises:
            UsageError: an address or a name with a port, which would never fit.
        """
        for name in hosts:
            if "/" in name or name.count(":") == 1:
                raise UsageError(f"pass_through takes names of hosts such as 'example.org', not {name!r}")
        allowed = frozenset(name.lower() for name in hosts)
        before = self._lets_through
        self._lets_through = (lambda name: before(name) or name in allowed) if hosts else _everybody

    def resolve(self, request: httpx.Request) -> respx.models.ResolvedRoute:
        """Return the answer of a route of the user's, else that of the world."""
        try:
            return super().resolve(request)
        except AllMockedAssertionError:
            other = self._other(request)
            return self._last_resort(request) if other is None else other.resolve(request)

    async def aresolve(self, request: httpx.Request) -> respx.models.ResolvedRoute:
        """Do as :meth:`resolve` for asynchronous clients."""
        try:
            return await super().aresolve(request)
        except AllMockedAssertionError:
            other = self._other(request)
            return self._last_resort(request) if other is None else await other.aresolve(request)

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

    def _last_resort(self, request: httpx.Request) -> respx.models.ResolvedRoute:
        name = request.url.host.lower()
        if name not in SMA_HOSTS and not self._lets_through(name):
            raise AllMockedAssertionError(
                f"mock-sma: {request.method} {request.url} is no host of SMA's, and no call may reach the network; "
                f"add a route for it, or allow it with pass_through({name!r})"
            ) from None
        with self.resolver(request) as resolved:
            resolved.route = self.sma
            resolved.response = cast("httpx.Response", self.sma.match(request)) if name in SMA_HOSTS else request
        if isinstance(resolved.response, httpx.Response) and isinstance(resolved.response.stream, httpx.ByteStream):
            resolved.response.read()  # so that the recorded call can be looked at
        return resolved


def _knows(route: respx.Route, request: httpx.Request) -> bool:
    return route.pattern is None or bool(route.pattern.match(request))


def _nobody(_: str) -> bool:
    return False


def _everybody(_: str) -> bool:
    return True

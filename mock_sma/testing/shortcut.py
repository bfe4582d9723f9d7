"""A shorter way for clients of httpx to a router that is by itself: past httpcore, and past what respx does there.

Most tests have one router and no routes of their own. Then no request has to become one of httpcore's, and one of
httpx's again for the routes, nor its answer to go that way back, which takes several times as long as to find it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from httpx import AsyncHTTPTransport, HTTPTransport
from respx.mocks import HTTPCoreMocker

from mock_sma.testing.pools import StoodIn, is_stand_in

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol

    import httpx

    class RouterAlone(Protocol):
        """A router that can be by itself."""

        def is_by_itself(self, request: httpx.Request) -> bool:
            """Tell whether nobody else can have a say in the answer to a request."""

        def answer(self, request: httpx.Request) -> httpx.Response:
            """Answer a request."""

        async def answer_in_turn(self, request: httpx.Request) -> httpx.Response:
            """Answer a request of an asynchronous client."""


SYNC, ASYNC = "handle_request", "handle_async_request"

_own: dict[str, Callable[..., Any]] = {}
"""The methods of httpx."""


def shorten() -> None:
    """Let transports ask a router that is by itself, until respx has left their pools.

    A method that somebody else has changed, such as an instrument that counts requests, sees each one as ever.
    """
    for kind, name, shorter in ((HTTPTransport, SYNC, _sync), (AsyncHTTPTransport, ASYNC, _async)):
        method = vars(kind)[name]
        if method is _own.get(name) or getattr(method, "__globals__", {}).get("__name__", "").startswith("httpx."):
            _own[name] = method
            setattr(kind, name, shorter)
            patches: list[Any] = HTTPCoreMocker._patches  # noqa: SLF001 - what its stop undoes
            patches.append(StoodIn(kind, name, method, shorter))


def _sync(transport: HTTPTransport, request: httpx.Request) -> httpx.Response:
    router = _router(transport, SYNC, request)
    return _own[SYNC](transport, request) if router is None else router.answer(request)


async def _async(transport: AsyncHTTPTransport, request: httpx.Request) -> httpx.Response:
    router = _router(transport, ASYNC, request)
    return await (_own[ASYNC](transport, request) if router is None else router.answer_in_turn(request))


def _router(transport: Any, method: str, request: httpx.Request) -> RouterAlone | None:
    """Return the router that is by itself with a request, or None."""
    routers: list[Any] = HTTPCoreMocker.routers
    if len(routers) != 1 or not hasattr(routers[0], "is_by_itself"):
        return None
    # Somebody may have changed the pool in turn, such as a recorder of what passes there.
    if not is_stand_in(getattr(getattr(transport, "_pool", None), method, None)):
        return None
    return routers[0] if routers[0].is_by_itself(request) else None

"""httpx clients answered by a world: through respx for all of SMA's hosts, or through one transport."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import respx

from mock_sma.errors import UsageError
from mock_sma.sandbox.hosts import SMA_HOSTS
from mock_sma.testing.convert import to_request, to_response

if TYPE_CHECKING:
    from mock_sma.sandbox.sandbox import Sandbox


def answer(sandbox: Sandbox, request: httpx.Request) -> httpx.Response:
    """Return a world's answer to a request whose body has been read."""
    return to_response(sandbox.handle(to_request(request)), request)


def router(sandbox: Sandbox) -> respx.MockRouter:
    """Return a respx router that answers SMA's hosts, and refuses all others, while it is active.

    Use it as a context manager; routes of one's own for other hosts may be added.

    Args:
        sandbox: the world that answers.
    """
    mock = respx.MockRouter(assert_all_called=False, assert_all_mocked=True)

    def side_effect(request: httpx.Request) -> httpx.Response:
        return answer(sandbox, request)

    mock.route(host__in=tuple(SMA_HOSTS), name="sma").mock(side_effect=side_effect)
    return mock


class SandboxTransport(httpx.MockTransport):
    """An httpx transport, sync and async, whose every answer comes from a world.

    Args:
        sandbox: the world.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        def handle(request: httpx.Request) -> httpx.Response:
            if request.url.host.lower() not in SMA_HOSTS:
                raise UsageError(f"{request.url.host} is no host of SMA's; use {', '.join(SMA_HOSTS)}")
            return answer(sandbox, request)

        super().__init__(handle)

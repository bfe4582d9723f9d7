"""The asynchronous client of the control API."""

from __future__ import annotations

import asyncio
from copy import copy
from typing import TYPE_CHECKING, Any, Self, TypeVar

from mock_sma.clock import monotonic
from mock_sma.control.call import ControlError, check, quoted, texts
from mock_sma.control.events import EventReader
from mock_sma.control.methods import Methods
from mock_sma.errors import MockSmaError
from mock_sma.http_library import httpx

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from types import TracebackType

    from mock_sma.control import models
    from mock_sma.control.call import ControlCall

Result = TypeVar("Result")


class AsyncControlClient(Methods):
    """Everything under ``/_mock`` of one server, and of one of its worlds.

    Use it as an asynchronous context manager, or call :meth:`aclose`. Every method raises :class:`ControlError`
    where the server refuses, and httpx's exceptions where it cannot be reached.

    Args:
        url: origin of the server, such as ``http://127.0.0.1:8080``.
        token: control token, where the server wants one.
        timeout: the timeout of each call [s].
        transport: the transport of httpx, in place of the network.
        verify: TLS verification, as httpx takes it.
    """

    def __init__(
        self,
        url: str,
        *,
        token: str | None = None,
        timeout: float = 30.0,
        transport: httpx.AsyncBaseTransport | None = None,
        verify: Any = True,
    ) -> None:
        headers = {} if token is None else {"authorization": f"Bearer {token}"}
        # No proxy of the environment: a local server is not behind one.
        self._http = httpx.AsyncClient(
            base_url=url, headers=headers, timeout=timeout, transport=transport, trust_env=False, verify=verify
        )
        self._base = "/_mock"

    def world(self, name: str) -> Self:
        """Return the client of a world of the same server; closing either closes both."""
        other = copy(self)
        other._base = f"/_mock/worlds/{quoted(name)}"  # noqa: SLF001 - of the same class
        return other

    async def send(self, call: ControlCall[Result]) -> Result:
        """Send a call and return what its answer says."""
        return call.result(await self._http.send(call.request(self._http, self._base)))

    async def wait_until_ready(self, timeout: float = 30.0) -> models.Health:  # noqa: ASYNC109 - of the whole wait
        """Ask until the server is ready.

        Args:
            timeout: longest wait [s].

        Raises:
            MockSmaError: it was not, with the last reason.
        """
        latest = monotonic() + timeout
        while True:
            try:
                return await self.ready()
            except (httpx.TransportError, ControlError) as error:
                if monotonic() >= latest:
                    raise MockSmaError(f"the server was not ready within {timeout:g} s: {error}") from error
            await asyncio.sleep(0.05)

    async def events(self, after: int | None = None, *, assets: bool = False) -> AsyncIterator[models.JournalEvent]:
        """Follow the journal until the server or the world ends.

        Args:
            after: number of exchanges that are known already; 0: begin with all that are kept; None: only new ones.
            assets: also what a browser fetched for pages: styles, scripts, fonts, icons.
        """
        reader, params = EventReader(), texts(after=after, assets=assets)
        async with self._http.stream("GET", f"{self._base}/events", params=params, timeout=None) as answer:
            if answer.is_error:
                await answer.aread()
                check(answer)
            async for line in answer.aiter_lines():
                if (event := reader.take(line)) is not None:
                    yield event

    async def aclose(self) -> None:
        """Close all connections."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

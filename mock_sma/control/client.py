"""The synchronous client of the control API."""

from __future__ import annotations

import time
from copy import copy
from typing import TYPE_CHECKING, Any, Self, TypeVar

from mock_sma.clock import monotonic
from mock_sma.control.call import ControlError, check, quoted, texts
from mock_sma.control.events import EventReader
from mock_sma.control.methods import Methods
from mock_sma.errors import MockSmaError
from mock_sma.http_library import httpx

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from mock_sma.control import models
    from mock_sma.control.call import ControlCall

Result = TypeVar("Result")


class ControlClient(Methods):
    """Everything under ``/_mock`` of one server, and of one of its worlds.

    Use it as a context manager, or call :meth:`close`. Every method raises :class:`ControlError` where the
    server refuses, and httpx's exceptions where it cannot be reached.

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
        transport: httpx.BaseTransport | None = None,
        verify: Any = True,
    ) -> None:
        headers = {} if token is None else {"authorization": f"Bearer {token}"}
        # No proxy of the environment: a local server is not behind one.
        self._http = httpx.Client(
            base_url=url, headers=headers, timeout=timeout, transport=transport, trust_env=False, verify=verify
        )
        self._base = "/_mock"

    def world(self, name: str) -> Self:
        """Return the client of a world of the same server; closing either closes both."""
        other = copy(self)
        other._base = f"/_mock/worlds/{quoted(name)}"  # noqa: SLF001 - of the same class
        return other

    def send(self, call: ControlCall[Result]) -> Result:
        """Send a call and return what its answer says."""
        return call.result(self._http.send(call.request(self._http, self._base)))

    def wait_until_ready(self, timeout: float = 30.0) -> models.Health:
        """Ask until the server is ready.

        Args:
            timeout: longest wait [s].

        Raises:
            MockSmaError: it was not, with the last reason.
        """
        latest = monotonic() + timeout
        while True:
            try:
                return self.ready()
            except (httpx.TransportError, ControlError) as error:
                if monotonic() >= latest:
                    raise MockSmaError(f"the server was not ready within {timeout:g} s: {error}") from error
            time.sleep(0.05)

    def events(self, after: int | None = None, *, assets: bool = False) -> Iterator[models.JournalEvent]:
        """Follow the journal until the server or the world ends.

        Args:
            after: number of exchanges that are known already; 0: begin with all that are kept; None: only new ones.
            assets: also what a browser fetched for pages: styles, scripts, fonts, icons.
        """
        reader, params = EventReader(), texts(after=after, assets=assets)
        with self._http.stream("GET", f"{self._base}/events", params=params, timeout=None) as answer:
            if answer.is_error:
                answer.read()
                check(answer)
            for line in answer.iter_lines():
                if (event := reader.take(line)) is not None:
                    yield event

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

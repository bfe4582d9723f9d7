"""The server of a session of tests, which answers from then on until the session ends."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING

from mock_sma.domain.scenario import Scenario
from mock_sma.errors import MockSmaError
from mock_sma.sandbox.sandbox import Sandbox

if TYPE_CHECKING:
    from mock_sma.testing.hosts import Hosts
    from mock_sma.testing.live import LiveServer


class ServerOfSession:
    """Starts a server when the first test wants one, and another one where it has died.

    Args:
        url: origin of a server elsewhere, to which SMA's names lead on; None: the server's own world answers.
    """

    def __init__(self, url: str | None = None) -> None:
        self._url = url
        self._ends = ExitStack()
        self._live: LiveServer | None = None
        self._hosts: Hosts | None = None

    def live(self) -> LiveServer:
        """Return the server; the world that it serves is that of no test."""
        from mock_sma.testing.live import LiveServer  # noqa: PLC0415 - uvicorn

        if self._live is None or not self._live.is_alive:
            self.close()
            self._live = self._ends.enter_context(LiveServer(Sandbox(Scenario(name="no test is running"))))
        return self._live

    def hosts(self) -> Hosts:
        """Return what leads SMA's names to the server."""
        from mock_sma.testing.hosts import hosts  # noqa: PLC0415 - trustme

        server = self.live()
        if self._hosts is None:
            self._hosts = self._ends.enter_context(hosts(server, self._url))
        return self._hosts

    def close(self) -> None:
        """End the server."""
        self._live = self._hosts = None
        # One that has died has no more to say.
        with suppress(MockSmaError):
            self._ends.close()

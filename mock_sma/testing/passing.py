"""Which hosts besides SMA's a test may reach while its clients are answered by a world."""

from __future__ import annotations

from mock_sma.errors import UsageError
from mock_sma.sandbox.hosts import SMA_HOSTS

OTHERS = (
    "mock-sma: {name} is asked for by a client that is neither httpx's nor httpx2's, and sma_mock answers those alone; "
    "take the fixture sma_hosts, or SmaHostsTestCase, which answers every library. Nothing was looked up or sent"
)
"""What other libraries are told."""


class Passing:
    """The hosts whose requests are let through to the network."""

    def __init__(self) -> None:
        self._named: set[str] = set()
        self._all = False

    def let(self, *hosts: str) -> None:
        """Let requests to other hosts through; without names those to every host that is not SMA's.

        Raises:
            UsageError: an address or a name with a port, which would never fit.
        """
        for name in hosts:
            if "/" in name or name.count(":") == 1:
                raise UsageError(f"pass_through takes names of hosts such as 'example.org', not {name!r}")
        self._named |= {name.lower() for name in hosts}
        self._all = self._all or not hosts

    def names(self, name: str) -> bool:
        """Tell whether a host that is not SMA's was let through by its name."""
        return name not in SMA_HOSTS and name in self._named

    def lets(self, name: str) -> bool:
        """Tell whether requests to a host that is not SMA's are let through."""
        return self._all or name in self._named

    @staticmethod
    def refusal(request: object, name: str) -> str:
        """Return what the client of a refused request is told."""
        asked = f"{getattr(request, 'method', '')} {getattr(request, 'url', '')}"
        return (
            f"mock-sma: {asked} is not one of SMA's hosts, and no call may reach the network; add a route for it, or "
            f"allow it with pass_through({name!r})"
        )

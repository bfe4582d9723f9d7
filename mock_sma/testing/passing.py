"""Which hosts besides SMA's a test may reach while its clients are answered by a world."""

from __future__ import annotations

from mock_sma.errors import UsageError
from mock_sma.sandbox.hosts import SMA_DOMAINS, SMA_HOSTS

OTHERS = (
    "mock-sma: {name} is SMA's, and no call to it may reach the network. sma_mock answers clients of httpx and httpx2 "
    "alone; for any other library take the fixture sma_hosts, or SmaHostsTestCase. Nothing was looked up or sent"
)
"""What a look-up of one of SMA's names is told."""


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
        """Tell whether requests to a host that the world does not answer are let through."""
        return name in self._named or (self._all and not _is_smas(name))

    @staticmethod
    def refusal(request: object, name: str) -> str:
        """Return what the client of a refused request is told."""
        asked = f"{getattr(request, 'method', '')} {getattr(request, 'url', '')}"
        what = "is one of SMA's hosts that the world does not answer" if _is_smas(name) else "is not one of SMA's hosts"
        return (
            f"mock-sma: {asked} {what}, and no call may reach the network; add a route for it, or allow it with "
            f"pass_through({name!r})"
        )


def _is_smas(name: str) -> bool:
    return any(f".{name}".endswith(f".{domain}") for domain in SMA_DOMAINS)

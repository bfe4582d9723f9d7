"""Which of SMA's hosts serve a path: what helps where it was sent to one that does not."""

from __future__ import annotations

from functools import lru_cache

from mock_sma.sandbox.hosts import SMA_HOSTS
from mock_sma.sandbox.table.operations import OPERATIONS
from mock_sma.sandbox.table.router import router_of


@lru_cache(256)
def homes(path: str) -> tuple[str, ...]:
    """Return the hosts of SMA's that have a path."""
    return tuple(host for host in SMA_HOSTS if router_of(SMA_HOSTS[host], OPERATIONS).match(path) is not None)


def homes_beside(host: str, path: str) -> list[str]:
    """Return the other hosts that have a path: those of production or of the sandbox, as ``host`` is."""
    production = SMA_HOSTS[host].production
    others = [home for home in homes(path) if home != host]
    return [home for home in others if SMA_HOSTS[home].production == production] or others

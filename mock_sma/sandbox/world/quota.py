"""Quotas: a token bucket per client, refilled by the world's clock (R17)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mock_sma.domain.people import Client
    from mock_sma.domain.quota import Quota

MAX_CLIENTS = 10_000


class Count(NamedTuple):
    """What became of one request.

    Attributes:
        used: requests of the window so far, this one included where it was let through.
        wait: time until the next one is let through [s]; 0 where this one was.
    """

    used: int
    wait: float = 0.0


class QuotaBook:
    """The buckets of a world: ``requests`` calls, then none until the window since the first one is over.

    SMA speaks of a "token bucket", "renewed over a 5-minute interval", and of clients "blocked until the period is
    over" (docs/decisions.md, Errors). A bucket refilled bit by bit would let the next call through after a moment, and
    twice the quota within five minutes. So a bucket is refilled as a whole, when the period that its first call began
    is over.
    """

    def __init__(self, quota: Quota | None, clients: Iterable[Client] = ()) -> None:
        self.quota = quota
        self._own = {client.id: client.quota for client in clients if client.quota is not None}
        self.used: dict[str, tuple[float, int]] = {}
        """By client, when its window began [s since the epoch] and the calls since."""

    @property
    def is_counting(self) -> bool:
        """Whether there is a quota, be it of one client."""
        return self.quota is not None or bool(self._own)

    def of(self, client_id: str) -> Quota | None:
        """Return the quota that a client has: its own, or the one of everybody who has none."""
        return self._own.get(client_id, self.quota)

    def change(self, quota: Quota | None, client_id: str | None) -> None:
        """Put another quota into force, of one client or (None) of everybody who has none of their own."""
        if client_id is None:
            self.quota = quota
        elif quota is None:
            self._own.pop(client_id, None)
        else:
            self._own[client_id] = quota

    def count(self, quota: Quota, client_id: str, now: float) -> Count:
        """Count a client's request against the quota in force; one over it counts nothing."""
        began, used = self.used.get(client_id, (now, 0))
        if not began <= now < began + quota.window:
            began, used = now, 0
        if used >= quota.requests:
            return Count(used, began + quota.window - now)
        if len(self.used) >= MAX_CLIENTS and client_id not in self.used:
            self.used.clear()
        self.used[client_id] = (began, used + 1)
        return Count(used + 1)

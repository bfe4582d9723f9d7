"""Quotas: a token bucket per client, refilled by the world's clock (R17; contract: AUTH 6.3)."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from mock_sma.errors import ApiError

if TYPE_CHECKING:
    from mock_sma.domain.scenario import Quota
    from mock_sma.sandbox.operation import Call

MAX_CLIENTS = 10_000


class QuotaBook:
    """The buckets of a world: ``requests`` calls, then none until the window since the first one is over.

    SMA's words are "token bucket", "renewed over a 5-minute interval" and "blocked until the period is over"
    (AUTH 6.3). A bucket that is refilled bit by bit would let the next call through after a moment, and twice
    the quota within five minutes; so a bucket is filled whole, when the period that its first call began is over.
    """

    def __init__(self, quota: Quota | None) -> None:
        self.quota = quota
        self.used: dict[str, tuple[float, int]] = {}
        """By client, when its window began [s since the epoch] and the calls since."""

    def admit(self, call: Call) -> None:
        """Count a call of a known client.

        Raises:
            ApiError: 429 where the client's bucket is empty, with ``Retry-After`` unless the switch is off.
        """
        quota, client_id = self.quota, call.client_id
        if quota is None or client_id is None:
            return
        began, used = self.used.get(client_id, (call.now, 0))
        if not began <= call.now < began + quota.window:
            began, used = call.now, 0
        if used >= quota.requests:
            wait = ceil(began + quota.window - call.now)
            call.note("quota", text=f"the quota of {quota.requests} requests is spent; it is renewed in {wait} s")
            headers = (("retry-after", str(wait)),) if call.world.switches.retry_after else ()
            raise ApiError(429, "Too Many Requests", headers=headers)
        if len(self.used) >= MAX_CLIENTS and client_id not in self.used:
            self.used.clear()
        self.used[client_id] = (began, used + 1)
        call.note("quota", used=used + 1, of=quota.requests, window=quota.window)

"""The quota at the door: 429 once it is spent (R17)."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from mock_sma.errors import ApiError

if TYPE_CHECKING:
    from mock_sma.sandbox.handlers.call import Call


def admit(call: Call) -> None:
    """Count a call of a known client.

    Raises:
        ApiError: 429 where the client's quota is spent, with ``Retry-After`` unless the switch is off.
    """
    if call.client_id is None:
        return
    quota = call.world.quota.of(call.client_id)
    if quota is None:
        return
    count = call.world.quota.count(quota, call.client_id, call.now)
    if count.wait > 0.0:
        wait = ceil(count.wait)
        text = f"the quota of {quota.requests} requests is spent; it is renewed in {wait} s"
        call.note("quota", text=text, of=quota.requests, window=quota.window, wait=wait)
        raise too_many(call, wait)
    call.note("quota", used=count.used, of=quota.requests, window=quota.window)


def too_many(call: Call, wait: int) -> ApiError:
    """Return the 429 of a client that has to wait [s]."""
    headers = (("retry-after", str(wait)),) if call.world.switches.retry_after else ()
    return ApiError(429, "Too Many Requests", headers=headers)

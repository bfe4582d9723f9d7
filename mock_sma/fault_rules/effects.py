"""What a fault rule does to one request, worked out and put in words."""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING

from mock_sma.domain.faults import MAX_DELAY, Distribution, FaultKind
from mock_sma.seeding import normal, uniform

if TYPE_CHECKING:
    from mock_sma.domain.faults import Delay, FaultEffect

_DELAY_CHANCE = 1 << 40
"""Where the numbers for delays begin in a rule's stream of chance; those before decide whether it strikes."""

SENTENCES = {
    FaultKind.CONNECTION_RESET: "resets the connection; the answer is lost",
    FaultKind.EMPTY_RESPONSE: "closes the connection without an answer; the answer is lost",
    FaultKind.TRUNCATED_BODY: "closes the connection in the middle of the body",
    FaultKind.MALFORMED_JSON: "cuts the JSON off",
    FaultKind.SLOW_BODY: "sends the body slowly",
    FaultKind.WRONG_CONTENT_LENGTH: "announces more bytes than it sends",
}


def seconds_of(delay: Delay | None, stream: int, index: int) -> float:
    """Return the length of the ``index``-th delay of a rule [s]."""
    if delay is None:
        return 0.0
    first = delay.parameters[0]
    if delay.distribution is Distribution.FIXED:
        return first
    second, index = delay.parameters[1], index + _DELAY_CHANCE
    if delay.distribution is Distribution.UNIFORM:
        return first + (second - first) * uniform(stream, index)
    return min(MAX_DELAY, first * exp(min(second * normal(stream, index), 50.0)))


def sentence(fault_id: str, effect: FaultEffect, seconds: float) -> str:
    """Return what a rule does to a request, in words."""
    parts = [f"delays the answer by {seconds:.3g} s"] if seconds else []
    if effect.status is not None:
        parts.append(f"answers {effect.status} in place of the API")
    elif effect.fault is not None:
        parts.append(SENTENCES[effect.fault])
    elif effect.edit is not None:
        parts.append("changes the answer")
    elif effect.expire_token:
        parts.append("lets the token count as expired")
    elif effect.quota_exhausted:
        parts.append("lets the quota count as spent")
    elif effect.html_504:
        parts.append("answers the gateway's 504 in place of the API")
    return f"the fault rule {fault_id!r} {' and '.join(parts) or 'does nothing this time'}"

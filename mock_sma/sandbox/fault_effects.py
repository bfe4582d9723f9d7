"""What a fault rule's effect is, worked out for one request: an answer, a delay, a sentence."""

from __future__ import annotations

from http import HTTPStatus
from math import ceil, exp
from typing import TYPE_CHECKING

import orjson

from mock_sma.domain.faults import MAX_DELAY, Distribution, FaultKind
from mock_sma.errors import ApiError
from mock_sma.sandbox.auth.bearer import unauthorized
from mock_sma.sandbox.exchange import JSON, TEXT, Answer
from mock_sma.sandbox.wire.errors import error_answer, gateway_timeout
from mock_sma.seeding import normal, uniform

if TYPE_CHECKING:
    from mock_sma.domain.faults import Delay, FaultEffect
    from mock_sma.sandbox.faults import Fault
    from mock_sma.sandbox.operation import Call

SLOW_BODY = 2.0
"""Time over which ``slow_body`` spreads a body where the rule has no delay [s]."""

QUOTA_WINDOW = 300.0
"""Period of the quota that a rule counts as spent where the world has none [s] (AUTH 6.3)."""

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


def answer_of(effect: FaultEffect, call: Call) -> Answer | None:
    """Return the answer that an effect puts in place of the operation's; None: it puts none."""
    if effect.html_504:
        return gateway_timeout()
    if effect.expire_token:
        return error_answer(unauthorized())
    if effect.quota_exhausted:
        return error_answer(_too_many(call))
    return None if effect.status is None else _status_answer(effect, effect.status)


def _too_many(call: Call) -> ApiError:
    quota = call.world.quota.quota
    wait = ceil(QUOTA_WINDOW if quota is None else quota.window)
    headers = (("retry-after", str(wait)),) if call.world.switches.retry_after else ()
    return ApiError(429, "Too Many Requests", headers=headers)


def _status_answer(effect: FaultEffect, status: int) -> Answer:
    headers = {name.lower().encode(): value.encode("latin-1") for name, value in effect.headers}
    if status in (204, 304):  # RFC 9110, 15.3.5 and 15.4.5: these have no body
        body, kind = b"", JSON
    elif isinstance(effect.body, str):
        body, kind = effect.body.encode(), TEXT
    elif effect.body is not None:
        body, kind = orjson.dumps(effect.body), JSON
    elif status >= 400:
        body, kind = error_answer(ApiError(status, _phrase(status))).body, JSON
    else:
        body, kind = b"", JSON
    return Answer(body, status, headers.pop(b"content-type", kind), tuple(headers.items()))


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"


def malformed(body: bytes) -> bytes:
    """Return a body cut off so that it is no JSON any more."""
    return body[: max(1, len(body) * 2 // 3)].rstrip(b"}]") if body.strip() else b"{"


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


def sentence(fault: Fault, seconds: float) -> str:
    """Return what a rule does to a request, in words."""
    effect = fault.rule.effect
    parts = [f"delays the answer by {seconds:.3g} s"] if seconds else []
    if effect.status is not None:
        parts.append(f"answers {effect.status} in place of the API")
    elif effect.fault is not None:
        parts.append(SENTENCES[effect.fault])
    elif effect.expire_token:
        parts.append("lets the token count as expired")
    elif effect.quota_exhausted:
        parts.append("lets the quota count as spent")
    elif effect.html_504:
        parts.append("answers the gateway's 504 in place of the API")
    return f"the fault rule {fault.id!r} {' and '.join(parts) or 'does nothing this time'}"

"""The answers of fault rules, in place of an operation's."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from math import ceil
from typing import TYPE_CHECKING

import orjson

from mock_sma.domain.faults import FaultKind
from mock_sma.errors import ApiError
from mock_sma.sandbox.exchange import JSON, TEXT, Answer
from mock_sma.sandbox.handlers.auth.bearer import unauthorized
from mock_sma.sandbox.handlers.quota import too_many
from mock_sma.sandbox.wire.errors import error_answer, gateway_timeout

if TYPE_CHECKING:
    from mock_sma.domain.faults import FaultEffect
    from mock_sma.sandbox.exchange import Effect
    from mock_sma.sandbox.handlers.call import Call

QUOTA_WINDOW = 300.0
"""Period of the quota that a rule counts as spent where the world has none [s] (R17)."""


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
    quota = call.world.quota.of(call.client_id or "")
    return too_many(call, ceil(QUOTA_WINDOW if quota is None else quota.window))


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


def malformed(effect: Effect, answer: Answer) -> Answer:
    """Return an operation's answer as the rules leave it: its JSON cut off where that is the effect."""
    return replace(answer, body=_cut_off(answer.body)) if effect.fault == FaultKind.MALFORMED_JSON else answer


def _cut_off(body: bytes) -> bytes:
    return body[: max(1, len(body) * 2 // 3)].rstrip(b"}]") if body.strip() else b"{"

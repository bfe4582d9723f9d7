"""From a fault rule back to the object it is written as."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.domain.faults import DELAY_KEYS, Distribution

if TYPE_CHECKING:
    from mock_sma.domain.faults import Delay, FaultEffect, FaultRule


def document_of(rule: FaultRule) -> dict[str, object]:
    """Return the object that :meth:`FaultRule.from_document` makes an equal rule of; what is not set is left out."""
    match = rule.match
    document: dict[str, object] = {
        "match": _given(method=match.method, path=match.path, client_id=match.client_id),
        "effect": _effect(rule.effect),
        "probability": rule.probability,
    }
    if rule.times is not None:
        document["times"] = rule.times
    if rule.schedule is not None:
        start, end = rule.schedule.start, rule.schedule.end
        document["schedule"] = _given(
            **{"from": start.isoformat() if start else None, "until": end.isoformat() if end else None}
        )
    return document


def _effect(effect: FaultEffect) -> dict[str, object]:
    flags = {name: True for name in ("expire_token", "quota_exhausted", "html_504") if getattr(effect, name)}
    headers = dict(effect.headers) or None
    fault = None if effect.fault is None else effect.fault.value
    delay = None if effect.delay is None else _delay(effect.delay)
    return _given(status=effect.status, body=effect.body, headers=headers, delay=delay, fault=fault) | flags


def _delay(delay: Delay) -> object:
    if delay.distribution is Distribution.FIXED:
        return delay.parameters[0]
    numbers = zip(DELAY_KEYS[delay.distribution], delay.parameters, strict=True)
    return {"distribution": delay.distribution.value, **dict(numbers)}


def _given(**values: object) -> dict[str, object]:
    return {name: value for name, value in values.items() if value is not None}

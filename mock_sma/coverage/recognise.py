"""Which situations an exchange met: from its status, what was taken down about it, and its ``why``."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from mock_sma.domain.catalogue import ENERGY_BALANCE
from mock_sma.domain.event import EventKind
from mock_sma.domain.period import Period
from mock_sma.domain.plant import Backend
from mock_sma.simulation.visibility import processing_minutes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mock_sma.findings.traffic import Turn

CONSENTS = frozenset({"requestConsent", "readConsent"})
LISTS = frozenset({"getPlants", "getPlantsV2", "getReportingPlants"})
HIDDEN = {"(R09)": "plant-not-covered", "(R10)": "ownership-lost", "(R04)": "owner-unregistered"}
FAULTS = {
    "connection_reset": "connection-reset",
    "empty_response": "connection-closed",
    "truncated_body": "body-truncated",
    "malformed_json": "json-malformed",
    "slow_body": "body-slow",
    "wrong_content_length": "length-wrong",
}
EMPTY = {
    "gap": "silent-day",
    "visibility": "nothing-uploaded-yet",
    "future": "date-in-future",
    "commissioning": "before-commissioning",
    "night": "night",
}


class Owners:
    """The owners whose consents a client has found accepted."""

    def __init__(self) -> None:
        self._by_client: dict[str | None, set[str]] = {}

    def several(self, client_id: str | None, email: str) -> bool:
        """Remember an owner, and tell whether there are several now."""
        known = self._by_client.setdefault(client_id, set())
        known.add(email)
        return len(known) > 1


def recognised(turn: Turn, owners: Owners) -> Iterator[str]:
    """Yield the names of the situations that an exchange met."""
    yield from dict.fromkeys(
        (
            *_struck(turn),
            *_tokens(turn),
            *_consent(turn, owners),
            *_refusals(turn),
            *_lists(turn),
            *_measured(turn),
        )
    )


def _struck(turn: Turn) -> Iterator[str]:
    if not turn.struck:
        return
    if name := FAULTS.get(str(turn.fact("fault", "effect"))):
        yield name
    if "delays" in str(turn.fact("fault", "text")):
        yield "answer-delayed"
    if turn.status == 504:
        yield "gateway-timeout"
    elif turn.status >= 500:
        yield "server-error"


def _tokens(turn: Turn) -> Iterator[str]:
    text = str(turn.fact("token", "text") or "")
    by_us = turn.struck and "lets the token count as expired" in str(turn.fact("fault", "text"))
    if turn.status == 401 and (by_us or turn.fact("token", "expired_s") is not None):
        yield "token-expired"
    elif "no bearer" in text:
        yield "token-missing"
    elif "is not valid" in text and turn.status == 401:
        yield "token-invalid"
    if turn.operation == "logout" and turn.status == 204:
        yield "logged-out"
    if turn.operation == "token":
        yield from _token_endpoint(turn, text)


def _token_endpoint(turn: Turn, text: str) -> Iterator[str]:
    if turn.fact("grant", "refresh"):
        yield "token-refreshed"
    if "the code begins" in str(turn.fact("grant", "text")):
        yield "code-redeemed"
    if turn.status == 400 and ("refresh token" in text or "session" in text):
        yield "refresh-refused"
    if turn.status == 400 and "code" in turn.facts:
        yield "code-refused"
    client = str(turn.fact("client", "text") or "")
    if "one flow per client" in client:
        yield "wrong-flow"
    elif turn.status == 401:
        yield "credentials-wrong"


def _consent(turn: Turn, owners: Owners) -> Iterator[str]:
    text = str(turn.fact("consent", "text") or "")
    if turn.operation in CONSENTS:
        if state := turn.fact("consent", "state"):
            yield f"consent-{state.lower()}"
        if "(R04)" in text:
            yield "owner-unregistered"
        if "never asked" in text and turn.status == 404:
            yield "consent-never-asked"
        if state == "Accepted" and owners.several(turn.entry.client_id, turn.fact("consent", "email")):
            yield "several-owners"
    elif turn.fact("consent", "plant"):
        yield "plant-closed"
    if turn.status == 302 and b"error=access_denied" in _location(turn):
        yield "consent-declined-in-browser"


def _location(turn: Turn) -> bytes:
    return next((value for name, value in turn.entry.headers if name == b"location"), b"")


def _refusals(turn: Turn) -> Iterator[str]:
    if turn.status == 429:
        yield "quota-spent"
    elif turn.status == 308:
        yield "migrated"
    elif turn.status == 415:
        yield "media-type-refused"
    elif turn.status == 400 and "period" in turn.facts:
        yield "date-refused"
    elif turn.status == 404 and "estate" in turn.facts:
        yield "id-unknown"
    elif turn.status == 404 and ("set" in turn.facts or "period" in turn.facts):
        yield "set-unknown"


def _lists(turn: Turn) -> Iterator[str]:
    body = turn.entry.response_body
    if turn.operation in LISTS and turn.status == 200:
        if body == b'{"plants":[]}':
            yield "portfolio-empty"
        elif not body.isascii():
            yield "name-with-umlaut"
        reasons = [facts["reason"] for kind, facts in turn.entry.trace if kind == "hidden"]
        yield from (name for mark, name in HIDDEN.items() if any(mark in reason for reason in reasons))
        if b"-" in body and _both_backends(turn.entry.json):
            yield "both-backends"
    if turn.operation.startswith("getDevices") and b'"isActive":false' in body:
        yield "device-deactivated"
    if "Logs" in turn.operation and b'"logId":""' in body:
        yield "classic-log"


def _both_backends(body: Any) -> bool:
    return len({item["plantId"].isdigit() for item in body["plants"]}) == 2


def _measured(turn: Turn) -> Iterator[str]:
    facts = turn.facts.get("measured")
    if facts is None or turn.status != 200:
        return
    plant, device = facts.plant, facts.device
    if plant.timezone != "Europe/Berlin":
        yield "other-time-zone"
    if plant.backend is Backend.CLASSIC:
        yield "classic-plant"
        if facts.span.period in (Period.RECENT, Period.DAY) and processing_minutes(plant) > 60:
            yield "classic-delay"
    if device is not None and not device.is_active:
        yield "device-deactivated"
    if any(not item.is_active for item in plant.devices) and any(item.activated_at for item in plant.devices):
        yield "device-replaced"
    yield from _days(facts)
    yield from _late(facts, turn.at)
    yield from _rows(turn, facts)


def _days(facts: Any) -> Iterator[str]:
    first, period = facts.span.first, facts.span.period
    if first is None or not 1 < first.year < 9_998:
        return
    if period in (Period.DAY, Period.WEEK):
        seconds = _length(first, facts.span.days, facts.plant.timezone)
        if seconds != facts.span.days * 86_400:
            yield "day-of-23-hours" if seconds < facts.span.days * 86_400 else "day-of-25-hours"
    if (first.month, first.day if period is Period.DAY else 29) == (2, 29) and _is_leap(first.year):
        yield "leap-day"


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _length(first: date, days: int, zone: str) -> float:
    """Return how long some local days are [s]."""
    begin, end = (
        datetime(day.year, day.month, day.day, tzinfo=_zone(zone)) for day in (first, first + timedelta(days=days))
    )
    return end.timestamp() - begin.timestamp()


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _late(facts: Any, now: float) -> Iterator[str]:
    first = facts.span.first
    if first is None or facts.span.period not in (Period.DAY, Period.WEEK):
        return
    for event in facts.plant.events:
        local = event.start.astimezone(_zone(facts.plant.timezone)).date()
        if event.kind is EventKind.LATE_DATA and 0 <= (local - first).days < facts.span.days:
            arrived = event.arrives is not None and event.arrives.timestamp() <= now
            if event.start.timestamp() < now:
                yield "late-rows-arrived" if arrived else "rows-late"


def _rows(turn: Turn, facts: Any) -> Iterator[str]:
    steps = {step.kind: step.data for step in turn.entry.why.steps}
    cause = str(steps.get("empty", {}).get("cause", ""))
    if cause == "set":
        yield "balance-not-offered" if facts.wanted is ENERGY_BALANCE else "set-not-offered"
    elif name := EMPTY.get(cause):
        yield name
    if "gap" in steps:
        yield "gap"
    body = turn.entry.response_body
    if not cause and any(
        not item.indexed and f'"{item.name}"'.encode() not in body for item in facts.wanted.properties
    ):
        yield "property-missing"

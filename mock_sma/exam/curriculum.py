"""The situations of the exam, each a world of its own.

A program lives by the machine's clock, so most worlds are of the present; what happens in them happens yesterday.
Those that want a certain date are for programs that can be told one.
"""

from __future__ import annotations

from dataclasses import field
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from mock_sma.frozen import frozen
from mock_sma.verdicts.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    Changes = Mapping[str, Any] | Callable[[datetime], Mapping[str, Any]]

BERLIN = ZoneInfo("Europe/Berlin")
OWNER = "owner@example.org"
DATA = "*/measurements/sets/*/*"
"""Requests for measurements, in any layout."""


@frozen(kw_only=True)
class Case:
    """One situation.

    Attributes:
        about: what happens.
        scenario: shipped one that its world begins from.
        changes: keys of a scenario document over it, or what makes them for a present.
        now: start of the clock (ISO 8601); None: the present. A program has to be told it.
        has_data: whether there are measurements to read; without any, the list of plants is all that can be asked for.
        severity: of findings that fail it.
        allowed: ids of findings that do not.
    """

    name: str
    about: str
    scenario: str = "ennexos"
    changes: Changes = field(default_factory=dict)
    now: str | None = None
    has_data: bool = True
    severity: Severity = Severity.ERROR
    allowed: frozenset[str] = frozenset()

    def start(self, present: datetime) -> datetime:
        """Return the start of its clock."""
        return present.astimezone(BERLIN) if self.now is None else datetime.fromisoformat(self.now).astimezone(BERLIN)

    def document(self, present: datetime) -> dict[str, Any]:
        """Return its world as a scenario document."""
        start = self.start(present)
        changes = self.changes(start) if callable(self.changes) else self.changes
        return {"extends": self.scenario, "name": f"exam-{self.name}", "now": start.isoformat(), **changes}

    def yesterday(self, present: datetime) -> date:
        """Return the last whole day of its clock."""
        return self.start(present).date() - timedelta(days=1)


def _fault(effect: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"faults": [{"match": {"path": DATA}, "effect": dict(effect), "times": 1}]}


def _at(now: datetime, days: int, hour: int = 0) -> str:
    return datetime.combine(now.date() + timedelta(days=days), time(hour), BERLIN).isoformat()


def _household(**keys: Any) -> Mapping[str, Any]:
    plant = {"id": 2100, "name": "Sonnenhof", "commissioned": "2021-05-01", "owner": OWNER}
    people = [{"email": OWNER, "country": "DE", "name": "Olivia Owner"}]
    return {
        "users": people,
        "plants": [{**plant, "template": "household-battery", **keys}],
        "consents": [{"email": OWNER}],
    }


def _events(*events: Mapping[str, Any]) -> Mapping[str, Any]:
    return _household(events=list(events))


def _silent(now: datetime) -> Mapping[str, Any]:
    return _events({"kind": "gap", "start": _at(now, -2), "end": _at(now, 0)})


def _gap(now: datetime) -> Mapping[str, Any]:
    return _events({"kind": "gap", "start": _at(now, -1, 9), "end": _at(now, -1, 13)})


def _late(now: datetime) -> Mapping[str, Any]:
    return _events({"kind": "late-data", "start": _at(now, -1, 8), "end": _at(now, -1, 12), "arrives": _at(now, 1)})


def _two_inverters(now: datetime, *, successor: bool) -> Mapping[str, Any]:
    common = {
        "kind": "solar-inverter",
        "product": "STP10.0-3AV-40",
        "product_id": 9346,
        "generator_power": 10_000,
        "arrays": [{"peak_power": 5_200, "azimuth": 135, "tilt": 35}],
    }
    gone = {**common, "id": 2101, "name": "Inverter Old", "is_active": False, "deactivated_at": _at(now, -1, 13)}
    other = {**common, "id": 2102, "name": "Inverter"} | ({"activated_at": _at(now, -1, 13)} if successor else {})
    meter = {"kind": "grid-meter", "id": 2103, "name": "Energy Meter", "product": "Energy Meter", "product_id": 9307}
    made = _household(devices=[gone, other, meter])
    del made["plants"][0]["template"]
    return made


def _deactivated(now: datetime) -> Mapping[str, Any]:
    return _two_inverters(now, successor=False)


def _replaced(now: datetime) -> Mapping[str, Any]:
    return _two_inverters(now, successor=True)


MISHAPS: tuple[tuple[str, str, Mapping[str, Any]], ...] = (
    ("token-expires", "the token is refused once: 401, and a new one helps", {"expire_token": True}),
    ("too-many-requests", "429 once, with Retry-After: 1", {"status": 429, "headers": {"Retry-After": "1"}}),
    ("server-error", "503 once", {"status": 503}),
    ("gateway-timeout", "the gateway's 504 in HTML once", {"html_504": True}),
    ("connection-reset", "the connection is reset once", {"fault": "connection_reset"}),
    ("body-truncated", "the connection ends in the middle of the body once", {"fault": "truncated_body"}),
    ("json-malformed", "the JSON is cut off once", {"fault": "malformed_json"}),
    ("slow-answer", "an answer takes two seconds", {"delay": 2}),
)

CURRICULUM = (
    Case(name="plain-day", about="two ennexOS plants, nothing unusual"),
    Case(
        name="classic",
        about="Sunny Portal Classic: GUIDs, 15-minute rows, data up to two hours late",
        scenario="classic",
    ),
    Case(name="portfolio", about="Classic and ennexOS, three owners, three time zones", scenario="portfolio"),
    *(
        Case(name=name, about=about, scenario=name, has_data=False)
        for name, about in (
            ("no-consent", "no owner was asked: the list of plants is empty, which is no error (R12)"),
            ("pending-consent", "the owner has not answered: no plants yet, and one mail is enough (R14)"),
            ("revoked-consent", "the owner has taken the consent back: the list is empty (R08)"),
        )
    ),
    Case(
        name="new-plant", about="a plant newer than the consent stays closed (R09)", scenario="new-plant-after-consent"
    ),
    *(Case(name=name, about=about, changes=_fault(effect)) for name, about, effect in MISHAPS),
    Case(name="silent-day", about="the plant was silent yesterday: an empty set (R28, R29)", changes=_silent),
    Case(name="gap", about="yesterday's rows have a gap; the energy comes with the row behind it", changes=_gap),
    Case(name="late-rows", about="rows of yesterday's morning are still to come", changes=_late),
    Case(
        name="deactivated-device",
        about="an inverter ended yesterday; the plant keeps its energy (R30)",
        changes=_deactivated,
    ),
    Case(name="replaced-device", about="an inverter took another's place yesterday (R30)", changes=_replaced),
    Case(name="no-grid-meter", about="a plant without EnergyBalance (R24)", scenario="pv-only"),
    Case(
        name="far-away",
        about="a plant whose day begins hours later",
        changes=_household(timezone="America/Los_Angeles"),
    ),
    Case(name="umlauts", about="a plant whose name is not ASCII", changes=_household(name="Mühle am Fluß ☀")),
    Case(
        name="spring",
        about="yesterday the clocks went forward: 23 hours",
        scenario="dst-spring",
        now="2025-03-31T12:00:00+02:00",
    ),
    Case(
        name="autumn",
        about="yesterday the clocks went back: 25 hours",
        scenario="dst-autumn",
        now="2025-10-27T12:00:00+01:00",
    ),
    Case(name="leap-day", about="yesterday was 29 February", now="2024-03-01T12:00:00+01:00"),
)
"""All situations, from the plain to the rare."""

BY_NAME = {case.name: case for case in CURRICULUM}

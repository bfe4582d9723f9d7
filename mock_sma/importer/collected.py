"""What traffic tells of plants and devices, put together from all answers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import isfinite
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote

from mock_sma.clock import YEARS
from mock_sma.domain.catalogue import ALL_SETS
from mock_sma.domain.period import Period, parse_period, parse_span
from mock_sma.importer.owners import ConsentFacts, Sightings
from mock_sma.importer.spans import MAX_SPANS, RecordedSet, RowsKind, is_possible
from mock_sma.witness.judge import asked_of
from mock_sma.witness.literals import Members, read

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from mock_sma.archive.exchange import ArchivedExchange


LONGEST = 300
"""Digits of a whole number that is read as one."""

MAX_LOGS = 1_900
"""Entries of a plant's log that are kept; a plant of a scenario takes 2,000 events."""


@dataclass(slots=True)
class RecordedThing:
    """A plant or a device.

    Attributes:
        facts: members of its answers by name, plain values.
        sets: names of the sets that it offers; None: nobody asked.
        rows: by name of the set.
        devices: of a plant, by id in the order of its list.
        logs: entries of a plant's log by what tells them apart, those that are alike counted.
        left_out: files of rows that were too many.
    """

    facts: dict[str, Any] = field(default_factory=dict)
    sets: list[str] | None = None
    rows: dict[str, RecordedSet] = field(default_factory=dict)
    devices: dict[str, RecordedThing] = field(default_factory=dict)
    logs: dict[tuple[object, ...], LogFacts] = field(default_factory=dict)
    left_out: int = 0


LogFacts = dict[str, Any]


@dataclass(slots=True)
class Collected:
    """What traffic tells.

    Attributes:
        consents: the last answer about each owner's, by e-mail address.
        sightings: of whose plants are whose.
    """

    plants: dict[str, RecordedThing] = field(default_factory=dict)
    consents: dict[str, ConsentFacts] = field(default_factory=dict)
    sightings: Sightings = field(default_factory=Sightings)
    latest: datetime | None = None
    used: int = 0
    is_sandbox: bool = False

    def plant(self, plant_id: str) -> RecordedThing:
        """Return a plant, made where it is new."""
        return self.plants.setdefault(plant_id, RecordedThing())


def number_of(members: Mapping[str, Any], name: str) -> float | None:
    """Return a member that is a finite number; None: it is not there, or is none."""
    value = members.get(name)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not isfinite(value):
        return None
    return float(value)


def part_of(members: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return a member that is an object; an empty one where it is not there, or is none."""
    value = members.get(name)
    return value if isinstance(value, dict) else {}


def collect(exchanges: Iterable[ArchivedExchange]) -> Collected:
    """Return what successful answers tell."""
    found = Collected()
    for exchange in exchanges:
        asked = asked_of(exchange)
        if asked is None or exchange.status not in (200, 201) or not exchange.body:
            continue
        try:
            value = read(exchange.body)
        except ValueError:
            continue
        if isinstance(value, Members):
            _take(found, exchange, asked[1], value)
    return found


def _take(found: Collected, exchange: ArchivedExchange, params: dict[str, str], value: Members) -> None:
    found.used += 1
    found.is_sandbox |= exchange.host.startswith("sandbox")
    moment = _moment(exchange)
    if moment is not None and (found.latest is None or moment > found.latest):
        found.latest = moment
    hint = value.get("loginHint")
    if isinstance(hint, str):
        # Case does not count in an address.
        alike = (known for known in found.consents if known.casefold() == hint.casefold())
        owner = hint if hint in found.consents else next(alike, hint)
        found.consents[owner] = ConsentFacts(str(value.get("state") or ""), _instant(value.get("expirationDate")))
        found.sightings.answered(owner, found.consents[owner].state)
        return
    listed = []
    for plant_id, item in _named(value.get("plants"), "plantId"):
        _merge(found.plant(plant_id), item)
        listed.append(plant_id)
    if isinstance(value.get("plants"), list):
        found.sightings.listed(exchange.request_header("authorization") or "", listed)
    head = value.get("plant")
    own = head if isinstance(head, Members) else value
    plant_id = str(own.get("plantId") or params.get("plantId", ""))
    if plant_id:
        plant = found.plant(plant_id)
        _merge(plant, own)
        _take_parts(plant, exchange, params, value)


def _take_parts(plant: RecordedThing, exchange: ArchivedExchange, params: dict[str, str], value: Members) -> None:
    """Take what an answer tells of a plant's devices, sets and rows."""
    for device_id, item in _named(value.get("devices"), "deviceId"):
        _merge(plant.devices.setdefault(device_id, RecordedThing()), item)
    thing = plant
    for device_id, item in _named([value.get("device"), value.get("details")], "deviceId"):
        thing = plant.devices.setdefault(device_id, RecordedThing())
        _merge(thing, item)
    if isinstance(value.get("sets"), list):
        thing.sets = [str(name) for name in value.get("sets")]
    if isinstance(value.get("set"), list):
        _take_rows(thing, exchange, params, value)
    if isinstance(value.get("logs"), list):
        own = None if thing is plant else str(thing.facts.get("deviceId"))
        _take_logs(plant, own, _objects(value.get("logs")))


def _take_logs(plant: RecordedThing, device_id: str | None, items: list[Members]) -> None:
    """Take entries of a plant's log; one that came before has the state that it was told with last."""
    alike: Counter[tuple[object, ...]] = Counter()
    for item in items:
        facts = {"deviceId": device_id} | plain(item)
        mark = tuple(str(facts.get(name)) for name in ("timestamp", "messageTagId", "deviceId", "message", "logId"))
        alike[mark] += 1
        if len(plant.logs) < MAX_LOGS or (*mark, alike[mark]) in plant.logs:
            plant.logs[*mark, alike[mark]] = facts


def _objects(value: Any) -> list[Members]:
    return [item for item in value if isinstance(item, Members)] if isinstance(value, list) else []


def _named(value: Any, name: str) -> Iterator[tuple[str, Members]]:
    """Yield the objects of a list that have an id, with it."""
    return ((str(item.get(name)), item) for item in _objects(value) if item.get(name))


def _merge(thing: RecordedThing, members: Members) -> None:
    for name, value in members:
        if name not in (
            "plant",
            "device",
            "devices",
            "plants",
            "set",
            "sets",
            "setType",
            "resolution",
            "total",
            "logs",
        ):
            thing.facts[name] = plain(value)


def plain(value: Any) -> Any:
    """Return a value without the spelling of its numbers."""
    if isinstance(value, Members):
        return {name: plain(item) for name, item in value}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if type(value) is not str and isinstance(value, str):  # a number as it is spelt
        return float(value) if len(value) > LONGEST or any(sign in value for sign in ".eE") else int(value)
    if isinstance(value, str) and not value.isascii():  # half of a pair of surrogates is no character
        return value.encode("utf-8", "replace").decode("utf-8")
    return value


def _take_rows(thing: RecordedThing, exchange: ArchivedExchange, params: dict[str, str], value: Members) -> None:
    wanted = ALL_SETS.get(params.get("setType", "").lower())
    period = parse_period(unquote(params.get("period", "")))
    if wanted is None or period is None or (wanted.hourly_week and period is Period.WEEK):
        return
    query = {name.lower(): text for name, text in parse_qsl(exchange.query)}
    is_energy = query.get("returnenergyvalues", "").lower() == "true" or not wanted.has_power
    try:
        span = parse_span(period, query.get("date"))
    except ValueError:
        return
    first = span.first
    if first is not None and not is_possible(first):
        return
    rows = [row for row in value.get("set") if isinstance(row, Members) and isinstance(row.get("time"), str)]
    recorded = thing.rows.setdefault(wanted.name, RecordedSet())
    if period.is_fine:
        recorded.resolution = str(value.get("resolution") or recorded.resolution)
    kind = RowsKind(period, (is_energy and wanted.has_energy) or not period.is_fine)
    recorded.take(kind, first, rows, _moment(exchange))
    total = value.get("total")
    if isinstance(total, Members) and len(recorded.totals) < MAX_SPANS:
        known = {item.name for item in wanted.properties}
        values = {name: number for name, number in _numbers_of(total) if name.partition(".")[0] in known}
        recorded.totals[span] = values, _moment(exchange)


def _numbers_of(total: Members) -> Iterator[tuple[str, float]]:
    """Yield the numbers of a total; those of inputs as ``dcEnergyInput.A``."""
    for name, value in total:
        parts = [(f".{item.get('index')}", item.get("value")) for item in _objects(value)] or [("", value)]
        for mark, part in parts:
            number = number_of({name: plain(part)}, name)
            if number is not None:
                yield name + mark, number


def _instant(value: object) -> datetime | None:
    try:
        return _possible(datetime.fromisoformat(str(value)))
    except ValueError:
        return None


def _possible(moment: datetime) -> datetime | None:
    if moment.year not in YEARS:  # where nothing is known, some programs write the year 1
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _moment(exchange: ArchivedExchange) -> datetime | None:
    """Return when an answer was given, by its own clock; where that is not told, by the archive's."""
    try:
        moment = _possible(parsedate_to_datetime(exchange.header("date") or ""))
    except (ValueError, OverflowError):
        moment = None
    return moment or _instant(exchange.started)

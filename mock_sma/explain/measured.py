"""Why measurements are as they are: how far they are visible, what is missing, and why a set is empty."""

from __future__ import annotations

from datetime import UTC, datetime
from math import inf
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from mock_sma.domain.catalogue import ENERGY_AND_POWER_PV, ENERGY_BALANCE, ENERGY_DC, POWER_AC, POWER_DC, PV_GENERATION
from mock_sma.domain.event import EventKind
from mock_sma.domain.instruments import device_sets, plant_sets, served_sets
from mock_sma.domain.period import Period
from mock_sma.domain.plant import Backend
from mock_sma.sandbox.why import Step
from mock_sma.sandbox.wire.measurements import EMPTY_SET
from mock_sma.simulation.visibility import UPLOAD, processing_minutes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mock_sma.domain.event import PlantEvent
    from mock_sma.domain.period import Span
    from mock_sma.domain.plant import Plant
    from mock_sma.sandbox.handlers.monitoring.measurements import Measured
    from mock_sma.sandbox.world.entry import Entry

PV_SETS = frozenset({ENERGY_AND_POWER_PV.name, POWER_DC.name, POWER_AC.name, ENERGY_DC.name})
"""Sets of inverters: no rows at night (docs/decisions.md, Numbers)."""


class _Bounds(NamedTuple):
    """A span in seconds since the epoch."""

    low: float
    high: float


def measured_steps(facts: Measured, entry: Entry) -> Iterator[Step]:
    """Yield visibility, silences within the span, and the cause of an empty set."""
    plant = facts.plant
    now = datetime.fromtimestamp(entry.at, ZoneInfo(plant.timezone))
    yield Step(_visibility(facts, now), "visibility", {"until": facts.until, "zone": plant.timezone})
    bounds = _bounds(facts)
    if EMPTY_SET in entry.response_body:
        cause, text = _cause(facts, bounds, entry.at)
        yield Step(f"the set is empty: {text}", "empty", {"cause": cause})
        return
    for event in _silences(facts, bounds, entry.at):
        text = f"{_silent(event, plant)}: rows are missing"
        yield Step(text, "gap", {"start": event.start.isoformat(), "end": event.end and event.end.isoformat()})


def _visibility(facts: Measured, now: datetime) -> str:
    newest = datetime.fromtimestamp(facts.until, now.tzinfo)
    shown = f"{newest:%H:%M}" if newest.date() == now.date() else f"{newest:%Y-%m-%d %H:%M}"
    plant = facts.plant
    minutes = processing_minutes(plant)
    if plant.backend is Backend.ENNEXOS:
        how = f"ennexOS uploads every {UPLOAD[plant.backend] // 60} min and processes on the fly"
        if plant.resolution * 60 != UPLOAD[plant.backend]:
            how += f"; this plant has a row every {plant.resolution} min"
    elif plant.professional_package:
        how = f"Classic processing takes {minutes} min with the Professional Package"
    else:
        how = f"Classic processing takes {minutes} min"
    return f"the newest row is {shown}; {how}"


def _bounds(facts: Measured) -> _Bounds:
    span, zone = facts.span, ZoneInfo(facts.plant.timezone)
    first = span.first
    if first is None:
        return _Bounds(-inf, inf)
    if span.period is Period.YEAR:
        low, high = datetime(first.year, 1, 1, tzinfo=zone), None
        high = datetime(first.year + 1, 1, 1, tzinfo=zone) if first.year < 9_999 else None
    elif span.period is Period.MONTH:
        year, month = divmod(first.year * 12 + first.month, 12)
        low = datetime(first.year, first.month, 1, tzinfo=zone)
        high = datetime(year, month + 1, 1, tzinfo=zone) if year <= 9_999 else None
    else:
        low = datetime(first.year, first.month, first.day, tzinfo=zone)
        return _Bounds(_seconds(low), _seconds(low) + span.days * 86_400)
    return _Bounds(_seconds(low), inf if high is None else _seconds(high))


def _seconds(local: datetime) -> float:
    # A date at the edge of the calendar cannot be shifted to UTC.
    return local.timestamp() if 1 < local.year < 9_999 else local.replace(tzinfo=UTC).timestamp()


def _cause(facts: Measured, bounds: _Bounds, now: float) -> tuple[str, str]:  # noqa: PLR0911 - a table
    plant, name = facts.plant, facts.wanted.name
    offered = plant_sets(plant) if facts.device is None else device_sets(plant, facts.device)
    if (ENERGY_AND_POWER_PV.name if name == PV_GENERATION.name else name) not in offered:
        return "set", _not_offered(facts, offered)
    if facts.device is None and name not in (PV_GENERATION.name, *served_sets(plant, facts.profile)):
        served = ", ".join(served_sets(plant, facts.profile)) or "none"
        return "set", f"SMA's sandbox has no rows of a plant's {name}, only of {served}; other profiles have (R26)"
    if bounds.low > now:
        return "future", f"{_named(facts.span)} is in the future; it is {_local(now, plant)} on the emulator's clock"
    if facts.span.ends_before(plant.commissioned):
        return "commissioning", f"{_named(facts.span)} is before {plant.commissioned}, when the plant was commissioned"
    if bounds.low >= facts.until:
        return "visibility", f"no row of {_named(facts.span)} has been uploaded and processed yet"
    covering = _covering(facts, bounds, now)
    if covering is not None:
        return "gap", _silent(covering, plant)
    if name in PV_SETS and facts.span.period.is_fine:
        return "night", "nothing was generated in that span, and inverters have no rows at night"
    return "nothing", "no property has a value in that span"


def _not_offered(facts: Measured, offered: tuple[str, ...]) -> str:
    whose = f"plant {facts.plant.id}" if facts.device is None else f"device {facts.device.id}"
    if facts.wanted.name == ENERGY_BALANCE.name and facts.device is None:
        return f"EnergyBalance wants gridConsumption and gridFeedIn measured, and {whose} does not measure them (R24)"
    sets = ", ".join(offered) or "no set at all"
    return f"{whose} has no instruments for {facts.wanted.name}; it offers {sets} (R33)"


def _named(span: Span) -> str:
    first = span.first
    if first is None:
        return f"the period {span.period.value}"
    if span.period is Period.YEAR:
        return f"{first.year}"
    if span.period is Period.MONTH:
        return f"{first:%Y-%m}"
    return f"the week from {first}" if span.period is Period.WEEK else f"{first}"


def _local(at: float, plant: Plant) -> str:
    return f"{datetime.fromtimestamp(at, ZoneInfo(plant.timezone)):%Y-%m-%d %H:%M}"


def _silences(facts: Measured, bounds: _Bounds, now: float) -> list[PlantEvent]:
    """Return the gaps and late rows within the visible part of a span."""
    device_id = None if facts.device is None else facts.device.id
    high = min(bounds.high, facts.until, now)
    return [
        event
        for event in facts.plant.events
        if event.kind in (EventKind.GAP, EventKind.LATE_DATA)
        and event.device_id in (None, device_id)
        and event.start.timestamp() < high
        and (event.end is None or event.end.timestamp() > bounds.low)
        and not (event.kind is EventKind.LATE_DATA and event.arrives is not None and event.arrives.timestamp() <= now)
    ]


def _covering(facts: Measured, bounds: _Bounds, now: float) -> PlantEvent | None:
    """Return the silence that leaves nothing of the visible part of a span."""
    high = min(bounds.high, facts.until)
    return next(
        (
            event
            for event in _silences(facts, bounds, now)
            if event.start.timestamp() <= max(bounds.low, -inf) and (event.end is None or event.end.timestamp() >= high)
        ),
        None,
    )


def _silent(event: PlantEvent, plant: Plant) -> str:
    who = "the plant" if event.device_id is None else f"device {event.device_id}"
    since = _local(event.start.timestamp(), plant)
    until = "" if event.end is None else f" to {_local(event.end.timestamp(), plant)}"
    if event.kind is EventKind.LATE_DATA:
        arrives = "" if event.arrives is None else f"; they arrive at {_local(event.arrives.timestamp(), plant)}"
        return f"the rows of {who} from {since}{until} are late{arrives}"
    return f"{who} was silent from {since}{until or ' on'} (R28)"

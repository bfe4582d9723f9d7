"""What a scenario says with spans from the start, as it is in a world whose start is known."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar
from zoneinfo import ZoneInfo

from mock_sma.domain.event_rules import MAX_REPEATS
from mock_sma.domain.moment import is_from_start, settled
from mock_sma.domain.recurrence import moved

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime, timedelta, tzinfo

    from mock_sma.domain.device import Device
    from mock_sma.domain.event import PlantEvent
    from mock_sma.domain.faults import FaultRule
    from mock_sma.domain.plant import Plant
    from mock_sma.domain.recurrence import Repeat

    Dated = TypeVar("Dated", bound=Any)


def settled_rule(rule: FaultRule, start: datetime) -> FaultRule:
    """Return a fault rule whose schedule has times only."""
    schedule = rule.schedule
    if schedule is None:
        return rule
    times = _settled(replace(schedule, repeat=settled_repeat(schedule.repeat, start)), ("start", "end"), start)
    return replace(rule, schedule=times)


def settled_plant(plant: Plant, start: datetime) -> Plant:
    """Return a plant whose events and devices have times only; the same one where they have already."""
    if not _counts_from_start(plant):
        return plant
    zone = ZoneInfo(plant.timezone)
    events = tuple(one for event in plant.events for one in settled_events(event, start, zone))
    devices = _settled_devices(plant.devices, start)
    earlier = tuple(
        _settled(replace(item, devices=_settled_devices(item.devices, start)), ("until",), start)
        for item in plant.earlier
    )
    return _settled(replace(plant, events=events, devices=devices, earlier=earlier), ("migrated_at",), start)


def _settled_devices(devices: Iterable[Device], start: datetime) -> tuple[Device, ...]:
    return tuple(_settled(device, ("activated_at", "deactivated_at"), start) for device in devices)


def settled_events(event: PlantEvent, start: datetime, zone: tzinfo) -> Iterator[PlantEvent]:
    """Yield an event with times only, once for each time that it happens.

    Args:
        zone: of the plant: what happens every whole number of days begins and ends at the same time of day there.
    """
    event = _settled(event, ("start", "end", "arrives"), start)
    repeat = settled_repeat(event.repeat, start)
    if repeat is None:
        yield event
        return
    for number in range(MAX_REPEATS):
        begins = repeat.start(event.start, number, zone)
        if begins is None:
            return
        end, arrives = (
            _along(at, event.start, begins, number * repeat.every, zone) for at in (event.end, event.arrives)
        )
        yield replace(event, start=begins, end=end, arrives=arrives, repeat=None)


def _along(
    moment: datetime | None, first: datetime, begins: datetime, span: timedelta, zone: tzinfo
) -> datetime | None:
    """Return a moment of an event as it is when the event begins a span later: it keeps its time of day as well."""
    if moment is None:
        return None
    later = moved(moment, span, zone)
    # Where the clocks skip the beginning, the event is as long as the first time.
    return later if later > begins else begins + (moment - first)


def _counts_from_start(plant: Plant) -> bool:
    """Tell whether anything of a plant does: of nearly all plants nothing does, and every new world asks of each."""
    for event in plant.events:
        if event.repeat is not None:
            return True
        if is_from_start(event.start) or is_from_start(event.end) or is_from_start(event.arrives):
            return True
    devices = plant.devices
    if plant.earlier:
        if any(is_from_start(item.until) for item in plant.earlier):
            return True
        devices = (*devices, *(device for item in plant.earlier for device in item.devices))
    for device in devices:
        begun, ended = device.activated_at, device.deactivated_at
        # Hardly any device has either: a call for each would be half of what a new world costs.
        if (begun is not None or ended is not None) and (is_from_start(begun) or is_from_start(ended)):
            return True
    return is_from_start(plant.migrated_at)


def settled_repeat(repeat: Repeat | None, start: datetime) -> Repeat | None:
    """Return a repetition whose last moment is a time."""
    return None if repeat is None else _settled(repeat, ("until",), start)


def _settled(value: Dated, names: tuple[str, ...], start: datetime) -> Dated:
    changed = {name: settled(moment, start) for name in names if is_from_start(moment := getattr(value, name))}
    return replace(value, **changed) if changed else value

"""Events of plants: gaps, faults, snow; begun, entered for another time, and ended by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from mock_sma.domain.event import EventKind, PlantEvent
from mock_sma.domain.event_rules import mistakes_of
from mock_sma.domain.settling import settled_events
from mock_sma.errors import Problem, ScenarioError, UsageError
from mock_sma.leaves import later
from mock_sma.sandbox.world.happenings.plants import device_named, plant_named

if TYPE_CHECKING:
    from mock_sma.domain.actions import EndEvents, StartEvent
    from mock_sma.domain.plant import Plant
    from mock_sma.sandbox.world.estate import Estate

misfits_of = later("mistakes.misfits", "misfits_of")

ENDED_BY_HAND = (EventKind.GAP, EventKind.DEVICE_FAULT)
"""Events that go on until further notice."""


def add_event(estate: Estate, action: StartEvent, now: datetime) -> None:
    """Put an event into a plant's list, from which numbers, status and logs follow.

    Args:
        now: aware instant, when an event without a start of its own begins.

    Raises:
        UnknownError: no such plant.
        UsageError: it has no such device.
        ScenarioError: its kind, span and value do not go together, or it cannot act on its device.
    """
    plant = plant_named(estate, action.plant_id)
    event = _event(action, now)
    event = replace(event, device_id=_own_device(estate, plant, event.device_id))
    problems = [Problem(message, key) for key, message in (*mistakes_of(event), *misfits_of(plant, event))]
    if problems:
        raise ScenarioError(problems)
    events = (*plant.events, *settled_events(event, now, ZoneInfo(plant.timezone)))
    estate.change(plant.id, lambda value: replace(value, events=events))


def end_events(estate: Estate, action: EndEvents, at: datetime) -> None:
    """End the gaps and faults under way; of one device where it is named.

    Raises:
        UnknownError: no such plant.
        UsageError: no such device, or nothing is under way.
    """
    plant = plant_named(estate, action.plant_id)
    wanted = _own_device(estate, plant, action.device_id)
    ended = [
        event
        for event in plant.events
        if event.kind in ENDED_BY_HAND
        and event.start < at
        and (event.end is None or event.end > at)
        and wanted in (None, event.device_id)
    ]
    if not ended:
        raise UsageError(f"plant {plant.id} has no gap or fault to end")
    events = tuple(replace(event, end=at) if event in ended else event for event in plant.events)
    estate.change(plant.id, lambda value: replace(value, events=events))


def _own_device(estate: Estate, plant: Plant, device_id: str | None) -> str | None:
    if device_id is None:
        return None
    owner, device = device_named(estate, device_id)
    if owner is not plant:
        raise UsageError(f"plant {plant.id} has no device {device_id!r}")
    return device.id


def _event(action: StartEvent, now: datetime) -> PlantEvent:
    start = now if action.start is None else action.start.astimezone(UTC)
    return PlantEvent(
        kind=action.kind,
        start=start,
        end=_end(action, start),
        device_id=action.device_id,
        value=action.value,
        arrives=action.arrives,
        message_tag=action.message_tag,
        level=action.level,
        text=action.text,
        log_id=action.log_id,
        set_name=action.set_name,
        property_name=action.property_name,
        mode=action.mode,
        share=action.share,
        repeat=action.repeat,
    )


def _end(action: StartEvent, start: datetime) -> datetime | None:
    duration = action.duration
    if duration is None:
        return action.end
    if action.end is not None:
        raise ScenarioError([Problem("give end or duration, not both", "duration")])
    try:
        return start + duration
    except OverflowError:
        message = f"{duration} after {start.isoformat()} is beyond the calendar"
        raise ScenarioError([Problem(message, "duration")]) from None

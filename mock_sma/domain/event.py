"""What happens to a plant: one list that feeds numbers, status and logs alike (docs/simulation.md, Events)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import inf
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime


class EventKind(StrEnum):
    """Kinds of events.

    ======================  ==============================================================================
    kind                    effect; unit of ``value``
    ======================  ==============================================================================
    gap                     the plant (or one device) does not communicate: rows are missing, the next row
                            carries the energy. No end: silent until further notice.
    missing-rows            single rows fall out; value: share of rows [0..1]
    late-data               rows of the span arrive only at ``arrives``
    device-fault            a device stands still; energy is lost
    derating                an inverter is limited; value: share of its rating [0..1]
    grid-outage             no grid: no import, no export, inverters off unless there is a battery
    feed-in-limit           feed-in is capped; value: [W]
    snow                    modules covered; value: share of light lost [0..1]
    first-reading-spike     the first row after ``start`` holds a whole counter; value: [Wh]
    message                 a log entry without effect on numbers
    ======================  ==============================================================================
    """

    GAP = "gap"
    MISSING_ROWS = "missing-rows"
    LATE_DATA = "late-data"
    DEVICE_FAULT = "device-fault"
    DERATING = "derating"
    GRID_OUTAGE = "grid-outage"
    FEED_IN_LIMIT = "feed-in-limit"
    SNOW = "snow"
    FIRST_READING_SPIKE = "first-reading-spike"
    MESSAGE = "message"


class LogLevel(StrEnum):
    """Level of a log entry, as the wire spells it."""

    INFO = "Info"
    WARNING = "Warning"
    ERROR = "Error"
    DISTURBANCE = "Disturbance"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantEvent:
    """One event.

    Attributes:
        start: aware instant of the beginning.
        end: aware instant after the last moment; None: still going on.
        device_id: the device it happens to; None: the whole plant.
        value: see :class:`EventKind`.
        arrives: for late data, the instant when the rows appear.
        message_tag: number of the message text in the logs; None: the one of the kind.
        level: the level of the log entry; None: the one of the kind.
    """

    kind: EventKind
    start: datetime
    end: datetime | None = None
    device_id: str | None = None
    value: float | None = None
    arrives: datetime | None = None
    message_tag: int | None = None
    level: LogLevel | None = None


VALUES = {
    EventKind.MISSING_ROWS: 1.0,
    EventKind.DERATING: 1.0,
    EventKind.SNOW: 1.0,
    EventKind.FEED_IN_LIMIT: inf,
    EventKind.FIRST_READING_SPIKE: inf,
}
"""Kinds that have a value, with its largest one; the smallest is 0."""

NEEDED = {EventKind.FEED_IN_LIMIT: "[W]", EventKind.FIRST_READING_SPIKE: "[Wh]"}
"""Kinds that are nothing without a value, with its unit."""


def mistakes_of(event: PlantEvent) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with an event: the attribute, empty for the event as a whole, and a sentence about it."""
    if event.end is not None and event.end <= event.start:
        yield "end", "time goes backwards: the end is not after the start"
    kind, value = event.kind, event.value
    if value is not None and kind not in VALUES:
        yield "value", f"{kind.value!r} has no value"
    elif value is not None and not 0.0 <= value <= VALUES[kind]:
        most = f" and at most {VALUES[kind]:g}" if VALUES[kind] < inf else ""
        yield "value", f"of {kind.value!r} has to be at least 0{most}, not {value:g}"
    elif value is None and kind in NEEDED:
        yield "", f"{kind.value!r} needs the key 'value' {NEEDED[kind]}"
    yield from _arrival_mistakes(event)


def _arrival_mistakes(event: PlantEvent) -> Iterator[tuple[str, str]]:
    is_late = event.kind is EventKind.LATE_DATA
    if is_late and event.arrives is None:
        yield "", "'late-data' needs the key 'arrives'; data that never arrive are a 'gap'"
    elif event.arrives is not None and not is_late:
        yield "arrives", f"belongs to 'late-data', not to {event.kind.value!r}"
    elif event.arrives is not None and event.arrives <= event.start:
        yield "arrives", "time goes backwards: the rows arrive before their span begins"

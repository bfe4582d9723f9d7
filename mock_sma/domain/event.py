"""What happens to a plant: one list that feeds numbers, status and logs alike (design: SIMULATION 8)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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
    """Level of a log entry, as the wire spells it (contract: MONITORING 5)."""

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
        arrives: of late data, the instant when the rows appear.
        message_tag: number of the message text in the logs; None: the one of the kind.
        level: of the log entry; None: the one of the kind.
    """

    kind: EventKind
    start: datetime
    end: datetime | None = None
    device_id: str | None = None
    value: float | None = None
    arrives: datetime | None = None
    message_tag: int | None = None
    level: LogLevel | None = None

"""What happens to a plant: one list that feeds numbers, status and logs alike (docs/simulation.md, Events)."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from mock_sma.frozen import frozen

if TYPE_CHECKING:
    from datetime import datetime

    from mock_sma.domain.recurrence import Repeat


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
    first-reading-spike     the first row after ``start`` holds a whole counter, of an inverter or meter;
                            value: [Wh], negative as well
    counter-restart         a counter begins anew: the first row after ``start`` lacks what it had counted;
                            value: [Wh]
    duplicate-rows          rows come twice in Day and Week; value: share of rows [0..1], all where left out
    value                   a property of a set is not what was measured (:class:`ValueMode`)
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
    COUNTER_RESTART = "counter-restart"
    DUPLICATE_ROWS = "duplicate-rows"
    VALUE = "value"
    MESSAGE = "message"


class ValueMode(StrEnum):
    """What becomes of a property's values.

    ======  ==========================================================
    mode    effect; unit of ``value``
    ======  ==========================================================
    null    there is none
    fixed   always the same; value: the property's own [W, V, % …]
    stuck   the last one before, again and again
    scale   times the value [1]; -1 turns the sign
    add     plus the value; the property's own unit
    ======  ==========================================================
    """

    NULL = "null"
    FIXED = "fixed"
    STUCK = "stuck"
    SCALE = "scale"
    ADD = "add"


class LogLevel(StrEnum):
    """Level of a log entry, as the wire spells it."""

    INFO = "Info"
    WARNING = "Warning"
    ERROR = "Error"
    DISTURBANCE = "Disturbance"


@frozen(kw_only=True)
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
        text: of the log entry, in every language; None: the one of the message tag.
        log_id: ``logId`` of the log entry; None: the one of the message tag.
        set_name: of a ``value`` event, the measurement set.
        property_name: of a ``value`` event, the property of that set.
        mode: of a ``value`` event.
        share: of a ``value`` event: of the rows that it happens to [0..1]; None: all.
        repeat: it happens again and again; None: once. In a world whose start is known each is an event of its own.
    """

    kind: EventKind
    start: datetime
    end: datetime | None = None
    device_id: str | None = None
    value: float | None = None
    arrives: datetime | None = None
    message_tag: int | None = None
    level: LogLevel | None = None
    text: str | None = None
    log_id: str | None = None
    set_name: str | None = None
    property_name: str | None = None
    mode: ValueMode | None = None
    share: float | None = None
    repeat: Repeat | None = None

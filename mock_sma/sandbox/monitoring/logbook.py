"""From a plant's events to log entries (R31; contract: MONITORING 5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mock_sma.domain.event import EventKind, LogLevel
from mock_sma.domain.plant import Backend

if TYPE_CHECKING:
    from mock_sma.domain.event import PlantEvent
    from mock_sma.domain.plant import Plant

TEXTS: dict[EventKind, tuple[int, int, LogLevel, str]] = {
    EventKind.GAP: (100_101, 10_110, LogLevel.DISTURBANCE, "Communication with the plant is interrupted"),
    EventKind.LATE_DATA: (100_102, 10_111, LogLevel.WARNING, "Data arrive late"),
    EventKind.DEVICE_FAULT: (100_201, 10_201, LogLevel.ERROR, "Device fault"),
    EventKind.DERATING: (100_202, 10_202, LogLevel.WARNING, "Derating"),
    EventKind.GRID_OUTAGE: (100_301, 10_301, LogLevel.ERROR, "Grid failure"),
    EventKind.FEED_IN_LIMIT: (100_302, 10_302, LogLevel.INFO, "Feed-in is limited"),
    EventKind.MESSAGE: (100_001, 10_001, LogLevel.INFO, "Message"),
}
"""Message tag, Event ID, level and text by kind of event: assumed, as none is recorded."""


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One entry: ``at`` in seconds since the epoch, the rest as the wire says it."""

    log_id: str
    at: float
    message_tag: int
    message: str
    level: str
    occurrence: str
    device_id: str | None


def entries(plant: Plant, now: float, *, classic_ids: bool, device_id: str | None = None) -> list[LogEntry]:
    """Return what has happened so far, newest first.

    Args:
        classic_ids: whether the announced mapping fills ``logId`` on Classic too (R31).
        device_id: only of this device.
    """
    with_ids = plant.backend is Backend.ENNEXOS or classic_ids
    events = [
        event
        for event in plant.events
        if event.kind in TEXTS
        and event.start.timestamp() <= now
        and (device_id is None or event.device_id == device_id)
    ]
    made = [_entry(event, now, with_ids=with_ids) for event in events]
    return sorted(made, key=lambda entry: -entry.at)


def _entry(event: PlantEvent, now: float, *, with_ids: bool) -> LogEntry:
    tag, number, level, text = TEXTS[event.kind]
    solved = event.end is not None and event.end.timestamp() <= now
    return LogEntry(
        log_id=str(number) if with_ids else "",
        at=event.start.timestamp(),
        message_tag=event.message_tag if event.message_tag is not None else tag,
        message=text,
        level=(event.level or level).value,
        occurrence="Solved" if solved else "Unsolved",
        device_id=event.device_id,
    )

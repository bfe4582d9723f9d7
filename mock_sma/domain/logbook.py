"""From a plant's events to log entries (R31)."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from mock_sma.domain.event import EventKind
from mock_sma.domain.messages import message_of
from mock_sma.domain.plant import Backend
from mock_sma.frozen import frozen

if TYPE_CHECKING:
    from mock_sma.domain.event import PlantEvent
    from mock_sma.domain.messages import Message
    from mock_sma.domain.plant import Plant


class Occurrence(StrEnum):
    """Words of ``occurrence``: whether what an entry tells of goes on."""

    SOLVED = "Solved"
    UNSOLVED = "Unsolved"


@frozen
class LogEntry:
    """One entry: ``at`` in seconds since the epoch, the rest as the wire says it."""

    log_id: str
    at: float
    message_tag: int
    message: str
    level: str
    occurrence: Occurrence
    device_id: str | None


def entries(
    plant: Plant, now: float, *, classic_ids: bool, language: str, device_id: str | None = None
) -> list[LogEntry]:
    """Return what has happened until ``now`` [s since the epoch], newest first.

    Args:
        classic_ids: whether the announced mapping fills ``logId`` on Classic too (R31).
        language: the language of the texts, ``de`` or ``en``.
        device_id: only of this device.
    """
    with_ids = plant.backend is Backend.ENNEXOS or classic_ids
    made = []
    for event in plant.history():
        message = message_of(event)
        if message is None or event.start.timestamp() > now or device_id not in (None, event.device_id):
            continue
        made.append(_entry(event, message, now, language, with_ids=with_ids))
    return sorted(made, key=lambda entry: -entry.at)


def _entry(event: PlantEvent, message: Message, now: float, language: str, *, with_ids: bool) -> LogEntry:
    # A message without an end is a moment's: nothing stays open, in the status neither.
    moment = event.kind is EventKind.MESSAGE and event.end is None
    solved = moment or (event.end is not None and event.end.timestamp() <= now)
    return LogEntry(
        log_id=(event.log_id or str(message.event_id)) if with_ids else "",
        at=event.start.timestamp(),
        message_tag=event.message_tag if event.message_tag is not None else message.tag,
        message=event.text or message.text(language),
        level=(event.level or message.level).value,
        occurrence=Occurrence.SOLVED if solved else Occurrence.UNSOLVED,
        device_id=event.device_id,
    )

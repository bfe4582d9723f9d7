"""Entries of recorded logs as events of a scenario."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from mock_sma.domain.event import EventKind, LogLevel
from mock_sma.domain.logbook import Occurrence
from mock_sma.importer.collected import number_of
from mock_sma.importer.spans import is_possible

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zoneinfo import ZoneInfo

    from mock_sma.importer.collected import RecordedThing
    from mock_sma.importer.names import Names

LEVELS = {level.value.lower(): level.value for level in LogLevel}
OPEN_FOR = timedelta(days=36_500)
"""How long what was not solved goes on: nothing tells when it ends."""


def events_of(plant: RecordedThing, zone: ZoneInfo, names: Names) -> Iterator[dict[str, Any]]:
    """Yield the entries of a plant's log that have a time and a level as events, in the order of the answers."""
    for facts in plant.logs.values():
        start = _start(facts.get("timestamp"), zone)
        level = LEVELS.get(str(facts.get("level")).lower())
        if start is None or level is None:
            continue
        tag, device = number_of(facts, "messageTagId"), facts.get("deviceId")
        event: dict[str, Any] = {"kind": EventKind.MESSAGE.value, "start": start.isoformat()}
        if str(facts.get("occurrence")).lower() == Occurrence.UNSOLVED.value.lower():
            event["end"] = (start + OPEN_FOR).isoformat()
        if device is not None and str(device) in plant.devices:
            event["device"] = str(device)
        if tag is not None:
            event["message_tag"] = int(tag)
        event["level"] = level
        if facts.get("message"):
            event["text"] = names.text(str(facts.get("message"))[:1_000])
        if facts.get("logId"):
            event["log_id"] = str(facts.get("logId"))[:40]
        yield event


def _start(stamp: object, zone: ZoneInfo) -> datetime | None:
    try:
        local = datetime.fromisoformat(str(stamp))
    except ValueError:
        return None
    if not is_possible(local.date()):
        return None
    return local if local.tzinfo is not None else local.replace(tzinfo=zone)

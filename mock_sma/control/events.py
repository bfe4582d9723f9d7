"""The journal as it grows: reading the lines of a stream of server-sent events (HTML Standard, section 9.2)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mock_sma.control.models import JournalEvent


class EventReader:
    """Makes events of lines; comments, ids and waiting times are passed over."""

    def __init__(self) -> None:
        self._name = ""

    def take(self, line: str) -> JournalEvent | None:
        """Return the event that a line completes, or None."""
        field, _, value = line.partition(": ")
        if field == "event":
            self._name = value
        if field != "data":
            return None
        return {"event": self._name, "exchanges": json.loads(value) if self._name == "exchanges" else []}

"""The journal of a world elsewhere."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, overload

from mock_sma.sandbox.why import Step, Why
from mock_sma.sandbox.world.entry import Entry
from mock_sma.sandbox.world.journal import MAX_ENTRIES
from mock_sma.sandbox.world.selection import Entries, Selection

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mock_sma.control import ControlClient, models


class RemoteJournal(Entries):
    """Entries, oldest first, as they are whenever they are asked for.

    Args:
        control: client of the world.
    """

    def __init__(self, control: ControlClient) -> None:
        self._control = control
        self._known: dict[str, Entry] = {}

    def clear(self) -> None:
        """Forget everything."""
        self._control.clear_requests()

    def find(self, entry_id: str) -> Entry | None:
        """Return the entry with this id, or None."""
        return next((entry for entry in self if entry.id == entry_id), None)

    def _entries(self) -> list[Entry]:
        newest_first = self._control.requests(limit=MAX_ENTRIES)
        return [self._known.get(brief["id"]) or self._fetch(brief["id"]) for brief in reversed(newest_first)]

    def _fetch(self, entry_id: str) -> Entry:
        entry = self._known[entry_id] = _entry(self._control.request(entry_id))
        return entry

    @overload
    def __getitem__(self, index: int) -> Entry: ...
    @overload
    def __getitem__(self, index: slice) -> Selection: ...
    def __getitem__(self, index: int | slice) -> Entry | Selection:
        entries = self._entries()
        return Selection(entries[index]) if isinstance(index, slice) else entries[index]

    def __len__(self) -> int:
        return len(self._control.requests(limit=MAX_ENTRIES))

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries())


def _entry(full: models.WholeExchange) -> Entry:
    return Entry(
        id=full["id"],
        at=datetime.fromisoformat(full["at"]).timestamp(),
        method=full["method"],
        host=full["host"],
        path=full["path"],
        query=full["query"],
        status=full["status"],
        client_id=full["client_id"],
        operation=full["operation"],
        request_body=full["request_body"].encode(),
        response_body=full["response_body"].encode(),
        headers=[(name.encode(), value.encode("latin-1")) for name, value in full["response_headers"]],
        user_agent=full["user_agent"],
        traceparent=full.get("traceparent") or "",
        trace=[],
        told=Why(Step(step["text"], step["kind"], step["data"]) for step in full["why"]),
    )

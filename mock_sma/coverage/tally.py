"""What a world has exercised, counted once for each exchange, whether the journal still has it or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.coverage.catalogue import CATALOGUE
from mock_sma.coverage.recognise import CONSENTS, Owners, recognised
from mock_sma.findings.traffic import Turn
from mock_sma.sandbox.table.operations import OPERATIONS
from mock_sma.verdicts.coverage import MAX_ENTRIES, Coverage, Situation

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mock_sma.sandbox.world.entry import Entry

MEMO = 4_096
TOLD_APART = CONSENTS | {"token"}
"""Operations whose exchanges look alike from outside, and are few."""
OTHER = "other"
"""Stands for requests that no operation takes."""


class Tally:
    """Counts situations and statuses of one world."""

    def __init__(self) -> None:
        self._counted: set[str] = set()
        self._seen: dict[str, int] = {}
        self._entries: dict[str, list[str]] = {}
        self._statuses: dict[str, dict[str, int]] = {}
        self._known: dict[int, tuple[str, ...]] = {}
        self._owners = Owners()

    def look(self, entries: Iterable[Entry]) -> None:
        """Count those of the journal's entries that have not been counted."""
        for entry in entries:
            if entry.id not in self._counted:
                self._counted.add(entry.id)
                self._count(entry)

    def forget(self, entries: Iterable[Entry]) -> None:
        """Count entries that the journal forgets."""
        for entry in entries:
            if self._counted and entry.id in self._counted:
                self._counted.discard(entry.id)
            else:
                self._count(entry)

    def replace(self, gone: Iterable[Entry], back: Iterable[Entry]) -> None:
        """Count entries that leave the journal at once, and know those that come back: they were counted before."""
        self.forget(gone)
        self._counted.update(entry.id for entry in back)

    def _count(self, entry: Entry) -> None:
        statuses, status = self._statuses.setdefault(entry.operation or OTHER, {}), str(entry.status)
        statuses[status] = statuses.get(status, 0) + 1
        for name in self._names(entry):
            self._seen[name] = count = self._seen.get(name, 0) + 1
            if count <= MAX_ENTRIES:
                self._entries.setdefault(name, []).append(entry.id)

    def _names(self, entry: Entry) -> tuple[str, ...]:
        # A server under load forgets as fast as it answers, and is asked the same again and again.
        # By a hash of 64 bits, since the texts of four thousand requests take a megabyte.
        key = hash((entry.operation, entry.status, entry.path, entry.query, len(entry.response_body), *entry.kinds))
        names = self._known.get(key)
        if names is None or entry.operation in TOLD_APART:
            names = tuple(recognised(Turn.of(entry), self._owners))
            if len(self._known) >= MEMO:
                self._known.clear()
            self._known[key] = names
        return names

    def coverage(self) -> Coverage:
        """Return all that has been counted."""
        return Coverage(
            situations=tuple(
                Situation(
                    name=item.name,
                    about=item.about,
                    seen=self._seen.get(item.name, 0),
                    entries=tuple(self._entries.get(item.name, ())),
                )
                for item in CATALOGUE
            ),
            operations={name: dict(self._statuses.get(name, {})) for name in _OPERATIONS},
        )


_OPERATIONS = (*dict.fromkeys(item.id for item in OPERATIONS), OTHER)


def nothing() -> Coverage:
    """Return the coverage of a world that nobody has asked."""
    return Tally().coverage()

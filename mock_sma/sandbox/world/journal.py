"""The journal: what was asked, what was answered, and why. Bounded, and free of secrets."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any, overload

from mock_sma.sandbox.world.selection import Entries, Selection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from mock_sma.sandbox.world.entry import Entry

MAX_ENTRIES = 2_000
MAX_BYTES = 8 * 1024 * 1024
LEAVING = 64
"""Forgotten entries that are told of at once."""


class Journal(Entries):
    """Entries, oldest first.

    Args:
        max_entries: entries kept.
        max_bytes: bytes kept, bodies included.
        forgetting: is told of entries before they are forgotten, some at a time.
    """

    def __init__(
        self,
        max_entries: int = MAX_ENTRIES,
        max_bytes: int = MAX_BYTES,
        *,
        forgetting: Callable[[Sequence[Entry]], None] | None = None,
    ) -> None:
        self._forgetting = forgetting
        self._leaving: list[Entry] = []
        self._entries: deque[Entry] = deque()
        self._sizes: deque[int] = deque()
        self._bytes = 0
        self._max_entries = max_entries
        self._max_bytes = max_bytes
        self.total = 0
        """Number of exchanges since the last reset, forgotten ones included."""

    def add(self, entry: Entry) -> None:
        """Append an entry and forget the oldest ones over the bounds."""
        entries, sizes, size = self._entries, self._sizes, entry.size
        entries.append(entry)
        sizes.append(size)
        self.total += 1
        self._bytes += size
        while len(entries) > self._max_entries or (self._bytes > self._max_bytes and len(entries) > 1):
            self._leaving.append(entries.popleft())
            self._bytes -= sizes.popleft()
            if len(self._leaving) >= LEAVING:
                self.settle()

    def settle(self) -> None:
        """Tell of all that has been forgotten, and has not been told of yet."""
        leaving, self._leaving = self._leaving, []
        if self._forgetting is not None and leaving:
            self._forgetting(leaving)

    def put_back(self, entries: Iterable[Entry], total: int) -> None:
        """Hold these entries, the oldest first, after ``total`` exchanges altogether."""
        self.clear()
        for entry in entries:
            self.add(entry)
        self.total = total

    def merge(self, others: Iterable[Entry]) -> None:
        """Take in exchanges that have been counted already, and have all in the order of their numbers."""
        known = {entry.id for entry in self._entries}
        total, entries = self.total, [*self._entries, *(entry for entry in others if entry.id not in known)]
        self._entries.clear()
        self._sizes.clear()
        self._bytes = 0
        for entry in sorted(entries, key=lambda entry: entry.number):
            self.add(entry)
        self.total = total

    def prefer(self, others: Iterable[Entry]) -> None:
        """Hold the given ones of the exchanges that are here, as they have more of them: their bodies."""
        known = {entry.id: entry for entry in others}
        self._entries = deque(known.get(entry.id, entry) for entry in self._entries)
        self._measure()

    def _measure(self) -> None:
        self._sizes = deque(entry.size for entry in self._entries)
        self._bytes = sum(self._sizes)

    def __getstate__(self) -> dict[str, Any]:
        """Return what is kept of it; sizes follow from the entries, which are one value, however many they are."""
        kept = {name: value for name, value in vars(self).items() if name not in ("_sizes", "_bytes")}
        return kept | {"_entries": self[:]}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Take up what was kept, also by an earlier mock-sma."""
        vars(self).update(state, _entries=deque(state["_entries"]))
        self._measure()

    def clear(self) -> None:
        """Forget everything."""
        self._leaving.extend(self._entries)
        self.settle()
        self._entries.clear()
        self._sizes.clear()
        self._bytes = 0
        self.total = 0

    def find(self, entry_id: str) -> Entry | None:
        """Return the entry with this id, or None."""
        return next((entry for entry in reversed(self._entries) if entry.id == entry_id), None)

    def after(self, entry_id: str, among: Sequence[Entry] | None = None) -> Selection:
        """Return what came after the entry with this id; everything where it has been forgotten.

        Args:
            among: exchanges of this journal to choose from; None: all.
        """
        entries = self if among is None else among
        ids = [entry.id for entry in self]
        if entry_id not in ids:
            return Selection(entries)
        later = set(ids[ids.index(entry_id) + 1 :])
        return Selection(entry for entry in entries if entry.id in later)

    @overload
    def __getitem__(self, index: int) -> Entry: ...
    @overload
    def __getitem__(self, index: slice) -> Selection: ...
    def __getitem__(self, index: int | slice) -> Entry | Selection:
        if isinstance(index, slice):
            return Selection(list(self._entries)[index])
        return self._entries[index]

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(tuple(self._entries))

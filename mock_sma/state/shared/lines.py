"""Lines of the journal that the other servers have not got yet."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from mock_sma.clock import monotonic
from mock_sma.state.shared.entries import Lines, bytes_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mock_sma.sandbox.world.entry import Entry
    from mock_sma.state.shared.entries import Line

LATER = 1.0
"""Longest time that lines wait for somebody to want them [s]."""

MAX_LINES = 2_000
"""Lines that are sent at once, the newest: as many as a journal has."""


class Parcel(NamedTuple):
    """What is to be sent now.

    Attributes:
        settled: the last call that has been followed; empty: all lines are in the log then.
        lines: as bytes; empty: none.
    """

    settled: str | int
    lines: bytes = b""


class Unsent:
    """Reads that this server has answered, until they are in the log.

    Attributes:
        settled: the last call that has been followed.
    """

    def __init__(self) -> None:
        self._lines: list[Line] = []
        self._left: Counter[str] = Counter()
        self._since = 0.0
        self.settled = 0
        self.is_called = False
        """Whether somebody wants to see them."""

    def __bool__(self) -> bool:
        return bool(self._lines)

    def add(self, world: str, position: int, entry: Entry) -> None:
        """Take note of a read, which was answered after a position of the log."""
        if not self._lines:
            self._since = monotonic()
        elif len(self._lines) >= 2 * MAX_LINES:
            self._left.update(name for name, _, _ in self._lines[:MAX_LINES])
            del self._lines[:MAX_LINES]
        self._lines.append((world, position, entry))

    def clear(self) -> None:
        """Forget them."""
        self._lines, self._left = [], Counter()

    def __iter__(self) -> Iterator[Line]:
        """Iterate over the lines."""
        return iter(self._lines)

    @property
    def counts(self) -> Counter[str]:
        """How many reads there are of each world, also those of which the line is left out."""
        return self._left + Counter(name for name, _, _ in self._lines)

    @property
    def is_due(self) -> bool:
        """Whether some are to be sent now, or somebody wants to hear that there are none."""
        return self.is_called or (bool(self._lines) and monotonic() - self._since >= LATER)

    def part(self) -> Parcel:
        """Return what is to be sent now; it is as good as sent."""
        if self._lines and not self.is_due:
            return Parcel(self.settled)
        self.is_called = False
        lines, counts = self._lines, self.counts
        self.clear()
        return Parcel("", bytes_of(Lines.of(lines[-MAX_LINES:], dict(counts))) if lines else b"")

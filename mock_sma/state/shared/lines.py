"""Lines of the journal that the other servers have not got yet."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from typing import TYPE_CHECKING, NamedTuple

from mock_sma.clock import monotonic
from mock_sma.errors import StateError
from mock_sma.state.shared.entries import Lines, bytes_of
from mock_sma.state.shared.link import AwayError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mock_sma.sandbox.world.entry import Entry
    from mock_sma.state.shared.entries import Line
    from mock_sma.state.shared.store import Said, Store

LATER = 1.0
"""Longest time that lines wait for somebody to want them [s]."""

OUT_OF_TOUCH = "this server was out of touch for too long"

MAX_LINES = 2_000
"""Lines that wait, the newest: as many as a journal has, which are in memory all the same."""


class Parcel(NamedTuple):
    """What is to be sent now.

    Attributes:
        settled: the last call that has been followed; empty: all lines are in the log then.
        lines: as bytes; empty: none.
        reads: what they are of, and how many are left out.
    """

    settled: str | int
    lines: bytes = b""
    reads: tuple[list[Line], Counter[str]] | None = None


class Unsent:
    """Reads that this server has answered, until they are in the log.

    Attributes:
        settled: the last call that has been followed.
    """

    def __init__(self) -> None:
        self._lines: deque[Line] = deque(maxlen=MAX_LINES)
        self._left: Counter[str] = Counter()
        self._since = 0.0
        self.settled = 0
        self.is_called = False
        """Whether somebody wants to see them."""

    def __bool__(self) -> bool:
        return bool(self._lines)

    def add(self, world: str, position: int, entry: Entry) -> None:
        """Take note of a read, which was answered after a position of the log."""
        lines = self._lines
        if not lines:
            self._since = monotonic()
        elif len(lines) == MAX_LINES:
            self._left[lines[0][0]] += 1
        lines.append((world, position, entry))

    def clear(self) -> None:
        """Forget them."""
        self._lines, self._left = deque(maxlen=MAX_LINES), Counter()

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
        lines, counts, left = [*self._lines], self.counts, self._left
        self.clear()
        if not lines:
            return Parcel("")
        return Parcel("", bytes_of(Lines.of(lines, dict(counts))), (lines, left))

    def put_back(self, parcel: Parcel) -> None:
        """Have what was sent wait again: it is not known to have come."""
        if parcel.reads is not None:
            lines, left = parcel.reads
            lines = [*lines, *self._lines]
            self._left += left + Counter(name for name, _, _ in lines[:-MAX_LINES])
            self._lines = deque(lines, MAX_LINES)
            self._since = monotonic()

    async def leave(self, store: Store, applied: int, me: int) -> None:
        """Send them, the last thing that a server does.

        Raises:
            StateError: the state is out of reach, or has been lost sight of.
        """
        self.is_called = True
        settled, lines, _ = self.part()
        told: asyncio.Future[Said | AwayError] = asyncio.get_running_loop().create_future()
        await store.open(lambda _: None)
        store.turn((applied, me, settled, "", "leave", lines, b""), told.set_result)
        said = await told
        store.close()
        if isinstance(said, AwayError):
            raise said
        if said.problem:
            raise StateError(OUT_OF_TOUCH)

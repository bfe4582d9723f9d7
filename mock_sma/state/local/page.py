"""Memory that the servers of one machine and their log have together: so they see whether anything has come.

The log tells what it holds, by values of eight bytes: each is there whole or not yet. All of them count the requests of
each world, one process at a time; where it is killed amid, the system lets the next one go on.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from fcntl import LOCK_EX, LOCK_UN, lockf
from hashlib import blake2b
from mmap import mmap
from tempfile import TemporaryFile
from threading import Lock
from typing import TYPE_CHECKING
from weakref import finalize

from mock_sma.clock import monotonic, system_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mock_sma.state.shared.store import Wanted

SECOND = 1_000_000

END, HELD_UNTIL, BASE, COUNTS = range(4)

SLOTS = 4_096
"""Room for the worlds: four times as many as there may be."""

NONE, GONE = 0, -1
"""In the place of a world's key: none was there yet, or none is there any more."""


class Page:
    """A piece of memory, for all processes that fork from the one that makes it."""

    def __init__(self) -> None:
        size = 8 * (COUNTS + 2 * SLOTS)
        with TemporaryFile() as file:
            file.truncate(size)
            self._file = os.dup(file.fileno())
        finalize(self, os.close, self._file)
        self._values = memoryview(mmap(self._file, size)).cast("q")
        self._lock = Lock()
        self._keys: dict[str, int] = {}
        self.begin()

    def begin(self) -> None:
        """Go by the system's time, where that is not before what was gone by already."""
        base = int(system_time() * SECOND) - int(monotonic() * SECOND)
        self._values[BASE] = max(self._values[BASE], base)

    def now(self) -> int:
        """Return the time, which all processes have, and which never goes back [microseconds since the epoch]."""
        return self._values[BASE] + int(monotonic() * SECOND)

    def tell(self, end: int, held_until: float) -> None:
        """Let servers know what is in the file: the last position, and until when [s, monotonic] the lock is held."""
        self._values[HELD_UNTIL] = int(held_until * SECOND)
        self._values[END] = end

    def glance(self, applied: int, name: str, known: int) -> tuple[int, int] | None:
        """Return time [microseconds since the epoch] and number of a read; None: something has come."""
        values, now = self._values, int(monotonic() * SECOND)
        if values[END] != applied or values[HELD_UNTIL] > now:
            return None
        with self._alone():
            return values[BASE] + now, self._next(name, 1, known)

    def numbers(self, wanted: Iterable[Wanted], *, is_known: bool) -> dict[str, int]:
        """Return the first of the numbers that are wanted, by names of worlds.

        Args:
            is_known: whether those who want them know of all that has come.
        """
        with self._alone():
            return {name: self._next(name, count, known if is_known else 0) for name, count, known in wanted}

    def count(self, totals: Iterable[Wanted]) -> None:
        """Let worlds have had so many requests; -1: the world is no more."""
        with self._alone():
            for name, _, total in totals:
                slot = self._slot(name)
                self._values[slot + 1] = max(total, 0)
                if total < 0:
                    self._values[slot] = GONE

    def clear(self) -> None:
        """Forget all counts."""
        with self._alone():
            self._values[COUNTS:] = memoryview(bytes(16 * SLOTS)).cast("q")

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self._lock:
            lockf(self._file, LOCK_EX)
            try:
                yield
            finally:
                lockf(self._file, LOCK_UN)

    def _next(self, name: str, count: int, known: int) -> int:
        place = self._slot(name) + 1
        before = max(self._values[place], known)
        self._values[place] = before + count
        return before + 1

    def _slot(self, name: str) -> int:
        """Return where the key of a world is, and its count after it."""
        key = self._keys.get(name)
        if key is None:
            key = self._keys[name] = int.from_bytes(blake2b(name.encode(), digest_size=7).digest()) + 1
        values, free = self._values, None
        for step in range(SLOTS):
            slot = COUNTS + 2 * ((key + step) % SLOTS)
            found = values[slot]
            if found == key:
                return slot
            if found <= NONE and free is None:
                free = slot
            if found == NONE:
                break
        assert free is not None
        values[free], values[free + 1] = key, 0
        return free

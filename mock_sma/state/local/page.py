"""Memory that the servers of one machine and their log have together: so they see whether anything has come.

The log tells what it holds, by values of eight bytes: each is there whole or not yet. All of them count the requests of
each world, one process at a time; where it is killed amid, the system lets the next one go on.
"""

from __future__ import annotations

import os
from fcntl import LOCK_EX, LOCK_UN, lockf
from hashlib import blake2b
from mmap import mmap
from tempfile import TemporaryFile
from threading import Lock
from typing import TYPE_CHECKING
from weakref import finalize

from mock_sma.clock import monotonic, system_time

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mock_sma.state.shared.store import Wanted

SECOND = 1_000_000

END, IS_HELD, BASE, COUNTS = range(4)

SLOTS = 4_096
"""Room for the worlds: four times as many as there may be."""

NONE, GONE = 0, -1
"""In the place of a world's key: none was there yet, or none is there any more."""

NEW = -1
"""In the place of a world's count: there is none yet."""


class Page:
    """A piece of memory, for all processes that fork from the one that makes it."""

    def __init__(self) -> None:
        size = 8 * (COUNTS + 2 * SLOTS)
        with TemporaryFile() as file:
            file.truncate(size)
            self._file = os.dup(file.fileno())
        finalize(self, os.close, self._file)
        self._values = memoryview(mmap(self._file, size)).cast("q")
        self._alone = _Alone(self._file)
        self._keys: dict[str, tuple[int, int]] = {}
        """The key of each world, and where it was found last."""
        self.begin()

    def begin(self, after: int = 0) -> None:
        """Go by the system's time, where that is not before what was gone by already, here or in the file."""
        base = max(int(system_time() * SECOND), after) - int(monotonic() * SECOND)
        self._values[BASE] = max(self._values[BASE], base)

    def now(self) -> int:
        """Return the time, which all processes have, and which never goes back [microseconds since the epoch]."""
        return self._values[BASE] + int(monotonic() * SECOND)

    def tell(self, end: int, *, is_held: bool) -> None:
        """Let servers know what is in the file: the last position, and whether somebody changes worlds by hand."""
        with self._alone:
            self._values[END], self._values[IS_HELD] = end, is_held

    def glance(self, applied: int, name: str, known: int) -> tuple[int, int] | None:
        """Return time [microseconds since the epoch] and number of a read; None: something has come."""
        values = self._values
        if values[END] != applied or values[IS_HELD]:
            return None
        with self._alone:
            # Looked at again: a number from before a change by hand is none from after it.
            if values[END] != applied or values[IS_HELD]:
                return None
            return self.now(), self._next(name, 1, known, is_known=True)

    def numbers(self, wanted: Iterable[Wanted], *, is_known: bool) -> dict[str, int]:
        """Return the first of the numbers that are wanted, by names of worlds.

        Args:
            is_known: whether those who want them know of all that has come.
        """
        with self._alone:
            return {name: self._next(name, count, known, is_known=is_known) for name, count, known in wanted}

    def count(self, totals: Iterable[Wanted]) -> None:
        """Let worlds have had so many requests, or more where they have not begun anew; -1: the world is no more."""
        with self._alone:
            for name, goes_on, total in totals:
                slot = self._slot(name)
                self._values[slot + 1] = max(total, self._values[slot + 1] if goes_on else 0)
                if total < 0:
                    self._values[slot] = GONE

    def clear(self) -> None:
        """Forget all counts."""
        with self._alone:
            self._empty()

    def _empty(self) -> None:
        self._values[COUNTS:] = memoryview(bytes(16 * SLOTS)).cast("q")

    def _next(self, name: str, count: int, known: int, *, is_known: bool) -> int:
        place = self._slot(name) + 1
        before = self._values[place]
        # One that was never counted here has not begun anew either.
        before = max(before, known) if is_known or before == NEW else before
        self._values[place] = before + count
        return before + 1

    def _slot(self, name: str) -> int:
        """Return where the key of a world is, and its count after it."""
        values, free = self._values, None
        key, slot = self._keys.get(name) or (0, COUNTS)
        if key and values[slot] == key:
            return slot
        if len(self._keys) >= SLOTS:
            self._keys.clear()
        key = int.from_bytes(blake2b(name.encode(), digest_size=7).digest()) + 1
        for step in range(SLOTS):
            slot = COUNTS + 2 * ((key + step) % SLOTS)
            found = values[slot]
            if found == key:
                self._keys[name] = key, slot
                return slot
            if found <= NONE and free is None:
                free = slot
            if found == NONE:
                break
        if free is None:  # by requests to worlds that were removed meanwhile
            self._empty()
            free = COUNTS + 2 * (key % SLOTS)
        values[free + 1], values[free] = NEW, key
        self._keys[name] = key, free
        return free


class _Alone:
    """Lets one at a time of processes and threads have the memory.

    Args:
        file: its number; a lock on it ends with the process that has it.
    """

    def __init__(self, file: int) -> None:
        self._file = file
        self._lock = Lock()

    def __enter__(self) -> None:
        self._lock.acquire()
        try:
            lockf(self._file, LOCK_EX)
        except BaseException:  # the system has no lock left, or a signal's handler has raised
            self._lock.release()
            raise

    def __exit__(self, *_: object) -> None:
        try:
            lockf(self._file, LOCK_UN)
        finally:
            self._lock.release()

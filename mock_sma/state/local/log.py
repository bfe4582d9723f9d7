"""The log that servers of one machine share, in a state file: what Redis' scripts do for servers of several ones.

See :mod:`mock_sma.state.shared.scripts` for what each command means. All that servers were told is in the file before;
who holds the lock, and whose lines have come, is of this process alone, as it is of no use to a later one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mock_sma.clock import monotonic
from mock_sma.errors import StateError
from mock_sma.state.again import alive
from mock_sma.state.changes import Changes, Entry, Point
from mock_sma.state.shared.entries import numbered
from mock_sma.state.shared.scripts import LOCK_TIME
from mock_sma.state.shared.store import LIVE
from mock_sma.state.written import written_origin, written_state

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mock_sma.state.file import StateFile
    from mock_sma.state.local.page import Page
    from mock_sma.state.shared.store import Wanted

    Row = tuple[str, bytes | None, bytes]
    Turned = tuple[str, int, int, int, list[Entry], list[tuple[int, int]], int, int, bool, dict[str, int]]


class SharedLog:
    """The log, and the worlds as they were at a position of it.

    Args:
        file: what it is kept in.
        page: where servers see what it holds.

    Attributes:
        calls: numbers of servers that have called for the others' lines since it was last looked at.
        problem: why the file did not take a change; None: it has.
    """

    def __init__(self, file: StateFile, page: Page) -> None:
        self._file = file
        self._page = page
        self.calls: list[int] = []
        self.problem: StateError | None = None
        if file.kept is not None and file.kept.log:
            self._settle()
        self._read()
        page.begin(self._at)
        self._count = page.now()
        self._tell()

    def _tell(self) -> None:
        self._page.tell(self._end, is_held=bool(self._holder))

    def _settle(self) -> None:
        """Write worlds whole that a single server has left a log of requests of."""
        found = alive(self._file)
        rows = [(world.name, written_origin(world), written_state(world)) for world in found.worlds]
        self._file.commit(Changes(clears=True, points=_points(rows, found.count)))
        self._file.reread()

    def _read(self) -> None:
        """Begin with what the file holds."""
        kept = self._file.kept
        self._changes = Changes()
        self._worlds: dict[str, Row] = {}
        self._log: list[Entry] = [] if kept is None else kept.entries
        self._upto = 0
        if kept is not None:
            self._worlds = {name: (name, *written) for name, (_, written) in kept.worlds.items()}
            self._upto = max((upto for upto, _ in kept.worlds.values()), default=0)
        self._end = self._log[-1][0] if self._log else self._upto
        self._at = self._log[-1][1] if self._log else 0
        self._seen: dict[int, tuple[int, int]] = {}
        self._call = 0
        self._holder, self._held_until = "", 0.0

    def commit(self) -> None:
        """Write down what has changed since the last time.

        Raises:
            StateError: the file cannot be written now; nothing else is done until :meth:`mend` succeeds.
        """
        if self.problem is not None:
            raise self.problem
        changes, self._changes = self._changes, Changes()
        if changes != self._changes:
            try:
                self._file.commit(changes)
            except StateError as error:
                self.problem = error
                raise
        self._tell()

    def mend(self) -> None:
        """Be as the file is again, where it did not take a change.

        Raises:
            StateError: it still cannot be written.
        """
        if self.problem is not None:
            self._file.reread()
            self._read()
            self.problem = None

    def _now(self) -> int:
        return max(self._page.now(), self._at)

    def turn(
        self, applied: int, me: int, settled: int | str, token: str, mode: str, lines: bytes, asked: bytes, *words: Any
    ) -> Turned | str:
        """Take a turn; returns the values of a :class:`mock_sma.state.shared.store.Said`, or its problem."""
        if not self._worlds:
            return "EMPTY"
        if self._end < applied:
            return "LOST"
        news = self._after(applied)
        if len(news) < self._end - applied:
            return "GAP"
        is_held = self._is_held(token, is_wanted=mode == "lock" or (mode == "ask" and bool(asked)))
        is_mine = is_held and self._holder == token
        if mode == "commit" and not is_mine:
            return "UNLOCKED"
        self._at = self._now()
        wanted = _wanted(words)
        if lines:
            self._add(lines)
        place, numbers = 0, {}
        if mode == "lock":
            place = int(not is_held)
            self._holder = self._holder if is_held else token
        elif mode == "commit":
            place = self._changed(asked, wanted)
        elif asked and not is_held:
            numbers = self._page.numbers(wanted, is_known=not news)
            place = self._add(numbered(numbers, asked))
        self._hold(is_mine or (mode == "lock" and bool(place)), mode)
        seen = self._told(me, settled, mode, place)
        return "", self._end, self._at, place, news, seen, len(self._log), self._call, is_held and not is_mine, numbers

    def look(self, applied: int, *words: Any) -> tuple[int, dict[str, int]] | None:
        """Return the values of a :data:`mock_sma.state.shared.store.Look`."""
        if self._end != applied or self._is_held("", is_wanted=True):
            return None
        self._at = self._now()
        return self._at, self._page.numbers(_wanted(words), is_known=True)

    def _is_held(self, token: str, *, is_wanted: bool) -> bool:
        """Tell whether the lock is held; one that was not heard of for long loses it to whoever wants it."""
        if is_wanted and self._holder != token and monotonic() >= self._held_until:
            self._holder = ""
        return bool(self._holder)

    def _changed(self, data: bytes, totals: list[Wanted]) -> int:
        self._page.count(totals)
        return self._add(data)

    def _hold(self, is_mine: bool, mode: str) -> None:
        """Keep the lock for the one who holds it, or let it go at the end of a change."""
        if is_mine:
            self._held_until = monotonic() + LOCK_TIME / 1000
        if is_mine and mode in ("commit", "unlock"):
            self._holder = ""

    def _after(self, position: int) -> list[Entry]:
        missed = self._end - position
        return self._log[-missed:] if missed else []

    def _add(self, data: bytes) -> int:
        self._end += 1
        entry = (self._end, self._at, data)
        self._log.append(entry)
        self._changes.entries.append(entry)
        return self._end

    def _told(self, me: int, settled: int | str, mode: str, place: int) -> list[tuple[int, int]]:
        """Take down whose lines have come, and return it where that is of interest."""
        if mode == "call" or (mode == "lock" and place):
            self._call += 1
            self.calls.append(me)
        self._seen[me] = (self._call if isinstance(settled, str) else settled, self._at)
        if mode == "leave":
            del self._seen[me]
        if mode not in ("call", "lock", "wait"):
            return []
        return [(server, upto) for server, (upto, when) in self._seen.items() if self._at - when < LIVE]

    def join(self) -> tuple[int, int, list[Row], list[Entry], int]:
        """Return the values of a :class:`mock_sma.state.shared.store.State`."""
        self._count += 1
        log = self._after(self._upto)
        return self._count, self._upto, list(self._worlds.values()), log, log[-1][1] if log else self._now()

    def found(self, applied: int, rows: list[Row]) -> int | None:
        """Begin with worlds; None: there are some."""
        if self._worlds and self._end >= applied:
            return None
        self._end = max(self._now(), applied + 1)
        self._log = []
        self._page.clear()
        self._changes.clears = True
        self._changes.entries.clear()
        self._keep(self._end, rows)
        return self._end

    def snapshot(self, upto: int, margin: int, rows: list[Row]) -> None:
        """Keep worlds as they are after a position."""
        if not self._worlds or self._end < upto or self._upto >= upto:
            return
        self._keep(upto, rows)
        self._log = [entry for entry in self._log if entry[0] >= upto - margin]

    def _keep(self, upto: int, rows: list[Row]) -> None:
        changes = self._changes
        self._upto = changes.upto = upto
        changes.gone = [*changes.gone, *self._worlds]
        changes.points = _points(rows, upto)
        self._worlds = {row[0]: row for row in rows}


def _points(rows: Iterable[Row], upto: int) -> dict[str, Point]:
    return {name: Point(place, upto, origin, state) for place, (name, origin, state) in enumerate(rows)}


def _wanted(words: tuple[Any, ...]) -> list[Wanted]:
    return list(zip(*[iter(words)] * 3, strict=True))

"""Keeping worlds in a state file while they answer: what is asked is written down, and now and then a whole world.

A world is a plain function of its beginning, its clock and what it was asked, in order. So a request that it answered
is written down as it came, and is asked again after a restart (:mod:`mock_sma.state.again`); what changes a world
otherwise, the control API and the console above all, is followed by the world itself. Whatever it was, its answer is
held back until the transaction that has it is committed, and so are later answers, which may tell of it. Only what
leaves nothing but a line in the journal is not waited for.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from mock_sma.errors import StateError
from mock_sma.sandbox.exchange import SAFE
from mock_sma.sandbox.table.operation import Need
from mock_sma.sandbox.table.operations import OPERATIONS
from mock_sma.state.batch import Batch
from mock_sma.state.kept_world import KeptWorld
from mock_sma.state.record import asked_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from mock_sma.sandbox.exchange import Reply, Request
    from mock_sma.sandbox.sandbox import Sandbox
    from mock_sma.state.batch import Hold
    from mock_sma.state.file import StateFile
    from mock_sma.state.record import Seconds
    from mock_sma.worlds.worlds import Worlds

READS = frozenset(item.id for item in OPERATIONS if item.need is Need.TOKEN and item.method == "GET")
"""Operations that change nothing but the journal and the counts of quotas and faults."""

LATER = 0.05
"""Longest time that a line of the journal waits for others to be written with it [s]."""

PATIENCE = 1.0
"""Time between two tries while the file cannot be written [s]."""

MANY = 10_000
MUCH = 16 * 1024 * 1024
"""Records and bytes of the log after which the worlds are written whole, and it begins anew."""


class Keeper:
    """Keeps the worlds of a server; lives on the loop that they answer on.

    Args:
        file: the state file; it holds the worlds as they are now once this is made.
        worlds: what is kept.
        seconds: what their clocks go by.
        count: number of the last record in the file.
        tell: says what happened, for people.

    Raises:
        StateError: the file cannot be written.
    """

    def __init__(
        self, file: StateFile, worlds: Worlds, seconds: Seconds, count: int, tell: Callable[[str], None]
    ) -> None:
        self._file = file
        self._worlds = worlds
        self._seconds = seconds
        self._count = count
        self._tell = tell
        self._logged = self._bytes = 0
        self._known: dict[str, KeptWorld] = {}
        self._next = Batch()
        self._writing: Batch | None = None
        self._problem: StateError | None = None
        self._is_lossy = False
        """Whether a world is ahead of what can be kept now."""
        self._timer: asyncio.TimerHandle | None = None
        self._writer = ThreadPoolExecutor(1, "mock-sma-state")
        self._write_whole()
        file.commit(self._next.changes())
        self._next = Batch()

    def check(self, method: str) -> None:
        """Look whether a request can be answered now.

        Raises:
            StateError: it may change something, or may see what is not kept.
        """
        if self._problem is not None and (self._is_lossy or method not in SAFE):
            raise StateError(f"nothing can be changed now: {self._problem}")

    def handle(self, world: Sandbox, request: Request) -> tuple[Reply, Hold | None]:
        """Return a world's answer, and what it has to wait for.

        Raises:
            StateError: see :meth:`check`.
        """
        self.check(request.method)
        known = self._known.get(world.name)
        is_known = known is not None and known.is_of(world)
        due, counts = world.agenda.due, bool(world.faults.active) or world.quota.is_counting
        at = self._seconds.hold()
        try:
            reply = world.handle(request)
        finally:
            self._seconds.go_on()
        entry = world.requests[-1]
        # Then it left nothing but its line in the journal.
        is_quiet = not counts and entry.at < due and entry.operation in READS
        if self._problem is not None:
            return reply, None if is_quiet else self._lost()
        if known is not None and is_known:
            self._record(known, at, request)
        else:
            self._write(world)
            is_quiet = False
        return reply, self.pending() if is_quiet else self._soon()

    def _record(self, known: KeptWorld, at: float, request: Request) -> None:
        self._count += 1
        self._next.add(self._count, (known.world.name, at, *asked_of(request)))
        known.has_answered()
        self._later()

    def changed(self, name: str | None) -> Hold | None:
        """Keep what has been done to a world (None: the default one), or to the list of worlds."""
        if self._problem is not None:
            return self._lost()
        worlds = {world.name: world for world in self._worlds}
        self._forget(worlds)
        named = self._worlds.default.name if name is None else name
        for world in worlds.values():
            known = self._known.get(world.name)
            if world.name == named or known is None or known.world is not world:
                self._write(world)
        return self._soon()

    def pending(self) -> Hold | None:
        """Return what a reader has to wait for: changes that are not kept yet."""
        if self._next.hold is not None:
            return self._next.hold
        return None if self._writing is None else self._writing.hold

    def _forget(self, worlds: dict[str, Sandbox]) -> None:
        for name in [name for name in self._known if name not in worlds]:
            del self._known[name]
            self._next.points.pop(name, None)
            self._next.gone.append(name)

    def _write(self, world: Sandbox) -> None:
        """Write a world whole."""
        known = self._known.get(world.name)
        if known is None:
            place = max((item.place for item in self._known.values()), default=-1) + 1
            known = self._known[world.name] = KeptWorld(world, place)
            world.clock.follow(self._seconds)
        elif known.world is not world:
            known = self._known[world.name] = KeptWorld(world, known.place)
            world.clock.follow(self._seconds)
        self._next.point(world.name, known.point(self._count))

    def _write_whole(self) -> None:
        """Write all worlds whole, so that the log begins anew."""
        worlds = {world.name: world for world in self._worlds}
        self._forget(worlds)
        for name, world in worlds.items():
            known = self._known.get(name)
            if known is None or known.is_ahead or not known.is_of(world):
                self._write(world)
        self._next.clear()

    def _soon(self) -> Hold:
        """Write what there is, together with what else this turn of the loop brings."""
        if self._next.hold is None and self._writing is None:
            asyncio.get_running_loop().call_soon(self._flush)
        return self._next.wait()

    def _later(self) -> None:
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(LATER, self._flush)

    def _lost(self) -> Hold:
        """Return what waits for nothing: the file does not take it."""
        self._is_lossy = True
        hold = Batch().wait()
        hold.set_result(self._problem)
        return hold

    def _flush(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._writing is not None or not self._next:
            return
        if self._logged + len(self._next.records) > MANY or self._bytes > MUCH:
            self._write_whole()
        batch, self._next = self._next, Batch()
        self._writing = batch
        asyncio.get_running_loop().run_in_executor(self._writer, self._commit, batch).add_done_callback(self._written)

    def _commit(self, batch: Batch) -> int:
        changes = batch.changes()
        self._file.commit(changes)
        return len(changes.records)

    def _written(self, done: asyncio.Future[int]) -> None:
        batch, self._writing = self._writing, None
        assert batch is not None
        error = done.exception()
        if error is None:
            self._has_written(batch, done.result())
            batch.end(None)
        else:
            problem = error if isinstance(error, StateError) else StateError(str(error))
            self._has_failed(batch, problem)
        if self._problem is None and self._next.hold is not None:
            self._flush()
        elif self._problem is None and self._next:
            self._later()

    def _has_written(self, batch: Batch, size: int) -> None:
        if batch.clears:
            self._logged = self._bytes = 0
        self._logged += len(batch.records)
        self._bytes += size
        if self._problem is not None:
            self._problem, self._is_lossy = None, False
            self._tell("mock-sma: the state file takes changes again")

    def _has_failed(self, batch: Batch, problem: StateError) -> None:
        """Refuse what cannot be kept, until all worlds can be written as they are then."""
        if self._problem is None:
            self._tell(f"mock-sma: {problem}; changes are refused with 503 until then")
        self._problem = problem
        self._is_lossy = self._is_lossy or batch.hold is not None or self._next.hold is not None
        lost, self._next = self._next, Batch()
        self._known.clear()
        batch.end(problem)
        lost.end(problem)
        asyncio.get_running_loop().call_later(PATIENCE, self._try_again)

    def _try_again(self) -> None:
        self._write_whole()
        self._flush()

    def close(self) -> None:
        """Write all worlds whole and let go of the file, when the loop has ended.

        Raises:
            StateError: it cannot be written; what was answered before is in it all the same.
        """
        self._writer.shutdown()
        # Whatever the file has of them, and whatever was done to them at the end.
        self._known.clear()
        self._write_whole()
        try:
            self._file.commit(self._next.changes())
        finally:
            self._file.close()

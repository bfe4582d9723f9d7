"""The time of a life: the world's clock until the life is over, and threads that take turns.

Threads of a real program run when the system lets them, so that no two runs are the same. In a life one runs at a time:
whoever has waited, for the clock or for something else, and whoever begins or asks, goes on only when all others wait.
Those who may go on together do so in the order in which they came to wait, and of those who came together the one
whose thread was begun earlier goes first.
"""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from mock_sma.testing.time.threads import PATIENCE
from mock_sma.testing.time.virtual import SLICE, VirtualTime

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Iterable

    from mock_sma.sandbox.sandbox import Sandbox
    from mock_sma.testing.life.invariants import Living


ZERO = 1_048_576.0
"""Where a life's monotonic clock begins [s]: the same in each, so that each is the same to the last digit."""

NO_TIME = 1e-3
"""Time that is none [s]: the world's clock has a quarter of a microsecond, and the monotonic one more digits."""

SECOND_LOOK = 0.05
"""Real time after which a thread looks again that is not the first in the line [s]."""

Rank = tuple[int, ...]
"""Of a thread's work: the number of each work, in the work that began it, from the program's main function on."""

_real_sleep, _real_monotonic, _Lock = time.sleep, time.monotonic, threading.Lock

_OVER = "over"


def _nothing() -> None:
    """Do nothing."""


class LifeOver(SystemExit):
    """Ends a program, in each thread at what it waits for next; no program may take it for an error."""


class _Place(NamedTuple):
    """Where a thread stands in the line: when it came, what its rank is, and what it waits at."""

    round: int
    rank: Rank
    gate: threading.Lock


class _Strand(threading.local):
    """What a thread is doing: work that was begun by others."""

    def __init__(self) -> None:
        self.rank: Rank = ()
        self.begun = 0


class LifeTime(VirtualTime):
    """The world's clock, until the life is over.

    Args:
        life: whose problem ends it.
        end: of the life [s since the epoch].

    Attributes:
        loop: the server's, once a client has come over a socket; None: none has.
        in_loop: the thread of an asynchronous program's loop, which is cancelled at the end; None: there is none.
        stop: cancels that program, once.
        has_threads: whether the program has begun a thread.
    """

    is_for_ever = True

    def __init__(self, sandbox: Sandbox, life: Living, end: float) -> None:
        self.loop: asyncio.AbstractEventLoop | None = None
        super().__init__(sandbox, lambda: self.loop)
        # Sums of floats depend on where they begin.
        self._monotonic = ZERO
        self._life = life
        self._end = self.monotonic() + (end - sandbox.clock.time())
        self.in_loop: int | None = None
        self.stop: Callable[[], object] = _nothing
        self.has_threads = False
        self._is_ended = False
        self._strand = _Strand()
        self._line: dict[int, _Place] = {}
        self._round = 0
        self._guess: list[Any] | None = None

    @property
    def left(self) -> float:
        """Time until the end [s]."""
        return self._end - self.monotonic()

    def is_over(self) -> bool:
        """Tell whether the present thread has to end."""
        if self._is_ended:
            return True
        return threading.get_ident() != self.in_loop and (self._life.problem is not None or self.left <= NO_TIME)

    def wait(self, poll: Callable[[float], Any], deadline: float, ready: Callable[[], object] | None = None) -> Any:
        """Wait, but not beyond the end; see :meth:`VirtualTime.wait`."""
        if threading.get_ident() == self.in_loop:
            found = super().wait(poll, deadline, ready)
            if self._life.problem is not None:
                stop, self.stop = self.stop, _nothing
                stop()
        else:
            found = super().wait(partial(self._poll, poll), min(deadline, self._end), ready)
        self.take_turn()
        if self.is_over():
            raise LifeOver
        return found

    def _poll(self, poll: Callable[[float], Any], seconds: float) -> Any:
        if not seconds:
            self._knock()
        return _OVER if self._is_ended else poll(seconds)

    # ---- turns ----------------------------------------------------------------------------------------

    def begin(self) -> Rank:
        """Return the rank of work that the present thread has another one do."""
        self.has_threads = True
        self._strand.begun += 1
        return (*self._strand.rank, self._strand.begun)

    def follow(self, rank: Rank) -> None:
        """Let the present thread do work of a rank from now on, when it is its turn."""
        self._strand.rank, self._strand.begun = rank, 0
        self.take_turn()

    def take_turn(self) -> None:
        """Wait until all other threads wait, and those have gone on that came before."""
        if not self.has_threads or self.is_real():
            return
        me, gate = threading.get_ident(), _Lock()
        gate.acquire()
        self.threads.moved(me)
        with self._turn:
            self._line[me] = _Place(self._round, self._strand.rank, gate)
            self._waiting[me] = self._waiting.get(me, 0) + 1
        self._knock()
        while not self._goes_on(me):
            gate.acquire(timeout=SLICE if self._first() == me else SECOND_LOOK)

    def _knock(self) -> None:
        """Have the first in the line look whether it may go on."""
        if (place := self._line.get(self._first() or 0)) is not None and place.gate.locked():
            with suppress(RuntimeError):  # somebody else was quicker
                place.gate.release()

    def _goes_on(self, me: int) -> bool:
        """Let a thread go on if it may; tells whether it does."""
        if self._first() != me and not self._is_ended:
            return False
        self._let_server_answer()
        with self._turn:
            if not self._is_ended and not (self._first() == me and self._all_wait()):
                return False
            del self._line[me]
            self._round += 1
            self._leave(me)
            return True

    def _first(self) -> int | None:
        return min(self._line.copy().items(), key=lambda item: item[1][:2], default=(None, None))[0]

    def _all_wait(self) -> bool:
        standing = self.threads.standing(self._waiting)
        before, self._guess = self._guess, standing
        return (standing == [] or (standing is not None and standing == before)) and not self._is_somebody_due()

    def _pass_on(self, left: int) -> bool:
        return not self._line and super()._pass_on(left)

    # ---- the end --------------------------------------------------------------------------------------

    def end(self) -> None:
        """End every thread that the program has left.

        Raises:
            TimeoutError: one goes on.
        """
        self._is_ended = True
        patience, before = _real_monotonic() + PATIENCE, None
        while (standing := self.threads.standing(())) != [] and (standing is None or standing != before):
            if _real_monotonic() > patience:
                raise TimeoutError("a thread that the program has left goes on after its end")
            before = standing
            _real_sleep(SLICE)

    # ---- sockets --------------------------------------------------------------------------------------

    def before_select(self) -> None:
        """Let the server answer all that a loop has sent, so that what it finds does not depend on who is quicker."""
        if self.loop is not None:
            self._let_server_answer()

    def in_order(self, selector: Any, events: Iterable[Any]) -> Any:
        """Return what a selector has found in the order in which it was told of it."""
        found = list(events)
        if len(found) > 1:
            places = {descriptor: number for number, descriptor in enumerate(selector.get_map())}
            found.sort(key=lambda event: places.get(event[0].fd, -1))
        return found

"""The scheduler: who waits until when, what is really under way, and when the clock may jump.

A wait polls what it really waits for (a lock, a selector) without blocking, and only where that has nothing asks for a
jump. A jump goes to the earliest deadline of all waits, by way of each happening of the world in between, so that the
order is that of a real clock.
"""

from __future__ import annotations

import asyncio
import threading
import time
from contextlib import suppress
from math import ceil, inf
from typing import TYPE_CHECKING, Any, TypeVar

from mock_sma.testing.time.server import let_answer
from mock_sma.testing.time.threads import Threads

if TYPE_CHECKING:
    from collections.abc import Callable

    from mock_sma.clock import Clock
    from mock_sma.sandbox.sandbox import Sandbox

Found = TypeVar("Found")

SLICE = 0.001
"""Real time that a wait gives to what is under way before it looks again [s]."""

LOOK = 0.02
"""Real time after which an answer that is held back looks whether somebody else has moved the clock [s]."""

_real_sleep, _real_monotonic = time.sleep, time.monotonic


class VirtualTime:
    """The world's clock as the time of this process.

    Args:
        sandbox: the world.
        server: the loop that answers over sockets, when it runs in this process; None: there is none.

    Attributes:
        sandbox: the world.
        threads: of the program.
        is_for_ever: whether waits of threads without a time limit are waited for here, too.
    """

    is_for_ever = False

    def __init__(self, sandbox: Sandbox, server: Callable[[], asyncio.AbstractEventLoop | None] = lambda: None) -> None:
        self.sandbox = sandbox
        self._server = server
        self._turn = threading.RLock()
        self._waits: dict[object, float] = {}
        self._waiting: dict[int, int] = {}
        self._order: list[object] = []
        self._left = 0
        self._held_back: dict[object, tuple[asyncio.AbstractEventLoop, asyncio.Event]] = {}
        self.threads = Threads()
        self._ready: dict[object, Callable[[], object]] = {}
        self._last = sandbox.clock.time()
        # A whole number: sums of it and of a program's times are the same to the last digit, whenever it begins.
        self._monotonic = float(ceil(_real_monotonic()))

    @property
    def clock(self) -> Clock:
        """The world's clock, which is the program's."""
        return self.sandbox.clock

    # ---- the time -------------------------------------------------------------------------------------

    def time(self) -> float:
        """Return the time of day [s since the epoch]."""
        return self.sandbox.clock.time()

    def monotonic(self) -> float:
        """Return a time that goes on as the world's does, and stands still while the world's goes back [s]."""
        if self.sandbox.clock.time() == self._last:  # which is set when all is as of then
            return self._monotonic
        with self._turn:
            now = self.sandbox.clock.time()
            self._monotonic += max(now - self._last, 0.0)
            self._last = now
            return self._monotonic

    def is_real(self) -> bool:
        """Tell whether the present thread lives by the real clock: the server's do."""
        return self.threads.is_real()

    # ---- waiting --------------------------------------------------------------------------------------

    def sleep(self, seconds: float) -> None:
        """Let emulated time pass for the present thread [s]."""
        if seconds < 0:
            raise ValueError("sleep length must be non-negative")
        if seconds == 0:
            _real_sleep(0)
            return
        self.wait(_nothing, self.monotonic() + seconds)

    def wait(self, poll: Callable[[float], Found], deadline: float, ready: Callable[[], object] | None = None) -> Found:
        """Wait for something real, or until a time.

        Args:
            poll: asks for the thing and waits for it no longer than the real seconds it is given; falsy: not yet.
            deadline: on the monotonic clock; infinite: none.
            ready: asks from any thread, without effect, whether ``poll`` would find it; None: it never would.

        Returns:
            What ``poll`` found, or the falsy value that it gave last.
        """
        me, ident = object(), threading.get_ident()
        self.threads.moved(ident)
        with self._turn:
            self._waits[me] = deadline
            self._order.append(me)
            if ready is not None:
                self._ready[me] = ready
            self._waiting[ident] = self._waiting.get(ident, 0) + 1
        try:
            found, before = poll(0.0), None
            while not found and self.monotonic() < deadline:
                # One is enough to look after all of them: who came last, and may be the one that the others wait for.
                if self._order[-1] is not me:
                    found = poll(SLICE)
                    continue
                left = self._left
                standing = self.threads.standing(self._waiting)
                # Who stands at the same place twice waits; who starts a thread, say, only passes by.
                if standing != [] and (standing is None or standing != before):
                    before, found = standing, poll(SLICE)
                    continue
                self._let_server_answer()
                if found := poll(0.0):
                    break
                found = poll(0.0 if self._pass_on(left) else SLICE)
            return found
        finally:
            with self._turn:
                del self._waits[me]
                self._order.remove(me)
                self._ready.pop(me, None)
                self._leave(ident)

    def _leave(self, ident: int) -> None:
        """Take note that a thread no longer waits."""
        self._left += 1
        self._waiting[ident] -= 1
        if not self._waiting[ident]:
            del self._waiting[ident]

    def before_select(self) -> None:
        """Do what has to be done before a loop looks what has come."""

    def in_order(self, selector: Any, events: Any) -> Any:  # noqa: ARG002 - for who keeps an order
        """Return what a loop's selector has found, as the loop shall have it."""
        return events

    async def let_pass(self, seconds: float) -> None:
        """Let emulated time pass on the server's loop: an answer is held back [s].

        It is one of the waits that the clock jumps to. Where no thread of the program waits by this clock (a child
        process asks, or a library of C), it ends after as much real time.
        """
        me, over, given_up = object(), asyncio.Event(), _real_monotonic() + seconds
        with self._turn:
            deadline = self._waits[me] = self.monotonic() + seconds
            self._held_back[me] = (asyncio.get_running_loop(), over)
        try:
            while self.monotonic() < deadline and _real_monotonic() < given_up:
                with suppress(TimeoutError):
                    await asyncio.wait_for(over.wait(), LOOK)
        finally:
            with self._turn:
                self._waits.pop(me, None)
                self._held_back.pop(me, None)

    def _release(self) -> None:
        """Let the server send what was held back until now."""
        for wait, (loop, over) in list(self._held_back.items()):
            if self._waits.get(wait, inf) <= self._monotonic:
                del self._waits[wait], self._held_back[wait]
                loop.call_soon_threadsafe(over.set)

    def _pass_on(self, left: int) -> bool:
        """Jump to what is due next; tell whether the clock has moved.

        It does not while a wait that has reached its end, or found what it waited for, has still to go on: that one
        comes first.

        Args:
            left: how many waits had ended when all threads were seen to wait; after another one that is old news.
        """
        with self._turn:
            due = min(self._waits.values(), default=inf)
            if due == inf or left != self._left or self._is_somebody_due():
                return False
            self._move_to(due)
            return True

    def _is_somebody_due(self) -> bool:
        due = min(self._waits.values(), default=inf)
        return due <= self.monotonic() or any(ready() for ready in self._ready.values())

    def _move_to(self, due: float) -> None:
        world = self.sandbox
        end = world.clock.time() + (due - self.monotonic())
        while (happening := world.agenda.due) < end and not world.clock.time() >= happening:
            world.clock.advance(happening - world.clock.time())
        world.clock.advance(max(end - world.clock.time(), 0.0))
        # Sums of floats fall short by a hair: what is due has come.
        self.monotonic()
        self._monotonic = max(self._monotonic, due)
        self._release()

    # ---- what is really under way ---------------------------------------------------------------------

    def _let_server_answer(self) -> None:
        """Wait until the server has read and answered what had reached it."""
        if (loop := self._server()) is not None and loop.is_running():
            let_answer(loop)


def _nothing(seconds: float) -> bool:
    """Wait for nothing but the clock."""
    if seconds:
        _real_sleep(seconds)
    return False

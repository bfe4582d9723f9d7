"""Which threads of a program are at work, and which only wait for others.

A thread that has been woken stands where it waited until the interpreter gives it its turn, which on a busy machine
takes a while. So it is not asked where a thread stands, but what it waits for: whether a condition still knows its
waiter, a thread to be joined still runs, a pool has work for an idle worker. Linux knows it of every thread
(:mod:`mock_sma.testing.time.blocked`); elsewhere it is told by the functions in which threads stand.
"""

from __future__ import annotations

import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from mock_sma.testing.time.blocked import Blocked, blocked, runs

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from concurrent.futures import Future, ThreadPoolExecutor
    from types import FrameType

    Place = tuple[int, int]

PATIENCE = 10.0
"""Longest real time that is given to a thread that neither waits nor moves [s]."""

GLANCE = 0.5
"""Longest real time between two looks at a thread that is still where it was; it may have come back since [s]."""

_real_monotonic = time.monotonic

_BLOCKED_IN = frozenset({"threading", "queue", "selectors", "concurrent.futures.thread", "concurrent.futures._base"})
"""Modules in whose frames a thread stands that waits for another thread, and so for nothing real."""

_BEGINNING = frozenset({"_bootstrap", "_bootstrap_inner", "run", "start"})
"""Functions of ``threading`` in which a thread only passes by, at its begin and its end."""

_START, _RUN = threading.Thread.start.__code__, threading.Thread.run.__code__
_CONDITION_WAIT = threading.Condition.wait.__code__
_JOIN = getattr(threading.Thread, "_wait_for_tstate_lock", threading.Thread.join).__code__


def all_threads() -> list[threading.Thread]:
    """Return the threads that there are; unlike ``threading.enumerate`` it holds no lock that one of them waits for."""
    return threading._enumerate()  # type: ignore[attr-defined,no-any-return]


class Threads:
    """The threads of a process that live by the world's clock."""

    def __init__(self) -> None:
        # Whoever is there already is no thread of the program under test: a server, a test runner's.
        # Threads, not their idents: the system gives those of threads that have ended to new ones.
        self._real = {*all_threads()} - {threading.current_thread()}
        self._known = threading.local()
        self._handed: dict[Future[object], ThreadPoolExecutor] = {}
        self._seen: dict[int, tuple[Place, float, float]] = {}

    def is_real(self) -> bool:
        """Tell whether the present thread lives by the real clock: the server's do."""
        known: bool | None = getattr(self._known, "real", None)
        if known is None:
            me = threading.current_thread()
            known = me in self._real or me.name.startswith("mock-sma")
            self._known.real = known
        return known

    @contextmanager
    def really(self) -> Iterator[None]:
        """Let the present thread live by the real clock until the block ends."""
        before, self._known.real = self.is_real(), True
        try:
            yield
        finally:
            self._known.real = before

    def hand(self, pool: ThreadPoolExecutor, work: Future[object]) -> None:
        """Take note of work that a pool has been given: an idle worker of it will take it up."""
        self._handed[work] = pool

    def standing(self, waiting: Collection[int]) -> list[tuple[int, Place]] | None:
        """Return where other threads of the program seem to stand blocked; None where one of them is at work.

        Those that are known to be blocked are left out.

        Args:
            waiting: the threads that wait by the world's clock.
        """
        threads = self._others(waiting)
        if threads is None:
            return None
        if not threads:
            return []
        before = {thread: runs(thread.native_id) for thread in threads.values()}
        frames = sys._current_frames()
        places, guessed = [(thread, frames[ident]) for ident, thread in threads.items() if ident in frames], []
        for thread, frame in places:
            known = None if frame.f_code is _JOIN else blocked(thread.native_id)
            if _is_at_work(frame, known):
                if self._is_stuck(thread.ident or 0, _place(frame)):
                    before.pop(thread)
                    continue
                return None
            self.moved(thread.ident or 0)
            if known is Blocked.IN_LOCK:
                continue
            guessed.append((thread.ident or 0, _place(frame)))
        if self._has_work_for({id(frame.f_locals.get("work_queue")) for _, frame in places if _is_idle(frame)}):
            return None
        # One may have been seen waiting, then woken by another that waited when it was looked at.
        return guessed if all(runs(thread.native_id) == was for thread, was in before.items()) else None

    def moved(self, ident: int) -> None:
        """Take note that a thread does not stand where it was seen at work."""
        self._seen.pop(ident, None)

    def _is_stuck(self, ident: int, place: Place) -> bool:
        """Tell whether a thread at work has not moved for so long that it is taken for one that waits."""
        now = _real_monotonic()
        before, since, last = self._seen.get(ident, (place, now, now))
        if before != place or now - last > GLANCE:
            since = now
        self._seen[ident] = (place, since, now)
        return now - since > PATIENCE

    def _others(self, waiting: Collection[int]) -> dict[int, threading.Thread] | None:
        """Return the other threads of the program, by their idents; None: one of them is just beginning."""
        apart = {threading.get_ident(), *waiting}
        threads: dict[int, threading.Thread] = {}
        for thread in all_threads():
            if thread.name.startswith("mock-sma") or thread in self._real:
                continue
            if thread.ident is None:
                return None
            if thread.ident not in apart:
                threads[thread.ident] = thread
        return threads

    def _has_work_for(self, idle: Collection[int]) -> bool:
        """Tell whether a pool has work that one of its idle workers, told by its queue, has still to take up."""
        for work in [work for work in self._handed if work.running() or work.done()]:
            self._handed.pop(work, None)
        return any(id(pool._work_queue) in idle for pool in list(self._handed.values()))


def _is_at_work(frame: FrameType, known: Blocked | None) -> bool:
    module, code = str(frame.f_globals.get("__name__")), frame.f_code
    if code is _JOIN:
        target = frame.f_locals.get("self")
        return not (isinstance(target, threading.Thread) and target in all_threads())
    # A function of C as a thread's target, such as a lock's acquire, has no frame of its own.
    begins = _begins(frame) and not (known is Blocked.IN_LOCK and code is _RUN)
    if known is Blocked.NOT or module.startswith("mock_sma.") or begins:
        return True
    if module == "selectors":
        # A loop that has something to do only looks whether there is more.
        return known is Blocked.IN_LOCK or code.co_name != "select" or frame.f_locals.get("timeout") == 0
    if code is _CONDITION_WAIT:
        waiter = frame.f_locals.get("waiter")
        if known is None:
            return not _is_awaited(frame.f_locals.get("self"), waiter)
        # A thread that another processor is about to wake still stands in its call for the system.
        if waiter is not None and not waiter.locked():
            return True
    return known is Blocked.IN_CALL if known else module not in _BLOCKED_IN


def _place(frame: FrameType) -> Place:
    return id(frame), frame.f_lasti


def _is_idle(frame: FrameType) -> bool:
    return frame.f_globals.get("__name__") == "concurrent.futures.thread" and frame.f_code.co_name == "_worker"


def _is_awaited(condition: object, waiter: object) -> bool:
    return isinstance(condition, threading.Condition) and waiter in condition._waiters  # type: ignore[attr-defined]


def _begins(frame: FrameType) -> bool:
    """Tell whether a thread begins or ends, or waits for another to begin: it goes on at once."""
    if frame.f_code.co_name in _BEGINNING and frame.f_globals.get("__name__") == "threading":
        return True
    # The start of a thread is a few frames above the lock on which it waits.
    caller = frame.f_back
    for _ in range(4):
        if caller is None:
            return False
        if caller.f_code is _START:
            return True
        caller = caller.f_back
    return False

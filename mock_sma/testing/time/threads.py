"""Which threads of a program are at work, and which only wait for others.

A thread that has been woken stands where it waited until the interpreter gives it its turn, which on a busy machine
takes a while. So it is not asked where a thread stands, but what it waits for: whether a condition still knows its
waiter, a thread to be joined still runs, a pool has work for an idle worker.
"""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection
    from concurrent.futures import Future, ThreadPoolExecutor
    from types import FrameType

    Place = tuple[int, int]

_BLOCKED_IN = frozenset({"threading", "queue", "selectors", "concurrent.futures.thread", "concurrent.futures._base"})
"""Modules in whose frames a thread stands that waits for another thread, and so for nothing real."""

_BEGINNING = frozenset({"_bootstrap", "_bootstrap_inner", "run", "start"})
"""Functions of ``threading`` in which a thread only passes by, at its begin and its end."""

_CONDITION_WAIT = threading.Condition.wait.__code__
_JOIN = getattr(threading.Thread, "_wait_for_tstate_lock", threading.Thread.join).__code__


class Threads:
    """The threads of a process that live by the world's clock."""

    def __init__(self) -> None:
        # Whoever is there already is no thread of the program under test: a server, a test runner's.
        self._real = {thread.ident for thread in threading.enumerate()} - {threading.get_ident()}
        self._known = threading.local()
        self._handed: dict[Future[object], ThreadPoolExecutor] = {}
        self._stuck: dict[int, Place] = {}

    def is_real(self) -> bool:
        """Tell whether the present thread lives by the real clock: the server's do."""
        known: bool | None = getattr(self._known, "real", None)
        if known is None:
            known = threading.get_ident() in self._real or threading.current_thread().name.startswith("mock-sma")
            if known:
                self._real.add(threading.get_ident())
            self._known.real = known
        return known

    def hand(self, pool: ThreadPoolExecutor, work: Future[object]) -> None:
        """Take note of work that a pool has been given: an idle worker of it will take it up."""
        self._handed[work] = pool

    def standing(self, waiting: Collection[int]) -> list[tuple[int, Place]] | None:
        """Return where each other thread of the program stands blocked; None where one of them is at work.

        Args:
            waiting: the threads that wait by the world's clock.
        """
        threads, frames = self._others(waiting), sys._current_frames()
        places = [(ident, frame) for ident in threads if (frame := frames.get(ident)) is not None]
        if any(self._is_at_work(ident, frame) for ident, frame in places):
            return None
        if self._has_work_for({id(frame.f_locals.get("work_queue")) for _, frame in places if _is_idle(frame)}):
            return None
        return [(ident, _place(frame)) for ident, frame in places]

    def give_up(self, waiting: Collection[int]) -> None:
        """Take every thread that does not move for one that waits, as long as it stands where it does."""
        frames = sys._current_frames()
        self._stuck = {ident: _place(frames[ident]) for ident in self._others(waiting) if ident in frames}

    def _others(self, waiting: Collection[int]) -> dict[int, threading.Thread]:
        apart = {threading.get_ident(), *waiting, *self._real}
        return {
            thread.ident: thread
            for thread in threading.enumerate()
            if thread.ident is not None and thread.ident not in apart and not thread.name.startswith("mock-sma")
        }

    def _is_at_work(self, ident: int, frame: FrameType) -> bool:
        if self._stuck.get(ident) == _place(frame):
            return False
        if frame.f_globals.get("__name__") not in _BLOCKED_IN or _begins(frame):
            return True
        if frame.f_code is _CONDITION_WAIT:
            return not _is_awaited(frame.f_locals.get("self"), frame.f_locals.get("waiter"))
        if frame.f_code is _JOIN:
            target = frame.f_locals.get("self")
            return not (isinstance(target, threading.Thread) and target in threading.enumerate())
        return False

    def _has_work_for(self, idle: Collection[int]) -> bool:
        """Tell whether a pool has work that one of its idle workers, told by its queue, has still to take up."""
        for work in [work for work in self._handed if work.running() or work.done()]:
            self._handed.pop(work, None)
        return any(id(pool._work_queue) in idle for pool in list(self._handed.values()))


def _place(frame: FrameType) -> Place:
    return id(frame), frame.f_lasti


def _is_idle(frame: FrameType) -> bool:
    return frame.f_globals.get("__name__") == "concurrent.futures.thread" and frame.f_code.co_name == "_worker"


def _is_awaited(condition: object, waiter: object) -> bool:
    return isinstance(condition, threading.Condition) and waiter in condition._waiters  # type: ignore[attr-defined]


def _begins(frame: FrameType) -> bool:
    """Tell whether a thread begins or ends, or waits for another to begin: it goes on at once."""
    if frame.f_code.co_name in _BEGINNING:
        return True
    # The start of a thread is a few frames above the lock on which it waits.
    caller = frame.f_back
    for _ in range(4):
        if caller is None:
            return False
        if caller.f_code is threading.Thread.start.__code__:
            return True
        caller = caller.f_back
    return False

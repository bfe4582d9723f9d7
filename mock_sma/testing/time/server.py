"""The server of a world, in a thread of its own: has it answered all that had reached it?"""

from __future__ import annotations

import sys
import threading
import time
from typing import TYPE_CHECKING

from mock_sma.api.worker import WORK
from mock_sma.testing.time.blocked import Blocked, blocked
from mock_sma.testing.time.threads import PATIENCE, all_threads

if TYPE_CHECKING:
    import asyncio

ROUNDS = 16
"""Turns of the server's loop, more than lead from a new connection to its answer: accept, handshake, read, write."""

LOOKS = 2
"""How often a loop has to be seen at rest, with time for it to run in between."""

TURN_TIME = 50e-6
"""Real time that a loop at work is given [s]."""

_real_sleep, _real_monotonic = time.sleep, time.monotonic


def let_answer(loop: asyncio.AbstractEventLoop) -> None:
    """Wait until a loop has read and answered what had reached it."""
    end = _real_monotonic() + PATIENCE
    while _real_monotonic() < end:
        # What takes long to work out is answered from a thread; one that has just ended has still to be answered.
        is_busy = _is_working()
        if not _comes_to_rest(loop, end) or not (is_busy or _is_working()):
            return
        _real_sleep(TURN_TIME)


def _is_working() -> bool:
    return any(thread.name == WORK for thread in all_threads())


def _comes_to_rest(loop: asyncio.AbstractEventLoop, end: float) -> bool:
    ident = getattr(loop, "_thread_id", None)
    thread = next((thread for thread in all_threads() if thread.ident == ident), None)
    looks = 0
    while thread is not None and looks < LOOKS and _real_monotonic() < end:
        known = blocked(thread.native_id)
        frame = sys._current_frames().get(ident or 0)
        if known is None or frame is None:
            break
        # A loop with something to do does not stop at its selector.
        is_at_rest = known is Blocked.IN_CALL and frame.f_globals.get("__name__") == "selectors"
        looks = looks + 1 if is_at_rest else 0
        _real_sleep(0 if is_at_rest else TURN_TIME)
    return looks == LOOKS or all(_turns(loop, end) for _ in range(ROUNDS))


def _turns(loop: asyncio.AbstractEventLoop, end: float) -> bool:
    """Wait until a loop has turned once."""
    done = threading.Event()
    loop.call_soon_threadsafe(done.set)
    while not done.is_set() and _real_monotonic() < end:
        _real_sleep(0)
    return done.is_set()

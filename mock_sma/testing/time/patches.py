"""What is put in place of the system's time while ``sma_time`` lives, and taken back surely.

time-machine replaces what tells the time of day, also where it was bound by name. What waits, and the monotonic clock,
are replaced here: in the module ``time``, wherever somebody has bound its functions by name, in asyncio's selectors, in
``threading.Condition``, on which events and queues are built, in joins of threads, and in sockets that read from the
world's server.
"""

from __future__ import annotations

import asyncio
import selectors
import socket
import ssl
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from math import inf
from types import FunctionType
from typing import TYPE_CHECKING, Any

import time_machine

from mock_sma.errors import UsageError
from mock_sma.testing.pauses import waiting
from mock_sma.testing.time.bound import replace_bound
from mock_sma.testing.time.sockets import reading
from mock_sma.testing.time.threads import all_threads
from mock_sma.testing.time.virtual import VirtualTime

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

_OWN_TIME = frozenset(
    {"_pytest", "pluggy", "xdist", "execnet", "hypothesis", "coverage", "mock_sma", "subprocess", "multiprocessing",
     "time_machine", "uvicorn", "uvloop", "faulthandler", "trace", "cProfile"}
)  # fmt: skip
"""Top-level packages that measure and wait in real time: tests' tools, and those that wait for other processes."""

_BETWEEN = frozenset({"mock_sma.testing.life.turns"})
"""Our own modules that call what the program has threads do."""

_RUN_ONCE = asyncio.base_events.BaseEventLoop._run_once.__code__  # type: ignore[attr-defined]


@contextmanager
def patched(virtual: VirtualTime, ports: Collection[int] = ()) -> Iterator[VirtualTime]:
    """Let this process live by the world's clock.

    Args:
        ports: the ports of this machine, at which the world answers over sockets.

    Raises:
        UsageError: asyncio is told to use uvloop, whose time cannot be replaced.
    """
    if type(asyncio.get_event_loop_policy()).__module__.startswith("uvloop"):
        raise UsageError("sma_time cannot move uvloop's time; let these tests use asyncio's own loop")
    with ExitStack() as undo:
        traveller = undo.enter_context(time_machine.travel(virtual.time(), tick=False))
        # Asked whenever somebody asks for the time, so that a running clock is followed too.
        now = virtual.clock.time
        traveller.time_ns = lambda: round(now() * 1e9)  # type: ignore[method-assign]
        _replace_functions(virtual, undo)
        undo.enter_context(waiting(virtual.sandbox, virtual.sleep))
        _replace(undo, selectors.DefaultSelector, "select", _selecting(virtual))
        _replace(undo, threading.Condition, "wait", _waiting(virtual))
        _replace(undo, threading.Thread, "join", _joining(virtual))
        _replace(undo, ThreadPoolExecutor, "submit", _submitting(virtual))
        _replace(undo, socket.socket, "recv", reading(virtual, ports, socket.socket.recv))
        _replace(undo, socket.socket, "recv_into", reading(virtual, ports, socket.socket.recv_into))
        _replace(undo, ssl.SSLSocket, "read", reading(virtual, ports, ssl.SSLSocket.read))
        yield virtual


def _replace(undo: ExitStack, owner: Any, name: str, value: object) -> None:
    # As it stands in a class, where a static method is more than its function; a function's defaults stand nowhere.
    own = name in vars(owner) or isinstance(owner, FunctionType)
    before = vars(owner).get(name, getattr(owner, name))
    undo.callback(lambda: setattr(owner, name, before) if own else delattr(owner, name))
    setattr(owner, name, value)


def _choosing(real: Callable[..., Any], ours: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that is the real one for servers' threads and for tools, and the world's for all others."""

    def chosen(*arguments: Any) -> Any:
        if not _present:
            return real(*arguments)
        caller = sys._getframe(1).f_globals.get("__name__") or ""
        own = _own.get(caller)
        if own is None:
            own = _own[caller] = caller.partition(".")[0] in _OWN_TIME
        if own or _present[-1].is_real():
            return real(*arguments)
        return ours(_present[-1], *arguments)

    return chosen


_own: dict[str, bool] = {}
"""Whether a module lives by the real time, once it has asked for the time."""

_present: list[VirtualTime] = []
"""Whose time is in force, the last one's; empty: the system's."""

_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "sleep": VirtualTime.sleep,
    "monotonic": VirtualTime.monotonic,
    "monotonic_ns": lambda virtual: round(virtual.monotonic() * 1e9),
    "perf_counter": VirtualTime.monotonic,
    "perf_counter_ns": lambda virtual: round(virtual.monotonic() * 1e9),
}

# Made once: a module that is imported meanwhile binds them by name, and keeps them.
_OURS = {name: _choosing(getattr(time, name), ours) for name, ours in _FUNCTIONS.items()}


def _replace_functions(virtual: VirtualTime, undo: ExitStack) -> None:
    """Replace the functions of ``time``, and wherever somebody has bound them by name."""
    ours = {id(getattr(time, name)): function for name, function in _OURS.items()}
    for name, function in _OURS.items():
        _replace(undo, time, name, function)
    replace_bound(ours, _OWN_TIME, partial(_replace, undo))
    _present.append(virtual)
    undo.callback(_present.remove, virtual)


def _waits_for_us() -> bool:
    """Tell whether it is mock-sma's own code, such as a fixture, that waits, through ``threading`` and futures."""
    frame = sys._getframe(2)
    while frame.f_back is not None and frame.f_globals.get("__name__") in ("threading", "concurrent.futures._base"):
        frame = frame.f_back
    module = str(frame.f_globals.get("__name__"))
    return module.startswith("mock_sma.") and module not in _BETWEEN


def _may_pass(virtual: VirtualTime, timeout: float | None) -> bool:
    return (virtual.is_for_ever if timeout is None else timeout > 0) and not virtual.is_real()


def _selecting(virtual: VirtualTime) -> Callable[..., Any]:
    real = selectors.DefaultSelector.select

    def select(self: Any, timeout: float | None = None) -> Any:
        # Only asyncio's loops: what else selects waits for other processes.
        if sys._getframe(1).f_code is not _RUN_ONCE or virtual.is_real():
            return real(self, timeout)
        virtual.before_select()
        if timeout is not None and timeout <= 0:
            return virtual.in_order(self, real(self, timeout))
        deadline = inf if timeout is None else virtual.monotonic() + timeout
        return virtual.in_order(
            self, virtual.wait(lambda seconds: real(self, seconds), deadline, lambda: real(self, 0))
        )

    return select


def _waiting(virtual: VirtualTime) -> Callable[..., Any]:
    real = threading.Condition.wait

    def wait(self: Any, timeout: float | None = None) -> bool:
        if not _may_pass(virtual, timeout) or _waits_for_us():
            return real(self, timeout)
        waiter = threading.Lock()
        waiter.acquire()
        self._waiters.append(waiter)
        saved = self._release_save()
        notified = False
        try:
            deadline = inf if timeout is None else virtual.monotonic() + timeout
            notified = virtual.wait(
                lambda seconds: waiter.acquire(timeout=seconds) if seconds else waiter.acquire(blocking=False),
                deadline,
                lambda: waiter not in self._waiters,
            )
        finally:
            self._acquire_restore(saved)
            if not notified and waiter in self._waiters:
                self._waiters.remove(waiter)
        return notified

    return wait


def _joining(virtual: VirtualTime) -> Callable[..., Any]:
    real = threading.Thread.join

    def join(self: Any, timeout: float | None = None) -> None:
        if not _may_pass(virtual, timeout) or _waits_for_us():
            real(self, timeout)
            return
        real(self, 0)  # says what is wrong with a thread that cannot be joined

        def has_ended(seconds: float) -> bool:
            real(self, seconds)
            return not self.is_alive()

        # One that has left the list of threads is about to end, and will be found.
        deadline = inf if timeout is None else virtual.monotonic() + timeout
        virtual.wait(has_ended, deadline, lambda: self not in all_threads())

    return join


def _submitting(virtual: VirtualTime) -> Callable[..., Any]:
    real = ThreadPoolExecutor.submit

    def submit(self: Any, fn: Callable[..., Any], /, *arguments: Any, **options: Any) -> Any:
        future = real(self, fn, *arguments, **options)
        if not virtual.is_real():
            virtual.threads.hand(self, future)
        return future

    return submit

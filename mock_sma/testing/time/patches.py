"""What is put in place of the system's time while ``sma_time`` lives, and taken back surely.

time-machine replaces what tells the time of day, also where it was bound by name. What waits, and the monotonic clock,
are replaced here: in the module ``time``, in the modules that have bound its functions by name, in asyncio's selectors,
in ``threading.Condition``, on which events, queues and joins with a timeout are built, and in sockets that read from
the world's server.
"""

from __future__ import annotations

import asyncio
import queue
import selectors
import socket
import ssl
import sys
import threading
import time
from contextlib import ExitStack, contextmanager
from math import inf
from typing import TYPE_CHECKING, Any

import time_machine

from mock_sma.errors import UsageError
from mock_sma.testing.time.sockets import reading

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from mock_sma.testing.time.virtual import VirtualTime

_NAMES = ("sleep", "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns")

_OWN_TIME = frozenset(
    {"_pytest", "pluggy", "xdist", "execnet", "hypothesis", "coverage", "mock_sma", "subprocess", "multiprocessing",
     "time_machine", "uvicorn", "uvloop", "faulthandler", "trace", "cProfile"}
)  # fmt: skip
"""Top-level packages that measure and wait in real time: tests' tools, and those that wait for other processes."""

_BOUND = (threading, queue)
"""Modules of the standard library that have bound the monotonic clock by name, for waits that are virtual here."""

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
        traveller.time_ns = lambda: round(virtual.time() * 1e9)  # type: ignore[method-assign]
        _replace_functions(virtual, undo)
        _replace(undo, selectors.DefaultSelector, "select", _selecting(virtual))
        _replace(undo, threading.Condition, "wait", _waiting(virtual))
        _replace(undo, socket.socket, "recv", reading(virtual, ports, socket.socket.recv))
        _replace(undo, socket.socket, "recv_into", reading(virtual, ports, socket.socket.recv_into))
        _replace(undo, ssl.SSLSocket, "read", reading(virtual, ports, ssl.SSLSocket.read))
        yield virtual


def _replace(undo: ExitStack, owner: Any, name: str, value: object) -> None:
    own = name in vars(owner)
    before = getattr(owner, name)
    undo.callback(lambda: setattr(owner, name, before) if own else delattr(owner, name))
    setattr(owner, name, value)


def _replace_functions(virtual: VirtualTime, undo: ExitStack) -> None:
    """Replace the functions of ``time``, and wherever somebody has bound them by name."""
    functions: dict[str, Callable[..., Any]] = {
        "sleep": virtual.sleep,
        "monotonic": virtual.monotonic,
        "monotonic_ns": lambda: round(virtual.monotonic() * 1e9),
        "perf_counter": virtual.monotonic,
        "perf_counter_ns": lambda: round(virtual.monotonic() * 1e9),
    }
    originals = {name: getattr(time, name) for name in _NAMES}
    ours = {id(real): _choosing(virtual, real, functions[name]) for name, real in originals.items()}
    places = [(time, name) for name in _NAMES]
    # Once each, however many names a module has: requests knows urllib3's by names of its own.
    for module in {id(module): module for module in list(sys.modules.values())}.values():
        if module is time or not _follows(module):
            continue
        places += [(module, name) for name, value in list(vars(module).items()) if id(value) in ours]
    for module, name in places:
        _replace(undo, module, name, ours[id(getattr(module, name))])


def _follows(module: Any) -> bool:
    name = getattr(module, "__name__", "")
    if not isinstance(name, str) or module in _BOUND:
        return isinstance(name, str)
    top = name.partition(".")[0]
    return (
        top not in _OWN_TIME
        and top not in sys.stdlib_module_names
        and isinstance(getattr(module, "__dict__", None), dict)
    )


def _choosing(virtual: VirtualTime, real: Callable[..., Any], ours: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that is the real one for servers' threads and for tools, and the world's for all others."""

    def chosen(*arguments: Any) -> Any:
        caller = sys._getframe(1).f_globals.get("__name__") or ""
        if caller.partition(".")[0] in _OWN_TIME or virtual.is_real():
            return real(*arguments)
        return ours(*arguments)

    return chosen


def _waits_for_us() -> bool:
    """Tell whether it is mock-sma's own code, such as a fixture, that waits, through ``threading`` and futures."""
    frame = sys._getframe(2)
    while frame.f_back is not None and frame.f_globals.get("__name__") in ("threading", "concurrent.futures._base"):
        frame = frame.f_back
    return str(frame.f_globals.get("__name__")).startswith("mock_sma.")


def _selecting(virtual: VirtualTime) -> Callable[..., Any]:
    real = selectors.DefaultSelector.select

    def select(self: Any, timeout: float | None = None) -> Any:
        # Only asyncio's loops: what else selects waits for other processes.
        if sys._getframe(1).f_code is not _RUN_ONCE or (timeout is not None and timeout <= 0) or virtual.is_real():
            return real(self, timeout)
        deadline = inf if timeout is None else virtual.monotonic() + timeout
        return virtual.wait(lambda seconds: real(self, seconds), deadline)

    return select


def _waiting(virtual: VirtualTime) -> Callable[..., Any]:
    real = threading.Condition.wait

    def wait(self: Any, timeout: float | None = None) -> bool:
        if timeout is None or timeout <= 0 or virtual.is_real() or _waits_for_us():
            return real(self, timeout)
        waiter = threading.Lock()
        waiter.acquire()
        self._waiters.append(waiter)
        saved = self._release_save()
        notified = False
        try:
            deadline = virtual.monotonic() + timeout
            notified = virtual.wait(
                lambda seconds: waiter.acquire(timeout=seconds) if seconds else waiter.acquire(blocking=False), deadline
            )
        finally:
            self._acquire_restore(saved)
            if not notified and waiter in self._waiters:
                self._waiters.remove(waiter)
        return notified

    return wait

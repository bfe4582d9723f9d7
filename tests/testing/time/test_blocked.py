"""Which threads only wait for others: what Linux knows of them, and what is told by their frames elsewhere."""

from __future__ import annotations

import queue
import selectors
import socket
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

from mock_sma.testing.time import blocked
from mock_sma.testing.time.threads import Threads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mock_sma.testing.time import VirtualTime


@pytest.fixture(params=["as the system says", "as the frames say"])
def by_frames(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    found: bool = request.param == "as the frames say"
    if found:
        monkeypatch.setattr(blocked, "_FUTEX", None)
    return found


@pytest.fixture
def beginning() -> Iterator[Callable[[Callable[[], object]], None]]:
    threads: list[threading.Thread] = []

    def begin(work: Callable[[], object]) -> None:
        threads.append(threading.Thread(target=work))
        threads[-1].start()

    yield begin
    for thread in threads:
        thread.join()


def comes_to_stand(threads: Threads) -> bool:
    """Look for up to ten seconds whether all others come to stand at the same place twice."""
    end, before = time.monotonic() + 10, None
    while time.monotonic() < end:
        standing = threads.standing(())
        if standing == [] or (standing is not None and standing == before):
            return True
        before = standing
        time.sleep(0.001)
    return False


def test_who_only_looks_whether_there_is_more_is_at_work(
    by_frames: bool, beginning: Callable[[Callable[[], object]], None]
) -> None:
    """A loop with something to do asks its selector without waiting, and may lose its turn just there."""
    threads, over = Threads(), list[bool]()

    def look() -> None:
        with selectors.DefaultSelector() as selector:
            while not over:
                selector.select(0)

    beginning(look)
    seen = [threads.standing(()) for _ in range(300)]
    over.append(True)
    assert seen == [None] * 300


def test_who_waits_for_others_stands(by_frames: bool, beginning: Callable[[Callable[[], object]], None]) -> None:
    threads, letters, event = Threads(), queue.Queue[int](), threading.Event()
    lock, other = threading.Lock(), threading.Lock()
    other.acquire()
    beginning(letters.get)
    beginning(event.wait)
    if not by_frames:
        lock.acquire()
        beginning(lambda: (lock.acquire(), lock.release()))
        beginning(other.acquire)  # of which no frame tells
    stand = comes_to_stand(threads)
    letters.put(1)
    event.set()
    other.release()
    if lock.locked():
        lock.release()
    assert stand


def test_who_is_being_woken_is_at_work(
    monkeypatch: pytest.MonkeyPatch, beginning: Callable[[Callable[[], object]], None]
) -> None:
    """Until another processor has taken a thread up, it stands for the system where it stood before."""
    threads, condition, done = Threads(), threading.Condition(), list[bool]()

    def work() -> None:
        with condition:
            done.append(condition.wait())

    beginning(work)
    stand = comes_to_stand(threads)
    monkeypatch.setattr("mock_sma.testing.time.threads.blocked", lambda _: blocked.Blocked.IN_LOCK)
    monkeypatch.setattr("mock_sma.testing.time.threads.runs", lambda _: b"")
    interval = sys.getswitchinterval()
    sys.setswitchinterval(60)  # it gets no turn before it has been looked at
    try:
        with condition:
            condition.notify()
        seen, was_done = threads.standing(()), [*done]
    finally:
        sys.setswitchinterval(interval)
    assert stand
    assert not was_done
    assert seen is None


def test_who_waits_at_a_selector_stands_until_something_comes(by_frames: bool) -> None:
    threads = Threads()
    here, there = socket.socketpair()
    with here, there, selectors.DefaultSelector() as selector:
        selector.register(here, selectors.EVENT_READ)
        worker = threading.Thread(target=selector.select, args=(1_000,))
        worker.start()
        stand = comes_to_stand(threads)
        there.send(b"x")
        worker.join()
    assert stand


@pytest.mark.slow
def test_a_lock_that_a_sleeper_holds_costs_no_patience(sma_time: VirtualTime, monkeypatch: pytest.MonkeyPatch) -> None:
    if blocked.blocked(threading.get_native_id()) is None:
        pytest.skip("only Linux knows what a thread is blocked in")
    monkeypatch.setattr("mock_sma.testing.time.threads.PATIENCE", 1e9)
    lock, begun, seen = threading.Lock(), time.time(), list[float]()

    def work() -> None:
        for _ in range(20):
            with lock:
                time.sleep(60)
        seen.append(time.time() - begun)

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert max(seen) == 3 * 20 * 60


def test_a_thread_that_is_gone_or_beginning_is_told_from_a_system_that_says_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if blocked._FUTEX is None:
        pytest.skip("only Linux knows what a thread is blocked in")
    assert blocked.blocked(None) is blocked.Blocked.NOT
    assert blocked.blocked(2**30) is blocked.Blocked.NOT
    monkeypatch.setattr(blocked.Path, "exists", lambda _: False)
    assert blocked.blocked(2**30) is None
    monkeypatch.setattr(blocked, "_FUTEX", None)
    assert blocked.blocked(threading.get_native_id()) is None


def test_other_systems_say_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The table of calls is that of a 64-bit program with glibc."""

    def refused(_: str) -> str:
        raise OSError(22, "Invalid argument")  # as with musl

    with monkeypatch.context() as patch:
        patch.setattr(blocked.os, "confstr", refused, raising=False)
        assert blocked._number() is None
    with monkeypatch.context() as patch:
        patch.setattr(blocked.sys, "maxsize", 2**31 - 1)
        assert blocked._number() is None
    monkeypatch.setattr(blocked.sys, "platform", "darwin")
    assert blocked._number() is None


def test_a_new_thread_with_the_ident_of_an_old_one_is_the_programs() -> None:
    """The system gives idents again; a thread of the program's that is taken for a server's would sleep for real."""
    over, seen = threading.Event(), list[bool]()
    old = threading.Thread(target=over.wait)
    old.start()
    threads = Threads()
    over.set()
    old.join()
    for _ in range(20):
        new = threading.Thread(target=lambda: seen.append(threads.is_real()))
        new.start()
        new.join()
    assert seen == [False] * 20

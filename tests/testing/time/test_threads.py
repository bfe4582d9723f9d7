"""Threads under ``sma_time``: whatever waits by time follows the world's clock, and whoever was woken comes first."""

from __future__ import annotations

import queue
import threading
import time
from concurrent.futures import ThreadPoolExecutor, as_completed, wait
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from mock_sma.testing.time import VirtualTime

pytestmark = pytest.mark.slow


def real() -> float:
    return time.clock_gettime(time.CLOCK_MONOTONIC)


def full() -> queue.Queue[int]:
    made = queue.Queue[int](1)
    made.put(1)
    return made


def waiting_for_condition() -> bool:
    with (condition := threading.Condition()):
        return condition.wait(3_600)


def taken() -> threading.Semaphore:
    return threading.Semaphore(0)


WAITS: dict[str, Callable[[], Any]] = {
    "Event.wait": lambda: threading.Event().wait(3_600),
    "Condition.wait": waiting_for_condition,
    "Condition.wait_for": lambda: _wait_for(threading.Condition()),
    "Queue.get": lambda: queue.Queue[int]().get(timeout=3_600),
    "Queue.put": lambda: full().put(1, timeout=3_600),
    "PriorityQueue.get": lambda: queue.PriorityQueue[int]().get(timeout=3_600),
    "Semaphore.acquire": lambda: taken().acquire(timeout=3_600),
    "Barrier.wait": lambda: threading.Barrier(2).wait(3_600),
}


def _wait_for(condition: threading.Condition) -> bool:
    with condition:
        return condition.wait_for(lambda: False, 3_600)


@pytest.mark.slow
@pytest.mark.parametrize("name", WAITS)
def test_a_wait_that_nobody_ends_takes_its_time_and_no_longer(sma_time: VirtualTime, name: str) -> None:
    begun, begun_really = time.time(), real()
    with suppress(queue.Empty, queue.Full, threading.BrokenBarrierError):
        assert not WAITS[name]()
    assert time.time() - begun == pytest.approx(3_600)
    assert real() - begun_really < 60


@pytest.mark.slow
def test_a_join_with_a_timeout_ends_after_it_or_with_its_thread(sma_time: VirtualTime) -> None:
    begun = time.time()
    thread = threading.Thread(target=time.sleep, args=(5_000,))
    thread.start()
    thread.join(3_600)
    assert (thread.is_alive(), time.time() - begun) == (True, 3_600)
    thread.join(timeout=3_600)
    assert (thread.is_alive(), time.time() - begun) == (False, 5_000)
    thread.join(timeout=3_600)
    assert time.time() - begun == 5_000
    with pytest.raises(RuntimeError, match="before it is started"):
        threading.Thread().join(10)


@pytest.mark.slow
def test_timers_and_futures_end_in_order(sma_time: VirtualTime) -> None:
    begun, seen = time.time(), list[tuple[str, float]]()

    def note(name: str) -> None:
        seen.append((name, time.time() - begun))

    timers = [threading.Timer(after, note, (name,)) for after, name in ((300, "c"), (100, "a"), (200, "b"))]
    for timer in timers:
        timer.start()
    with ThreadPoolExecutor(3) as pool:
        works = [pool.submit(lambda nap=nap: (time.sleep(nap), note(str(nap)))) for nap in (250, 50, 150)]
        with pytest.raises(TimeoutError):
            works[0].result(timeout=20)
        assert len(wait(works, timeout=120).done) == 1
        assert [work in works for work in as_completed(works, timeout=10_000)] == [True] * 3
    for timer in timers:
        timer.join()
    assert seen == [("50", 50), ("a", 100), ("150", 150), ("b", 200), ("250", 250), ("c", 300)]


@pytest.mark.slow
def test_an_idle_worker_takes_up_its_work_before_the_clock_moves(sma_time: VirtualTime) -> None:
    """A scheduler hands a job on at each full hour; each is done in the hour in which it was handed on."""
    begun, done = time.time(), list[float]()
    with ThreadPoolExecutor(1) as pool:
        for _ in range(60):
            time.sleep(3_600)
            pool.submit(lambda: done.append(time.time() - begun))
        time.sleep(1)
    assert done == [3_600.0 * number for number in range(1, 61)]


@pytest.mark.slow
def test_a_woken_thread_comes_before_the_clock_moves(sma_time: VirtualTime) -> None:
    begun, seen = time.time(), list[float]()
    letters = queue.Queue[int]()

    def work() -> None:
        while letters.get():
            seen.append(time.time() - begun)

    worker = threading.Thread(target=work)
    worker.start()
    for number in range(1, 61):
        time.sleep(60)
        letters.put(number)
    time.sleep(60)
    letters.put(0)
    worker.join()
    assert seen == [60.0 * number for number in range(1, 61)]


def test_a_thread_that_is_stuck_for_good_costs_its_patience_once(
    sma_time: VirtualTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mock_sma.testing.time.threads.PATIENCE", 0.2)
    monkeypatch.setattr("mock_sma.testing.time.blocked._FUTEX", None)  # Linux knows at once
    lock, begun = threading.Lock(), real()
    lock.acquire()
    stuck = threading.Thread(target=lock.acquire)
    stuck.start()
    for _ in range(50):
        time.sleep(86_400)
    assert real() - begun < 5
    lock.release()
    stuck.join()

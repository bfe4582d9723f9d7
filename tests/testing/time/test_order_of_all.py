"""Whole asyncio programs, with timeouts, cancelled tasks, queues and groups, keep the order of a real clock.

They are held against asyncio's own loop over a clock of a few lines: whatever happens in them happens at the same time
and in the same order, to the last tie.
"""

from __future__ import annotations

import asyncio
import selectors
import threading
import time
from contextlib import suppress
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_sma.testing.time import VirtualTime, patched
from tests.examples import examples
from tests.sandbox_helpers import make

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.slow

Trace = list[tuple[int, str, float]]


class Selector(selectors.SelectSelector):
    """Moves the clock of its loop where others wait."""

    now = 4_096.0

    def select(self, timeout: float | None = None) -> list[Any]:
        """Let time pass; nothing else ever happens here."""
        found = super().select(0)
        if not found and timeout is not None:
            self.now += max(timeout, 0.0)
        return found


class ReferenceLoop(asyncio.SelectorEventLoop):
    """Asyncio's loop over a clock that jumps by what is waited for."""

    def __init__(self) -> None:
        self.clock = Selector()
        super().__init__(self.clock)

    def time(self) -> float:
        """Return the time [s]."""
        return self.clock.now


class Program:
    """Tasks that nap, give up, cancel each other, wait for each other and hand things on, as a seed draws them."""

    def __init__(self, seed: int, count: int) -> None:
        self._chance = Random(seed)  # noqa: S311 - a program, not a secret
        self._plans = [
            [(self._chance.choice(ACTS), self._chance.randint(1, 4_000), self._chance.randrange(count)) for _ in "123"]
            for _ in range(count)
        ]
        self.trace: Trace = []

    async def main(self) -> Trace:
        """Run them all."""
        self._loop = asyncio.get_running_loop()
        self._begun = self._loop.time()
        self._queue: asyncio.Queue[int] = asyncio.Queue(maxsize=3)
        self._lock = asyncio.Lock()
        self._tasks = [asyncio.create_task(self._live(me, plan)) for me, plan in enumerate(self._plans)]
        await asyncio.gather(*self._tasks, return_exceptions=True)
        return self.trace

    def _note(self, me: int, what: str) -> None:
        self.trace.append((me, what, self._loop.time() - self._begun))

    async def _live(self, me: int, plan: list[tuple[str, int, int]]) -> None:
        for act, seconds, other in plan:
            try:
                await getattr(self, f"_{act}")(seconds, other)
                self._note(me, act)
            except TimeoutError:
                self._note(me, f"{act} timed out")
            except asyncio.CancelledError:
                self._note(me, f"{act} cancelled")
                raise

    async def _nap(self, seconds: int, _: int) -> None:
        await asyncio.sleep(seconds)

    async def _give_up(self, seconds: int, other: int) -> None:
        await asyncio.wait_for(asyncio.sleep(other * 40), timeout=seconds)

    async def _within(self, seconds: int, other: int) -> None:
        async with asyncio.timeout(seconds), self._lock:
            await asyncio.sleep(other)

    async def _cancel(self, seconds: int, other: int) -> None:
        await asyncio.sleep(seconds)
        if self._tasks[other] is not asyncio.current_task():
            self._tasks[other].cancel()

    async def _put(self, seconds: int, other: int) -> None:
        await asyncio.wait_for(self._queue.put(other), timeout=seconds)

    async def _get(self, seconds: int, _: int) -> None:
        await asyncio.wait_for(self._queue.get(), timeout=seconds)

    async def _gather(self, seconds: int, other: int) -> None:
        await asyncio.gather(*(asyncio.sleep(seconds % (part + other + 2)) for part in range(3)))

    async def _first(self, seconds: int, other: int) -> None:
        naps = [asyncio.create_task(asyncio.sleep(seconds)), asyncio.create_task(asyncio.sleep(other * 10))]
        _, pending = await asyncio.wait(naps, return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)

    async def _call(self, seconds: int, other: int) -> None:
        done = asyncio.Event()
        self._loop.call_later(seconds, done.set)
        with suppress(TimeoutError):
            await asyncio.wait_for(done.wait(), timeout=other + 1)


ACTS = ("nap", "give_up", "within", "cancel", "put", "get", "gather", "first", "call")


def referred(seed: int, count: int) -> Trace:
    with asyncio.Runner(loop_factory=ReferenceLoop) as runner:
        return runner.run(Program(seed, count).main())


def lived(seed: int, count: int) -> Trace:
    with patched(VirtualTime(make())):
        return asyncio.run(Program(seed, count).main())


@examples(25)
@given(st.integers(0, 10**9), st.integers(2, 60))
def test_whole_programs_go_as_over_a_real_clock(seed: int, count: int) -> None:
    assert lived(seed, count) == referred(seed, count)


def test_four_hundred_tasks_do_too() -> None:
    trace = lived(5, 400)
    assert trace == referred(5, 400)
    assert {what.split(" ")[-1] for _, what, _ in trace} > {"out", "cancelled"}


def _fails() -> None:
    raise ZeroDivisionError


def _fails_in_a_task() -> None:
    async def main() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(asyncio.sleep(4_000))
            await asyncio.sleep(60)
            _fails()

    asyncio.run(main())


def _is_interrupted() -> None:
    time.sleep(60)
    raise KeyboardInterrupt


@pytest.mark.parametrize("body", [_fails, _fails_in_a_task, _is_interrupted])
def test_all_is_put_back_after_a_failure(body: Callable[[], None]) -> None:
    def seen() -> list[object]:
        functions = [getattr(time, name) for name in ("sleep", "monotonic", "perf_counter", "monotonic_ns", "time")]
        return [*functions, selectors.DefaultSelector.select, threading.Condition.wait]

    before, begun = seen(), time.time()
    with pytest.raises(BaseException) as caught, patched(VirtualTime(make())):  # noqa: PT011 - whatever it raises
        body()
    assert not isinstance(caught.value, AssertionError)
    assert seen() == before
    assert 0.0 <= time.time() - begun < 600.0

"""Hundreds of tasks end in the order of a real clock: held against a scheduler that is nothing but a heap."""

from __future__ import annotations

import asyncio
import heapq
import time
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_sma.testing.time import VirtualTime, patched
from tests.examples import examples
from tests.sandbox_helpers import make

PLANS = st.lists(st.lists(st.integers(1, 90_000), min_size=1, max_size=4), min_size=1, max_size=60)
"""For each task the naps it takes one after the other [s]."""


def reference(plans: list[list[int]]) -> list[tuple[int, int]]:
    """Return (task, time) of each end of a nap, in order: by time, and then by who lay down first."""
    order, ended = count(), list[tuple[int, int]]()
    heap = [(naps[0], next(order), task, 1) for task, naps in enumerate(plans)]
    heapq.heapify(heap)
    while heap:
        at, _, task, done = heapq.heappop(heap)
        ended.append((task, at))
        if done < len(plans[task]):
            heapq.heappush(heap, (at + plans[task][done], next(order), task, done + 1))
    return ended


async def lived(plans: list[list[int]]) -> list[tuple[int, int]]:
    """Return the same from asyncio's own loop."""
    begin, ended = time.monotonic(), list[tuple[int, int]]()

    async def live(task: int, naps: list[int]) -> None:
        for nap in naps:
            await asyncio.sleep(nap)
            ended.append((task, round(time.monotonic() - begin)))

    await asyncio.gather(*(live(task, naps) for task, naps in enumerate(plans)))
    return ended


@pytest.mark.slow
@examples(25)
@given(PLANS)
def test_tasks_end_in_the_order_of_a_real_clock(plans: list[list[int]]) -> None:
    with patched(VirtualTime(make())):
        ended = asyncio.run(lived(plans))
    # At one and the same second the order is asyncio's own business.
    assert sorted(ended, key=lambda item: (item[1], item[0])) == sorted(
        reference(plans), key=lambda item: (item[1], item[0])
    )
    assert [at for _, at in ended] == [at for _, at in reference(plans)]


@pytest.mark.slow
def test_four_hundred_tasks_over_a_year() -> None:
    world = make()
    begin = world.clock.time()
    with patched(VirtualTime(world)):
        ended = asyncio.run(lived([[(task * 7_919) % 31_000_000 + 1, 100_000] for task in range(400)]))
    assert len(ended) == 800
    assert [at for _, at in ended] == sorted(at for _, at in ended)
    assert world.clock.time() == pytest.approx(begin + ended[-1][1])


@pytest.mark.slow
def test_a_sleep_of_less_than_nothing_is_refused_as_the_real_one_is() -> None:
    with patched(VirtualTime(make())), pytest.raises(ValueError, match="non-negative"):
        time.sleep(-1)


def test_uvloop_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    policy = type("Policy", (), {"__module__": "uvloop"})()
    monkeypatch.setattr(asyncio, "get_event_loop_policy", lambda: policy)
    with pytest.raises(Exception, match="uvloop's time"), patched(VirtualTime(make())):
        pass

"""Answers that are held back in process, beside ``sma_mock``: the program waits for them by the world's clock."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import TYPE_CHECKING

import anyio
import httpx
import httpx2
import pytest

from mock_sma.testing import asgi_app, transport

if TYPE_CHECKING:
    from mock_sma.testing import SmaMock
    from mock_sma.testing.time import VirtualTime

PLANTS = "https://sandbox.smaapis.de/monitoring/v1/plants"
LATE = pytest.mark.sma(faults=[{"match": {"path": "/monitoring/v1/plants"}, "effect": {"delay": 100}}])


class Watch:
    """Notes what comes when, from its making on."""

    def __init__(self) -> None:
        self.begun = time.time()
        self.seen: list[tuple[str, int]] = []

    @property
    def took(self) -> int:
        """Emulated time since the beginning [s]."""
        return round(time.time() - self.begun)

    def note(self, name: str) -> None:
        self.seen.append((name, self.took))


@pytest.mark.slow
@LATE
async def test_timers_of_the_program_go_off_before_the_answer(sma_time: VirtualTime, sma_mock: SmaMock) -> None:
    watch = Watch()

    async def nap(name: str, seconds: float) -> None:
        await asyncio.sleep(seconds)
        watch.note(name)

    async def ask() -> None:
        async with httpx.AsyncClient(timeout=200) as client:
            await client.get(PLANTS)
        watch.note("answer")

    await asyncio.gather(nap("b", 150), ask(), nap("a", 50))
    assert watch.seen == [("a", 50), ("answer", 100), ("b", 150)]


@pytest.mark.slow
@LATE
@pytest.mark.parametrize("library", [httpx, httpx2])
async def test_requests_are_held_back_side_by_side(sma_time: VirtualTime, sma_mock: SmaMock, library: object) -> None:
    watch = Watch()
    async with library.AsyncClient(timeout=200) as client:  # type: ignore[attr-defined]
        await asyncio.gather(*(client.get(PLANTS) for _ in range(5)))
        assert watch.took == 100
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(client.get(PLANTS), 40)
    assert watch.took == 140


@pytest.mark.slow
@LATE
@pytest.mark.parametrize("way", ["transport", "app"])
async def test_so_they_are_by_every_other_way_into_the_process(
    sma_time: VirtualTime, sma_mock: SmaMock, way: str
) -> None:
    world, watch = sma_mock.sandbox, Watch()
    leading = transport(world) if way == "transport" else httpx.ASGITransport(asgi_app(world))
    async with httpx.AsyncClient(transport=leading, timeout=200) as client:
        await asyncio.gather(*(client.get(PLANTS) for _ in range(3)))
    assert watch.took == 100


@pytest.mark.slow
@LATE
def test_another_thread_goes_on_meanwhile(sma_time: VirtualTime, sma_mock: SmaMock) -> None:
    watch = Watch()
    thread = threading.Thread(target=lambda: (time.sleep(50), watch.note("nap")))
    thread.start()
    httpx.get(PLANTS, timeout=200)
    watch.note("answer")
    thread.join()
    assert watch.seen == [("nap", 50), ("answer", 100)]


@pytest.mark.slow
@LATE
def test_a_timeout_strikes_after_as_long(sma_time: VirtualTime, sma_mock: SmaMock) -> None:
    watch = Watch()
    with pytest.raises(httpx.ReadTimeout):
        httpx.get(PLANTS, timeout=30)
    assert watch.took == 30


@pytest.mark.slow
@pytest.mark.sma(faults=[{"effect": {"fault": "slow_body", "delay": 300}}])
def test_a_body_that_comes_too_slowly_is_a_timeout_too(sma_time: VirtualTime, sma_mock: SmaMock) -> None:
    watch = Watch()
    with pytest.raises(httpx.ReadTimeout):
        httpx.get(PLANTS, timeout=20)
    assert watch.took == 20
    assert httpx.get(PLANTS, timeout=40).status_code == 401
    assert watch.took == 320


@LATE
def test_without_sma_time_nobody_waits_for_a_timeout(sma_mock: SmaMock) -> None:
    begun = sma_mock.sandbox.clock.time()
    with pytest.raises(httpx.ReadTimeout):
        httpx.get(PLANTS, timeout=30)
    assert sma_mock.sandbox.clock.time() == begun
    httpx.get(PLANTS, timeout=200)
    assert sma_mock.sandbox.clock.time() - begun == pytest.approx(100)


@pytest.mark.slow
async def test_a_loop_keeps_its_appointments(sma_time: VirtualTime) -> None:
    watch, loop = Watch(), asyncio.get_running_loop()
    loop.call_at(loop.time() + 500, watch.note, "b")
    loop.call_later(100, watch.note, "a")
    async with asyncio.timeout(1_000):
        await asyncio.sleep(600)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout_at(loop.time() + 5):
            await asyncio.Event().wait()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asyncio.Queue[int]().get(), 77)
    assert (watch.seen, watch.took) == ([("a", 100), ("b", 500)], 682)


@pytest.mark.slow
def test_anyio_lives_by_it(sma_time: VirtualTime) -> None:
    watch = Watch()

    async def main() -> None:
        with anyio.move_on_after(60):
            await anyio.sleep(3_600)
        with pytest.raises(TimeoutError), anyio.fail_after(30):
            await anyio.sleep_forever()
        await anyio.to_thread.run_sync(time.sleep, 100)

    anyio.run(main)
    assert watch.took == 190


@pytest.mark.slow
def test_a_loop_in_another_thread_keeps_the_same_time(sma_time: VirtualTime) -> None:
    watch, loop = Watch(), asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    assert asyncio.run_coroutine_threadsafe(asyncio.sleep(500, 7), loop).result(timeout=1_000) == 7
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()
    assert watch.took == 500

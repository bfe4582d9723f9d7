"""``sma_time``: one clock for the program and its world."""

from __future__ import annotations

import asyncio
import queue
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from time import monotonic as bound_monotonic
from time import sleep as bound_sleep
from time import time as bound_time
from types import ModuleType
from typing import TYPE_CHECKING

import httpx
import pytest

from mock_sma.testing.time import VirtualTime, patched
from tests.facts import NOW
from tests.sandbox_helpers import make

if TYPE_CHECKING:
    from mock_sma.testing import SmaHosts, SmaMock, SmaServer

pytestmark = pytest.mark.slow

pytest_plugins = ["pytester"]

NOON = datetime.fromisoformat(NOW).timestamp()
TOKEN = "https://sandbox-auth.smaapis.de/oauth2/token"
PLANTS = "https://sandbox.smaapis.de/monitoring/v1/plants"
FORM = {"grant_type": "client_credentials", "client_id": "demo_api", "client_secret": "demo_secret"}


def test_the_programs_time_is_the_worlds(sma_time: VirtualTime) -> None:
    before = time.monotonic()
    assert (time.time(), bound_time(), datetime.now(UTC).timestamp()) == (NOON, NOON, NOON)
    sma_time.clock.advance(minutes=5)
    assert time.time() == bound_time() == NOON + 300
    assert time.monotonic() - before == pytest.approx(300)
    assert bound_monotonic() == time.monotonic()
    assert time.monotonic_ns() == round(time.monotonic() * 1e9)


def test_monotonic_never_goes_back(sma_time: VirtualTime) -> None:
    before = time.monotonic()
    sma_time.clock.set("2025-01-01T00:00:00+01:00")
    assert time.monotonic() == before
    time.sleep(1)
    assert time.monotonic() == pytest.approx(before + 1)


def test_a_module_of_two_names_is_patched_once_and_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("vendored")
    vars(module)["sleep"] = real = time.sleep
    for name in ("vendored", "package.vendored"):
        monkeypatch.setitem(sys.modules, name, module)
    with patched(VirtualTime(make())):
        assert module.sleep is not real
    assert module.sleep is real


@pytest.mark.parametrize("sleep", [lambda: time.sleep(300), lambda: bound_sleep(300)])
def test_a_sleep_moves_the_worlds_clock_and_takes_no_time(sma_time: VirtualTime, sleep: object) -> None:
    assert callable(sleep)
    sleep()
    assert sma_time.clock.time() == pytest.approx(NOON + 300)


async def test_asyncio_sleeps_in_the_order_of_their_ends(sma_time: VirtualTime) -> None:
    ended: list[tuple[int, float]] = []

    async def nap(seconds: int) -> None:
        await asyncio.sleep(seconds)
        ended.append((seconds, round(time.time() - NOON, 3)))

    await asyncio.gather(*(nap(seconds) for seconds in (86_400, 5, 3_600, 60)))
    assert ended == [(5, 5.0), (60, 60.0), (3_600, 3_600.0), (86_400, 86_400.0)]
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asyncio.Event().wait(), 30)
    assert sma_time.clock.time() == pytest.approx(NOON + 86_430)


def test_threads_sleep_in_order_and_timed_waits_end(sma_time: VirtualTime) -> None:
    ended: list[tuple[str, float]] = []
    stop, letters = threading.Event(), queue.Queue[str]()

    def nap(name: str, seconds: float) -> None:
        time.sleep(seconds)
        ended.append((name, round(time.time() - NOON)))
        letters.put(name)

    threads = [threading.Thread(target=nap, args=item) for item in (("c", 300), ("a", 10), ("b", 20))]
    for thread in threads:
        thread.start()
    assert [letters.get(timeout=1_000) for _ in threads] == ["a", "b", "c"]
    assert ended == [("a", 10), ("b", 20), ("c", 300)]
    assert stop.wait(50) is False
    with pytest.raises(queue.Empty):
        letters.get(timeout=50)
    for thread in threads:
        thread.join()
    assert sma_time.clock.time() == pytest.approx(NOON + 400)


def test_what_happens_in_the_world_happens_on_the_way(sma_time: VirtualTime, sma_mock: SmaMock) -> None:
    world, seen = sma_mock.sandbox, list[float]()
    for after in (100, 200, 400):
        world.agenda.add(NOON + after, lambda at: seen.append(world.clock.time() - at))
    time.sleep(300)
    assert seen == [0.0, 0.0]


def test_a_token_grows_old_while_the_program_sleeps(sma_time: VirtualTime, sma_mock: SmaMock) -> None:
    with httpx.Client() as http:
        got = http.post(TOKEN, data=FORM).json()["access_token"]
        statuses = []
        for _ in range(3):
            statuses.append(http.get(PLANTS, headers={"Authorization": f"Bearer {got}"}).status_code)
            time.sleep(200)
    assert statuses == [200, 200, 401]


def test_over_sockets_an_answer_comes_before_the_clock_moves(sma_time: VirtualTime, sma_server: SmaServer) -> None:
    with httpx.Client(base_url=sma_server.url) as http:
        assert http.post("/oauth2/token", data=FORM).status_code == 200
    assert sma_time.clock.time() == NOON


async def test_over_sockets_no_timeout_strikes_while_the_server_answers(
    sma_time: VirtualTime, sma_hosts: SmaHosts
) -> None:
    """A virtual timer of five seconds stands beside each request; none may end before the answer is there."""

    async def poll(http: httpx.AsyncClient, number: int) -> int:
        await asyncio.sleep(number * 60)
        token = (await http.post(TOKEN, data=FORM)).json()["access_token"]
        return (await http.get(PLANTS, headers={"Authorization": f"Bearer {token}"})).status_code

    async with httpx.AsyncClient(timeout=5) as http:
        assert await asyncio.gather(*(poll(http, number) for number in range(20))) == [200] * 20
    assert sma_time.clock.time() == pytest.approx(NOON + 19 * 60)


async def test_work_in_an_executor_is_awaited_really(sma_time: VirtualTime) -> None:
    def work() -> int:
        return sum(range(300_000))

    assert await asyncio.wait_for(asyncio.to_thread(work), 1) == sum(range(300_000))
    assert sma_time.clock.time() == NOON


def test_a_pool_of_threads_sleeps_side_by_side(sma_time: VirtualTime) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(time.sleep, (100, 100, 100, 100)))
    assert sma_time.clock.time() == pytest.approx(NOON + 100)


def test_everything_is_as_it_was_afterwards(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import asyncio, threading, time
        from time import sleep
        REAL = (time.sleep, time.monotonic, time.perf_counter, threading.Condition.wait, sleep)

        def test_one(sma_time):
            assert time.sleep is not REAL[0] and sleep is time.sleep
            time.sleep(1e6)
            raise RuntimeError("failed on the way")

        def test_two():
            assert (time.sleep, time.monotonic, time.perf_counter, threading.Condition.wait, sleep) == REAL
            assert abs(time.time() - time.clock_gettime(time.CLOCK_REALTIME)) < 5
        """
    )
    result = pytester.runpytest_subprocess("-p", "no:randomly", "-p", "no:xdist")
    result.assert_outcomes(passed=1, failed=1)


def test_a_module_under_two_names_is_changed_once(
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.setitem(sys.modules, "its_second_name", sys.modules[__name__])
    virtual = request.getfixturevalue("sma_time")
    bound_sleep(300)
    assert bound_time() == pytest.approx(virtual.clock.time())

"""A long simulation leaves the loop: nobody else waits for it, and nobody is cut off for it."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx
import pytest

from mock_sma.api import connection
from mock_sma.sandbox.ahead import Work
from mock_sma.sandbox.exchange import Request
from mock_sma.testing.live import LiveServer
from tests.facts import OWNER
from tests.sandbox_helpers import make, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mock_sma.sandbox.sandbox import Sandbox

TOTAL = "/monitoring/v1/plants/13/measurements/sets/EnergyBalance/Total"
DAY = "/monitoring/v1/plants/13/measurements/sets/EnergyBalance/Day?Date=2025-06-14"


@pytest.fixture(scope="module")
def live() -> Iterator[LiveServer]:
    with LiveServer(make()) as server:
        yield server


@pytest.fixture
def server(live: LiveServer) -> LiveServer:
    live.sandbox.reset()
    live.sandbox.consents.accept(OWNER)
    return live


def bearer(world: Sandbox) -> dict[str, str]:
    return {"authorization": f"Bearer {tokens(world)['access_token']}"}


def asked(path: str, headers: dict[str, str]) -> Request:
    path, _, query = path.partition("?")
    return Request(
        "GET", path, query, {name.encode(): value.encode() for name, value in headers.items()}, b"", "localhost"
    )


def get(server: LiveServer, path: str, headers: dict[str, str], timeout: float = 30) -> httpx.Response:
    return httpx.get(server.url + path, headers=headers, trust_env=False, timeout=timeout)


@contextmanager
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[threading.Semaphore, threading.Event]]:
    """Hold all work back: give what counts the works begun, and what lets them go on."""
    begun, free, do = threading.Semaphore(0), threading.Event(), Work.do

    def wait(self: Work) -> None:
        begun.release()
        assert free.wait(30)
        do(self)

    monkeypatch.setattr(Work, "do", wait)
    try:
        yield begun, free
    finally:
        free.set()


def test_others_of_this_world_and_of_every_other_are_answered_meanwhile(
    server: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = bearer(server.sandbox)
    get(server, DAY, headers)
    with held(monkeypatch) as (begun, free), ThreadPoolExecutor() as pool:
        slow = [pool.submit(get, server, TOTAL, headers) for _ in range(2)]
        assert begun.acquire(timeout=30)
        total = server.sandbox.requests.total
        for path in (DAY, "/v1/plants", "/_mock/health"):
            assert get(server, path, headers).status_code == 200
        assert server.sandbox.requests.total == total + 2, "a request is taken down when it is answered"
        free.set()
        answers = [answer.result() for answer in slow]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].content == answers[1].content
    assert not begun.acquire(blocking=False), "who asks for the same waits for the same"


def test_the_body_is_the_one_made_in_process(server: LiveServer) -> None:
    twin = make()
    twin.consents.accept(OWNER)
    for path in (TOTAL, DAY, TOTAL + "?WithTotal=true", TOTAL.replace("Total", "Recent")):
        wanted = twin.handle(asked(path, bearer(twin)))
        assert get(server, path, bearer(server.sandbox)).content == wanted.body


def test_looking_ahead_leaves_no_trace_and_work_is_done_once() -> None:
    world = make()
    world.consents.accept(OWNER)
    request = asked(TOTAL, bearer(world))
    before = (world.requests.total, world.simulators.size)
    work = world.look_ahead(request)
    assert work is not None
    assert (world.requests.total, world.simulators.size) == before
    work.do()
    for _ in range(2):
        assert world.look_ahead(request) is None
    kept = world.simulators.size
    assert world.handle(request).status == 200
    assert world.simulators.size == kept


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        (TOTAL, {}),
        (TOTAL, {"authorization": "Bearer none"}),
        (TOTAL.replace("13", "999"), None),
        (TOTAL.replace("Total", "Century"), None),
        (TOTAL.replace("Total", "Day"), None),
        ("/v1/plants", None),
        ("/nothing", None),
    ],
)
def test_nothing_is_worked_out_for_who_is_refused_or_asks_for_what_is_quick(
    path: str, headers: dict[str, str] | None
) -> None:
    world = make()
    world.consents.accept(OWNER)
    assert world.look_ahead(asked(path, bearer(world) if headers is None else headers)) is None


def test_a_plant_that_changes_meanwhile_is_worked_out_anew(server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> None:
    headers = bearer(server.sandbox)
    with held(monkeypatch) as (begun, free), ThreadPoolExecutor() as pool:
        slow = pool.submit(get, server, TOTAL, headers)
        assert begun.acquire(timeout=30)
        change = {"peakPower": 3000}
        patched = httpx.patch(f"{server.url}/_mock/plants/13", json=change, trust_env=False, timeout=30)
        free.set()
        answer = slow.result()
    assert patched.status_code in (200, 422)
    reply = server.sandbox.handle(asked(TOTAL, headers))
    assert (answer.status_code, answer.content) == (200, reply.body)


def test_who_leaves_is_not_waited_for_and_not_taken_down(server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> None:
    headers = bearer(server.sandbox)
    with held(monkeypatch) as (begun, _), ThreadPoolExecutor() as pool:
        total = server.sandbox.requests.total
        leaving = pool.submit(get, server, TOTAL, headers, 0.2)
        assert begun.acquire(timeout=30)
        assert isinstance(leaving.exception(), httpx.ReadTimeout)
    assert get(server, "/v1/plants", headers).status_code == 200
    assert server.sandbox.requests.total == total + 1


def test_what_came_while_the_loop_stood_still_is_read_before_a_time_out_acts(
    server: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "KEEP_ALIVE", 0.2)
    headers, standing = bearer(server.sandbox), threading.Event()

    def stand_still() -> None:
        standing.set()
        time.sleep(0.6)

    with httpx.Client(base_url=server.url, trust_env=False, timeout=30) as client:
        client.get("/v1/plants", headers=headers)
        server._background.loop.call_soon_threadsafe(stand_still)
        assert standing.wait(30)
        assert client.get("/v1/plants", headers=headers).status_code == 200

"""A long simulation leaves the loop: nobody else waits for it, and nothing of its world is half done."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx
import pytest

from mock_sma.api import connection
from mock_sma.sandbox.exchange import Request
from mock_sma.sandbox.sandbox import Sandbox
from mock_sma.simulation.simulator import PlantSimulator
from mock_sma.testing.live import LiveServer
from tests.facts import OWNER
from tests.sandbox_helpers import make, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


SETS = "/monitoring/v1/plants/13/measurements/sets"
TOTAL = f"{SETS}/EnergyBalance/Total"
DAY = f"{SETS}/EnergyBalance/Day?Date=2025-06-14"
TRUTH = "/_mock/plants/13/truth?date=2025-06-14"
CHART = "/_mock/console/plants/13?period=Month"


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
    sent = {name.encode(): value.encode() for name, value in headers.items()}
    return Request("GET", path, query, sent, b"", "localhost")


def get(server: LiveServer, path: str, headers: dict[str, str] | None = None, timeout: float = 30) -> httpx.Response:
    return httpx.get(server.url + path, headers=headers, trust_env=False, timeout=timeout)


def other_world(server: LiveServer) -> dict[str, str]:
    """Make a world beside the default one; return the header of its client, to whom a Day was answered."""
    made = httpx.post(
        f"{server.url}/_mock/worlds", json={"now": "2025-06-15T12:00:00Z"}, trust_env=False, timeout=60
    ).json()
    world = server._worlds.named(made["name"])
    assert world is not None
    world.consents.accept(OWNER)
    client = world.clients[made["clients"][0]["client_id"]]
    headers = bearer_of(world, client.id, client.secret)
    assert get(server, DAY, headers).status_code == 200
    return headers


def bearer_of(world: Sandbox, client_id: str, secret: str) -> dict[str, str]:
    return {"authorization": f"Bearer {tokens(world, client_id=client_id, client_secret=secret)['access_token']}"}


@contextmanager
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[threading.Semaphore, threading.Event]]:
    """Hold all simulations back: give what counts those begun, and what lets them go on."""
    begun, free, table = threading.Semaphore(0), threading.Event(), PlantSimulator.table

    def wait(self: PlantSimulator, *asked: Any, **more: Any) -> Any:
        begun.release()
        assert free.wait(30)
        return table(self, *asked, **more)

    with monkeypatch.context() as patch:
        patch.setattr(PlantSimulator, "table", wait)
        try:
            yield begun, free
        finally:
            free.set()


@pytest.mark.slow
@pytest.mark.parametrize("slow", [TOTAL, TRUTH, CHART])
def test_others_of_this_world_and_of_every_other_are_answered_meanwhile(
    server: LiveServer, monkeypatch: pytest.MonkeyPatch, slow: str
) -> None:
    headers, others = bearer(server.sandbox), other_world(server)
    get(server, DAY, headers)
    with held(monkeypatch) as (begun, free), ThreadPoolExecutor() as pool:
        answers = [pool.submit(get, server, slow, headers) for _ in range(2)]
        assert begun.acquire(timeout=30)
        total = server.sandbox.requests.total
        for path, who in ((DAY, others), (DAY, headers), ("/v1/plants", others), ("/_mock/health", headers)):
            assert get(server, path, who).status_code == 200
        assert not any(answer.done() for answer in answers), "the others came first"
        assert server.sandbox.requests.total == total + 1, "a request is taken down when it is answered"
        free.set()
        first, second = (answer.result() for answer in answers)
    assert (first.status_code, second.status_code) == (200, 200)
    if slow is TOTAL:
        assert first.content == second.content
        assert begun.acquire(timeout=0) is False, "who asks for the same waits for the same"


@pytest.mark.slow
def test_the_body_is_the_one_made_in_process(server: LiveServer) -> None:
    twin = make()
    twin.consents.accept(OWNER)
    for path in (TOTAL, DAY, f"{TOTAL}?WithTotal=true", f"{SETS}/EnergyBalance/Recent", f"{DAY[:-10]}2031-01-01"):
        wanted = twin.handle(asked(path, bearer(twin)))
        for _ in range(2):
            assert get(server, path, bearer(server.sandbox)).content == wanted.body


@pytest.mark.slow
def test_looking_ahead_leaves_no_trace_and_work_is_done_once(monkeypatch: pytest.MonkeyPatch) -> None:
    world = make()
    world.consents.accept(OWNER)
    request = asked(TOTAL, bearer(world))
    total = world.requests.total
    assert not world.is_at_hand(request)
    world.work_ahead(request)
    assert world.is_at_hand(request)
    assert world.requests.total == total
    with monkeypatch.context() as patch:
        patch.delattr(PlantSimulator, "table")
        world.work_ahead(request)
        assert world.handle(request).status == 200
    world.clock.advance(300)
    assert not world.is_at_hand(request), "there is a row more"


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        (TOTAL, {}),
        (TOTAL, {"authorization": "Bearer none"}),
        (TOTAL.replace("13", "999"), None),
        (TOTAL.replace("Total", "Century"), None),
        (TOTAL.replace("Total", "Day"), None),
        (f"{DAY[:-10]}2031-01-01", None),
        ("/v1/plants", None),
        ("/nothing", None),
    ],
)
def test_nothing_is_simulated_for_who_is_refused_or_asks_for_something_else(
    monkeypatch: pytest.MonkeyPatch, path: str, headers: dict[str, str] | None
) -> None:
    world = make()
    world.consents.accept(OWNER)
    monkeypatch.delattr(PlantSimulator, "table")
    world.work_ahead(asked(path, bearer(world) if headers is None else headers))


@pytest.mark.slow
def test_a_plant_that_changes_meanwhile_is_simulated_anew(server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> None:
    headers = bearer(server.sandbox)
    with held(monkeypatch) as (begun, free), ThreadPoolExecutor() as pool:
        slow = pool.submit(get, server, TOTAL, headers)
        assert begun.acquire(timeout=30)
        change = {"kind": "gap", "start": "2025-06-01T00:00:00Z", "duration": "P5D"}
        changed = httpx.post(f"{server.url}/_mock/plants/13/events", json=change, trust_env=False, timeout=30)
        free.set()
        answer = slow.result()
    assert changed.status_code == 201
    reply = server.sandbox.handle(asked(TOTAL, headers))
    assert (answer.status_code, answer.content) == (200, reply.body)


@pytest.mark.slow
def test_save_points_and_forks_go_on_meanwhile(server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> None:
    world, headers = server.sandbox, bearer(server.sandbox)
    with held(monkeypatch) as (begun, free), ThreadPoolExecutor() as pool:
        slow = pool.submit(get, server, TOTAL, headers)
        assert begun.acquire(timeout=30)
        point, twin = world.save(), world.fork("twin")
        world.clock.advance(86_400)
        world.restore(point)
        free.set()
        answer = slow.result()
    client = next(iter(twin.clients.values()))
    reply = twin.handle(asked(TOTAL, bearer_of(twin, client.id, client.secret)))
    assert (answer.status_code, answer.content) == (200, reply.body)


@pytest.mark.slow
def test_who_leaves_is_not_waited_for_and_taken_down_all_the_same(
    server: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = bearer(server.sandbox)
    with held(monkeypatch) as (begun, free), ThreadPoolExecutor() as pool:
        leaving = pool.submit(get, server, TOTAL, headers, 0.2)
        assert begun.acquire(timeout=30)
        assert isinstance(leaving.exception(), httpx.ReadTimeout)
        free.set()
    # Its world works for one at a time: who comes next is answered after it.
    assert get(server, DAY.replace("06-14", "06-12"), headers).status_code == 200
    assert [entry.path.rpartition("/")[2] for entry in list(server.sandbox.requests)[-2:]] == ["Total", "Day"]


@pytest.mark.slow
def test_a_bug_in_a_simulation_is_answered_500(server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(PlantSimulator, "table")
    assert get(server, TOTAL, bearer(server.sandbox)).status_code == 500


@pytest.mark.slow
def test_what_came_while_the_loop_stood_still_is_read_before_a_time_out_acts(
    server: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "KEEP_ALIVE", 0.1)
    headers, standing = bearer(server.sandbox), threading.Event()

    def stand_still() -> None:
        standing.set()
        time.sleep(0.3)

    with httpx.Client(base_url=server.url, trust_env=False, timeout=30) as client:
        client.get("/v1/plants", headers=headers)
        server.loop.call_soon_threadsafe(stand_still)
        assert standing.wait(30)
        assert client.get("/v1/plants", headers=headers).status_code == 200


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/v1/plants", DAY, "/_mock/clock", "/_mock/console/", "/portal/mailbox"])
def test_a_world_that_a_thread_holds_is_waited_for_beside_the_loop(server: LiveServer, path: str) -> None:
    headers, others = bearer(server.sandbox), other_world(server)
    get(server, DAY, headers)
    with ThreadPoolExecutor() as pool:
        with server.sandbox.lock:
            slow = pool.submit(get, server, path, headers)
            for _ in range(5):
                assert get(server, "/v1/plants", others).status_code == 200
            assert not slow.done()
        assert slow.result().status_code == 200


@pytest.mark.slow
def test_a_fork_that_takes_long_holds_nobody_up_and_has_its_name_from_the_start(
    server: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    others, going, free, fork = other_world(server), threading.Event(), threading.Event(), Sandbox.fork

    def wait(self: Sandbox, name: str) -> Sandbox:
        going.set()
        assert free.wait(30)
        return fork(self, name)

    monkeypatch.setattr(Sandbox, "fork", wait)

    def ask() -> httpx.Response:
        wish = {"from": "default", "name": "slow"}
        return httpx.post(f"{server.url}/_mock/worlds", json=wish, trust_env=False, timeout=30)

    with ThreadPoolExecutor() as pool:
        first = pool.submit(ask)
        assert going.wait(30)
        assert get(server, "/v1/plants", others).status_code == 200
        assert ask().status_code == 409
        free.set()
        assert first.result().status_code == 201

"""``live`` with clients of any library and with threads: each is answered, and the same seed gives the same bytes."""

from __future__ import annotations

import asyncio
import http.client
import json
import ssl
import sys
import threading
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import aiohttp
import httpx
import pytest
import requests
import urllib3

from mock_sma.testing.life import LifeFailure, live

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from mock_sma.testing.life import LifeOutcome, Living

    Main = Callable[[Living], Any]

pytestmark = pytest.mark.slow

HOST = "sandbox-auth.smaapis.de"
TOKEN = f"https://{HOST}/oauth2/token"
PLANTS = "https://sandbox.smaapis.de/monitoring/v1/plants"
FORM = {"grant_type": "client_credentials", "client_id": "demo_api", "client_secret": "demo_secret"}
HOUR = 3_600


def lived(main: Main, tmp_path: Path, **more: Any) -> LifeOutcome:
    options: dict[str, Any] = {"scenario": "ennexos", "days": 1, "happens": (), "rules": (), "seed": 3}
    return live(main, failures=tmp_path / "failures", **{**options, **more})


def bearer(answer: Any) -> dict[str, str]:
    return {"Authorization": f"Bearer {answer['access_token']}"}


def with_requests(_: Living) -> None:
    with requests.Session() as session:
        while True:
            access = bearer(session.post(TOKEN, data=FORM, timeout=30).json())
            session.get(PLANTS, headers=access, timeout=30).raise_for_status()
            time.sleep(12 * HOUR)


def with_urllib3(_: Living) -> None:
    pool = urllib3.PoolManager(timeout=30)
    while True:
        access = bearer(pool.request("POST", TOKEN, fields=FORM, encode_multipart=False).json())
        assert pool.request("GET", PLANTS, headers=access).status == 200
        time.sleep(12 * HOUR)


def with_the_standard_library(_: Living) -> None:
    while True:
        connection = http.client.HTTPSConnection(HOST, timeout=30)
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", "/oauth2/token", urlencode(FORM), kind)
        access = bearer(json.load(connection.getresponse()))
        connection.close()
        with urllib.request.urlopen(urllib.request.Request(PLANTS, headers=access), timeout=30) as answer:
            assert answer.status == 200
        time.sleep(12 * HOUR)


async def with_aiohttp(_: Living) -> None:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)) as session:

        async def poll(plant: str) -> None:
            async with session.post(TOKEN, data=FORM) as answer:
                access = bearer(await answer.json())
            async with session.get(f"{PLANTS}/{plant}", headers=access) as answer:
                assert answer.status == 200

        while True:  # one after the other: of two connections at once the order is not told for sure
            for plant in ("2100", "2200"):
                await poll(plant)
            await asyncio.sleep(12 * HOUR)


LIBRARIES = [with_requests, with_urllib3, with_the_standard_library, with_aiohttp]


@pytest.mark.parametrize("main", LIBRARIES, ids=lambda main: main.__name__)
def test_clients_of_other_libraries_are_answered_and_the_same_seed_gives_the_same_bytes(
    main: Main, tmp_path: Path
) -> None:
    before = (ssl.SSLSocket.send, ssl.SSLSocket.read, threading.Thread.start, set(threading.enumerate()))
    first, again = lived(main, tmp_path), lived(main, tmp_path)
    assert set(first.world.requests.statuses) == {200}
    assert first.requests >= 4
    assert (again.digest, again.requests) == (first.digest, first.requests)
    assert (ssl.SSLSocket.send, ssl.SSLSocket.read, threading.Thread.start, set(threading.enumerate())) == before


def asked(http: httpx.Client, plant: str) -> None:
    access = bearer(http.post(TOKEN, data=FORM).json())
    http.get(f"{PLANTS}/{plant}", headers=access)
    http.get(f"{PLANTS}/{plant}/devices", headers=access)


def with_threads(_: Living) -> None:
    client = httpx.Client()

    def poll(number: int) -> None:
        while True:
            asked(client, str(number))
            time.sleep(12 * HOUR)

    threads = [threading.Thread(target=poll, args=(number,)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def with_a_pool(_: Living) -> None:
    client, lock, access = httpx.Client(), threading.Lock(), dict[str, str]()

    def ask(number: int) -> None:
        with lock:  # one of them fetches a token, and the others wait for it
            if not access:
                access.update(bearer(client.post(TOKEN, data=FORM).json()))
        client.get(f"{PLANTS}/{number}", headers=access)

    with ThreadPoolExecutor(4) as pool:
        while True:
            list(pool.map(ask, range(9)))
            access.clear()
            time.sleep(12 * HOUR)


async def with_threads_of_a_loop(_: Living) -> None:
    client = httpx.Client()
    while True:
        await asyncio.gather(*(asyncio.to_thread(asked, client, str(number)) for number in range(4)))
        await asyncio.sleep(12 * HOUR)


def with_threads_over_sockets(_: Living) -> None:
    session = requests.Session()

    def ask(number: int) -> None:
        session.get(f"{PLANTS}/{number}", timeout=30)

    with ThreadPoolExecutor(2) as pool:
        while True:
            list(pool.map(ask, range(3)))
            time.sleep(12 * HOUR)


THREADED = [with_threads, with_a_pool, with_threads_of_a_loop, with_threads_over_sockets]


@pytest.mark.parametrize("main", THREADED, ids=lambda main: main.__name__)
def test_threads_take_turns_and_the_same_seed_gives_the_same_bytes(main: Main, tmp_path: Path) -> None:
    before = set(threading.enumerate())
    first, again = lived(main, tmp_path), lived(main, tmp_path)
    assert first.requests >= 6
    assert (again.digest, again.requests) == (first.digest, first.requests)
    assert set(threading.enumerate()) == before


def test_threads_that_come_together_go_on_in_the_order_of_their_beginning(tmp_path: Path) -> None:
    outcome = lived(with_threads, tmp_path)
    at_noon = [entry for entry in outcome.world.requests if entry.at == outcome.story.start.timestamp() + 12 * HOUR]
    numbers = [entry.path.split("/")[4] for entry in at_noon[5:10]]
    assert [entry.path.endswith("token") for entry in at_noon[:5]] == [True] * 5
    assert numbers == ["0", "1", "2", "3", "4"]


def test_threads_that_a_program_leaves_end_with_it(tmp_path: Path) -> None:
    ended: list[str] = []

    def doze() -> None:
        try:
            time.sleep(86_400 * 400)
        finally:
            ended.append("doze")

    def main(_: Living) -> None:
        threading.Thread(target=doze).start()
        threading.Thread(target=threading.Event().wait).start()
        time.sleep(60)
        raise KeyError("x")

    before = set(threading.enumerate())
    with pytest.raises(LifeFailure, match="program: the program ended with KeyError"):
        lived(main, tmp_path, shrink=0)
    assert set(ended) == {"doze"}
    assert set(threading.enumerate()) == before


def test_a_program_that_exits_has_ended(tmp_path: Path) -> None:
    with pytest.raises(LifeFailure, match="program: the program ended with SystemExit: 3"):
        lived(lambda _: sys.exit(3), tmp_path, shrink=0)


def in_circles(_: Living) -> None:
    with requests.Session() as session:
        while True:
            session.get(PLANTS, timeout=30)


async def in_circles_too(_: Living) -> None:
    async with aiohttp.ClientSession() as session:
        while True:
            with suppress(aiohttp.ClientError):
                async with session.get(PLANTS):
                    pass


@pytest.mark.parametrize("main", [in_circles, in_circles_too], ids=lambda main: main.__name__)
def test_running_in_circles_over_a_socket_is_found(
    main: Callable[[Living], Awaitable[None] | None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mock_sma.testing.life.invariants.AT_ONCE", 6)
    with pytest.raises(LifeFailure, match="circles: 6 requests at one instant"):
        lived(main, tmp_path, rules=("circles",), shrink=0)

"""Delays over sockets follow the world's clock under ``sma_time``: nobody really waits, timeouts strike in order."""

from __future__ import annotations

import asyncio
import http.client
import socket
import threading
import time
from typing import TYPE_CHECKING

import aiohttp
import httpx
import pytest
import requests

from tests.facts import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mock_sma.testing import SmaHosts, SmaServer
    from mock_sma.testing.time import VirtualTime

pytestmark = pytest.mark.slow

pytest_plugins = ["pytester"]

TOKEN = "https://sandbox-auth.smaapis.de/oauth2/token"
FORM = {"grant_type": "client_credentials", "client_id": "demo_api", "client_secret": "demo_secret"}
BODY = "&".join(f"{name}={value}" for name, value in FORM.items())


@pytest.fixture(autouse=True)
def _no_real_time() -> Iterator[None]:
    begun = time.clock_gettime(time.CLOCK_MONOTONIC)
    yield
    assert time.clock_gettime(time.CLOCK_MONOTONIC) - begun < 60


@pytest.mark.sma(scenario="ennexos")
def test_an_answer_that_takes_long_to_work_out_comes_before_the_timeout(
    sma_hosts: SmaHosts, sma_time: VirtualTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = sma_hosts.sandbox

    # In a thread of the server's, and so by the real clock.
    monkeypatch.setattr(type(world), "work_ahead", lambda _, __: time.sleep(0.05))
    day = "https://sandbox.smaapis.de/monitoring/v1/plants/2100/measurements/sets/EnergyBalance/Day"
    with requests.Session() as session:
        token = session.post(TOKEN, data=FORM, timeout=1).json()["access_token"]
        begun = sma_time.time()
        answer = session.get(
            day, params={"Date": "2025-06-14"}, headers={"Authorization": f"Bearer {token}"}, timeout=0.01
        )
    assert (answer.status_code, sma_time.time()) == (200, begun)


def late(world: SmaServer | SmaHosts, seconds: float, **more: object) -> None:
    world.sandbox.faults.add({"match": {"path": "/oauth2/token"}, "effect": {"delay": seconds, **more}})


def test_a_delay_within_the_timeout_moves_the_clock(sma_time: VirtualTime, sma_server: SmaServer) -> None:
    late(sma_server, 40)
    begun = time.time()
    with httpx.Client(base_url=sma_server.url, timeout=60) as client:
        assert client.post("/oauth2/token", data=FORM).status_code == 200
    assert time.time() - begun == pytest.approx(40)


def test_a_delay_beyond_it_is_a_timeout_after_as_long(sma_time: VirtualTime, sma_server: SmaServer) -> None:
    late(sma_server, 3_000)
    begun = time.time()
    with httpx.Client(base_url=sma_server.url, timeout=50) as client, pytest.raises(httpx.ReadTimeout):
        client.post("/oauth2/token", data=FORM)
    assert time.time() - begun == pytest.approx(50)


def test_so_it_is_under_smas_names_and_tls_with_requests(sma_time: VirtualTime, sma_hosts: SmaHosts) -> None:
    late(sma_hosts, 90)
    begun = time.time()
    assert requests.post(TOKEN, data=FORM, timeout=100).status_code == 200
    assert time.time() - begun == pytest.approx(90)
    with pytest.raises(requests.Timeout):
        requests.post(TOKEN, data=FORM, timeout=30)
    assert time.time() - begun == pytest.approx(120)


def test_a_client_without_a_timeout_waits_for_the_answer(sma_time: VirtualTime, sma_server: SmaServer) -> None:
    late(sma_server, 3_600)
    connection = http.client.HTTPConnection("127.0.0.1", int(sma_server.url.rpartition(":")[2]))
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    begun = time.time()
    connection.request("POST", "/oauth2/token", BODY, headers)
    assert connection.getresponse().status == 200
    connection.close()
    assert time.time() - begun == pytest.approx(3_600)


async def test_timers_of_the_program_go_off_on_the_way(sma_time: VirtualTime, sma_hosts: SmaHosts) -> None:
    late(sma_hosts, 100)
    seen: list[tuple[str, float]] = []
    begun = time.time()

    async def note(name: str, seconds: float) -> None:
        await asyncio.sleep(seconds)
        seen.append((name, round(time.time() - begun)))

    async def ask() -> None:
        async with httpx.AsyncClient(timeout=200) as client:
            assert (await client.post(TOKEN, data=FORM)).status_code == 200
        seen.append(("answer", round(time.time() - begun)))

    await asyncio.gather(note("b", 150), ask(), note("a", 50))
    assert seen == [("a", 50), ("answer", 100), ("b", 150)]


async def test_aiohttp_gives_up_in_emulated_time(sma_time: VirtualTime, sma_hosts: SmaHosts) -> None:
    late(sma_hosts, 400)
    begun = time.time()
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=300)) as session:
        with pytest.raises(TimeoutError):
            await session.post(TOKEN, data=FORM)
    await asyncio.sleep(1)  # so that its connection is closed
    assert time.time() - begun == pytest.approx(300, abs=2.1)  # aiohttp rounds long timeouts up to whole seconds


def test_a_slow_body_comes_in_its_time(sma_time: VirtualTime, sma_server: SmaServer) -> None:
    sma_server.sandbox.faults.add({"effect": {"fault": "slow_body", "delay": 20}})
    begun = time.time()
    assert httpx.post(f"{sma_server.url}/oauth2/token", data=FORM, timeout=15, trust_env=False).status_code == 200
    assert time.time() - begun == pytest.approx(20)


def test_a_clock_that_is_moved_by_hand_lets_the_answer_go(sma_time: VirtualTime, sma_server: SmaServer) -> None:
    late(sma_server, 3_000)
    found: list[int] = []

    def ask() -> None:
        with socket.create_connection(("127.0.0.1", int(sma_server.url.rpartition(":")[2]))) as sock:
            head = f"POST /oauth2/token HTTP/1.1\r\nhost: h\r\ncontent-length: {len(BODY)}\r\n\r\n"
            sock.sendall(f"{head}{BODY}".encode())
            found.append(len(sock.recv(10)))

    asking = threading.Thread(target=ask)
    asking.start()
    asking.join()
    assert (found, sma_time.clock.isoformat()) == ([10], "2025-06-15T12:50:00.000+02:00")


def test_another_servers_sockets_keep_real_timeouts(sma_time: VirtualTime, sma_server: SmaServer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other, socket.create_connection(other.getsockname()) as sock:
        sock.settimeout(0.05)
        with pytest.raises(TimeoutError):
            sock.recv(1)
        assert sma_time.clock.isoformat().startswith(NOW[:19])


def test_sockets_are_as_they_were_afterwards(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nasyncio_default_fixture_loop_scope = function\n")
    pytester.makepyfile(
        """
        import socket, ssl
        REAL = (socket.socket.recv, socket.socket.recv_into, ssl.SSLSocket.read)

        def test_one(sma_time, sma_server):
            assert socket.socket.recv is not REAL[0]
            raise RuntimeError("failed on the way")

        def test_two():
            assert (socket.socket.recv, socket.socket.recv_into, ssl.SSLSocket.read) == REAL
            assert "recv" not in vars(socket.socket)
        """
    )
    pytester.runpytest_inprocess("-p", "no:randomly", "-p", "no:xdist").assert_outcomes(passed=1, failed=1)

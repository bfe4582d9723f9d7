"""One story told through four ways in: the answers are the same, to the byte."""

from __future__ import annotations

import asyncio
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import respx

from mock_sma.api.app import App
from mock_sma.api.server import Server, bind, run
from mock_sma.errors import UsageError
from mock_sma.sandbox.sandbox import Sandbox
from mock_sma.sandbox.worlds import Worlds
from mock_sma.scenario_file import load_scenario
from mock_sma.testing import SandboxTransport, router

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

NOW = "2025-06-15T12:00:00+02:00"
EMAIL = "apiTestUser@apiSandbox.com"
AUTH = "http://sandbox-auth.smaapis.de"
API = "http://sandbox.smaapis.de"
CONSENT = f"{API}/oauth2/v2/bc-authorize"
CLIENT = {"client_id": "demo_api", "client_secret": "demo_secret"}

Told = list[tuple[int, list[tuple[bytes, bytes]], bytes]]
Sent = tuple[str, str, dict[str, Any]]


def world() -> Sandbox:
    return Sandbox(load_scenario("sandbox"), now=NOW, seed=11, name="parity")


def story() -> Generator[Sent, httpx.Response, None]:
    """Yield requests; each answer is sent back in, as later requests need its tokens."""
    token = f"{AUTH}/oauth2/token"
    first = (yield "POST", token, {"data": {"grant_type": "client_credentials", **CLIENT}}).json()
    bearer = {"headers": {"authorization": f"Bearer {first['access_token']}"}}
    refresh = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"], **CLIENT}
    yield "POST", token, {"data": {"grant_type": "client_credentials", **CLIENT, "client_secret": "no"}}
    yield "POST", token, {"data": {"grant_type": "nonsense", **CLIENT}}
    yield "POST", CONSENT, {"json": {"loginHint": EMAIL}, **bearer}
    yield "POST", CONSENT, {"data": {"loginHint": EMAIL}, **bearer}
    yield "PUT", f"{CONSENT}/{EMAIL}/status", {"json": {"state": "accepted"}, **bearer}
    yield "GET", f"{CONSENT}/{EMAIL}", bearer
    yield "GET", f"{CONSENT}/nobody%40example.org?x=%C3%BC", bearer
    plants = f"{API}/monitoring/v1/plants"
    yield "GET", plants, bearer
    yield "GET", f"{plants}/13/measurements/sets/EnergyBalance/Day?Date=2025-06-14&WithTotal=true", bearer
    yield "GET", f"{plants}/13/measurements/sets/EnergyBalance/Day?Date=tomorrow", bearer
    yield "GET", f"{API}/monitoring/v1/devices/16/measurements/sets/EnergyAndPowerPv/Month?Date=2025-05", bearer
    yield "GET", f"{plants}/4711", bearer
    yield "GET", f"{API}/basicreporting/v1/plants/13/measurements/sets/PvGeneration/Year?Date=2024", bearer
    yield "POST", token, {"data": refresh}
    yield "POST", f"{AUTH}/oauth2/logout", {"data": {"refresh_token": first["refresh_token"], **CLIENT}}
    yield "POST", token, {"data": refresh}
    yield "GET", f"{API}/monitoring/v1/plants", {}
    yield "GET", f"{CONSENT}/{EMAIL}", {"headers": {"authorization": "Bearer garbage"}}
    yield "GET", f"{API}/monitoring/v9/no/such?path=1", bearer
    yield "GET", f"{AUTH}/nowhere", {}
    yield "DELETE", CONSENT, bearer


def told(answer: httpx.Response) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    # The names' case is the transport's: h11 keeps it, a raw ASGI list has it in lower case already.
    return answer.status_code, [(k.lower(), v) for k, v in answer.headers.raw], answer.content


def tell(send: Callable[..., httpx.Response]) -> Told:
    result: Told = []
    script = story()
    item = next(script)
    while True:
        answer = send(item[0], item[1], **item[2])
        result.append(told(answer))
        try:
            item = script.send(answer)
        except StopIteration:
            return result


async def tell_async(client: httpx.AsyncClient) -> Told:
    result: Told = []
    script = story()
    item = next(script)
    while True:
        answer = await client.request(item[0], item[1], **item[2])
        result.append(told(answer))
        try:
            item = script.send(answer)
        except StopIteration:
            return result


def by_respx() -> Told:
    with router(world()), httpx.Client() as client:
        return tell(client.request)


def by_respx_async() -> Told:
    async def go() -> Told:
        with router(world()):
            async with httpx.AsyncClient() as client:
                return await tell_async(client)

    return asyncio.run(go())


def by_transport() -> Told:
    with httpx.Client(transport=SandboxTransport(world())) as client:
        return tell(client.request)


def by_asgi() -> Told:
    async def go() -> Told:
        transport = httpx.ASGITransport(App(Worlds(world())))
        async with httpx.AsyncClient(transport=transport) as client:
            return await tell_async(client)

    return asyncio.run(go())


@contextmanager
def served() -> Generator[int, None, None]:
    sock = bind("127.0.0.1", 0)
    port: int = sock.getsockname()[1]
    ready = threading.Event()
    server = Server(App(Worlds(world())), on_ready=ready.set)
    thread = threading.Thread(target=run, args=(server, sock), daemon=True)
    thread.start()
    try:
        assert ready.wait(20)
        yield port
    finally:
        server.should_exit = True
        thread.join(20)
        sock.close()
    assert not thread.is_alive()


def by_socket() -> Told:
    with served() as port, httpx.Client(trust_env=False) as client:

        def send(method: str, url: str, **more: Any) -> httpx.Response:
            request = client.build_request(method, url, **more)
            # The Host header keeps SMA's name; only the connection goes to the loopback address.
            request.url = request.url.copy_with(scheme="http", host="127.0.0.1", port=port)
            return client.send(request)

        return tell(send)


@pytest.mark.parametrize("way", [by_respx_async, by_transport, by_asgi, by_socket])
def test_every_way_in_gives_the_same_statuses_headers_and_bytes(way: Callable[[], Told]) -> None:
    expected = by_respx()
    assert len(expected) >= 12
    statuses = [line[0] for line in expected]
    consent, data = [200, 401, 400, 201, 415, 200, 200, 404], [200, 200, 400, 200, 404, 200]
    assert statuses == [*consent, *data, 200, 204, 400, 401, 401, 501, 404, 405]
    assert way() == expected


def test_respx_refuses_hosts_that_are_not_smas() -> None:
    with router(world()), httpx.Client() as client, pytest.raises(respx.models.AllMockedAssertionError):
        client.get("https://example.org/v1/plants")


def test_the_users_own_routes_are_allowed_beside_it() -> None:
    with router(world()) as mock, httpx.Client() as client:
        mock.get("https://example.org/").respond(204)
        assert client.get("https://example.org/").status_code == 204
        assert client.get(f"{CONSENT}/{EMAIL}").status_code == 401


def test_transport_refuses_hosts_that_are_not_smas() -> None:
    with (
        httpx.Client(transport=SandboxTransport(world())) as client,
        pytest.raises(UsageError, match="no host of SMA"),
    ):
        client.get("https://example.org/")

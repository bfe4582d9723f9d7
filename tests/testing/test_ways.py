"""What the ways in refuse by themselves; that they answer alike is shown in tests/parity."""

from __future__ import annotations

import gc
import subprocess
import sys
import weakref
from urllib.parse import urlencode

import httpx
import httpx2
import pytest
import respx

from mock_sma.errors import UsageError
from mock_sma.testing import SandboxTransport, ask, router, transport
from tests.sandbox_helpers import CLIENT, make

TOKEN = "https://sandbox-auth.smaapis.de/oauth2/token"
FORM = {"grant_type": "client_credentials", **CLIENT}


def test_respx_refuses_hosts_that_are_not_smas() -> None:
    with (
        router(make()),
        httpx.Client() as client,
        pytest.raises(respx.models.AllMockedAssertionError, match="not one of SMA"),
    ):
        client.get("https://example.org/v1/plants")


def test_the_users_own_routes_are_allowed_beside_it() -> None:
    with router(make()) as mock, httpx.Client() as client:
        mock.get("https://example.org/").respond(204)
        assert client.get("https://example.org/").status_code == 204
        assert client.post(TOKEN, data=FORM).status_code == 200
        assert [call.response.status_code for call in mock.sma.calls] == [200]
        assert mock.sma.calls.last.response.json()["token_type"] == "Bearer"
        mock.reset()
        assert mock.sma.calls == []


def test_the_calls_are_respxs_list_and_the_mock_that_it_is() -> None:
    with router(make()) as mock, httpx.Client() as client:
        mock.sma.calls.assert_not_called()
        with pytest.raises(AssertionError, match="mock-sma"):
            mock.calls.assert_called_once()
        client.get("https://sandbox.smaapis.de/monitoring/v1/plants")
        mock.sma.calls.assert_called_once()
        assert isinstance(mock.calls, respx.models.CallList)
        assert (mock.sma.called, mock.sma.call_count, mock.calls.last.response.status_code) == (True, 1, 401)


def test_the_worlds_route_can_be_given_another_effect() -> None:
    with router(make()) as mock, httpx.Client() as client:
        mock.sma.side_effect = httpx.ConnectError
        with pytest.raises(httpx.ConnectError):
            client.get("https://sandbox.smaapis.de/monitoring/v1/plants")


def test_a_router_is_gone_with_its_last_user() -> None:
    with router(make()) as mock:
        left = weakref.ref(mock)
    gc.disable()  # what only it would find waits for it through many tests, and makes it slow
    try:
        del mock
        assert left() is None
    finally:
        gc.enable()


@pytest.mark.slow
def test_httpx2_is_loaded_by_who_uses_it_alone_and_answered_even_so() -> None:
    code = """
import sys
from mock_sma import Sandbox, load_scenario
from mock_sma.testing import router

worlds = [Sandbox(load_scenario("sandbox")) for _ in range(2)]
with router(worlds[0]), router(worlds[1]):
    assert not {"httpx2", "httpcore2"} & set(sys.modules)
    import httpx2
    assert httpx2.get("https://sandbox.smaapis.de/monitoring/v1/plants").status_code == 401
    import httpcore2
    mocked = httpcore2.ConnectionPool.handle_request
assert [world.requests.total for world in worlds] == [1, 0]
assert httpcore2.ConnectionPool.handle_request is not mocked
with router(worlds[1]):
    assert httpx2.get("https://sandbox.smaapis.de/monitoring/v1/plants").status_code == 401
assert worlds[1].requests.total == 1
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_transport_refuses_hosts_that_are_not_smas() -> None:
    with (
        httpx.Client(transport=SandboxTransport(make())) as client,
        pytest.raises(UsageError, match="not one of SMA"),
    ):
        client.get("https://example.org/")


async def test_a_transport_serves_clients_of_other_libraries_with_httpxs_interface() -> None:
    world = make()
    with httpx2.Client(transport=transport(world, httpx2)) as client:
        assert client.post(TOKEN, data=FORM).json()["token_type"] == "Bearer"
    async with httpx2.AsyncClient(transport=transport(world, httpx2)) as other:
        assert (await other.post(TOKEN, data=FORM)).status_code == 200
    assert len(world.requests) == 2


@pytest.mark.parametrize(
    ("effect", "error"),
    [
        ({"fault": "connection_reset"}, httpx2.ReadError),
        ({"fault": "empty_response"}, httpx2.RemoteProtocolError),
        ({"fault": "truncated_body"}, httpx2.RemoteProtocolError),
        ({"delay": 30}, httpx2.ReadTimeout),
    ],
)
async def test_a_fault_raises_the_librarys_own_exception(effect: dict[str, object], error: type[Exception]) -> None:
    world = make()
    world.faults.add({"effect": effect})
    with httpx2.Client(transport=transport(world, httpx2)) as client, pytest.raises(error):
        client.post(TOKEN, data=FORM)
    async with httpx2.AsyncClient(transport=transport(world, httpx2)) as other:
        with pytest.raises(error):
            await other.post(TOKEN, data=FORM)
    assert world.clock.isoformat() == "2025-06-15T12:00:00.000+02:00"


def test_a_short_delay_moves_the_clock() -> None:
    world = make()
    world.faults.add({"effect": {"delay": 3}})
    with httpx.Client(transport=SandboxTransport(world), timeout=5) as client:
        assert client.post(TOKEN, data=FORM).status_code == 200
    assert world.clock.isoformat() == "2025-06-15T12:00:03.000+02:00"


def test_a_client_of_any_library_can_be_answered() -> None:
    world = make()
    asked = ask(world, "post", TOKEN, {"Content-Type": "application/x-www-form-urlencoded"}, urlencode(FORM))
    assert (asked.status, asked.headers["content-type"]) == (200, "application/json; charset=utf-8")
    assert ask(world, "GET", "https://sandbox.smaapis.de/monitoring/v1/plants?x=1").status == 401
    assert world.requests[-1].query == "x=1"
    assert ask(world, "GET", "https://sandbox-auth.smaapis.de").status == 404


@pytest.mark.parametrize(
    ("effect", "error"),
    [
        ({"fault": "connection_reset"}, ConnectionError),
        ({"fault": "truncated_body"}, ConnectionError),
        ({"delay": 30}, TimeoutError),
    ],
)
def test_a_fault_raises_pythons_own_exception(effect: dict[str, object], error: type[Exception]) -> None:
    world = make()
    world.faults.add({"effect": effect})
    with pytest.raises(error):
        ask(world, "POST", TOKEN, timeout=5)
    world.faults.clear()
    world.faults.add({"effect": {"delay": 3}})
    assert ask(world, "POST", TOKEN, timeout=5).status == 400

"""Tests in an environment that has httpx2 and neither httpx nor respx: run by .ci/run, away from the checkout."""

from __future__ import annotations

import asyncio
import socket
from importlib.util import find_spec

import httpx2
import pytest

from mock_sma import Sandbox, load_scenario
from mock_sma.control import ControlClient
from mock_sma.errors import UsageError
from mock_sma.testing import router, transport

PLANTS = "https://sandbox.smaapis.de/monitoring/v1/plants"
TOKEN = "https://sandbox-auth.smaapis.de/oauth2/token"


def form(given):
    return {"grant_type": "client_credentials", "client_id": given.client_id, "client_secret": given.client_secret}


def test_the_environment_is_what_it_is_said_to_be():
    assert find_spec("httpx") is None
    assert find_spec("respx") is None


def test_sma_mock_answers_httpx2(sma_mock):
    with httpx2.Client() as client:
        token = client.post(TOKEN, data=form(sma_mock)).json()["access_token"]
        answer = client.get(PLANTS, headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json()) == (200, {"plants": []})
    assert [entry.status for entry in sma_mock.sandbox.requests] == [200, 200]


async def both():
    async with httpx2.AsyncClient() as client:
        return await asyncio.gather(client.get(PLANTS), client.get(PLANTS))


def test_sma_mock_answers_asynchronous_clients(sma_mock):
    assert [answer.status_code for answer in asyncio.run(both())] == [401, 401]


def test_faults_raise_exceptions_of_httpx2(sma_mock):
    sma_mock.sandbox.faults.add({"effect": {"fault": "connection_reset"}, "times": 1})
    with pytest.raises(httpx2.ReadError):
        httpx2.get(PLANTS)
    sma_mock.sandbox.faults.add({"effect": {"fault": "truncated_body"}})
    with pytest.raises(httpx2.RemoteProtocolError):
        httpx2.get(PLANTS)


def test_other_hosts_and_other_libraries_are_refused(sma_mock):
    with pytest.raises(AssertionError, match=r"not one of SMA's hosts.*pass_through"):
        httpx2.get("https://example.org/")
    with pytest.raises(AssertionError, match="sma_hosts"):
        socket.getaddrinfo("sandbox.smaapis.de", 443)
    with pytest.raises(UsageError, match="pip install respx"):
        sma_mock.router.get("https://example.org/")


def test_sma_hosts_and_the_control_client(sma_hosts):
    assert httpx2.get(PLANTS).status_code == 401
    with ControlClient(sma_hosts.url) as control:
        assert control.requests()[-1]["status"] == 401


def test_a_transport_of_ones_own(sma_sandbox):
    with httpx2.Client(transport=transport(sma_sandbox)) as client:
        assert client.get(PLANTS).status_code == 401


def test_routers_may_end_in_any_order_and_the_first_one_answers():
    real = httpx2.HTTPTransport.handle_request
    one, two = Sandbox(load_scenario("sandbox")), Sandbox(load_scenario("sandbox"))
    first, second = router(one), router(two)
    first.start()
    second.start()
    with httpx2.Client() as client:
        client.get(PLANTS)
        assert (len(one.requests), len(two.requests)) == (1, 0)
        first.stop()
        client.get(PLANTS)
        assert (len(one.requests), len(two.requests)) == (1, 1)
    second.stop()
    assert httpx2.HTTPTransport.handle_request is real

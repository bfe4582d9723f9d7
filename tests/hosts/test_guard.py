"""Beside ``sma_mock`` no library reaches SMA: httpx and httpx2 are answered, others are refused before a look-up."""

from __future__ import annotations

import socket
import urllib.request
from typing import TYPE_CHECKING

import aiohttp
import httpx
import pytest
import requests

from mock_sma.testing import router
from tests.hosts.libraries import LIBRARIES, PLANTS, Question, token
from tests.sandbox_helpers import make

if TYPE_CHECKING:
    from mock_sma.testing import SmaHosts, SmaMock

ANSWERED = [name for name in LIBRARIES if name.startswith("httpx")]
SMA = "sandbox.smaapis.de"
REFUSED = [name for name in LIBRARIES if name not in ANSWERED]


@pytest.mark.parametrize("name", ANSWERED)
def test_httpx_and_httpx2_are_answered(lookups: list[str], sma_mock: SmaMock, name: str) -> None:
    assert LIBRARIES[name](token()).status == 200
    assert LIBRARIES[name](Question("GET", PLANTS, {})).status == 401
    assert sma_mock.sandbox.requests.statuses == [200, 401]
    assert lookups == []


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("host", ["sandbox.smaapis.de", "uiapi.sunnyportal.com"])
def test_other_libraries_are_told_what_to_use(lookups: list[str], sma_mock: SmaMock, name: str, host: str) -> None:
    with pytest.raises(AssertionError, match=f"mock-sma: {host} .* take the fixture sma_hosts"):
        LIBRARIES[name](Question("POST", f"https://{host}/oauth2/token", {}, b"client_secret=demo_secret"))
    assert lookups == []
    assert len(sma_mock.sandbox.requests) == 0


@pytest.mark.slow
@pytest.mark.parametrize("hosts_first", [True, False])
def test_where_both_are_asked_for_other_libraries_are_served(request: pytest.FixtureRequest, hosts_first: bool) -> None:
    names = ("sma_hosts", "sma_mock") if hosts_first else ("sma_mock", "sma_hosts")
    for name in names:
        request.getfixturevalue(name)
    hosts: SmaHosts = request.getfixturevalue("sma_hosts")
    assert requests.get(PLANTS, timeout=20).status_code == 401
    assert httpx.get(PLANTS, timeout=60).status_code == 401
    assert hosts.sandbox.requests.statuses == [401, 401]


def test_the_router_guards_by_itself_and_no_longer_than_it_is_active(lookups: list[str]) -> None:
    with router(make()), pytest.raises(AssertionError, match="sma_hosts"):
        requests.get(PLANTS, timeout=20)
    assert lookups == []
    with pytest.raises(OSError, match=r"."):
        socket.create_connection(("sandbox.smaapis.invalid", 443), timeout=0.1)
    assert lookups == ["sandbox.smaapis.invalid"]


def test_a_host_of_smas_that_is_let_through_by_name_is_looked_up(lookups: list[str], sma_mock: SmaMock) -> None:
    sma_mock.pass_through("developer.sma.de")
    with pytest.raises(AssertionError, match=r"www\.sma\.de"):
        socket.getaddrinfo("www.sma.de", 443)
    sma_mock.pass_through()
    with pytest.raises(AssertionError, match=r"www\.sma\.de"):
        socket.getaddrinfo("www.sma.de", 443)
    assert lookups == []
    # Numeric flags let the system say no by itself; it is asked all the same.
    with pytest.raises(OSError, match=r"."):
        socket.getaddrinfo("developer.sma.de", 443, flags=socket.AI_NUMERICHOST)
    assert lookups == ["developer.sma.de"]


@pytest.mark.parametrize("name", ANSWERED)
def test_a_host_of_smas_that_nobody_answers_is_let_through_by_its_name_alone(
    lookups: list[str], sma_mock: SmaMock, name: str
) -> None:
    for _ in range(2):
        with pytest.raises(AssertionError, match=r"one of SMA's hosts that the world does not answer.*pass_through\("):
            LIBRARIES[name](Question("GET", "https://www.sma.de/", {}))
        sma_mock.pass_through()
    assert lookups == []


def test_other_hosts_of_other_libraries_are_none_of_its_business(lookups: list[str], sma_mock: SmaMock) -> None:
    with pytest.raises(requests.ConnectionError):
        requests.get("https://example.invalid/", timeout=0.1)
    assert lookups == ["example.invalid"]


async def test_the_users_routes_answer_httpx2_too(sma_mock: SmaMock) -> None:
    sma_mock.router.get("https://example.org/prices").respond(json=[31.5])
    assert LIBRARIES["httpx2"](Question("GET", "https://example.org/prices", {})).body == b"[31.5]"
    with pytest.raises(AssertionError, match=r"example\.com.*not one of SMA's hosts"):
        LIBRARIES["httpx2"](Question("GET", "https://example.com/", {}))


async def test_a_session_of_aiohttp_that_keeps_what_it_found_is_refused_too(led: object, sma_mock: SmaMock) -> None:
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ttl_dns_cache=None)) as session:
        with pytest.raises(AssertionError, match="sma_hosts"):
            await session.get(PLANTS)


def test_what_was_changed_between_two_routers_is_guarded_too_and_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Places are remembered, but only as long as they are as they were found."""
    asked: list[str] = []

    class Guarded(socket.socket):
        """As of pytest-socket."""

        def connect(self, address: tuple[str, int]) -> None:  # type: ignore[override]
            asked.append(address[0])

    def connect() -> None:
        with socket.socket() as sock:
            sock.connect((SMA, 443))

    def connect_and_look_up() -> None:
        for ask in (connect, lambda: socket.gethostbyname(SMA)):
            with pytest.raises(AssertionError, match="sma_hosts"):
                ask()

    changes = (("socket", socket.socket), ("gethostbyname", lambda host: str(asked.append(host))), ("socket", Guarded))
    for name, value in changes:
        monkeypatch.setattr(socket, name, value)
        for _ in range(2):
            with router(make()):
                connect_and_look_up()
                assert urllib.request.getproxies()["no"].startswith("smaapis.de,")
    assert asked == []
    connect()
    socket.gethostbyname(SMA)
    assert asked == [SMA, SMA]
    assert "smaapis.de" not in urllib.request.getproxies().get("no", "")

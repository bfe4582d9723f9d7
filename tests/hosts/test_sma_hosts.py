"""Programs with SMA's addresses built in, unchanged, in the test process: every library reaches the test's world."""

from __future__ import annotations

import asyncio
import socket
import ssl
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from urllib.error import HTTPError, URLError

import aiohttp
import httpx
import httpx2
import pytest
import requests
import truststore
import urllib3
import uvloop

from mock_sma.sandbox.hosts import SMA_HOSTS
from tests.hosts.libraries import LIBRARIES, PLANTS, SYNC, TOKEN, Question, by_requests, niquests, token

if TYPE_CHECKING:
    from collections.abc import Callable

    from mock_sma.testing import SmaHosts

BROKEN: dict[str, tuple[type[Exception], ...]] = {
    "requests": (requests.ConnectionError,),
    "niquests": (niquests.ConnectionError,),
    "urllib3": (urllib3.exceptions.NameResolutionError,),
    "urllib.request": (URLError,),
    "http.client": (socket.gaierror,),
    "httpx": (httpx.ConnectError,),
    "httpx2": (httpx2.ConnectError,),
    "aiohttp": (aiohttp.ClientConnectorDNSError,),
}
"""How a library says that a name has no address."""


@pytest.mark.slow
@pytest.mark.parametrize("name", LIBRARIES)
def test_every_library_reaches_the_world_of_the_test(lookups: list[str], sma_hosts: SmaHosts, name: str) -> None:
    assert LIBRARIES[name](token()).status == 200
    assert LIBRARIES[name](Question("GET", PLANTS, {})).status == 401
    seen = [(entry.host, entry.status) for entry in sma_hosts.sandbox.requests]
    assert seen == [("sandbox-auth.smaapis.de", 200), ("sandbox.smaapis.de", 401)]
    assert lookups == []


@pytest.mark.parametrize("name", LIBRARIES)
@pytest.mark.parametrize("host", ["developer.sma.de", "nothing.smaapis.de"])
def test_a_host_of_smas_that_is_not_served_fails_by_name(
    lookups: list[str], sma_hosts: SmaHosts, name: str, host: str
) -> None:
    # niquests has words of its own for a name without an address.
    said = f"Failed to resolve '{host}'" if "niquests" in name else f"mock-sma: {host} is SMA's and is not served"
    with pytest.raises(BROKEN[name.partition(" ")[0]], match=said):
        LIBRARIES[name](Question("GET", f"https://{host}/", {}))
    assert lookups == []
    assert len(sma_hosts.sandbox.requests) == 0


@pytest.mark.slow
def test_each_test_has_its_own_world_under_the_same_credentials(sma_hosts: SmaHosts) -> None:
    assert (sma_hosts.client_id, sma_hosts.client_secret) == ("demo_api", "demo_secret")
    bearer = by_requests(token()).body.partition(b'access_token":"')[2].partition(b'"')[0].decode()
    access = {"Authorization": f"Bearer {bearer}"}
    assert by_requests(Question("GET", PLANTS, access)).body == b'{"plants":[]}'
    sma_hosts.sandbox.consents.accept("apiTestUser@apiSandbox.com")
    assert by_requests(Question("GET", PLANTS, access)).body.count(b"plantId") == 9


@pytest.mark.slow
@pytest.mark.sma(scenario="ennexos")
def test_the_marker_chooses_the_world(sma_hosts: SmaHosts) -> None:
    assert sma_hosts.sandbox.scenario.name == "ennexos"
    assert by_requests(token()).status == 200


@pytest.mark.slow
def test_every_host_shows_its_own_certificate(sma_hosts: SmaHosts) -> None:
    context = ssl.create_default_context(cafile=str(sma_hosts.ca))
    for host in SMA_HOSTS:
        with (
            socket.create_connection((host, 443), timeout=20) as plain,
            context.wrap_socket(plain, server_hostname=host) as secure,
        ):
            assert secure.version() in ("TLSv1.2", "TLSv1.3")


@pytest.mark.slow
def test_threads_share_the_world(sma_hosts: SmaHosts) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda ask: ask(token()), list(SYNC.values()) * 4))
    assert {answer.status for answer in answers} == {200}
    assert len(sma_hosts.sandbox.requests) == 4 * len(SYNC)


@pytest.mark.parametrize("spelt", ["SANDBOX.smaapis.de", "sandbox.smaapis.de."])
def test_names_are_names_however_they_are_spelt(lookups: list[str], sma_hosts: SmaHosts, spelt: str) -> None:
    for family in (socket.AF_UNSPEC, socket.AF_INET):
        found = socket.getaddrinfo(spelt, "https", family, socket.SOCK_STREAM)
        assert [place[1] for *_, place in found] == [443]
    assert socket.getaddrinfo(spelt.encode(), 443, socket.AF_INET6)[0][4][0].startswith("::ffff:")
    assert socket.gethostbyname(spelt) == socket.gethostbyname_ex(spelt)[2][0]
    with socket.socket() as plain:
        assert plain.connect_ex((spelt, 443)) == 0
    with pytest.raises(socket.gaierror):
        socket.getaddrinfo(spelt, 443, flags=socket.AI_NUMERICHOST)
    assert lookups == []


@pytest.mark.slow
def test_an_address_that_was_looked_up_before_leads_on(sma_hosts: SmaHosts) -> None:
    address = socket.gethostbyname("sandbox.smaapis.de")
    context = ssl.create_default_context()
    with (
        socket.create_connection((address, 443), timeout=20) as plain,
        context.wrap_socket(plain, server_hostname="sandbox.smaapis.de") as secure,
    ):
        secure.sendall(b"GET /monitoring/v1/plants HTTP/1.1\r\nHost: sandbox.smaapis.de\r\n\r\n")
        assert secure.recv(12) == b"HTTP/1.1 401"


def test_only_https_is_served(sma_hosts: SmaHosts) -> None:
    with pytest.raises(requests.ConnectionError, match="on port 443 alone, not on 80"):
        requests.get("http://sandbox.smaapis.de/monitoring/v1/plants", timeout=20)
    with socket.socket() as plain:
        assert plain.connect_ex(("sandbox.smaapis.de", 8443)) != 0


@pytest.mark.slow
def test_contexts_of_other_kinds_trust_the_authority(sma_hosts: SmaHosts) -> None:
    with httpx.Client(verify=truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)) as client:
        assert client.get(PLANTS).status_code == 401
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=context))
    with pytest.raises(HTTPError, match="401") as refused:
        opener.open(PLANTS, timeout=20)
    refused.value.close()


@pytest.mark.slow
def test_truststore_in_the_place_of_pythons_contexts(sma_hosts: SmaHosts) -> None:
    truststore.inject_into_ssl()
    try:
        with httpx.Client() as client:
            assert client.get(PLANTS).status_code == 401
    finally:
        truststore.extract_from_ssl()


@pytest.mark.slow
@pytest.mark.parametrize("loop", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_streams_of_asyncio(sma_hosts: SmaHosts, loop: Callable[[], asyncio.AbstractEventLoop]) -> None:
    async def ask() -> bytes:
        reader, writer = await asyncio.open_connection("sandbox.smaapis.de", 443, ssl=True)
        writer.write(b"GET /monitoring/v1/plants HTTP/1.1\r\nHost: sandbox.smaapis.de\r\n\r\n")
        line = await reader.readline()
        writer.close()
        await writer.wait_closed()
        return line

    with asyncio.Runner(loop_factory=loop) as runner:
        assert runner.run(ask()).startswith(b"HTTP/1.1 401")


async def test_a_resolver_of_the_programs_own_is_not_asked(sma_hosts: SmaHosts) -> None:
    class Own(aiohttp.abc.AbstractResolver):
        async def resolve(self, host: str, *_: object, **__: object) -> list[aiohttp.abc.ResolveResult]:
            raise OSError(None, f"{host} was looked up")

        async def close(self) -> None:
            pass

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(resolver=Own())) as session:
        async with session.get(PLANTS) as got:
            assert got.status == 401
        with pytest.raises(aiohttp.ClientConnectorError, match=r"example\.org was looked up"):
            await session.get("https://example.org/")


@pytest.mark.slow
def test_beside_sma_mock_each_answers_its_own(sma_mock: object, sma_hosts: SmaHosts) -> None:
    assert httpx.get(PLANTS, timeout=60).status_code == 401
    assert requests.get(PLANTS, timeout=20).status_code == 401
    assert sma_hosts.sandbox.requests.statuses == [401, 401]


@pytest.mark.slow
def test_a_token_is_asked_for_where_it_is_given(sma_hosts: SmaHosts) -> None:
    assert sma_hosts.sandbox.requests.of("POST", "/oauth2/token").statuses == []
    requests.post(TOKEN, data={"grant_type": "client_credentials"}, auth=("demo_api", "demo_secret"), timeout=20)
    assert sma_hosts.sandbox.requests.of("POST", "/oauth2/token").statuses == [200]

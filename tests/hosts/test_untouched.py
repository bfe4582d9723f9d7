"""What ``sma_hosts`` leaves alone, and that nothing of it is left."""

from __future__ import annotations

import _socket
import os
import socket
import ssl
import subprocess
import sys
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from typing import TYPE_CHECKING, Any
from urllib.error import URLError

import aiohttp
import aiohttp.connector
import httpx
import httpx2
import pytest
import requests
import trustme
import truststore  # noqa: F401 - it is changed where it is there
import urllib3
import uvloop

from mock_sma.hosts.inside.entry import enter
from mock_sma.hosts.inside.rules import Guard
from tests.hosts.libraries import HTTPX, LIBRARIES, PLANTS, REQUESTS, SYNC, Question, by_requests, by_urllib, niquests
from tests.server_process import environment
from tests.testing.inner import OTHERS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mock_sma.testing import SmaHosts
    from mock_sma.testing.hosts import Hosts

pytest_plugins = ["pytester"]

PLACES: tuple[Any, ...] = (
    _socket,
    socket,
    socket.socket,
    ssl.SSLContext,
    uvloop.Loop,
    aiohttp.TCPConnector,
    sys.modules["truststore._api"],
)


def state() -> list[Any]:
    """Return all that the fixture may change."""
    function = urllib.request.getproxies_environment
    environ = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
    places = [{name: value for name, value in vars(place).items() if name != "__warningregistry__"} for place in PLACES]
    return [environ, list(sys.meta_path), function.__code__, function.__defaults__, *places]


def authorities() -> list[dict[str, int]]:
    """Return how many authorities contexts trust that were made at import."""
    own: Any = HTTPX._transport
    contexts = [aiohttp.connector._SSL_CONTEXT_VERIFIED, own._pool._ssl_context]
    return [context.cert_store_stats() for context in contexts]


@pytest.mark.slow
def test_everything_is_put_back(led: Hosts) -> None:
    before, trusted = state(), authorities()
    with led.leading():
        assert all(now != then for now, then in zip(state()[4:], before[4:], strict=True))
        assert by_requests(Question("GET", PLANTS, {})).status == 401
        assert HTTPX.get(PLANTS).status_code == 401
    assert state() == before
    assert authorities() == trusted


def test_everything_is_put_back_after_an_error(led: Hosts) -> None:
    before = state()
    with pytest.raises(ZeroDivisionError), led.leading():
        _ = 1 / 0
    assert state() == before


@pytest.mark.slow
def test_a_connection_that_a_library_keeps_is_closed_with_the_fixture(led: Hosts, refusing: None) -> None:
    with led.leading():
        assert by_requests(Question("GET", PLANTS, {})).status == 401
        assert HTTPX.get(PLANTS).status_code == 401
    for client in (lambda: REQUESTS.get(PLANTS, timeout=20), lambda: HTTPX.get(PLANTS)):
        with pytest.raises(AssertionError, match="looked up again"):
            client()


@pytest.mark.slow
def test_a_variable_that_the_test_sets_over_ours_is_put_back(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import os

        def test_it(monkeypatch, sma_hosts):
            assert sma_hosts.env["https_proxy"] == os.environ["https_proxy"]
            monkeypatch.setenv("https_proxy", "http://of-the-test.invalid")

        def test_then():
            assert "https_proxy" not in os.environ
            assert "MOCK_SMA_LEAD" not in os.environ
        """
    )
    env = {name: value for name, value in environment().items() if name.lower() != "https_proxy"}
    command = [sys.executable, "-m", "pytest", "-q", *(word for name in OTHERS for word in ("-p", f"no:{name}"))]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=env)
    assert "2 passed" in done.stdout


@pytest.fixture
def refusing() -> Iterator[None]:
    """Refuse every look-up of SMA's hosts."""
    leave = enter(Guard(["smaapis.de"], "{name} is looked up again", lambda _: False))
    yield
    leave()


class Hello(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"hello")

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def other(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Give the https address of a server that has nothing to do with SMA, and its authority."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    authority.cert_pem.write_to_path(str(tmp_path / "other.pem"))
    with ThreadingHTTPServer(("127.0.0.1", 0), Hello) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"https://localhost:{server.server_port}/", str(tmp_path / "other.pem")
        server.shutdown()


@pytest.mark.slow
def test_other_hosts_are_reached_and_trusted_as_ever(other: tuple[str, str], sma_hosts: SmaHosts) -> None:
    url, authority = other
    with requests.Session() as session:
        assert session.get(url, timeout=20, verify=authority).content == b"hello"
        with pytest.raises(requests.exceptions.SSLError):
            session.get(url, timeout=20)
        with pytest.raises(requests.exceptions.SSLError):
            session.get(url, timeout=20, verify=str(sma_hosts.ca))
    with httpx.Client(verify=ssl.create_default_context(cafile=authority)) as client:
        assert client.get(url).content == b"hello"
    with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        httpx.get(url)
    assert len(sma_hosts.sandbox.requests) == 0


DISTRUSTS: dict[str, type[Exception]] = {
    "requests": requests.exceptions.SSLError,
    "niquests": niquests.exceptions.SSLError,
    "urllib3": urllib3.exceptions.SSLError,
    "urllib.request": URLError,
    "http.client": ssl.SSLCertVerificationError,
    "httpx": httpx.ConnectError,
    "httpx2": httpx2.ConnectError,
    "aiohttp": aiohttp.ClientConnectorCertificateError,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", LIBRARIES)
def test_a_host_that_nobody_vouches_for_is_refused_in_the_librarys_own_words(
    other: tuple[str, str], sma_hosts: SmaHosts, name: str
) -> None:
    with pytest.raises(DISTRUSTS[name.partition(" ")[0]], match="CERTIFICATE_VERIFY_FAILED"):
        LIBRARIES[name](Question("GET", other[0], {}))


def test_other_names_are_looked_up_as_ever(
    monkeypatch: pytest.MonkeyPatch, lookups: list[str], sma_hosts: SmaHosts
) -> None:
    for name in ("notsmaapis.de", "smaapis.de.invalid", "sandbox-smaapis.invalid"):
        with pytest.raises(OSError, match=r"."):
            socket.create_connection((name, 443), timeout=0.1)
    assert lookups == ["notsmaapis.de", "smaapis.de.invalid", "sandbox-smaapis.invalid"]


@pytest.fixture
def proxied(monkeypatch: pytest.MonkeyPatch) -> None:
    """Be on a machine whose way out is a proxy that nobody runs."""
    for name in ("NO_PROXY", "no_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")


@pytest.mark.slow
def test_the_users_proxy_is_not_asked_for_smas_hosts(proxied: None, sma_hosts: SmaHosts) -> None:
    with requests.Session() as session:
        assert session.get(PLANTS, timeout=20).status_code == 401
    with httpx.Client() as client:
        assert client.get(PLANTS).status_code == 401
    opener = urllib.request.build_opener(urllib.request.ProxyHandler())
    with pytest.raises(urllib.request.HTTPError, match="401") as refused:
        opener.open(PLANTS, timeout=20)
    refused.value.close()


def test_the_users_proxy_is_asked_for_other_hosts(proxied: None, sma_hosts: SmaHosts) -> None:
    assert urllib.request.getproxies()["https"] == "http://127.0.0.1:9"
    with requests.Session() as session, pytest.raises(requests.exceptions.ProxyError):
        session.get("https://example.org/", timeout=20)


def test_no_proxy_is_seen_that_is_there_for_other_programs(
    monkeypatch: pytest.MonkeyPatch, sma_hosts: SmaHosts
) -> None:
    assert "HTTPS_PROXY" in os.environ
    assert "https" not in urllib.request.getproxies()
    monkeypatch.setenv("HTTPS_PROXY", "http://of-the-test.invalid")
    assert urllib.request.getproxies()["https"] == "http://of-the-test.invalid"


@pytest.mark.slow
def test_a_library_that_is_imported_later_is_led_too(sma_hosts: SmaHosts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "uvloop")
    again = import_module("uvloop")

    async def ask() -> int:
        async with httpx.AsyncClient() as client:
            return (await client.get(PLANTS)).status_code

    assert again.run(ask()) == 401


@pytest.mark.slow
@pytest.mark.parametrize("name", SYNC)
def test_sma_hosts_again_and_again(sma_hosts: SmaHosts, name: str) -> None:
    assert SYNC[name](Question("GET", PLANTS, {})).status == 401
    assert by_urllib(Question("GET", PLANTS, {})).status == 401

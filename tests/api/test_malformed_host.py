"""A Host header whose port is no number is refused, by the control API and by the vendor API."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from mock_sma.sandbox.hosts import MALFORMED, name_of
from mock_sma.testing.live import LiveServer
from tests.sandbox_helpers import make

if TYPE_CHECKING:
    from collections.abc import Iterator

MALFORMED_HOSTS = [
    "localhost:1.evil.test",
    "127.0.0.1:evil.test",
    "localhost:80:80",
    "localhost:-1",
    "localhost:+1",
    "[::1].evil.test",
    "[::1]evil.test:80",
    "[::1]:x",
    "::1",
    "[localhost]:80",
    "sandbox.smaapis.de:1.evil.test",
    "localhost:x@evil.test",
    "localhost@evil.test",
    "evil.test/localhost",
    "evil.test?localhost",
    "local host",
]


@pytest.fixture(scope="module")
def server() -> Iterator[LiveServer]:
    with LiveServer(make()) as live:
        yield live


@pytest.fixture(scope="module")
def client(server: LiveServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, trust_env=False, timeout=60) as http:
        yield http


@pytest.mark.parametrize("host", MALFORMED_HOSTS)
@pytest.mark.parametrize("path", ["/_mock/health", "/_mock/console/", "/portal/mailbox"])
def test_the_control_api_the_console_and_the_portal_refuse_it(client: httpx.Client, path: str, host: str) -> None:
    answer = client.get(path, headers={"Host": host})
    assert answer.status_code == 400
    assert "a number as its port" in answer.json()["detail"]


@pytest.mark.parametrize("host", MALFORMED_HOSTS)
@pytest.mark.parametrize("path", ["/v1/plants", "/oauth2/auth", "/nothing"])
def test_the_vendor_api_refuses_it_in_its_own_form(
    server: LiveServer, client: httpx.Client, path: str, host: str
) -> None:
    answer = client.get(path, headers={"Host": host})
    assert (answer.status_code, answer.json()["code"]) == (400, "400")
    assert "a number as its port" in server.sandbox.requests[-1].why


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("localhost", "localhost"),
        ("LocalHost:8080", "localhost"),
        ("localhost:", "localhost"),
        ("127.0.0.1:1", "127.0.0.1"),
        ("[::1]:8080", "[::1]"),
        ("[2001:DB8::1]", "[2001:db8::1]"),
        ("Sandbox.smaapis.de:443", "sandbox.smaapis.de"),
        ("", ""),
        *((host, MALFORMED) for host in MALFORMED_HOSTS),
    ],
)
def test_name_of_a_host_header(header: str, name: str) -> None:
    assert name_of(header) == name


@pytest.mark.parametrize("host", ["localhost:8080", "[::1]:80", "127.0.0.1", "a.localhost:1"])
def test_what_is_well_formed_and_this_machine_s_is_answered(client: httpx.Client, host: str) -> None:
    assert client.get("/_mock/health", headers={"Host": host}).status_code == 200

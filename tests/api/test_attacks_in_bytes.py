"""Attacks on the server below the API, in bytes: each is refused, changes nothing, and leaves it answering."""

from __future__ import annotations

import socket
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from mock_sma.api import connection
from mock_sma.testing.live import LiveServer
from tests.api.attacks import digest
from tests.facts import OWNER
from tests.sandbox_helpers import make
from tests.server_process import get

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture(scope="module")
def server() -> Iterator[LiveServer]:
    with LiveServer(make()) as server:
        # A client that ends its side is not waited for: the control API has to be loaded by then.
        get(f"{server.url}/_mock/health")
        yield server


def raw(server: LiveServer, data: bytes) -> bytes:
    """Send bytes and return what comes back until the end, or for ten seconds."""
    got = b""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as sock:
        try:
            sock.sendall(data)
            sock.shutdown(socket.SHUT_WR)
            while piece := sock.recv(65_536):
                got += piece
        except OSError:
            pass
    return got


HEAD = b"Host: 127.0.0.1\r\n"
BYTES: list[tuple[str, bytes, set[bytes]]] = [
    ("no HTTP", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", {b"400"}),
    ("HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {b"400"}),
    ("a method of no standard", b"RESET /_mock/reset HTTP/1.1\r\n" + HEAD + b"\r\n", {b"400"}),
    ("a method in small letters", b"post /_mock/reset HTTP/1.1\r\n" + HEAD + b"\r\n", {b"400"}),
    ("TRACE", b"TRACE /_mock/health HTTP/1.1\r\n" + HEAD + b"\r\n", {b"405"}),
    ("CONNECT", b"CONNECT evil.example:80 HTTP/1.1\r\n" + HEAD + b"\r\n", {b"400", b""}),
    ("the server as a whole", b"OPTIONS * HTTP/1.1\r\n" + HEAD + b"\r\n", {b"400", b"404", b"405"}),
    ("an absolute target", b"GET http://evil.example/_mock/health HTTP/1.1\r\nHost: evil.example\r\n\r\n", {b"403"}),
    ("a target without a slash", b"GET _mock/health HTTP/1.1\r\n" + HEAD + b"\r\n", {b"400"}),
    ("two slashes", b"POST //_mock/reset HTTP/1.1\r\n" + HEAD + b"Content-Length: 0\r\n\r\n", {b"404", b"400"}),
    ("dots", b"POST /v1/../_mock/reset HTTP/1.1\r\n" + HEAD + b"Content-Length: 0\r\n\r\n", {b"404", b"405", b"501"}),
    (
        "an encoded letter, a foreign host",
        b"POST /%5Fmock/reset HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 0\r\n\r\n",
        {b"403"},
    ),
    (
        "length and chunks",
        b"POST /_mock/reset HTTP/1.1\r\n" + HEAD + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        {b"400"},
    ),
    (
        "two lengths",
        b"POST /_mock/reset HTTP/1.1\r\n" + HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        {b"400"},
    ),
    ("a negative length", b"POST /_mock/reset HTTP/1.1\r\n" + HEAD + b"Content-Length: -1\r\n\r\n", {b"400"}),
    ("a length of letters", b"POST /_mock/reset HTTP/1.1\r\n" + HEAD + b"Content-Length: ten\r\n\r\n", {b"400"}),
    (
        "a chunk of letters",
        b"POST /oauth2/token HTTP/1.1\r\n" + HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        {b"400", b""},
    ),
    ("a null in a header", b"GET /_mock/health HTTP/1.1\r\n" + HEAD + b"X: a\x00b\r\n\r\n", {b"400"}),
    ("a space before the colon", b"GET /_mock/health HTTP/1.1\r\nHost : 127.0.0.1\r\n\r\n", {b"400"}),
    ("a folded header", b"GET /_mock/health HTTP/1.1\r\n" + HEAD + b"X: a\r\n b\r\n\r\n", {b"400", b"200"}),
    ("a large header", b"GET /_mock/health HTTP/1.1\r\n" + HEAD + b"X: " + b"a" * 40_000 + b"\r\n\r\n", {b"431"}),
    ("many headers", b"GET /v1/plants HTTP/1.1\r\n" + HEAD + b"X: aaaa\r\n" * 8_000 + b"\r\n", {b"431"}),
    ("a large target", b"GET /v1/" + b"a" * 40_000 + b" HTTP/1.1\r\n" + HEAD + b"\r\n", {b"431"}),
    ("a header without end", b"GET /v1/plants HTTP/1.1\r\nX: " + b"a" * 200_000, {b"431", b""}),
    ("no host at all", b"GET /_mock/health HTTP/1.0\r\n\r\n", {b"403"}),
    (
        "an upgrade",
        b"GET /v1/plants HTTP/1.1\r\n" + HEAD + b"Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
        {b"401", b"400"},
    ),
    ("a broken escape", b"GET /v1/plants/%zz%f HTTP/1.1\r\n" + HEAD + b"Connection: close\r\n\r\n", {b"401"}),
    (
        "bytes beyond ASCII in a target",
        b"GET /v1/\xff\xfe HTTP/1.1\r\n" + HEAD + b"Connection: close\r\n\r\n",
        {b"400", b"404", b"501"},
    ),
]


@pytest.mark.parametrize(("data", "statuses"), [row[1:] for row in BYTES], ids=[row[0] for row in BYTES])
def test_attack_in_bytes(server: LiveServer, data: bytes, statuses: set[bytes]) -> None:
    before = digest(server.sandbox)
    answer = raw(server, data)
    assert answer[9:12] in statuses, answer[:300]
    assert digest(server.sandbox) == before
    assert get(f"{server.url}/_mock/health").status_code == 200


def test_a_request_that_does_not_arrive_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "REQUEST_TIME", 0.2)
    with LiveServer(make()) as server:
        for begun in (b"", b"GET /v1/pl", b"POST /oauth2/token HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\na="):
            with socket.create_connection(("127.0.0.1", server.port), timeout=5) as sock:
                sock.sendall(begun)
                with suppress(ConnectionResetError):
                    assert sock.recv(1) == b""
        assert get(f"{server.url}/_mock/health").status_code == 200


@pytest.mark.slow
def test_no_call_ever_leaves_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    refused: list[object] = []
    connect: Callable[..., Any] = socket.socket.connect
    look_up: Callable[..., Any] = socket.getaddrinfo

    def guarded(self: socket.socket, address: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in ("127.0.0.1", "::1"):
            refused.append(address)
            raise OSError("no call may leave")
        return connect(self, address)

    def resolve(host: Any, *more: Any, **options: Any) -> Any:
        if host not in ("127.0.0.1", "::1", "localhost", None):
            refused.append(host)
            raise OSError("no name may be looked up")
        return look_up(host, *more, **options)

    monkeypatch.setattr(socket.socket, "connect", guarded)
    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with LiveServer(make()) as server, httpx.Client(base_url=server.url, trust_env=False, timeout=30) as http:
        form = {"grant_type": "client_credentials", "client_id": "demo_api", "client_secret": "demo_secret"}
        bearer = {"authorization": f"Bearer {http.post('/oauth2/token', data=form).json()['access_token']}"}
        email = OWNER
        http.post("/oauth2/v2/bc-authorize", json={"loginHint": email}, headers=bearer)
        http.post(f"/_mock/consents/{email}/accept")
        for path in ("plants", "plants/13/measurements/sets/EnergyBalance/Day?Date=2025-06-14", "plants/13/logs"):
            assert http.get(f"/monitoring/v1/{path}", headers=bearer).status_code == 200
        query = "client_id=demo_app&response_type=code&redirect_uri=http://localhost:8000/callback&state=s"
        assert http.get(f"/oauth2/auth?{query}").status_code in (200, 302, 303)
        http.put("/_mock/scenario", json={"name": "http://evil.example/x"})
        for path in ("/", "/_mock/console/", "/_mock/fidelity", "/_mock/mailbox", "/monitoring/index.html", "/portal"):
            assert http.get(path, follow_redirects=True).status_code in (200, 404)
    assert refused == []

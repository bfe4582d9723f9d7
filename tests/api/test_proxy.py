"""The proxy on the server's port: whom CONNECT leads where, and whom it refuses, on real sockets."""

from __future__ import annotations

import socket
import ssl
import threading
from base64 import b64encode
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

import httpx
import pytest

from mock_sma.api.framing import MAX_HEAD
from mock_sma.api.protocol import Protocol
from mock_sma.api.proxy import Goal, Proxy
from mock_sma.api.tls import certificates
from mock_sma.api.tunnel import ProxyProtocol
from mock_sma.sandbox.hosts import SMA_HOSTS
from mock_sma.testing import LiveServer
from tests.sandbox_helpers import make

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mock_sma.api.tls import Tls

PLANTS = "https://sandbox.smaapis.de/monitoring/v1/plants"
TOKEN = "a-control-token"


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Tls:
    return certificates(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def echo() -> Iterator[int]:
    """Give the port of a server that says everything back, in capitals."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                with connection:
                    while data := connection.recv(65_536):
                        connection.sendall(data.upper())

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)
    thread.join(5)


@pytest.fixture(scope="module")
def server() -> Iterator[LiveServer]:
    with LiveServer(make()) as made:
        yield made


@pytest.fixture
def proxy(server: LiveServer, tls: Tls, echo: int) -> int:
    return listen(server, tls, Goal("127.0.0.1", echo))


def listen(server: LiveServer, tls: Tls, *passed: Goal, token: str | None = None) -> int:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tls.chain, tls.key)
    rule = Proxy(context, passes=lambda goal: goal in passed, within=Protocol, token=token)
    return server.also_listen(partial(ProxyProtocol, proxy=rule))


@contextmanager
def asked(port: int, *pieces: bytes) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for piece in pieces:
            connection.sendall(piece)
        yield connection


def whole(connection: socket.socket) -> bytes:
    return b"".join(iter(partial(connection.recv, 65_536), b""))


def client(port: int, tls: Tls) -> httpx.Client:
    trusting = ssl.create_default_context(cafile=str(tls.authority))
    return httpx.Client(proxy=f"http://127.0.0.1:{port}", verify=trusting, trust_env=False, timeout=60)


@pytest.mark.slow
def test_every_host_of_smas_is_answered_within_a_tunnel(server: LiveServer, proxy: int, tls: Tls) -> None:
    with client(proxy, tls) as http:
        for host in SMA_HOSTS:
            assert "x-mock-sma-request-id" in http.get(f"https://{host}/v1/nothing").headers
        assert [entry.host for entry in server.sandbox.requests][-len(SMA_HOSTS) :] == list(SMA_HOSTS)
        assert http.post("https://auth.smaapis.de/oauth2/token", data={"x": "y" * 9_000}).status_code == 400


def test_the_guard_of_the_control_api_holds_within_the_tunnel(proxy: int, tls: Tls) -> None:
    with client(proxy, tls) as http:
        refused = http.get("https://sandbox.smaapis.de/_mock/requests")
    assert refused.status_code == 403
    assert "does not answer to the host 'sandbox.smaapis.de'" in refused.text


@pytest.mark.parametrize(
    ("target", "status", "text"),
    [
        ("example.org:443", 403, "example.org is not one of SMA's hosts"),
        ("developer.sma.de:443", 403, "developer.sma.de is SMA's and is not served here"),
        ("sandbox.smaapis.de:80", 403, "sandbox.smaapis.de is served on port 443 alone"),
        ("sandbox.smaapis.de", 400, "CONNECT names a host and a port"),
        ("sandbox.smaapis.de:99999", 400, "CONNECT names a host and a port"),
        (":443", 400, "CONNECT names a host and a port"),
    ],
)
def test_what_is_refused_is_told_why(proxy: int, target: str, status: int, text: str) -> None:
    with asked(proxy, f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode()) as connection:
        answer = whole(connection).decode()
    assert answer.startswith(f"HTTP/1.1 {status} ")
    assert f"mock-sma: {text}" in answer


def test_a_connect_may_arrive_in_pieces(proxy: int) -> None:
    line = b"CONNECT Sandbox.smaapis.de.:443 HTTP/1.1\r\nHost: x\r\n\r\n"
    with asked(proxy, *(line[at : at + 1] for at in range(len(line)))) as connection:
        assert connection.recv(100).startswith(b"HTTP/1.1 200 ")


def test_a_head_without_end_is_cut_off(proxy: int) -> None:
    with asked(proxy, b"CONNECT sandbox.smaapis.de:443 HTTP/1.1\r\nX: ", b"x" * (MAX_HEAD + 1)) as connection:
        assert connection.recv(100).startswith(b"HTTP/1.1 431 ")


def test_what_comes_before_the_tunnel_is_granted_is_refused(proxy: int) -> None:
    with asked(proxy, b"CONNECT sandbox.smaapis.de:443 HTTP/1.1\r\nHost: x\r\n\r\n\x16\x03\x01") as connection:
        assert connection.recv(100).startswith(b"HTTP/1.1 400 ")


def test_another_host_is_let_through_where_it_is_named(proxy: int, echo: int) -> None:
    with asked(proxy, f"CONNECT 127.0.0.1:{echo} HTTP/1.1\r\nHost: x\r\n\r\n".encode()) as connection:
        assert connection.recv(100) == b"HTTP/1.1 200 Connection established\r\n\r\n"
        sent = bytes(range(97, 123)) * 40_000
        threading.Thread(target=connection.sendall, args=(sent,), daemon=True).start()
        got = b""
        while len(got) < len(sent):
            got += connection.recv(65_536)
        assert got == sent.upper()
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(1) == b""


def test_a_host_that_does_not_answer_is_a_bad_gateway(server: LiveServer, tls: Tls) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    proxy = listen(server, tls, Goal("127.0.0.1", port))
    with asked(proxy, f"CONNECT 127.0.0.1:{port} HTTP/1.1\r\nHost: x\r\n\r\n".encode()) as connection:
        answer = whole(connection)
    assert answer.startswith(b"HTTP/1.1 502 Bad Gateway\r\n")
    assert f"no connection to 127.0.0.1:{port}".encode() in answer


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ("", 407),
        ("Proxy-Authorization: Bearer wrong", 407),
        ("Proxy-Authorization: Basic !", 407),
        (f"Proxy-Authorization: Basic {b64encode(b'any:wrong').decode()}", 407),
        (f"Proxy-Authorization: Basic {b64encode(f'any:{TOKEN}'.encode()).decode()}", 200),
        (f"proxy-authorization: Bearer {TOKEN}", 200),
    ],
)
def test_with_a_control_token_who_is_let_through_names_it(
    server: LiveServer, tls: Tls, echo: int, header: str, status: int
) -> None:
    proxy = listen(server, tls, Goal("127.0.0.1", echo), token=TOKEN)
    head = f"CONNECT 127.0.0.1:{echo} HTTP/1.1\r\nHost: x\r\n{header}\r\n{'' if not header else chr(13) + chr(10)}"
    with asked(proxy, head.encode()) as connection:
        answer = connection.recv(1_000)
        assert answer.startswith(f"HTTP/1.1 {status} ".encode())
        assert (b"proxy-authenticate: Basic" in answer) == (status == 407)
    with asked(proxy, b"CONNECT sandbox.smaapis.de:443 HTTP/1.1\r\nHost: x\r\n\r\n") as connection:
        assert connection.recv(100).startswith(b"HTTP/1.1 200 ")


def test_without_a_token_another_machine_is_let_through_nowhere() -> None:
    rule = Proxy(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), passes=lambda _: True, within=Protocol)
    goal = Goal("example.org", 443)
    assert rule.refusal(goal, {}, "127.0.0.1") is None
    refusal = rule.refusal(goal, {}, "192.0.2.7")
    assert refusal is not None
    assert refusal.status == 403
    assert rule.refusal(Goal("sandbox.smaapis.de", 443), {}, "192.0.2.7") is None


@pytest.mark.slow
def test_a_client_that_does_not_trust_the_authority_is_named_in_the_log(
    proxy: int, caplog: pytest.LogCaptureFixture, server: LiveServer
) -> None:
    with (
        httpx.Client(
            proxy=f"http://127.0.0.1:{proxy}", verify=ssl.create_default_context(), trust_env=False, timeout=60
        ) as http,
        pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"),
    ):
        http.get(PLANTS)
    with asked(proxy, b"GET /v1/plants HTTP/1.1\r\nHost: x\r\n\r\n") as connection:
        connection.recv(100)
    assert "sandbox.smaapis.de: the client ended the TLS handshake" in caplog.text
    assert "does it trust the authority?" in caplog.text


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_request_whose_line_names_a_host_of_smas_is_that_hosts(server: LiveServer, proxy: int, scheme: str) -> None:
    line = f"GET {scheme}://monitoring.smaapis.de/v1/plants?a=b HTTP/1.1\r\nHost: another.example\r\n\r\n"
    with asked(proxy, line.encode()) as connection:
        assert connection.recv(100).startswith(b"HTTP/1.1 401 ")
    entry = server.sandbox.requests[-1]
    assert (entry.host, entry.path, entry.query) == ("monitoring.smaapis.de", "/v1/plants", "a=b")


def test_a_request_whose_line_names_this_server_is_answered(proxy: int) -> None:
    for host in ("127.0.0.1", "localhost"):
        line = f"GET http://{host}:{proxy}/_mock/health HTTP/1.1\r\nHost: {host}:{proxy}\r\n\r\n"
        with asked(proxy, line.encode()) as connection:
            assert connection.recv(100).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("http://example.org/", 403),
        ("http://developer.sma.de/", 403),
        ("http://127.0.0.1:1/_mock/health", 403),
        ("http://sandbox.smaapis.de:99999/", 400),
    ],
)
def test_a_request_whose_line_names_another_server_is_refused(proxy: int, url: str, status: int) -> None:
    with asked(proxy, f"POST {url} HTTP/1.1\r\nHost: example.org\r\nContent-Length: 2\r\n\r\nhi".encode()) as sent:
        assert whole(sent).startswith(f"HTTP/1.1 {status} ".encode())


def test_tunnels_end_with_the_server(tls: Tls, echo: int) -> None:
    with LiveServer(make()) as server:
        proxy = listen(server, tls, Goal("127.0.0.1", echo))
        with asked(proxy, f"CONNECT 127.0.0.1:{echo} HTTP/1.1\r\nHost: x\r\n\r\n".encode()) as connection:
            connection.recv(100)
            server.close()
            assert connection.recv(1) == b""

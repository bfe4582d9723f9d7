"""Each fault as bytes and packets on a TCP connection, read from a bare socket."""

from __future__ import annotations

import errno
import os
import socket
import ssl
import threading
import time
from typing import TYPE_CHECKING

import httpx
import pytest

from mock_sma.api.app import App
from mock_sma.api.server import Server, bind, run
from mock_sma.api.tls import certificates
from mock_sma.testing.live import LiveServer
from mock_sma.worlds.worlds import Worlds
from tests.facts import OWNER
from tests.sandbox_helpers import make, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mock_sma.sandbox.sandbox import Sandbox


@pytest.fixture(scope="module")
def server() -> Iterator[LiveServer]:
    with LiveServer(make()) as server:
        yield server


@pytest.fixture
def world(server: LiveServer) -> Sandbox:
    server.sandbox.reset()
    server.sandbox.consents.accept(OWNER)
    return server.sandbox


class Wire:
    """One connection; asks for the plants and reads until the end.

    Attributes:
        head, body: what arrived.
        reset: whether the end was an RST.
        pieces: number of reads that gave bytes.
        took: time until the end [s].
    """

    def __init__(self, server: LiveServer, path: str = "/v1/plants", *, keep: bool = False) -> None:
        bearer = tokens(server.sandbox)["access_token"]
        end = "" if keep else "Connection: close\r\n"
        text = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {bearer}\r\n{end}\r\n"
        self.reset, self.pieces, data = False, 0, b""
        begin = time.monotonic()
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as sock:
            sock.sendall(text.encode())
            try:
                while piece := sock.recv(65536):
                    data += piece
                    self.pieces += 1
            except ConnectionResetError as error:
                self.reset = error.errno == errno.ECONNRESET
        self.took = time.monotonic() - begin
        self.raw = data
        self.head, _, self.body = data.partition(b"\r\n\r\n")

    @property
    def length(self) -> int:
        lines = self.head.lower().split(b"\r\n")
        return int(next(line for line in lines if line.startswith(b"content-length:")).split(b":")[1])


def add(world: Sandbox, path: str = "/v1/plants", **effect: object) -> None:
    world.faults.add({"match": {"path": path}, "effect": effect, "times": 1})


def test_without_a_rule_the_answer_is_whole(server: LiveServer, world: Sandbox) -> None:
    wire = Wire(server)
    assert (wire.reset, len(wire.body)) == (False, wire.length)


def test_a_reset_is_a_rst(server: LiveServer, world: Sandbox) -> None:
    add(world, fault="connection_reset")
    wire = Wire(server)
    assert (wire.reset, wire.raw) == (True, b"")
    assert Wire(server).head.startswith(b"HTTP/1.1 200")


def test_an_empty_response_is_an_end_without_a_byte(server: LiveServer, world: Sandbox) -> None:
    add(world, fault="empty_response")
    wire = Wire(server)
    assert (wire.reset, wire.raw) == (False, b"")


def test_a_truncated_body_ends_early(server: LiveServer, world: Sandbox) -> None:
    add(world, fault="truncated_body")
    wire = Wire(server)
    assert (wire.reset, len(wire.body)) == (False, wire.length // 2)
    assert wire.length > 2


def test_a_truncated_answer_without_a_body_ends_in_its_head(server: LiveServer, world: Sandbox) -> None:
    add(world, "/oauth2/nothing", fault="truncated_body")
    assert Wire(server, "/oauth2/nothing").raw == b"HTTP/1.1 "


@pytest.mark.slow
def test_malformed_json_is_as_long_as_it_says(server: LiveServer, world: Sandbox) -> None:
    add(world, fault="malformed_json")
    wire = Wire(server)
    assert (len(wire.body), wire.body[-1:]) == (wire.length, wire.body[-1:].strip(b"}]"))


def test_a_wrong_content_length_announces_more_than_is_sent(server: LiveServer, world: Sandbox) -> None:
    whole = Wire(server).length
    add(world, fault="wrong_content_length")
    wire = Wire(server)
    assert (len(wire.body), wire.length) == (whole, whole + 64)


def test_a_slow_body_comes_in_pieces(server: LiveServer, world: Sandbox) -> None:
    add(world, fault="slow_body", delay=0.3)
    wire = Wire(server)
    assert (len(wire.body), wire.pieces >= 5, wire.took >= 0.25) == (wire.length, True, True)
    add(world, "/oauth2/nothing", fault="slow_body", delay=0.01)
    assert Wire(server, "/oauth2/nothing").head.startswith(b"HTTP/1.1 404")


def test_a_delay_holds_the_answer_back(server: LiveServer, world: Sandbox) -> None:
    add(world, delay=0.2)
    wire = Wire(server)
    assert (wire.head[:12], wire.took >= 0.2) == (b"HTTP/1.1 200", True)


@pytest.mark.slow
def test_a_client_that_leaves_during_a_delay_is_not_waited_for(server: LiveServer, world: Sandbox) -> None:
    for fault in (None, "slow_body"):
        add(world, fault=fault, delay=3600)
        with pytest.raises(httpx.ReadTimeout):
            httpx.get(f"{server.url}/v1/plants", timeout=0.1, trust_env=False)
    assert Wire(server).head.startswith(b"HTTP/1.1 200")


def test_a_status_rule_on_the_wire(server: LiveServer, world: Sandbox) -> None:
    add(world, html_504=True)
    wire = Wire(server)
    assert wire.head.startswith(b"HTTP/1.1 504 Gateway Timeout\r\n")
    assert wire.body.startswith(b"<html>")


@pytest.mark.slow
def test_httpx_raises_over_tcp_what_it_raises_in_process(server: LiveServer, world: Sandbox) -> None:
    bearer = {"authorization": f"Bearer {tokens(world)['access_token']}"}
    expected = {
        "connection_reset": httpx.ReadError,
        "empty_response": httpx.RemoteProtocolError,
        "truncated_body": httpx.RemoteProtocolError,
        "wrong_content_length": httpx.RemoteProtocolError,
    }
    with httpx.Client(base_url=server.url, headers=bearer, trust_env=False, timeout=60) as client:
        for fault, error in expected.items():
            add(world, fault=fault)
            with pytest.raises(error) as caught:
                client.get("/v1/plants")
            assert type(caught.value) is error, fault
            assert client.get("/v1/plants").status_code == 200


@pytest.mark.slow
def test_under_tls_a_reset_is_a_rst_and_a_silent_client_is_not_waited_for(tmp_path: Path) -> None:
    world = make()
    tls = certificates(tmp_path, [])
    context = ssl.create_default_context(cafile=str(tls.authority))
    ready, sock = threading.Event(), bind("127.0.0.1", 0)
    server = Server(App(Worlds(world)), on_ready=ready.set, tls=tls)
    thread = threading.Thread(target=run, args=(server, sock), daemon=True)
    thread.start()
    assert ready.wait(30)
    try:
        for fault in ("connection_reset", "empty_response"):
            add(world, fault=fault)
            plain = socket.create_connection(sock.getsockname(), timeout=10)
            with context.wrap_socket(plain, server_hostname="127.0.0.1") as secure:
                secure.sendall(b"GET /v1/plants HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
                with socket.socket(fileno=os.dup(secure.fileno())) as below:
                    below.settimeout(10)
                    assert ended(below) is (fault == "connection_reset")
    finally:
        server.should_exit = True
        thread.join(30)
        sock.close()


def ended(sock: socket.socket) -> bool:
    """Read to the end and tell whether it was an RST."""
    try:
        while sock.recv(65_536):
            pass
    except ConnectionResetError:
        return True
    return False

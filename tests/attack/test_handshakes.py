"""Connections under TLS that begin or end as they should not."""

from __future__ import annotations

import re
import socket
import ssl
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from mock_sma.api import secure
from mock_sma.api.protocol import Protocol
from mock_sma.api.tls import certificates
from mock_sma.testing.live import LiveServer
from tests.api.wire import Secure, talk
from tests.sandbox_helpers import make

if TYPE_CHECKING:
    from collections.abc import Iterator

GET = b"GET /%b HTTP/1.1\r\nHost: localhost\r\n\r\n"
BOTH = GET % b"v1/plants" + GET % b"_mock/clock"


class Dribble:
    """A socket that sends byte by byte."""

    def __init__(self, sock: socket.socket) -> None:
        self.recv = sock.recv
        self._send = sock.sendall

    def sendall(self, data: bytes) -> None:
        """Send."""
        for place in range(len(data)):
            self._send(data[place : place + 1])


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, ssl.SSLContext]]:
    tls = certificates(tmp_path_factory.mktemp("tls"))
    with LiveServer(make()) as server:
        yield (
            server.also_listen(Protocol, tls.context()),
            ssl.create_default_context(cafile=str(tls.authority)),
        )


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_byte_by_byte_and_closed_at_once_by_every_version(
    secured: tuple[int, ssl.SSLContext], version: ssl.TLSVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    port, trust = secured
    monkeypatch.setattr(trust, "maximum_version", version)
    with socket.create_connection(("127.0.0.1", port), timeout=20) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client = Secure(Dribble(sock), trust)  # type: ignore[arg-type] # all of a socket that it wants
        client.send(BOTH)
        client.close_half()
        answer = b"".join(iter(client.read, b""))
    assert re.findall(rb"HTTP/1\.1 (\d{3}) [A-Z]", answer) == [b"401", b"200"]


def test_an_end_below_tls_leaves_no_answer_out(secured: tuple[int, ssl.SSLContext]) -> None:
    port, trust = secured
    with socket.create_connection(("127.0.0.1", port), timeout=20) as sock:
        client = Secure(sock, trust)
        client.send(5 * BOTH)
        sock.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(client.read, b""))
    assert re.findall(rb"HTTP/1\.1 (\d{3}) [A-Z]", answer) == 5 * [b"401", b"200"]


@pytest.mark.parametrize("sent", [BOTH, b"\x16\x03\x01\xff\xff" + b"\x00" * 300, b"\x00", b"\x80\x2e\x01"])
def test_what_is_no_handshake_ends_the_connection(secured: tuple[int, ssl.SSLContext], sent: bytes) -> None:
    assert b"HTTP/" not in talk(secured[0], sent, half=True)


def test_records_that_are_none_end_the_connection_behind_what_was_answered(
    secured: tuple[int, ssl.SSLContext],
) -> None:
    port, trust = secured
    with socket.create_connection(("127.0.0.1", port), timeout=20) as sock:
        client = Secure(sock, trust)
        client.send(GET % b"v1/plants")
        assert client.read().startswith(b"HTTP/1.1 401 ")
        sock.sendall(b"\x17\x03\x03\x00\x20" + b"x" * 32)
        assert client.read() == b""


def test_a_handshake_that_does_not_come_is_given_up(
    secured: tuple[int, ssl.SSLContext], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secure, "PATIENCE", 0.05)
    with socket.create_connection(("127.0.0.1", secured[0]), timeout=20) as sock:
        sock.sendall(b"\x16\x03\x01")
        with suppress(ConnectionResetError):
            assert sock.recv(1) == b""

"""Every stream of a stranger, by every way in, in every shape: one answer each, the same bytes, and nothing left."""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
from functools import partial
from typing import TYPE_CHECKING

import pytest

from mock_sma.api.protocol import Protocol
from mock_sma.api.proxy import Proxy
from mock_sma.api.tls import certificates
from mock_sma.api.tunnel import ProxyProtocol
from mock_sma.testing.live import LiveServer
from tests.api.wire import OnlyAsgi, Secure, talk, talk_tls
from tests.attack.streams import CANARY, STREAMS
from tests.sandbox_helpers import make
from tests.server_process import get

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Talk = Callable[..., bytes]

CONNECT = b"CONNECT sandbox.smaapis.de:443 HTTP/1.1\r\nHost: sandbox.smaapis.de:443\r\n\r\n"
WAYS = ("quick", "usual", "quick under TLS", "usual under TLS", "quick in a tunnel", "usual in a tunnel")


@pytest.fixture(scope="module")
def server() -> Iterator[LiveServer]:
    with LiveServer(make()) as server:
        get(f"{server.url}/_mock/health")  # loads the control API
        yield server


@pytest.fixture(scope="module")
def ways(server: LiveServer, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Talk]:
    tls = certificates(tmp_path_factory.mktemp("tls"))
    trust, context = ssl.create_default_context(cafile=str(tls.authority)), tls.context()
    found: dict[str, Talk] = {}
    for name, protocol in (("quick", Protocol), ("usual", OnlyAsgi)):
        proxy = Proxy(context, lambda _: False, protocol)
        found[name] = partial(talk, server.also_listen(protocol), pause=0)
        found[f"{name} under TLS"] = partial(talk_tls, server.also_listen(protocol, context), trust, pause=0)
        found[f"{name} in a tunnel"] = partial(
            talk_tunnel, server.also_listen(partial(ProxyProtocol, proxy=proxy)), trust
        )
    return found


def talk_tunnel(port: int, trust: ssl.SSLContext, *sent: bytes, half: bool = False) -> bytes:
    """The same in a tunnel of the proxy."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.sendall(CONNECT)
        granted = b""
        while not granted.endswith(b"\r\n\r\n"):
            granted += sock.recv(1)
        assert granted.startswith(b"HTTP/1.1 200 ")
        secure = Secure(sock, trust, "sandbox.smaapis.de")
        for piece in sent:
            secure.send(piece)
        if half:
            secure.close_half()
        return b"".join(iter(secure.read, b""))


def shapes(data: bytes) -> Iterator[tuple[str, list[bytes], bool]]:
    """Give a name, the pieces, and whether the client's side is closed behind them."""
    yield "whole", [data], False
    yield "half closed", [data], True
    yield "in two", [data[: len(data) // 2], data[len(data) // 2 :]], False
    if len(data) < 400:
        yield "byte by byte", [data[place : place + 1] for place in range(len(data))], True


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_every_stream_is_answered_alike_in_every_shape(server: LiveServer, ways: dict[str, Talk], way: str) -> None:
    for name, stream in STREAMS.items():
        server.sandbox.reset()
        wanted = talk(server.port, stream.data + CANARY)
        found = tuple(map(int, re.findall(rb"HTTP/1\.1 (\d{3}) [A-Z]", wanted)))
        assert found == stream.statuses + ((404,) if stream.goes_on else ()), name
        for shape, pieces, half in shapes(stream.data + CANARY):
            server.sandbox.reset()
            assert ways[way](*pieces, half=half) == wanted, (name, shape)
            canaries = sum("canary" in entry.path for entry in server.sandbox.requests)
            assert canaries == stream.goes_on, (name, shape)


@pytest.mark.parametrize("way", WAYS)
def test_half_a_request_before_a_half_close_is_none_and_the_connection_ends(ways: dict[str, Talk], way: str) -> None:
    for stream in ("a request in chunks", "a body that nobody reads", "a stranger without a token"):
        data = STREAMS[stream].data
        for size in (1, len(data) // 2, len(data) - 1):
            assert ways[way](data[:size], half=True) == b"", (stream, size)


@pytest.mark.slow
def test_nothing_of_all_this_is_left(server: LiveServer, ways: dict[str, Talk]) -> None:
    for way in ways.values():
        way(CANARY, half=True)

    async def left() -> tuple[int, int]:
        for _ in range(3):  # turns of the loop, in which connections are lost
            await asyncio.sleep(0.01)
        state = server._background._server.server_state
        return len(state.connections), len(state.tasks)

    assert asyncio.run_coroutine_threadsafe(left(), server.loop).result(20) == (0, 0)

"""Requests answered where they are read give the same bytes, in the same order, as by ASGI and in process."""

from __future__ import annotations

import logging
import re
import socket
import ssl
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from hypothesis import Phase, given
from hypothesis import strategies as st

from mock_sma.api import connection
from mock_sma.api.head import head_of
from mock_sma.api.protocol import Protocol
from mock_sma.api.tls import certificates
from mock_sma.sandbox.exchange import Request
from mock_sma.testing.live import LiveServer
from tests.api.messages import DAY, LAST, REQUESTS, spelt
from tests.api.wire import OnlyAsgi, pieces, talk, talk_tls
from tests.examples import examples
from tests.facts import OWNER
from tests.sandbox_helpers import make, tokens
from tests.server_process import get

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mock_sma.api.arrival import Arrival
    from mock_sma.api.cycle import Application
    from mock_sma.api.tls import Tls
    from mock_sma.sandbox.exchange import Reply


@pytest.fixture(scope="module")
def server() -> Iterator[LiveServer]:
    with LiveServer(make()) as server:
        get(f"{server.url}/_mock/health")  # loads the control API
        yield server


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Tls:
    return certificates(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def trust(tls: Tls) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(tls.authority))


@dataclass(frozen=True)
class Ports:
    """The same world, by both roads and by the wire as it is and under TLS."""

    quick: int
    usual: int
    quick_tls: int
    usual_tls: int


@pytest.fixture(scope="module")
def ports(server: LiveServer, tls: Tls) -> Ports:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tls.chain, tls.key)
    listen = server.also_listen
    return Ports(server.port, listen(OnlyAsgi), listen(Protocol, context), listen(OnlyAsgi, context))


def begin(server: LiveServer) -> bytes:
    server.sandbox.reset()
    server.sandbox.consents.accept(OWNER)
    return str(tokens(server.sandbox)["access_token"]).encode()


def asked(server: LiveServer) -> list[tuple[str, int, bytes, str]]:
    return [(entry.path, entry.status, entry.request_body, entry.why) for entry in server.sandbox.requests]


@pytest.mark.slow
@examples(40, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(
    st.lists(st.sampled_from(sorted(REQUESTS)), max_size=6),
    st.sampled_from(sorted(LAST)),
    st.lists(st.floats(0, 1), max_size=4),
    st.booleans(),
    st.booleans(),
)
def test_any_sequence_in_any_pieces_is_answered_alike_on_both_roads(
    server: LiveServer,
    ports: Ports,
    trust: ssl.SSLContext,
    names: list[str],
    last: str,
    cuts: list[float],
    half: bool,
    secure: bool,
) -> None:
    data = spelt([*names, last], begin(server))
    wanted = talk(ports.usual, data)
    seen = asked(server)
    assert wanted.count(b"HTTP/1.1 ") == len(names) + 1
    parts = pieces(spelt([*names, last], begin(server)), cuts)
    if secure:
        assert talk_tls(ports.quick_tls, trust, *parts) == wanted
    else:
        assert talk(ports.quick, *parts, half=half) == wanted
    assert asked(server) == seen


@pytest.mark.slow
def test_what_ends_a_connection_is_answered_once_and_with_the_same_byte_by_byte(
    server: LiveServer, ports: Ports
) -> None:
    statuses = {}
    for name, data in LAST.items():
        if name == "too many lines":
            continue
        wanted = talk(ports.quick, data.replace(b"%b", begin(server)))
        assert wanted.count(b"HTTP/1.1 ") == 1, name
        small = [bytes([byte]) for byte in data.replace(b"%b", begin(server))[:400]]
        if len(data) <= 400 and b"%b" not in data:
            assert talk(ports.quick, *small) == wanted, name
        statuses[name] = int(wanted[9:12])
    usual = {"close", "old", "post and close", "control and close"}
    assert {name: status for name, status in statuses.items() if name not in usual} == {
        name: 505 if name == "another version" else 400 for name in statuses if name not in usual
    }


def test_the_vendor_api_answers_at_once_and_only_what_has_to_wait_goes_by_asgi(
    monkeypatch: pytest.MonkeyPatch, server: LiveServer
) -> None:
    started: list[str] = []
    start = Protocol._start

    def spy(self: Protocol, request: Arrival, app: Application) -> None:
        started.append(request.path.decode())
        start(self, request, app)

    monkeypatch.setattr(Protocol, "_start", spy)
    bearer = begin(server)
    talk(server.port, spelt(["day", "close"], bearer))
    assert started == [DAY.decode().partition("?")[0]], "what has to be simulated leaves the loop"
    started.clear()
    talk(server.port, spelt([*REQUESTS, "old"], bearer))
    assert started == ["/_mock/clock"]
    server.sandbox.faults.add({"effect": {"delay": 0.01}, "times": 1})
    talk(server.port, spelt(["plants", "plants", "close"], bearer))
    assert started == ["/_mock/clock", "/v1/plants"]


@pytest.mark.slow
def test_both_roads_give_the_bytes_that_the_world_gives_in_process(server: LiveServer, ports: Ports) -> None:
    for name in ("plants", "day", "unknown", "encoded", "no token", "wrong method", "token"):
        bearer = begin(server)
        data = spelt([name], bearer)
        line, _, rest = data.partition(b"\r\n")
        head, _, body = rest.partition(b"\r\n\r\n")
        method, target, _ = line.decode().split(" ")
        path, _, query = target.partition("?")
        headers = {key.lower(): value for key, _, value in (item.partition(b": ") for item in head.split(b"\r\n"))}
        reply = server.sandbox.handle(Request(method, path, query, headers, body, "localhost"))
        wanted = head_of(reply.status, reply.headers, closing=False) + reply.body
        for port in (ports.quick, ports.usual):
            begin(server)
            assert talk(port, data, half=True) == wanted, name


@pytest.mark.parametrize("road", ["quick", "usual", "quick_tls", "usual_tls"])
@pytest.mark.parametrize("delay", [0.0, 0.05])
def test_what_has_arrived_is_answered_to_who_has_closed_the_own_side(
    server: LiveServer, ports: Ports, trust: ssl.SSLContext, road: str, delay: float
) -> None:
    bearer, names = begin(server), ["plants", "control", "day", "token", "plants"]
    if delay:
        server.sandbox.faults.add({"effect": {"delay": delay}})
    data = spelt(names, bearer)
    port = getattr(ports, road)
    answer = talk_tls(port, trust, data, half=True) if road.endswith("tls") else talk(port, data, half=True)
    assert re.findall(rb"HTTP/1\.1 (\d+) ", answer) == [b"200"] * len(names)


def test_half_a_request_before_a_half_close_is_no_request(server: LiveServer, ports: Ports) -> None:
    bearer = begin(server)
    data = spelt(["plants", "token"], bearer)
    for port in (ports.quick, ports.usual):
        assert talk(port, data[:-1], half=True).count(b"HTTP/1.1 ") == 1


@pytest.mark.slow
def test_a_reader_that_does_not_read_holds_up_its_requests_and_gets_all_answers_later(server: LiveServer) -> None:
    bearer, count = begin(server), 400
    left = memoryview(REQUESTS["day"].replace(b"%b", bearer) * count + LAST["close"].replace(b"%b", bearer))
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 131_072)
        sock.setblocking(False)
        for _ in range(100):
            left = send_some(sock, left)
            time.sleep(0.002)
        assert server.sandbox.requests.total < count / 2, "requests wait where their answers cannot be sent"
        received, is_open, end = bytearray(), True, time.monotonic() + 20
        while is_open and time.monotonic() < end:
            left = send_some(sock, left)
            try:
                piece = sock.recv(1 << 20)
            except BlockingIOError:
                time.sleep(0.001)
                continue
            received += piece
            is_open = bool(piece)
    assert received.count(b"HTTP/1.1 200 OK") == count + 1


def send_some(sock: socket.socket, data: memoryview) -> memoryview:
    """Send what is taken without waiting; return the rest."""
    try:
        return data[sock.send(data) :] if data else data
    except BlockingIOError:
        return data


def test_a_request_held_up_behind_quick_ones_outlives_the_wait_for_the_next(
    server: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "KEEP_ALIVE", 0.1)
    bearer = begin(server)
    server.sandbox.faults.add({"match": {"path": "/v1/plants/13"}, "effect": {"delay": 0.5}})
    slow = REQUESTS["plants"].replace(b"/v1/plants", b"/v1/plants/13").replace(b"%b", bearer)
    received = talk(server.port, REQUESTS["plants"].replace(b"%b", bearer) + slow)
    assert received.count(b"HTTP/1.1 200 OK") == 2


@pytest.mark.parametrize("road", ["quick", "usual"])
def test_an_exception_is_logged_and_answered_with_500(
    server: LiveServer, ports: Ports, road: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    begin(server)

    def broken(*arguments: object) -> Reply:
        raise ZeroDivisionError("on purpose")

    monkeypatch.setattr(type(server.sandbox), "handle", broken)
    with caplog.at_level(logging.ERROR, "mock_sma.server"):
        answer = talk(getattr(ports, road), REQUESTS["no token"])
    assert answer.startswith(b"HTTP/1.1 500 ")
    assert answer.endswith(b"mock-sma: Internal Server Error: an exception, which the server's log has\n")
    assert [record.exc_info is not None for record in caplog.records] == [True]
    assert "on purpose" in caplog.text

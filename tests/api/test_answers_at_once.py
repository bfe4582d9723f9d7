"""Requests answered where they are read give the same bytes, in the same order, as by the way of ASGI."""

from __future__ import annotations

import logging
import socket
import time
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import Phase, given
from hypothesis import strategies as st

from mock_sma.api.protocol import Protocol, head_of
from mock_sma.sandbox.exchange import Reply
from mock_sma.testing.live import LiveServer
from tests.examples import examples
from tests.facts import OWNER
from tests.sandbox_helpers import make, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator


HEAD = b"Host: localhost\r\nAuthorization: Bearer %b\r\n"
FORM = b"grant_type=client_credentials&client_id=demo_api&client_secret=demo_secret"
POST = b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n" % len(FORM) + FORM
CHUNKS = b"Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n"
DAY = b"/monitoring/v1/plants/13/measurements/sets/EnergyBalance/Day?Date=2025-06-14"

REQUESTS = {
    "plants": b"GET /v1/plants HTTP/1.1\r\n" + HEAD + b"\r\n",
    "day": b"GET " + DAY + b" HTTP/1.1\r\n" + HEAD + b"\r\n",
    "unknown": b"GET /v1/nothing HTTP/1.1\r\n" + HEAD + b"\r\n",
    "encoded": b"GET /v1/plants/%31%33 HTTP/1.1\r\n" + HEAD + b"\r\n",
    "no token": b"GET /v1/plants HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a body that nobody reads": b"GET /v1/plants HTTP/1.1\r\n" + HEAD + b"Content-Length: 5\r\n\r\nhello",
    "chunks that nobody reads": b"GET /v1/plants HTTP/1.1\r\n"
    + HEAD
    + b"Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
    "head": b"HEAD /v1/plants HTTP/1.1\r\n" + HEAD + b"\r\n",
    "token": b"POST /oauth2/token HTTP/1.1\r\nHost: localhost\r\n" + POST,
    "wrong method": b"DELETE /v1/plants HTTP/1.1\r\n" + HEAD + b"\r\n",
    "control": b"GET /_mock/clock HTTP/1.1\r\nHost: localhost\r\n\r\n",
}
LAST = {
    "close": b"GET /v1/plants HTTP/1.1\r\n" + HEAD + b"Connection: close\r\n\r\n",
    "old": b"GET /v1/plants HTTP/1.0\r\n" + HEAD + b"\r\n",
}


class OnlyAsgi(Protocol):
    """The protocol without the short way."""

    def _answer_at_once(self) -> bool:
        return False


@pytest.fixture(scope="module")
def quick() -> Iterator[LiveServer]:
    with LiveServer(make()) as server:
        yield server


@pytest.fixture(scope="module")
def usual() -> Iterator[LiveServer]:
    with LiveServer(make()) as server:
        server._background._server.config.http_protocol_class = OnlyAsgi
        yield server


def begin(server: LiveServer) -> bytes:
    server.sandbox.reset()
    server.sandbox.consents.accept(OWNER)
    return str(tokens(server.sandbox)["access_token"]).encode()


def exchange(server: LiveServer, names: list[str], cuts: list[float]) -> bytes:
    """Send requests on one connection, cut at these parts of the whole; return all that comes back."""
    bearer = begin(server)
    data = b"".join((REQUESTS | LAST)[name].replace(b"%b", bearer) for name in names)
    places = sorted({0, len(data), *(int(cut * len(data)) for cut in cuts)})
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for start, end in pairwise(places):
            sock.sendall(data[start:end])
            if len(places) > 2:
                time.sleep(0.001)  # so that the pieces arrive as pieces
        return b"".join(iter(lambda: sock.recv(1 << 16), b""))


@examples(60, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(
    st.lists(st.sampled_from(sorted(REQUESTS)), max_size=6),
    st.sampled_from(sorted(LAST)),
    st.lists(st.floats(0, 1), max_size=4),
)
def test_any_sequence_in_any_pieces_is_answered_as_by_asgi(
    quick: LiveServer, usual: LiveServer, names: list[str], last: str, cuts: list[float]
) -> None:
    wanted = exchange(usual, [*names, last], [])
    assert wanted.count(b"HTTP/1.1 ") == len(names) + 1
    assert exchange(quick, [*names, last], cuts) == wanted
    assert [entry.why for entry in quick.sandbox.requests] == [entry.why for entry in usual.sandbox.requests]


def test_the_short_way_is_taken_at_all(monkeypatch: pytest.MonkeyPatch, quick: LiveServer) -> None:
    taken = []
    short = Protocol._answer_at_once

    def spy(self: Protocol) -> bool:
        taken.append(short(self))
        return taken[-1]

    monkeypatch.setattr(Protocol, "_answer_at_once", spy)
    exchange(quick, ["plants", "day", "head", "token", "encoded", "control", "close"], [])
    assert taken == [True, True, False, False, False, False, False]


def test_a_reader_that_does_not_read_holds_up_its_requests_and_gets_all_answers_later(quick: LiveServer) -> None:
    bearer, count = begin(quick), 400
    left = memoryview(REQUESTS["day"].replace(b"%b", bearer) * count + LAST["close"].replace(b"%b", bearer))
    with socket.create_connection(("127.0.0.1", quick.port), timeout=20) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 131_072)
        sock.setblocking(False)
        for _ in range(100):
            left = send_some(sock, left)
            time.sleep(0.002)
        assert quick.sandbox.requests.total < count / 2, "requests wait where their answers cannot be sent"
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
    quick: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quick._background._server.config, "timeout_keep_alive", 0.1)
    bearer = begin(quick)
    quick.sandbox.faults.add({"match": {"path": "/v1/plants/13"}, "effect": {"delay": 0.5}})
    slow = REQUESTS["plants"].replace(b"/v1/plants", b"/v1/plants/13").replace(b"%b", bearer)
    with socket.create_connection(("127.0.0.1", quick.port), timeout=20) as sock:
        sock.sendall(REQUESTS["plants"].replace(b"%b", bearer) + slow)
        received = b"".join(iter(lambda: sock.recv(1 << 16), b""))
    assert received.count(b"HTTP/1.1 200 OK") == 2


def test_an_exception_is_logged_and_answered_with_500(
    quick: LiveServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    begin(quick)

    def broken(*arguments: object) -> Reply:
        raise ZeroDivisionError("on purpose")

    monkeypatch.setattr(type(quick.sandbox), "handle", broken)
    with (
        caplog.at_level(logging.ERROR, "uvicorn.error"),
        socket.create_connection(("127.0.0.1", quick.port), timeout=20) as sock,
    ):
        sock.sendall(REQUESTS["no token"])
        answer = b"".join(iter(lambda: sock.recv(1 << 16), b""))
    assert answer.startswith(b"HTTP/1.1 500 ")
    assert answer.endswith(b"Internal Server Error")
    assert "on purpose" in caplog.text


@pytest.mark.parametrize("value", [b"a\r\nset-cookie: x", b"a\nb", b"a\0b", b"\x7f"])
def test_a_value_that_would_split_a_head_makes_none(value: bytes) -> None:
    assert head_of(Reply(200, [(b"x-a", b"fine"), (b"location", value)])) is None


def test_a_head_has_its_status_and_its_headers_in_order() -> None:
    reply = Reply(429, [(b"retry-after", b"7"), (b"x-tab", b"a\tb"), (b"content-length", b"0")])
    head = b"HTTP/1.1 429 Too Many Requests\r\nretry-after: 7\r\nx-tab: a\tb\r\ncontent-length: 0\r\n\r\n"
    assert head_of(reply) == head

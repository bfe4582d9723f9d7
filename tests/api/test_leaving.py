"""Clients that leave while their answers are held up: nothing is logged, and nothing waits for them for ever."""

from __future__ import annotations

import logging
import socket
import struct
import time
from typing import TYPE_CHECKING

import pytest

from mock_sma.testing.live import LiveServer
from tests.sandbox_helpers import make

if TYPE_CHECKING:
    from collections.abc import Iterator

GET = b"GET /v1/plants HTTP/1.1\r\nHost: localhost\r\n\r\n"
POST = b"POST /oauth2/token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"
RESET = struct.pack("ii", 1, 0)
"""A linger time of 0: the connection ends with RST (socket(7))."""


@pytest.fixture(scope="module")
def server() -> Iterator[LiveServer]:
    with LiveServer(make()) as server:
        yield server


def tasks(server: LiveServer) -> int:
    return len(server._background._server.server_state.tasks)


def until(server: LiveServer, *, busy: bool) -> None:
    """Wait until an answer is held up, or none is any more."""
    end = time.monotonic() + 10
    while bool(tasks(server)) is not busy:
        assert time.monotonic() < end, f"{tasks(server)} tasks are left"
        time.sleep(0.002)


@pytest.mark.parametrize("how", ["closed", "reset"])
@pytest.mark.parametrize("requests", [GET, GET * 5, POST * 5, GET + POST + GET], ids=["one", "gets", "posts", "mixed"])
@pytest.mark.parametrize(
    "effect",
    [
        {"delay": 0.05},
        {"fault": "slow_body", "delay": 0.5},
        *({"fault": kind, "delay": 0.05} for kind in ("connection_reset", "empty_response", "truncated_body")),
    ],
)
def test_who_leaves_behind_held_up_answers_leaves_nothing_behind(
    server: LiveServer, caplog: pytest.LogCaptureFixture, effect: dict[str, object], requests: bytes, how: str
) -> None:
    server.sandbox.reset()
    server.sandbox.faults.add({"effect": effect})
    with caplog.at_level(logging.WARNING):
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as sock:
            sock.sendall(requests)
            until(server, busy=True)
            if how == "reset":
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        until(server, busy=False)
    assert [record.getMessage() for record in caplog.records] == []


def test_the_end_closes_what_is_held_up_and_says_so_in_one_line(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING), LiveServer(make()) as server:
        server.sandbox.faults.add({"effect": {"delay": 30}})
        first, second = (socket.create_connection(("127.0.0.1", server.port), timeout=10) for _ in range(2))
        with first, second:
            for sock in (first, second):
                sock.sendall(GET * 2)
            until(server, busy=True)
            server.close()
            assert (first.recv(1), second.recv(1)) == (b"", b"")
    assert [record.getMessage() for record in caplog.records] == [
        "the server ends; 2 connections were closed with a request unanswered"
    ]

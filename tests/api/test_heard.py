"""A request whose very bytes were read before is answered without being read again, and no differently for that."""

from __future__ import annotations

import asyncio
import re
import socket
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_sma.api import vendor
from mock_sma.api.arrival import Arrival
from mock_sma.api.framing import Framer
from mock_sma.domain.quota import Quota
from mock_sma.errors import ConflictError, StateError
from mock_sma.testing.live import LiveServer
from mock_sma.worlds.worlds import Worlds
from tests.api.line import Line, Wire
from tests.api.messages import REQUESTS, spelt
from tests.api.wire import OnlyAsgi
from tests.examples import examples
from tests.facts import OWNER
from tests.sandbox_helpers import make, tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mock_sma.sandbox.exchange import Reply, Request
    from mock_sma.sandbox.sandbox import Sandbox

ASKED = ("plants", "day", "unknown", "encoded", "no token", "head", "wrong method", "control")


def revoke(world: Sandbox) -> None:
    with suppress(ConflictError):  # has been revoked
        world.consents.revoke(OWNER)


CHANGES: dict[str, Callable[[Sandbox], object]] = {
    "struck": lambda world: world.faults.add({"effect": {"status": 503}, "times": 1}),
    "delayed": lambda world: world.faults.add({"effect": {"delay": 0.001}, "times": 1}),
    "a minute later": lambda world: world.clock.advance(minutes=1),
    "token expired": lambda world: world.clock.advance(hours=1),
    "consent revoked": revoke,
    "owner no more": lambda world: world.estate.set_owner("13", OWNER, owner=False),
    "quota": lambda world: world.quota.change(Quota(2, 60.0), None),
}


@pytest.fixture(scope="module")
def server() -> Iterator[LiveServer]:
    with LiveServer(make()) as server:
        yield server


@pytest.fixture(scope="module")
def usual(server: LiveServer) -> int:
    return server.also_listen(OnlyAsgi)


def told(port: int, server: LiveServer, steps: list[str]) -> list[object]:
    """Ask and change, one after the other, on one connection; return the answers and what the journal shows."""
    server.sandbox.reset()
    server.sandbox.consents.accept(OWNER)
    bearer = str(tokens(server.sandbox)["access_token"]).encode()
    answers: list[object] = []
    with socket.create_connection(("127.0.0.1", port), timeout=60) as sock:
        for step in steps:
            if step in CHANGES:
                CHANGES[step](server.sandbox)
            else:
                sock.sendall(spelt([step], bearer))
                answers.append(answer(sock, has_body=step != "head"))
    answers += [(entry.path, entry.status, entry.headers, str(entry.why)) for entry in server.sandbox.requests]
    return answers


def answer(sock: socket.socket, *, has_body: bool) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        data += sock.recv(1 << 16)
    found = re.search(rb"content-length: (\d+)", data)
    size = data.index(b"\r\n\r\n") + 4 + (int(found[1]) if found and has_body else 0)
    while len(data) < size:
        data += sock.recv(1 << 16)
    return data


@pytest.mark.slow
@examples(20, deadline=None)
@given(st.lists(st.sampled_from([*ASKED, *ASKED, *sorted(CHANGES)]), max_size=8))
def test_what_is_asked_again_is_answered_as_if_it_were_read_again(
    server: LiveServer, usual: int, steps: list[str]
) -> None:
    again = [*steps, *steps]
    assert told(server.port, server, again) == told(usual, server, again)


def test_the_same_bytes_are_read_once_for_each_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[bytes] = []
    feed = Framer.feed
    monkeypatch.setattr(Framer, "feed", lambda self, data: [read.append(data), feed(self, data)])

    async def main() -> None:
        line = Line(Wire())
        first, again = line.ask("plants"), line.ask("plants")
        assert len(read) == 1
        assert re.sub(rb"request-id: \w+", b"", first) == re.sub(rb"request-id: \w+", b"", again)
        assert line.ask("a body that nobody reads").startswith(b"HTTP/1.1 200 ")
        line.ask("a body that nobody reads")
        assert len(read) == 3, "what has a body is read each time"
        assert line.ask("plants")
        assert len(read) == 3
        line.protocol.data_received(REQUESTS["plants"][:20])
        line.protocol.data_received(spelt(["plants"], line.bearer)[20:])
        assert len(read) == 5, "so are pieces"

    asyncio.run(main())


def test_who_reads_nothing_is_answered_nothing_more() -> None:
    async def main() -> None:
        line = Line(Wire(room=2_000))
        while line.ask("plants"):
            assert line.world.requests.total < 20
        asked = line.world.requests.total
        assert not line.ask("plants")
        line.wire.room = 1 << 30
        line.protocol.resume_writing()
        assert line.world.requests.total == asked + 2, "both that were held back"
        assert line.ask("plants")

    asyncio.run(main())


class Others:
    """Other servers, which at first have to be heard before an answer."""

    is_heard = False

    def read_at_once(self, world: Sandbox, request: Request) -> Reply | None:
        return world.handle(request) if self.is_heard else None

    def ask(self, request: Request, done: Callable[[tuple[Sandbox, Reply]], None]) -> None:
        done((self.world, self.world.handle(request)))

    world: Sandbox


def test_rfc9112_a_client_that_wants_no_more_gets_no_more_where_others_are_heard_first() -> None:
    async def main() -> None:
        others = Others()
        line = Line(Wire(), others)
        others.world = line.world
        last = spelt(["plants"], line.bearer).replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
        for others.is_heard in (False, True):
            line.connect(Wire())
            assert b"connection: close" not in line.ask("plants").lower()
            line.protocol.data_received(last)
            assert line.wire.sent.lower().count(b"connection: close") == 1

    asyncio.run(main())


def test_a_state_that_is_away_is_not_logged_with_each_request(caplog: pytest.LogCaptureFixture) -> None:
    def away(*_: object) -> None:
        raise StateError("the disk is full")

    async def main() -> None:
        others = Others()
        others.read_at_once = away  # type: ignore[method-assign]
        assert Line(Wire(), others).ask("plants").startswith(b"HTTP/1.1 503 ")

    asyncio.run(main())
    assert not caplog.records


def test_so_many_requests_are_known_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vendor, "MAX_HEARD", 3)
    api = vendor.Vendor(Worlds(make()))
    came = Arrival()
    came.asked = vendor.request_of("GET", b"/v1/plants", b"", {}, b"", "http")
    for number in range(10):
        assert len(api.hear(b"%d" % number, came)) <= 3
    api.hear(b"x" * 5_000, came)
    assert b"x" * 5_000 not in api.heard["http"]

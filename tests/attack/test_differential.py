"""Any sequence of requests, cut anywhere, gives the same bytes by the fast road, by ASGI, and in process."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import Phase, given
from hypothesis import strategies as st

from mock_sma.api.app import App
from mock_sma.api.cycle import scope_of
from mock_sma.api.framing import Framer
from mock_sma.api.head import Refusal, head_of
from mock_sma.api.vendor import request_of
from mock_sma.sandbox.exchange import BODILESS
from mock_sma.testing.live import LiveServer
from mock_sma.worlds.worlds import Worlds
from tests.api.messages import LAST, REQUESTS
from tests.api.wire import OnlyAsgi, pieces, talk
from tests.attack.streams import STREAMS
from tests.examples import examples
from tests.facts import OWNER
from tests.sandbox_helpers import make, tokens
from tests.server_process import get

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mock_sma.api.arrival import Arrival
    from mock_sma.sandbox.sandbox import Sandbox

GOING = REQUESTS | {name: stream.data for name, stream in STREAMS.items() if stream.goes_on}
ENDING = LAST | {
    name: stream.data
    for name, stream in STREAMS.items()
    if not stream.goes_on and name != "a line without an end"  # which is none until it ends
}


class NoTransport:
    """What a request that came by no connection knows of it."""

    def get_extra_info(self, _: str) -> None:
        """Return nothing."""


class InProcess:
    """The same world without a socket, a loop of a server or a connection.

    Only what both roads share is taken from the server: the framing, and the spelling of heads.
    """

    def __init__(self, world: Sandbox) -> None:
        self._app = App(Worlds(world))
        self._world = world

    def talk(self, sent: list[bytes]) -> bytes:
        """Return all that is answered to some pieces."""
        framer = Framer(lambda _: None)
        for piece in sent:
            framer.feed(piece)
        # A request that has not ended is none.
        return b"".join(
            item.answer() if isinstance(item, Refusal) else self._answer(item)
            for item in framer.requests
            if isinstance(item, Refusal) or item.is_whole
        )

    def _answer(self, sent: Arrival) -> bytes:
        scope = scope_of(sent, NoTransport(), "http", {})  # type: ignore[arg-type] # all that is asked of one
        if self._app.vendor_of(scope["path"]) is None:
            status, headers, body = asyncio.run(self._by_application(scope, bytes(sent.body)))
        else:
            request = request_of(sent.method, sent.path, sent.query, sent.fields, bytes(sent.body), "http")
            reply = self._world.handle(request)
            status, headers, body = reply.status, reply.headers, reply.body
        has_body = sent.method != "HEAD" and status not in BODILESS
        return head_of(status, headers, closing=not sent.keep_alive) + (body if has_body else b"")

    async def _by_application(self, scope: Any, body: bytes) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
        answered: list[Any] = []

        async def receive() -> dict[str, object]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            answered.append(message)

        await self._app(scope, receive, send)
        start, *rest = answered
        return start["status"], start["headers"], b"".join(message.get("body", b"") for message in rest)


@pytest.fixture(scope="module")
def server() -> Iterator[LiveServer]:
    with LiveServer(make()) as server:
        get(f"{server.url}/_mock/health")  # loads the control API
        yield server


def begin(world: Sandbox) -> bytes:
    """Put a world back; return a token of it."""
    world.reset()
    world.consents.accept(OWNER)
    return str(tokens(world)["access_token"]).encode()


@pytest.mark.slow
@examples(40, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(
    names=st.lists(st.sampled_from(sorted(GOING)), max_size=6),
    last=st.sampled_from(sorted(ENDING)),
    cuts=st.lists(st.floats(0, 1), max_size=8),
)
def test_any_sequence_cut_anywhere_gives_the_same_bytes_by_both_roads_and_in_process(
    server: LiveServer, usual: int, twin: Sandbox, names: list[str], last: str, cuts: list[float]
) -> None:
    def spelt(world: Sandbox) -> list[bytes]:
        bearer = begin(world)
        return pieces(b"".join((GOING | ENDING)[name] for name in [*names, last]).replace(b"%b", bearer), cuts)

    wanted = InProcess(twin).talk(spelt(twin))
    for port in (server.port, usual):
        assert talk(port, *spelt(server.sandbox), pause=0) == wanted
    asked = [(entry.method, entry.path, entry.status, entry.why) for entry in twin.requests]
    assert [(entry.method, entry.path, entry.status, entry.why) for entry in server.sandbox.requests] == asked


@pytest.mark.parametrize("last", sorted(ENDING))
def test_framing_errors_are_the_same_byte_by_byte_and_in_process(server: LiveServer, twin: Sandbox, last: str) -> None:
    data = ENDING[last].replace(b"%b", begin(twin))
    whole = InProcess(twin).talk([data])
    begin(twin)
    assert InProcess(twin).talk([data[place : place + 1] for place in range(len(data))]) == whole
    begin(server.sandbox)
    assert talk(server.port, data) == whole


@pytest.fixture(scope="module")
def usual(server: LiveServer) -> int:
    return server.also_listen(OnlyAsgi)


@pytest.fixture(scope="module")
def twin() -> Sandbox:
    return make()

"""A connection without a socket, for what depends on how bytes arrive."""

from __future__ import annotations

import asyncio
from typing import Any

from mock_sma.api.app import App
from mock_sma.api.protocol import Protocol
from mock_sma.api.server import Server
from mock_sma.worlds.worlds import Worlds
from tests.api.messages import spelt
from tests.facts import OWNER
from tests.sandbox_helpers import make, tokens


class Wire(asyncio.Transport):
    """A transport that keeps what is written, and takes no more than it is told to."""

    def __init__(self, room: int = 1 << 30) -> None:
        super().__init__()
        self.sent = b""
        self.room = room
        self.protocol: Protocol | None = None

    def write_eof(self) -> None:
        """Nobody looks at it."""

    def can_write_eof(self) -> bool:
        return True

    def write(self, data: Any) -> None:
        self.sent += bytes(data)
        if len(self.sent) > self.room:
            assert self.protocol is not None
            self.protocol.pause_writing()

    def writelines(self, list_of_data: Any) -> None:
        self.write(b"".join(list_of_data))

    def pause_reading(self) -> None:
        """Nothing arrives but what a test sends."""

    resume_reading = pause_reading


class Line:
    """A connection without a socket, to a world whose owner has consented."""

    def __init__(self, wire: Wire, shared: Any = None) -> None:
        self.world = world = make()
        self.begin()
        self.server = Server(App(Worlds(world), shared=shared))
        self.server.config.load()
        self.connect(wire)

    def begin(self) -> None:
        """Have the world as it is at first, and a token of it."""
        self.world.reset()
        self.world.consents.accept(OWNER)
        self.bearer = str(tokens(self.world)["access_token"]).encode()

    def connect(self, wire: Wire) -> None:
        """Begin another connection to the same server."""
        self.wire = wire
        self.protocol = wire.protocol = Protocol(self.server.config, self.server.server_state, {})
        self.protocol.connection_made(wire)

    def ask(self, *names: str) -> bytes:
        """Send requests in one piece; return what comes back at once."""
        before = len(self.wire.sent)
        self.protocol.data_received(spelt([*names], self.bearer))
        return self.wire.sent[before:]

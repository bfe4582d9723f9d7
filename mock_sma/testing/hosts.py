"""SMA's host names lead to the world of the running test, over real sockets and TLS, whatever library asks."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from mock_sma.api.protocol import Protocol
from mock_sma.api.proxy import Proxy
from mock_sma.api.relay import Onward, Place
from mock_sma.api.tls import certificates
from mock_sma.api.tunnel import ProxyProtocol
from mock_sma.hosts.bundles import Bundles
from mock_sma.hosts.environment import rule, variables
from mock_sma.hosts.inside.entry import enter
from mock_sma.hosts.inside.rules import Lead
from mock_sma.hosts.way import Way

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mock_sma.testing.live import LiveServer


@dataclass(frozen=True, slots=True)
class Hosts:
    """A server that SMA's names can lead to.

    Attributes:
        server: the server.
        way: to it.
    """

    server: LiveServer
    way: Way

    @contextmanager
    def leading(self) -> Iterator[dict[str, str]]:
        """Lead this process until the block ends; gives what programs that it starts need in their environment."""
        leave = enter(Lead(**rule(self.way, os.environ)))
        try:
            yield variables(self.way, os.environ)
        finally:
            leave()
            # A connection that a library keeps would reach the next test's world.
            self.server.drop_secure()


@contextmanager
def hosts(server: LiveServer, url: str | None = None) -> Iterator[Hosts]:
    """Let a server answer under SMA's names, with certificates of its own, until the block ends.

    Args:
        url: origin of a server elsewhere, to which it hands on; None: its own world answers.
    """
    protocol = Protocol if url is None else partial(Onward, place=Place.of(url))
    with tempfile.TemporaryDirectory(prefix="mock-sma-") as name:
        folder = Path(name)
        tls = certificates(folder)
        assert tls.authority is not None
        context = tls.context()
        port = server.also_listen(protocol, context)
        proxy = Proxy(context, passes=lambda goal: not goal.is_smas, within=protocol)
        way = Way(
            server=("127.0.0.1", port),
            proxy=server.also_listen(partial(ProxyProtocol, proxy=proxy)),
            authority=tls.authority,
            bundles=Bundles(folder, tls.authority),
        )
        yield Hosts(server, way)

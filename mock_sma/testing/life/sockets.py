"""Clients of other libraries than httpx in a life: SMA's names lead them to the world, over real sockets and TLS."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from mock_sma.hosts.inside.entry import enter
from mock_sma.hosts.inside.rules import Lead
from mock_sma.sandbox.hosts import SMA_DOMAINS, SMA_HOSTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mock_sma.sandbox.sandbox import Sandbox
    from mock_sma.testing.hosts import Hosts
    from mock_sma.testing.life.lifetime import LifeTime
    from mock_sma.testing.session import ServerOfSession


class _Way(Lead):
    """The way of SMA's names to a world's server, which is started when the first client wants it."""

    def __init__(self, world: Sandbox, virtual: LifeTime, session: ServerOfSession) -> None:
        super().__init__(SMA_DOMAINS, SMA_HOSTS, ("", 0), "")
        self.ports: set[int] = set()
        self.ends = ExitStack()
        self._world, self._virtual, self._session = world, virtual, session
        self._found: Hosts | None = None

    @property
    def authority(self) -> str:
        """File of the certificate of the server's authority (PEM)."""
        return str(self._served().way.authority)

    @authority.setter
    def authority(self, _: str) -> None:
        pass  # a Lead sets it when it is made; no server has been started by then

    def place(self, port: object) -> tuple[str, int]:
        """Return where the server is; see :meth:`Lead.place`."""
        self._server = self._served().way.server
        return super().place(port)

    def _served(self) -> Hosts:
        if self._found is None:
            with self._virtual.threads.really():
                self._found = self._session.hosts()
            server, virtual = self._found.server, self._virtual
            self.ends.callback(server.drop_secure)
            self.ends.callback(server.serve, server.sandbox)
            server.serve(self._world)
            self.ends.enter_context(server.delaying(virtual.let_pass))
            self.ports |= server.ports
            virtual.loop = server.loop
        return self._found


@contextmanager
def leading(world: Sandbox, virtual: LifeTime, session: ServerOfSession) -> Iterator[set[int]]:
    """Lead SMA's names to a world until the block ends; gives the ports at which it answers, once it does."""
    way = _Way(world, virtual, session)
    with way.ends:
        way.ends.callback(enter(way))
        yield way.ports

"""What tests are given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.domain.people import usual_client
from mock_sma.errors import UsageError
from mock_sma.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from mock_sma.domain.people import Client
    from mock_sma.testing.respx_router import SmaRouter
    from mock_sma.testing.world import SmaWorld


class WithClient:
    """A world and the credentials of an application in it.

    Attributes:
        sandbox: the world.
    """

    __slots__ = ()
    sandbox: SmaWorld

    @property
    def client_id(self) -> str:
        """Id of the world's first client of the custom flow, or its first client at all."""
        return self._client.id

    @property
    def client_secret(self) -> str:
        """Secret of that client."""
        return self._client.secret

    @property
    def _client(self) -> Client:
        client = usual_client(self.sandbox.clients.values())
        if client is None:
            raise UsageError("this world has no client: its scenario has clients: []")
        return client


@frozen
class SmaMock(WithClient):
    """What the fixture ``sma_mock`` gives.

    Attributes:
        router: the respx router; add routes of your own to it.
    """

    sandbox: SmaWorld
    router: SmaRouter

    def pass_through(self, *hosts: str) -> None:
        """Let requests to hosts that are not SMA's reach the network; without names all of them."""
        self.router.pass_through(*hosts)


@frozen
class SmaServer(WithClient):
    """What the fixture ``sma_server`` gives.

    Attributes:
        url: origin of the server, without a slash at the end.
    """

    sandbox: SmaWorld
    url: str


@frozen
class SmaHosts(WithClient):
    """What the fixture ``sma_hosts`` gives.

    Attributes:
        url: origin of the same server over plain HTTP, with its control API.
        ca: file of the authority that has to be trusted (PEM).
        env: what a program needs in its environment; it is in ``os.environ`` while the fixture lives.
    """

    sandbox: SmaWorld
    url: str
    ca: Path
    env: Mapping[str, str]


def program_variables(world: SmaWorld, url: str) -> dict[str, str]:
    """Return the variables that tell a program of its world and of a client there."""
    found = {"MOCK_SMA_URL": url}
    if client := usual_client(world.clients.values()):
        found |= {"MOCK_SMA_CLIENT_ID": client.id, "MOCK_SMA_CLIENT_SECRET": client.secret}
    return found

"""Servers that share a state, in one process, without their sockets."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import httpx
import orjson

from mock_sma import Sandbox, load_scenario
from mock_sma.api.app import App
from mock_sma.sandbox.exchange import Request
from mock_sma.state.local import LogStore
from mock_sma.state.shared import shared_worlds, worlds_of_store
from mock_sma.state.shared.redis_store import RedisStore
from tests.state.logs import PAGES, SCHEME

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from mock_sma.sandbox.exchange import Reply
    from mock_sma.state.shared.turns import TurnTaker

NOW = "2025-06-15T12:00:00+02:00"
OWNER = "apiTestUser@apiSandbox.com"
KIND = {b"content-type": b"application/x-www-form-urlencoded"}
PLANTS = "/monitoring/v1/plants"


class Peer:
    """One of several servers, without its socket."""

    def __init__(self, url: str, scenario: str = "sandbox", rate: float = 0.0) -> None:
        self.url = url
        self.said: list[str] = []
        made = lambda: Sandbox(load_scenario(scenario), now=NOW, rate=rate)  # noqa: E731
        if url.startswith(SCHEME):
            path = url.removeprefix(SCHEME)
            store = LogStore(path, PAGES[path], url)
            self.worlds, self.sharing, self.is_old = worlds_of_store(store, made, self.said.append)
        else:
            self.worlds, self.sharing, self.is_old = shared_worlds(url, made, self.said.append)
        app = App(self.worlds, shared=self.sharing)
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost")

    @property
    def world(self) -> Sandbox:
        return self.worlds.default

    @property
    def turns(self) -> TurnTaker:
        return self.sharing._turns

    async def ask(self, method: str, path: str, body: bytes = b"", bearer: str = "") -> Reply:
        headers = {b"authorization": f"Bearer {bearer}".encode()} if bearer else KIND
        found: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self.sharing.ask(Request(method, path, headers=headers, body=body), found.set_result)
        answer = await found
        if isinstance(answer, Exception):
            raise answer
        return answer[1]  # type: ignore[no-any-return]

    async def token(self, world: Sandbox | None = None) -> str:
        client = next(iter((world or self.world).clients.values()))
        form = f"grant_type=client_credentials&client_id={client.id}&client_secret={client.secret}".encode()
        reply = await self.ask("POST", "/oauth2/token", form)
        assert reply.status == 200
        return str(orjson.loads(reply.body)["access_token"])

    async def control(self, method: str, path: str, status: int = 200, **more: Any) -> Any:
        answer = await self.http.request(method, f"/_mock{path}", **more)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None


def store_of(peer: Peer) -> RedisStore:
    """Return the Redis of one of several servers."""
    store = peer.turns._store
    assert isinstance(store, RedisStore)
    return store


async def lease_of(peer: Peer, bearer: str) -> None:
    """Read until a server has a lease."""
    while store_of(peer).glance(0, peer.world.name, 0) is None:
        await peer.ask("GET", PLANTS, bearer=bearer)
    number, left = store_of(peer)._lease._numbers[peer.world.name]
    store_of(peer)._lease._numbers[peer.world.name] = number - 1, left + 1


def together(work: Callable[[], Awaitable[None]]) -> None:
    async def bounded() -> None:
        async with asyncio.timeout(30):
            await work()

    asyncio.run(bounded())

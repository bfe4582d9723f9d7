"""In process the awaits of a client are real: concurrent requests interleave, in an order that follows the seed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import httpx
import httpx2
import pytest
import trio

from mock_sma.sandbox.sandbox import Sandbox
from mock_sma.scenarios import load_scenario
from mock_sma.testing import SandboxTransport, asgi_app, router, transport
from mock_sma.testing.turns import MOST
from tests.facts import NOW, OWNER
from tests.sandbox_helpers import CLIENT, make

if TYPE_CHECKING:
    from collections.abc import Iterator

TOKEN, V1 = "https://sandbox-auth.smaapis.de/oauth2/token", "https://sandbox.smaapis.de/monitoring/v1"
Client = Any
Way = Callable[[Sandbox], Any]


@contextmanager
def by_respx(world: Sandbox) -> Iterator[Client]:
    with router(world):
        yield httpx.AsyncClient()


@contextmanager
def by_respx_of_httpx2(world: Sandbox) -> Iterator[Client]:
    with router(world):
        yield httpx2.AsyncClient()


@contextmanager
def by_transport(world: Sandbox) -> Iterator[Client]:
    yield httpx.AsyncClient(transport=SandboxTransport(world))


@contextmanager
def by_transport_of_httpx2(world: Sandbox) -> Iterator[Client]:
    yield httpx2.AsyncClient(transport=transport(world, httpx2))


@contextmanager
def by_asgi(world: Sandbox) -> Iterator[Client]:
    yield httpx.AsyncClient(transport=httpx.ASGITransport(asgi_app(world)))


WAYS: tuple[Way, ...] = (
    by_respx,
    by_respx_of_httpx2,
    by_transport,
    by_transport_of_httpx2,
    by_asgi,
)


class Application:
    """A client that asks for a new token whenever it is told 401, as many do, and as often as it is told."""

    def __init__(self, http: Client, tokens: dict[str, str]) -> None:
        self.http, self.tokens = http, tokens
        self.refreshes: list[int] = []

    async def plants(self) -> int:
        answer = await self.ask()
        if answer.status_code == 401:
            form = {"grant_type": "refresh_token", "refresh_token": self.tokens["refresh_token"], **CLIENT}
            fresh = await self.http.post(TOKEN, data=form)
            self.refreshes.append(fresh.status_code)
            if fresh.status_code == 200:
                self.tokens = fresh.json()
            answer = await self.ask()
        return int(answer.status_code)

    async def ask(self) -> Any:
        return await self.http.get(f"{V1}/plants", headers={"Authorization": f"Bearer {self.tokens['access_token']}"})


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
async def test_a_race_for_a_refresh_token_shows(way: Way) -> None:
    strict = load_scenario({"extends": "sandbox", "switches": {"refresh_reuse": "strict"}})
    world = Sandbox(strict, now=NOW, seed=5)
    with way(world) as http:
        async with http:
            form = {"grant_type": "client_credentials", **CLIENT}
            application = Application(http, (await http.post(TOKEN, data=form)).json())
            world.consents.accept(OWNER)
            world.clock.advance(minutes=6)
            await asyncio.gather(*(application.plants() for _ in range(4)))
    assert application.refreshes.count(200) == 1
    assert 400 in application.refreshes


def order(seed: int, way: Way) -> list[str]:
    """Return in which order a world was asked what was sent at once."""
    world = make(seed=seed)

    async def go() -> None:
        with way(world) as http:
            async with http:
                await asyncio.gather(*(http.get(f"{V1}/plants/{number}") for number in range(6)))

    asyncio.run(go())
    return [entry.path.rpartition("/")[2] for entry in world.requests]


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_the_order_follows_the_seed(way: Way) -> None:
    orders = [order(seed, way) for seed in range(5)]
    assert orders == [order(seed, way) for seed in range(5)]
    assert all(sorted(one) == list("012345") for one in orders)
    assert len({tuple(one) for one in orders}) > 1


@pytest.mark.parametrize("way", WAYS)
async def test_a_client_that_gives_up_at_once_has_asked_nothing(way: Way) -> None:
    world = make()
    with way(world) as http:
        async with http:
            task = asyncio.ensure_future(http.get(f"{V1}/plants"))
            await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
    assert len(world.requests) == 0


@pytest.mark.parametrize("way", WAYS)
def test_trio_turns_too(way: Way) -> None:
    world = make()

    async def go() -> None:
        with way(world) as http:
            async with http, trio.open_nursery() as nursery:
                for number in range(6):
                    nursery.start_soon(http.get, f"{V1}/plants/{number}")

    trio.run(go)
    assert len(world.requests) == 6


async def test_requests_one_after_the_other_stay_in_order() -> None:
    world = make()
    with router(world):
        async with httpx.AsyncClient() as http:
            for number in range(2 * MOST):
                await http.get(f"{V1}/plants/{number}")
    assert [entry.path.rpartition("/")[2] for entry in world.requests] == [str(number) for number in range(2 * MOST)]

"""Faults in process: httpx's own exceptions at once, delays on the emulator's clock; the same for every shell."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from mock_sma.testing.routers import router
from mock_sma.testing.transports import SandboxTransport, asgi_app, transport
from tests.facts import OWNER
from tests.sandbox_helpers import make, tokens
from tests.server_process import PLAIN

if TYPE_CHECKING:
    from collections.abc import Callable

    from mock_sma.sandbox.sandbox import Sandbox

URL = "https://sandbox.smaapis.de/monitoring/v1/plants"


def headers(world: Sandbox) -> dict[str, str]:
    if not list(world.consents):
        world.consents.accept(OWNER)
    return {"authorization": f"Bearer {tokens(world)['access_token']}"}


def sync_transport(world: Sandbox, **options: Any) -> httpx.Response:
    with httpx.Client(transport=SandboxTransport(world), headers=headers(world), **options) as client:
        return client.get(URL)


def sync_respx(world: Sandbox, **options: Any) -> httpx.Response:
    with router(world), httpx.Client(headers=headers(world), verify=PLAIN, **options) as client:
        return client.get(URL)


def async_transport(world: Sandbox, **options: Any) -> httpx.Response:
    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=transport(world), headers=headers(world), **options) as client:
            return await client.get(URL)

    return asyncio.run(ask())


def async_respx(world: Sandbox, **options: Any) -> httpx.Response:
    async def ask() -> httpx.Response:
        with router(world):
            async with httpx.AsyncClient(headers=headers(world), verify=PLAIN, **options) as client:
                return await client.get(URL)

    return asyncio.run(ask())


def asgi(world: Sandbox, **options: Any) -> httpx.Response:
    async def ask() -> httpx.Response:
        shell = httpx.ASGITransport(asgi_app(world))
        async with httpx.AsyncClient(transport=shell, headers=headers(world), **options) as client:
            return await client.get(URL)

    return asyncio.run(ask())


CLIENTS = [sync_transport, sync_respx, async_transport, async_respx, asgi]
Ask = "Callable[..., httpx.Response]"


@pytest.mark.slow
@pytest.mark.parametrize("ask", CLIENTS)
@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("connection_reset", httpx.ReadError),
        ("empty_response", httpx.RemoteProtocolError),
        ("truncated_body", httpx.RemoteProtocolError),
        ("wrong_content_length", httpx.RemoteProtocolError),
    ],
)
def test_what_breaks_on_the_wire_raises_what_httpx_raises_there(
    ask: Callable[..., httpx.Response], fault: str, error: type[Exception]
) -> None:
    world = make()
    world.faults.add({"match": {"path": "/v1/plants"}, "effect": {"fault": fault}, "times": 1})
    with pytest.raises(error) as caught:
        ask(world)
    assert type(caught.value) is error
    assert ask(world).status_code == 200


@pytest.mark.parametrize("ask", CLIENTS)
def test_malformed_json_arrives_whole(ask: Callable[..., httpx.Response]) -> None:
    world = make()
    world.faults.add({"match": {"path": "/v1/plants"}, "effect": {"fault": "malformed_json"}})
    answer = ask(world)
    assert answer.status_code == 200
    with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
        answer.json()


@pytest.mark.parametrize("ask", CLIENTS)
@pytest.mark.parametrize("effect", [{"delay": 4}, {"fault": "slow_body", "delay": 4}])
def test_a_delay_within_the_read_timeout_moves_the_clock(
    ask: Callable[..., httpx.Response], effect: dict[str, Any]
) -> None:
    world = make()
    before = world.clock.time()
    world.faults.add({"match": {"path": "/v1/plants"}, "effect": effect})
    assert ask(world, timeout=5).status_code == 200
    assert world.clock.time() - before == 4


@pytest.mark.parametrize("ask", CLIENTS[:-1])
@pytest.mark.parametrize("effect", [{"delay": 6}, {"fault": "slow_body", "delay": 60}])
def test_a_delay_over_the_read_timeout_raises_at_once(
    ask: Callable[..., httpx.Response], effect: dict[str, Any]
) -> None:
    world = make()
    before = world.clock.time()
    world.faults.add({"match": {"path": "/v1/plants"}, "effect": effect})
    with pytest.raises(httpx.ReadTimeout):
        ask(world, timeout=5)
    assert world.clock.time() == before
    assert ask(world, timeout=None).status_code == 200
    assert "the fault rule 'fault-1'" in world.requests[-1].why


def test_a_streamed_body_breaks_where_it_is_cut() -> None:
    world = make()
    world.faults.add({"match": {"path": "/v1/plants"}, "effect": {"fault": "truncated_body"}})
    shell = SandboxTransport(world)
    with httpx.Client(transport=shell, headers=headers(world)) as client, client.stream("GET", URL) as answer:
        assert answer.status_code == 200
        pieces = answer.iter_raw()
        assert 0 < len(next(pieces)) < int(answer.headers["content-length"])
        with pytest.raises(httpx.RemoteProtocolError, match="without sending complete message body"):
            next(pieces)


def test_a_lost_answer_may_have_changed_the_world() -> None:
    world = make()
    world.faults.add({"match": {"path": "*/bc-authorize"}, "effect": {"fault": "connection_reset"}, "times": 1})
    bearer = {"authorization": f"Bearer {tokens(world)['access_token']}"}
    with httpx.Client(transport=SandboxTransport(world), headers=bearer) as client:
        url = "https://sandbox.smaapis.de/oauth2/v2/bc-authorize"
        with pytest.raises(httpx.ReadError):
            client.post(url, json={"loginHint": OWNER})
        assert client.get(f"{url}/{OWNER}").json()["state"] == "Pending"

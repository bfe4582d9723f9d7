"""Two servers that share a state: each is as the other, and both as one alone would be."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import orjson
import pytest

from mock_sma import Sandbox, load_scenario
from mock_sma.sandbox.exchange import Request
from mock_sma.state.shared import turns
from mock_sma.state.shared.sweep import Sweeper
from tests.redis_server import PROGRAM
from tests.state.logs import Logs
from tests.state.peers import KIND, NOW, OWNER, PLANTS, Peer, together

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.redis_server import Running

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=["redis", "file"])
def either(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running | Logs]:
    """Where servers share a state: by Redis, or by the log of one machine."""
    if request.param == "redis":
        if PROGRAM is None:
            pytest.skip("needs a redis-server or valkey-server")
        yield request.getfixturevalue("store")
        return
    logs = Logs(tmp_path_factory.mktemp("logs"))
    yield logs
    logs.close()


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the store of a slow machine time to answer thousands of questions that are asked at once."""
    monkeypatch.setattr("mock_sma.state.shared.link.PATIENCE", 30.0)


@pytest.fixture
def peers(either: Running | Logs) -> list[Peer]:
    url = either.url()
    return [Peer(url), Peer(url)]


def test_a_token_of_one_server_is_good_at_the_other_and_ids_go_on(peers: list[Peer]) -> None:
    one, two = peers
    assert (one.is_old, two.is_old) == (False, True)
    alone = Sandbox(load_scenario("sandbox"), now=NOW, rate=0.0)

    async def work() -> None:
        token = await one.token()
        replies = [await peer.ask("GET", PLANTS, bearer=token) for peer in (two, one, two)]
        form = b"grant_type=client_credentials&client_id=demo_api&client_secret=demo_secret"
        alone.handle(Request("POST", "/oauth2/token", headers=KIND, body=form))
        bearer = {b"authorization": f"Bearer {token}".encode()}
        for reply in replies:
            assert reply == alone.handle(Request("GET", PLANTS, headers=bearer))
        for peer in peers:
            shown = await peer.control("GET", "/requests")
            assert [item["id"] for item in reversed(shown)] == [entry.id for entry in alone.requests]
            assert peer.world.requests.total == 4
            assert [item["server"] for item in reversed(shown)] == [peers[place].sharing.name for place in (0, 1, 0, 1)]

    together(work)


def test_a_change_by_hand_is_seen_at_once_and_bodies_stay(peers: list[Peer]) -> None:
    one, two = peers

    async def work() -> None:
        token = await two.token()
        assert orjson.loads((await two.ask("GET", PLANTS, bearer=token)).body) == {"plants": []}
        await one.control("POST", f"/consents/{OWNER}/accept")
        assert orjson.loads((await two.ask("GET", PLANTS, bearer=token)).body)["plants"]
        assert two.world.requests[1].response_body == b'{"plants":[]}'
        before = two.world
        await one.control("POST", "/clock/advance", json={"seconds": 300})
        assert (await two.control("GET", "/clock"))["now"] == "2025-06-15T12:05:00.000+02:00"
        assert two.world is before  # and what it has simulated
        await one.control("PUT", "/scenario", json={"name": "ennexos"})
        assert (await two.control("GET", "/ready"))["scenario"] == "ennexos"

    together(work)


def test_a_read_that_turns_out_to_be_counted_is_counted_once(peers: list[Peer]) -> None:
    one, two = peers

    async def work() -> None:
        token = await one.token()
        await one.control(
            "POST", "/faults", 201, json={"match": {"path": PLANTS}, "effect": {"status": 503}, "times": 2}
        )
        statuses = [(await peer.ask("GET", PLANTS, bearer=token)).status for peer in (two, one, two)]
        assert statuses == [503, 503, 200]
        assert one.world.requests.total == two.world.requests.total - 1  # the last read, which one has not heard of
        await one.control("GET", "/requests")
        assert one.world.requests.total == two.world.requests.total == 4

    together(work)


def test_r17_a_quota_is_exact(either: Running | Logs) -> None:
    url = either.url()
    peers = [Peer(url, "rate-limited") for _ in range(3)]

    async def work() -> None:
        token = await peers[0].token()
        asked = [peers[number % 3].ask("GET", PLANTS, bearer=token) for number in range(1_530)]
        statuses = [reply.status for reply in await asyncio.gather(*asked)]
        assert (statuses.count(200), statuses.count(429)) == (1_500, 30)

    together(work)


def test_worlds_are_made_and_deleted_everywhere(peers: list[Peer]) -> None:
    one, two = peers

    async def work() -> None:
        await one.control("POST", "/worlds", 201, json={"name": "other", "scenario": "ennexos"})
        token = await one.token(one.worlds.named("other"))
        # Its number is its own world's, though this server has not heard of that yet.
        assert (await two.ask("GET", PLANTS, bearer=token)).status == 200
        assert two.world.requests.total == 0
        await two.control("DELETE", "/worlds/other", 204)
        assert (await one.ask("GET", PLANTS, bearer=token)).status == 401
        assert len(one.worlds) == len(two.worlds) == 1

    together(work)


def test_worlds_that_nobody_asks_are_removed_everywhere(peers: list[Peer], monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = peers
    now = 0.0
    for peer in peers:
        monkeypatch.setattr(peer.worlds, "_source", lambda: now)

    async def work() -> None:
        nonlocal now
        for name in ("asked", "idle"):
            await one.control("POST", "/worlds", 201, json={"name": name, "scenario": "ennexos"})
        token = await two.token(one.worlds.named("asked"))
        for _ in range(2):
            now += 3_000.0
            assert (await two.ask("GET", PLANTS, bearer=token)).status == 200
            await asyncio.gather(*(Sweeper(peer.sharing, peer.worlds).look() for peer in peers))
        for peer in peers:
            assert [world["name"] for world in await peer.control("GET", "/worlds")] == ["default", "asked"]
            told = await peer.control("GET", "/worlds/idle/clock", 404)
            assert "was removed: nothing had asked it for 60 minutes" in told["detail"]

    together(work)


def test_a_new_server_has_all_that_there_is_also_when_the_log_has_begun_anew(
    peers: list[Peer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "MANY", 10)
    one, two = peers

    async def work() -> str:
        for _ in range(30):
            token = await one.token()
            await one.ask("GET", PLANTS, bearer=token)
        await two.control("GET", "/requests")
        assert two.world.requests.total == 60
        return token

    tokens: list[str] = []

    async def first() -> None:
        tokens.append(await work())

    together(first)
    one.sharing.close()
    third = Peer(one.url)
    assert third.turns._replica.applied > one.turns._replica.applied - 100

    async def later() -> None:
        assert (await third.ask("GET", PLANTS, bearer=tokens[0])).status == 200
        assert len(await third.control("GET", "/requests")) == 61
        assert third.turns._entries < 40

    together(later)


def test_a_running_clock_is_the_stores(either: Running | Logs) -> None:
    url = either.url()
    peers = [Peer(url, rate=1_000.0), Peer(url)]

    async def work() -> None:
        shown = []
        for number in range(10):
            await peers[number % 2].token()
            shown.append((await peers[number % 2].control("GET", "/clock"))["now"])
        assert shown == sorted(shown)
        entries = [[(entry.id, entry.at) for entry in peer.world.requests] for peer in peers]
        assert entries[0][:9] == entries[1][:9]

    together(work)


def test_a_change_that_is_half_done_is_not_shown(peers: list[Peer]) -> None:
    one, two = peers

    async def work() -> None:
        await one.token()
        await one.sharing.begin()
        one.world.consents.accept(OWNER)
        shown = asyncio.ensure_future(one.control("GET", "/consents"))
        before = await two.control("GET", "/consents")
        await one.turns.op("wait")
        assert not shown.done()
        await one.sharing.abandon()
        assert await shown == before

    together(work)


def test_a_read_takes_a_place_where_others_write_all_the_time(
    peers: list[Peer], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = peers
    seen = one.turns._seen
    monkeypatch.setattr(one.turns, "_seen", lambda _: seen(None))
    monkeypatch.setattr(one.turns, "glance", lambda _: None)

    async def work() -> None:
        token = await one.token()
        before = one.turns._replica.applied
        assert (await one.ask("GET", PLANTS, bearer=token)).status == 200
        assert one.turns._replica.applied == before + 1

    together(work)


def test_numbers_that_a_silent_server_has_used_are_not_used_again(
    peers: list[Peer], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("shared.redis_store", "local.log"):
        monkeypatch.setattr(f"mock_sma.state.{module}.LIVE", -1)
    monkeypatch.setattr(turns, "POLL", 60.0)
    monkeypatch.setattr(turns.TurnTaker, "_called", lambda _: None)
    one, two = peers

    async def work() -> None:
        token = await one.token()
        for _ in range(3):
            await one.ask("GET", PLANTS, bearer=token)
        await two.control("POST", "/clock/advance", json={"seconds": 1})
        await two.ask("GET", PLANTS, bearer=token)
        assert [peer.world.requests[-1].number for peer in peers] == [4, 5]
        await two.control("POST", "/reset", 204)
        await two.token()
        assert two.world.requests[-1].number == 1

    together(work)


def test_a_world_that_begins_anew_counts_from_one_whatever_a_silent_server_has_answered(
    peers: list[Peer], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("shared.redis_store", "local.log"):
        monkeypatch.setattr(f"mock_sma.state.{module}.LIVE", -1)
    one, two = peers

    async def work() -> None:
        await two.control("POST", "/reset", 204)
        with monkeypatch.context() as silent:
            silent.setattr(turns.TurnTaker, "_called", lambda _: None)
            for _ in range(3):
                assert (await one.ask("GET", PLANTS)).status == 401
            await two.control("POST", "/reset", 204)
        await two.token()
        await one.token()
        assert [entry.number for entry in two.world.requests] == [1]
        assert [entry.number for entry in one.world.requests] == [1, 2]
        one.turns._replica._know({"default": (9, 0)})  # told of late, of before the reset
        assert one.world.requests.total == 2

    together(work)


def test_exchanges_are_listed_in_the_order_of_their_numbers(peers: list[Peer]) -> None:
    one, _ = peers
    replica = one.turns._replica
    for number in (2, 1):
        replica.handle(one.world, Request("GET", PLANTS), number, "another")
    replica.settle()
    assert [entry.number for entry in one.world.requests] == [1, 2]
    assert one.world.requests.total == 2

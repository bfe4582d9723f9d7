"""A server that is the only one asked answers reads without Redis, and not one of them tells of what was before."""

from __future__ import annotations

import asyncio

import orjson
import pytest

from mock_sma.sandbox.world.journal import MAX_ENTRIES
from mock_sma.state.shared import lease, turns
from tests.redis_server import Running, needs_redis
from tests.state.leases import LONG, free, numbers_of, request_of
from tests.state.peers import OWNER, PLANTS, Peer, lease_of, store_of, together

pytestmark = [needs_redis, pytest.mark.slow]


async def plants(peer: Peer, bearer: str) -> bool:
    """Tell whether a server shows plants."""
    return bool(orjson.loads((await peer.ask("GET", PLANTS, bearer=bearer)).body)["plants"])


def looks_of(peer: Peer, monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """Return a list that each look from now on adds to."""
    looks: list[None] = []
    look = store_of(peer).look
    monkeypatch.setattr(store_of(peer), "look", lambda *words: looks.append(look(*words)))
    return looks


@pytest.mark.usefixtures("_long")
def test_reads_under_a_lease_ask_redis_once_in_a_block(peers: list[Peer], monkeypatch: pytest.MonkeyPatch) -> None:
    one, _ = peers

    async def work() -> None:
        bearer = await one.token()
        await lease_of(one, bearer)
        looks = looks_of(one, monkeypatch)
        for _ in range(2 * lease.BLOCK):
            await one.ask("GET", PLANTS, bearer=bearer)
        assert 1 <= len(looks) <= 2
        assert numbers_of(one) == list(range(1, one.world.requests.total + 1))[-MAX_ENTRIES:]

    together(work)


@pytest.mark.usefixtures("_long")
def test_a_change_at_another_server_ends_a_lease_at_once_and_the_next_read_tells_of_it(peers: list[Peer]) -> None:
    one, two = peers

    async def work() -> None:
        bearer = await two.token()
        for verb, shown in (("accept", True), ("revoke", False)):
            await lease_of(one, bearer)
            await two.control("POST", f"/consents/{OWNER}/{verb}")
            free(two)
            assert await plants(one, bearer) is shown
        await lease_of(one, bearer)
        assert (await one.ask("GET", PLANTS, bearer=await two.token())).status == 200
        total = max(peer.world.requests.total for peer in peers)
        assert numbers_of(one, two) == list(range(1, total + 1))  # what the lease had left was given back

    together(work)


@pytest.mark.usefixtures("_long")
def test_a_read_at_another_server_ends_a_lease_too(peers: list[Peer]) -> None:
    one, two = peers

    async def work() -> None:
        bearer = await one.token()
        await two.ask("GET", PLANTS, bearer=bearer)
        await lease_of(one, bearer)
        assert (await two.ask("GET", PLANTS, bearer=bearer)).status == 200
        free(two)
        assert numbers_of(one, two) == list(range(1, two.world.requests.total + 1))

    together(work)


@pytest.mark.usefixtures("_long")
def test_a_call_that_comes_during_a_look_is_followed_at_once(
    peers: list[Peer], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = peers

    async def work() -> None:
        bearer = await one.token()
        look = store_of(one).look

        def called(*words: object) -> None:
            look(*words)  # type: ignore[arg-type]
            one.turns._called()

        monkeypatch.setattr(store_of(one), "look", called)
        await one.ask("GET", PLANTS, bearer=bearer)
        while one.turns.unsent:  # noqa: ASYNC110 - nobody else is told
            await asyncio.sleep(0.001)

    together(work)


@pytest.mark.parametrize("wants", ["a change", "a read"])
def test_a_lease_of_a_silent_server_is_over_before_another_one_answers(
    peers: list[Peer], monkeypatch: pytest.MonkeyPatch, wants: str
) -> None:
    monkeypatch.setattr(turns, "POLL", LONG)
    monkeypatch.setattr(turns.TurnTaker, "_called", lambda _: None)
    one, two = peers

    async def work() -> None:
        bearer = await one.token()
        await two.ask("GET", PLANTS, bearer=bearer)
        for _ in range(3):
            await lease_of(one, bearer)
            if wants == "a change":
                fresh = await two.token()
                assert one.sharing.read_at_once(one.world, request_of(fresh)) is None
            else:
                assert (await two.ask("GET", PLANTS, bearer=bearer)).status == 200
                assert store_of(one).glance(0, one.world.name, 0) is None
            free(two)
            await one.token()
        numbers = numbers_of(one, two)
        assert len(numbers) == len(set(numbers))

    together(work)


def test_a_lease_that_another_server_wants_goes_on_no_more(peers: list[Peer], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "POLL", LONG)
    monkeypatch.setattr(turns.TurnTaker, "_called", lambda _: None)
    one, two = peers

    async def work() -> None:
        bearer = await one.token()
        await two.ask("GET", PLANTS, bearer=bearer)
        await lease_of(one, bearer)
        change = asyncio.ensure_future(two.token())
        while not change.done():
            await one.ask("GET", PLANTS, bearer=bearer)
            await asyncio.sleep(0.001)
        assert one.sharing.read_at_once(one.world, request_of(await change)) is None

    together(work)


@pytest.mark.usefixtures("_long")
def test_worlds_have_their_numbers_each(peers: list[Peer], monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = peers

    async def work() -> None:
        await one.control("POST", "/worlds", 201, json={"name": "other", "scenario": "sandbox"})
        other = one.worlds.named("other")
        assert other is not None
        bearers = [await one.token(), await one.token(other)]
        for _ in range(20):
            for bearer in bearers:
                await one.ask("GET", PLANTS, bearer=bearer)
        looks = looks_of(one, monkeypatch)
        for _ in range(20):
            for bearer in bearers:
                await one.ask("GET", PLANTS, bearer=bearer)
        assert looks == []
        for world in (None, other):
            await two.token(world)
        assert (two.world.requests.total, two.worlds.named("other").requests.total) == (42, 42)  # type: ignore[union-attr]

    together(work)


@pytest.mark.usefixtures("_long")
def test_a_rule_that_counts_reads_ends_the_lease(peers: list[Peer]) -> None:
    one, two = peers

    async def work() -> None:
        bearer = await one.token()
        await lease_of(one, bearer)
        rule = {"match": {"path": PLANTS}, "effect": {"status": 503}, "times": 2}
        await two.control("POST", "/faults", 201, json=rule)
        assert [(await one.ask("GET", PLANTS, bearer=bearer)).status for _ in range(3)] == [503, 503, 200]

    together(work)


@pytest.mark.usefixtures("_long")
def test_time_goes_on_and_never_back_from_one_server_to_the_next(store: Running) -> None:
    url = store.url()
    one, two = Peer(url, rate=10.0), Peer(url)

    async def work() -> None:
        bearer = await one.token()
        shown: list[float] = []
        for round_ in range(60):
            await one.ask("GET", PLANTS, bearer=bearer)
            shown.append(one.world.requests[-1].at)
            if round_ % 20 == 19:
                assert store_of(one)._lease._until
                assert shown[-1] > shown[-2]
                await two.token()
                free(two)
                shown.append(two.world.requests[-1].at)
        assert shown == sorted(shown)

    together(work)

"""Leases of servers that are killed or stand still, and of a store that is lost."""

from __future__ import annotations

import asyncio
import os
import signal
from typing import TYPE_CHECKING

import httpx
import pytest

from mock_sma.errors import StateError
from mock_sma.state.shared import turns
from mock_sma.state.shared.link import AwayError
from tests.redis_server import Running, needs_redis, redis
from tests.server_process import PLAIN, serve, token
from tests.state.leases import LONG, numbers_of, request_of, told_to
from tests.state.peers import PLANTS, Peer, lease_of, store_of, together

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [needs_redis, pytest.mark.slow]


@pytest.mark.usefixtures("_long")
def test_numbers_are_never_given_out_twice_where_an_answer_is_lost(
    peers: list[Peer], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = peers
    monkeypatch.setattr(turns, "POLL", 0.01)

    async def work() -> None:
        bearer = await one.token()
        await lease_of(one, bearer)
        link = store_of(one)._link
        assert link is not None
        store_of(one)._lease.void()
        link._transport.pause_reading()
        asked = asyncio.ensure_future(one.ask("GET", PLANTS, bearer=bearer))
        while not one.turns._is_busy:  # noqa: ASYNC110 - until the look is sent
            await asyncio.sleep(0)
        await two.turns.op("wait")  # Redis has carried it out
        link.close(AwayError("it has ended"))
        with pytest.raises(StateError):
            await asked
        while one.turns.problem is not None:  # noqa: ASYNC110 - the store tells nothing
            await asyncio.sleep(0.001)
        for peer in (one, two, one):
            await peer.ask("GET", PLANTS, bearer=bearer)
        numbers = numbers_of(one, two)
        assert len(numbers) == len(set(numbers))

    together(work)


@pytest.mark.usefixtures("_long")
def test_a_lease_ends_with_the_connection(tmp_path: Path) -> None:
    with redis(tmp_path) as running:
        one = Peer(running.url())

        async def work() -> None:
            bearer = await one.token()
            await lease_of(one, bearer)
            running.process.kill()
            running.process.wait()
            while one.turns.problem is None:  # noqa: ASYNC110 - the connection tells nobody else
                await asyncio.sleep(0.001)
            assert store_of(one).glance(0, one.world.name, 0) is None
            with pytest.raises(StateError, match="out of reach"):
                await one.ask("GET", PLANTS, bearer=bearer)

        together(work)


@pytest.mark.parametrize("left", [None, b"1-1", b"1-1 wanted"])
def test_who_founds_again_waits_until_no_lease_of_before_is_believed(
    peers: list[Peer], monkeypatch: pytest.MonkeyPatch, left: bytes | None
) -> None:
    monkeypatch.setattr(turns, "POLL", LONG)
    monkeypatch.setattr(turns.TurnTaker, "_called", lambda _: None)
    one, two = peers

    async def work() -> None:
        bearer = await one.token()
        await two.ask("GET", PLANTS, bearer=bearer)
        await lease_of(one, bearer)
        told_to(two, "FLUSHALL")
        if left:
            told_to(two, "SET", store_of(two).place.key("lease"), left)
        fresh = await two.token()
        assert any("had lost the state" in text for text in two.said)
        assert one.sharing.read_at_once(one.world, request_of(fresh)) is None
        assert (await one.ask("GET", PLANTS, bearer=fresh)).status == 200

    together(work)


@pytest.mark.parametrize("sign", [signal.SIGSTOP, signal.SIGKILL])
def test_a_server_that_stands_still_or_is_killed_holds_nobody_up_for_long(store: Running, sign: signal.Signals) -> None:
    state = store.url()
    with serve("--rate", "0", "--state", state) as (process, facts), serve("--state", state) as (_, other):
        http = httpx.Client(verify=PLAIN, trust_env=False, timeout=10.0)
        plants = f"{facts['url']}{PLANTS}"
        bearer = {"authorization": f"Bearer {token(facts['url']).json()['access_token']}"}
        for _ in range(200):
            assert http.get(plants, headers=bearer).status_code == 200
        os.kill(process.pid, sign)
        given = token(other["url"])
        assert given.status_code == 200
        assert given.elapsed.total_seconds() < 2.0
        if sign is signal.SIGSTOP:
            os.kill(process.pid, signal.SIGCONT)
            fresh = {"authorization": f"Bearer {given.json()['access_token']}"}
            assert http.get(plants, headers=fresh).status_code == 200

"""Servers that share a state while the store is away, stands still or has lost it, and while one of them goes wrong."""

from __future__ import annotations

import asyncio
import os
import signal
from typing import TYPE_CHECKING

import orjson
import pytest

from mock_sma.errors import StateError, UsageError
from mock_sma.state.shared import turns
from mock_sma.state.shared.link import AwayError
from mock_sma.state.shared.place import place_of
from mock_sma.state.shared.redis_store import packed
from tests.redis_server import Running, needs_redis, redis
from tests.state.peers import OWNER, PLANTS, Peer, together

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = needs_redis


@pytest.mark.slow
def test_a_server_that_has_missed_too_much_begins_anew(peers: list[Peer], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "MANY", 4)
    monkeypatch.setattr(turns, "POLL", 60.0)
    one, two = peers

    async def work() -> None:
        await two.token()
        for _ in range(30):
            token = await one.token()
        assert (await two.ask("GET", PLANTS, bearer=token)).status == 200
        await two.control("GET", "/requests")
        assert two.world.requests.total == 32

    together(work)


@pytest.mark.slow
def test_a_store_that_has_lost_everything_has_it_again(peers: list[Peer], store: Running) -> None:
    one, two = peers

    async def work() -> None:
        token = await one.token()
        await two.ask("GET", PLANTS, bearer=token)
        await one.turns._store._link.ask(packed("FLUSHALL"))  # type: ignore[attr-defined]
        assert (await two.ask("GET", PLANTS, bearer=token)).status == 200
        assert (await one.ask("GET", PLANTS, bearer=token)).status == 200
        assert [len(await peer.control("GET", "/requests")) for peer in peers] == [4, 4]
        assert any("had lost the state" in text for text in one.said + two.said)

    together(work)


@pytest.mark.slow
def test_a_store_that_is_away_is_told_of_and_comes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "POLL", 0.02)
    monkeypatch.setattr("mock_sma.state.shared.link.PATIENCE", 60.0)
    with redis(tmp_path, "--appendonly", "yes", "--appendfsync", "always") as running:
        peer = Peer(running.url())
        port = running.port

        async def work() -> None:
            token = await peer.token()
            running.process.kill()
            running.process.wait()
            for method, path in (("POST", "/oauth2/token"), ("GET", PLANTS)):
                with pytest.raises(StateError, match="out of reach"):
                    await peer.ask(method, path, bearer=token)
            for method in ("GET", "PUT"):
                answer = await peer.http.request(method, "/_mock/clock", json={"rate": 1})
                assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
            assert (await peer.control("GET", "/health"))["status"] == "ok"
            with redis(tmp_path, "--appendonly", "yes", port=port):
                while peer.turns.problem is not None:  # noqa: ASYNC110 - the store tells nothing
                    await asyncio.sleep(0.01)
                assert (await peer.ask("GET", PLANTS, bearer=token)).status == 200
            assert len(peer.said) == 2

        together(work)


@pytest.mark.slow
def test_a_store_that_stands_still_is_not_waited_for_without_end(
    peers: list[Peer], store: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mock_sma.state.shared.link.PATIENCE", 0.1)
    one, _ = peers

    async def work() -> None:
        token = await one.token()
        os.kill(store.process.pid, signal.SIGSTOP)
        try:
            with pytest.raises(StateError, match="not known"):
                await one.token()
        finally:
            os.kill(store.process.pid, signal.SIGCONT)
        while one.turns.problem is not None:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.01)
        assert (await one.ask("GET", PLANTS, bearer=token)).status == 200

    together(work)


@pytest.mark.slow
def test_a_change_by_hand_that_fails_is_undone(peers: list[Peer]) -> None:
    one, two = peers

    async def work() -> None:
        token = await one.token()
        await one.sharing.begin()
        one.world.consents.accept(OWNER)
        with pytest.raises(TimeoutError):  # nobody is answered meanwhile
            await asyncio.wait_for(two.token(), 0.05)
        await one.sharing.abandon()
        assert orjson.loads((await one.ask("GET", PLANTS, bearer=token)).body) == {"plants": []}
        await one.control("GET", "/requests")

    together(work)


@pytest.mark.slow
def test_who_has_lost_the_lock_changes_nothing(peers: list[Peer]) -> None:
    one, two = peers

    async def work() -> None:
        await one.token()
        await one.sharing.begin()
        one.world.consents.accept(OWNER)
        await two.turns.op("wait")
        key = two.turns._store.place.key("lock")  # type: ignore[attr-defined]
        await two.turns._store._link.ask(packed("DEL", key))  # type: ignore[attr-defined]
        with pytest.raises(StateError, match="not known"):
            await one.sharing.commit(None)
        token = await one.token()
        assert orjson.loads((await one.ask("GET", PLANTS, bearer=token)).body) == {"plants": []}

    together(work)


@pytest.mark.slow
def test_a_lock_that_has_lapsed_is_lost_to_who_wants_it_alone(
    peers: list[Peer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "POLL", 60.0)
    one, two = peers

    async def work() -> None:
        token = await one.token()
        await two.turns.op("wait")
        link, key = two.turns._store._link, two.turns._store.place.key("lock")  # type: ignore[attr-defined]
        await one.sharing.begin()
        one.world.consents.accept(OWNER)
        await link.ask(packed("SET", key, f"{one.turns.token} 1"))
        await one.sharing.commit(None)
        assert orjson.loads((await two.ask("GET", PLANTS, bearer=token)).body)["plants"]
        await one.sharing.begin()
        one.world.consents.revoke(OWNER)
        await link.ask(packed("SET", key, f"{one.turns.token} 1"))
        assert orjson.loads((await two.ask("GET", PLANTS, bearer=token)).body)["plants"]
        with pytest.raises(StateError, match="not known"):
            await one.sharing.commit(None)
        assert orjson.loads((await one.ask("GET", PLANTS, bearer=token)).body)["plants"]

    together(work)


@pytest.mark.parametrize("steps", [1, 2, 4, 8])
def test_who_gives_up_waiting_for_the_lock_leaves_none_behind(peers: list[Peer], steps: int) -> None:
    one, _ = peers

    async def work() -> None:
        await one.token()
        begun = asyncio.ensure_future(one.sharing.begin())
        for _ in range(steps):
            await asyncio.sleep(0)
        begun.cancel()
        found = (await asyncio.gather(begun, return_exceptions=True))[0]
        if found is None:  # it had the lock before
            await one.sharing.leave_be()
        await one.token()
        await one.turns.op("wait")
        key = one.turns._store.place.key("lock")  # type: ignore[attr-defined]
        while one.turns._is_busy:  # noqa: ASYNC110 - a tick is under way
            await asyncio.sleep(0)
        assert await one.turns._store._link.ask(packed("GET", key)) is None  # type: ignore[attr-defined]

    together(work)


@pytest.mark.slow
def test_a_change_that_is_half_done_is_not_kept_with_the_worlds(peers: list[Peer]) -> None:
    one, _ = peers
    tokens: list[str] = []

    async def work() -> None:
        tokens.append(await one.token())
        await one.sharing.begin()
        one.world.consents.accept(OWNER)
        one.turns._entries = turns.MANY + 1
        await one.turns.op("wait")
        await one.sharing.abandon()
        await one.token()

    together(work)
    third = Peer(one.url)

    async def later() -> None:
        assert orjson.loads((await third.ask("GET", PLANTS, bearer=tokens[0])).body) == {"plants": []}

    together(later)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("redis://127.0.0.1:1/0", "cannot be reached"),
        ("redis://:secret-word@127.0.0.1:1/0", "127.0.0.1:1"),
        ("unix:///nowhere/at/all.sock", "cannot be reached"),
    ],
)
def test_a_store_that_is_not_there_is_told_without_its_password(url: str, words: str) -> None:
    with pytest.raises(StateError, match=words) as caught:
        Peer(url)
    assert "secret-word" not in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.slow
def test_a_url_is_read() -> None:
    place = place_of("rediss://someone:hidden@host:6390/3?prefix=staging&ssl_cert_reqs=none")
    assert (place.host, place.port, place.database, place.prefix) == ("host", 6390, 3, "staging")
    assert place.tls is not None
    assert "hidden" not in f"{place} {place!r}"
    with pytest.raises(UsageError, match="unknown parameters: nonsense"):
        place_of("redis://host?nonsense=1")
    with pytest.raises(UsageError, match="a URL such as"):
        place_of("redis://host?socket_timeout=much")


@pytest.mark.slow
def test_a_password_and_a_database_are_used(tmp_path: Path) -> None:
    with redis(tmp_path, "--requirepass", "hidden") as running:
        with pytest.raises(StateError, match="NOAUTH"):
            Peer(f"redis://127.0.0.1:{running.port}/0")
        with pytest.raises(StateError, match="WRONGPASS"):
            Peer(f"redis://:no@127.0.0.1:{running.port}/0")
        peer = Peer(f"redis://:hidden@127.0.0.1:{running.port}/2")
        together(lambda: peer.control("GET", "/requests"))


@pytest.mark.slow
def test_a_connection_that_ends_while_it_begins_is_begun_anew(
    peers: list[Peer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "POLL", 0.01)
    one, _ = peers
    listen, store, ends = one.turns._store.listen, one.turns._store, [True, True, False]

    async def cut(me: int, called: Callable[[], None]) -> None:
        await listen(me, called)
        if ends.pop(0):
            store._link.close(AwayError("it has ended"))  # type: ignore[attr-defined]

    monkeypatch.setattr(store, "listen", cut)

    async def work() -> None:
        one.sharing.start()
        while ends or one.turns.problem is not None:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.01)
        await one.token()
        store.close()
        with pytest.raises(StateError, match="is closed"):
            await one.token()
        ends.append(False)
        while ends or one.turns.problem is not None:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.01)
        await one.token()

    together(work)

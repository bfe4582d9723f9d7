"""Worlds that a keeper keeps: as they were after a restart, whatever changed them, and nothing answered in vain."""

from __future__ import annotations

import asyncio
from contextlib import closing
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from mock_sma import Sandbox, load_scenario
from mock_sma.errors import StateError
from mock_sma.sandbox.exchange import Request
from mock_sma.state import Keeper, StateFile, alive, keeper
from mock_sma.worlds.worlds import Worlds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from mock_sma.sandbox.exchange import Reply

NOW = "2025-06-15T12:00:00+02:00"
OWNER = "apiTestUser@apiSandbox.com"
KIND = {b"content-type": b"application/x-www-form-urlencoded"}


class Life:
    """A server's life over a file: its worlds and their keeper."""

    def __init__(self, path: Path, make: Callable[[], Sandbox]) -> None:
        self.path = path
        self.said: list[str] = []
        self.file = StateFile.open(path)
        found = alive(self.file)
        first, *others = found.worlds or [make()]
        self.worlds = Worlds(first)
        for world in others:
            self.worlds.take(world)
        self.keeper = Keeper(self.file, self.worlds, found.seconds, found.count, self.said.append)

    @property
    def world(self) -> Sandbox:
        return self.worlds.default

    async def ask(self, method: str, path: str, body: bytes = b"", bearer: str = "", world: Any = None) -> Reply:
        """Ask as the server does, and wait for what the answer waits for."""
        headers = {b"authorization": f"Bearer {bearer}".encode()} if bearer else KIND
        path, _, query = path.partition("?")
        reply, hold = self.keeper.handle(world or self.world, Request(method, path, query, headers, body))
        if hold is not None and (problem := await hold):
            raise problem
        return reply

    async def token(self, world: Any = None) -> str:
        client = next(iter((world or self.world).clients.values()))
        form = f"grant_type=client_credentials&client_id={client.id}&client_secret={client.secret}".encode()
        reply = await self.ask("POST", "/oauth2/token", form, world=world)
        assert reply.status == 200
        return str(orjson.loads(reply.body)["access_token"])

    def killed(self, make: Callable[[], Sandbox]) -> Life:
        """Return the next life, after an end that writes nothing."""
        self.keeper._writer.shutdown()
        self.file.close()
        return Life(self.path, make)


def sandbox() -> Sandbox:
    return Sandbox(load_scenario("sandbox"), now=NOW, rate=0.0)


def quota() -> Sandbox:
    return Sandbox(load_scenario("rate-limited"), now=NOW, rate=0.0)


def other() -> Sandbox:
    raise AssertionError("the file has a world")


@pytest.fixture
def life(tmp_path: Path) -> Iterator[Life]:
    life = Life(tmp_path / "a.sqlite", sandbox)
    yield life
    life.keeper._writer.shutdown()


@pytest.mark.slow
def test_a_token_works_after_a_kill_and_the_next_ones_are_the_same_as_without(life: Life) -> None:
    token = asyncio.run(life.token())
    again = life.killed(other)
    assert [entry.id for entry in again.world.requests] == [entry.id for entry in life.world.requests]
    assert asyncio.run(again.ask("GET", "/monitoring/v1/plants", bearer=token)).status == 200
    assert asyncio.run(again.token()) == asyncio.run(life_in_memory(2))


async def life_in_memory(count: int) -> str:
    """Return the token that a world without a file gives out as its ``count``-th."""
    world = sandbox()
    form = b"grant_type=client_credentials&client_id=demo_api&client_secret=demo_secret"
    replies = [world.handle(Request("POST", "/oauth2/token", headers=KIND, body=form)) for _ in range(count)]
    return str(orjson.loads(replies[-1].body)["access_token"])


@pytest.mark.slow
def test_a_read_waits_for_nothing_and_its_line_in_the_journal_is_kept(life: Life) -> None:
    async def read() -> None:
        token = await life.token()
        reply, hold = life.keeper.handle(
            life.world, Request("GET", "/monitoring/v1/plants", headers={b"authorization": f"Bearer {token}".encode()})
        )
        assert (reply.status, hold) == (200, None)
        await asyncio.sleep(2 * keeper.LATER)

    asyncio.run(read())
    again = life.killed(other)
    assert [entry.path for entry in again.world.requests] == ["/oauth2/token", "/monitoring/v1/plants"]
    assert str(again.world.requests[-1].why)


def test_a_read_waits_for_a_change_that_it_may_show(life: Life) -> None:
    async def read() -> None:
        token = await life.token()
        form = b"grant_type=client_credentials&client_id=demo_api&client_secret=demo_secret"
        _, first = life.keeper.handle(life.world, Request("POST", "/oauth2/token", headers=KIND, body=form))
        bearer = {b"authorization": f"Bearer {token}".encode()}
        _, second = life.keeper.handle(life.world, Request("GET", "/monitoring/v1/plants", headers=bearer))
        assert first is second
        assert await first is None

    asyncio.run(read())


@pytest.mark.slow
def test_r17_a_quota_is_counted_on(tmp_path: Path) -> None:
    life = Life(tmp_path / "a.sqlite", quota)

    async def spend() -> None:
        token = await life.token()
        for _ in range(3):
            await life.ask("GET", "/monitoring/v1/plants", bearer=token)

    asyncio.run(spend())
    again = life.killed(other)
    assert again.world.quota.used == life.world.quota.used
    assert again.world.quota.used


@pytest.mark.slow
def test_what_is_done_by_hand_is_kept(life: Life) -> None:
    async def change() -> None:
        world = life.world
        world.consents.accept(OWNER)
        world.clock.advance(hours=2)
        world.faults.add({"match": {"path": "/monitoring/v1/plants"}, "effect": {"status": 503}, "times": 3})
        world.savepoints["before"] = world.save()
        hold = life.keeper.changed(None)
        assert hold is not None
        assert await hold is None

    asyncio.run(change())
    again = life.killed(other).world
    assert again.clock.now() == life.world.clock.now()
    assert [item.state for item in again.consents] == [item.state for item in life.world.consents]
    assert [item.as_dict() for item in again.faults] == [item.as_dict() for item in life.world.faults]
    assert list(again.savepoints) == ["before"]
    again.restore(again.savepoints["before"])
    assert len(again.faults) == 1


@pytest.mark.slow
def test_worlds_are_kept_and_deleted_ones_stay_away(life: Life) -> None:
    async def change() -> str:
        for name in ("one", "two"):
            life.worlds.create(load_scenario("sandbox"), name=name, now=NOW, rate=0.0)
            life.keeper.changed("one")
        token = await life.token(life.worlds.named("two"))
        life.worlds.delete("one")
        hold = life.keeper.changed("one")
        assert hold is not None
        await hold
        return token

    token = asyncio.run(change())
    again = life.killed(other)
    assert [world.name for world in again.worlds] == ["default", "two"]
    request = Request("GET", "/monitoring/v1/plants", headers={b"authorization": f"Bearer {token}".encode()})
    assert again.worlds.pick(request).name == "two"
    assert again.worlds.handle(request).status == 200


@pytest.mark.slow
def test_the_log_begins_anew(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "MANY", 5)

    async def many() -> None:
        for _ in range(12):
            await life.token()

    asyncio.run(many())
    life.keeper._writer.shutdown()
    life.file.close()
    with closing(StateFile.open(life.path)) as file:
        assert file.kept is not None
        assert sum(1 for _ in file.kept.log) <= 6
        assert alive(file).worlds[0].requests.total == 12


@pytest.mark.slow
def test_a_change_behind_the_keepers_back_is_written_with_the_next_request(life: Life) -> None:
    life.world.reset()  # as --watch does, or a program that has the world
    asyncio.run(life.token())
    assert life.killed(other).world.requests.total == 1


@pytest.mark.slow
def test_closing_writes_all(life: Life) -> None:
    life.world.consents.accept(OWNER)
    life.keeper.close()
    again = Life(life.path, other)
    assert again.file.kept is not None
    assert again.file.kept.log == []
    assert [item.state for item in again.world.consents] == [item.state for item in life.world.consents]
    again.keeper.close()


async def until_refused(life: Life) -> int:
    """Ask for tokens until the file takes no more; return how many were given."""
    for done in range(200):
        try:
            await life.token()
        except StateError as error:
            assert "the disk is full" in str(error)  # noqa: PT017 - once in many calls
            return done
    raise AssertionError("the disk was never full")


@pytest.mark.slow
def test_a_full_disk_refuses_changes_and_recovers(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "PATIENCE", 0.01)
    pages = life.file._database.execute("PRAGMA page_count").fetchone()[0]

    async def fill() -> int:
        life.file._database.execute(f"PRAGMA max_page_count = {pages}")
        done = await until_refused(life)
        with pytest.raises(StateError, match="nothing can be changed now"):
            await life.token()
        with pytest.raises(StateError):  # it would show what is not kept
            await life.ask("GET", "/monitoring/v1/plants")
        life.file._database.execute("PRAGMA max_page_count = 100000")
        while life.keeper._problem is not None:  # noqa: ASYNC110 - it tries again by itself
            await asyncio.sleep(0.01)
        await life.token()
        return done

    done = asyncio.run(fill())
    assert len(life.said) == 2
    # The one that failed was answered 503, and has happened.
    assert life.killed(other).world.requests.total == done + 2


@pytest.mark.slow
def test_a_running_clock_is_asked_again_at_the_same_times(tmp_path: Path) -> None:
    life = Life(tmp_path / "a.sqlite", lambda: Sandbox(load_scenario("sandbox"), now=NOW, rate=1000.0))

    async def work() -> None:
        for _ in range(3):
            await life.token()
            await asyncio.sleep(0.002)

    asyncio.run(work())
    again = life.killed(other)
    assert [entry.at for entry in again.world.requests] == [entry.at for entry in life.world.requests]
    assert again.world.clock.time() >= life.world.requests[-1].at

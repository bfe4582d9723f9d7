"""Redis as one of several servers sees it: turns, each with what is new, and the state as a whole.

The parser is hiredis, Redis' own; of redis-py's clients a command takes five times as long.
"""

from __future__ import annotations

import asyncio
from hashlib import sha1
from typing import TYPE_CHECKING, Any

import hiredis

from mock_sma.state.shared.entries import numbers_of, snapshot_of, worlds_of
from mock_sma.state.shared.lease import LEASE, Lease
from mock_sma.state.shared.link import AwayError, StoreLink, opened
from mock_sma.state.shared.petition import words_of
from mock_sma.state.shared.scripts import FOUND, JOIN, KEYS, LOOK, LOOK_KEYS, SNAPSHOT, TURN
from mock_sma.state.shared.store import LIVE, New, Said, State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mock_sma.state.shared.entries import Whole
    from mock_sma.state.shared.place import StorePlace
    from mock_sma.state.shared.store import Look, Wanted


class RedisStore:
    """An emulator's part of a Redis database, over one connection at a time.

    Args:
        place: where it is.
    """

    def __init__(self, place: StorePlace) -> None:
        self.place = place
        self._keys = [place.key(name) for name in KEYS]
        self._look_keys = [place.key(name) for name in LOOK_KEYS]
        self._link: StoreLink | None = None
        self._calls: StoreLink | None = None
        self._lease = Lease()

    async def open(self, lost: Callable[[AwayError], None]) -> None:
        """Connect."""
        # With its text, an EVALSHA is found whatever Redis has forgotten.
        self._link = await _opened(self.place, lost, ("SCRIPT", "LOAD", TURN), ("SCRIPT", "LOAD", LOOK))

    async def listen(self, me: int, called: Callable[[], None]) -> None:
        """Have another server's calls."""
        self._lease.me = me
        if self._calls is not None:
            self._calls.close()
        self._calls = await _opened(self.place, lambda _: None, ("SUBSCRIBE", self.place.key("log")))
        self._calls.listen(lambda message: None if message[2] == b"%d" % me else called())

    def close(self) -> None:
        """Disconnect."""
        self._lease.void()
        if self._link is not None:
            self._link.close()
            self._link = None

    def turn(self, arguments: Iterable[str | bytes | int], told: Callable[[Said | AwayError], None]) -> None:
        """Send a turn; ``told`` is called with what Redis says to it."""
        if self._link is None:
            told(AwayError("the connection is closed"))
            return
        words = packed("EVALSHA", DIGEST, len(KEYS), *self._keys, *self._lease.turn(), *arguments)

        def turned(found: Any) -> None:
            said = _turn_of(found)
            if isinstance(said, Said) and not said.problem:
                self._lease.turned(found[-1].decode())
            told(said)

        self._link.send(words, turned)

    def look(self, applied: int, wanted: Iterable[Wanted], told: Callable[[Look | AwayError | None], None]) -> None:
        """Send a look."""
        if self._link is None:
            told(AwayError("the connection is closed"))
            return
        wanted = tuple(wanted)
        first = ("EVALSHA", LOOK_DIGEST, len(LOOK_KEYS), *self._look_keys, applied, *self._lease.look(wanted))

        def looked(found: Any) -> None:
            look: Look | AwayError | None = None
            if isinstance(found, Exception):
                look = found if isinstance(found, AwayError) else AwayError(f"Redis refuses: {found}")
            elif found is None:
                self._lease.refused()
            else:
                at, more, *numbers = found.split(b" ", 2)
                look = int(at), numbers_of(b"".join(numbers))
                self._lease.looked(look, wanted, is_granted=more != b"0")
            told(look)

        self._link.send(packed(*words_of(first, wanted)), looked)

    def glance(self, applied: int, name: str, known: int) -> tuple[int, int] | None:  # noqa: ARG002
        """Return time and number of a read, where this server has a lease: nothing has come since its last look."""
        return self._lease.glance(name)

    async def join(self) -> State:
        """Return all that there is."""
        me, upto, worlds, log, at = await self._run(JOIN)
        return State(int(me), int(upto), worlds_of(worlds), _news(log), int(at))

    async def found(self, applied: int, worlds: list[Whole]) -> int | None:
        """Begin with worlds where there is nothing, or nothing of after a position; None: others were quicker."""
        rows = snapshot_of(worlds)
        place = await self._run(FOUND, applied, "", *rows)
        while isinstance(place, list):
            await asyncio.sleep(LEASE)
            place = await self._run(FOUND, applied, place[0], *rows)
        return None if place is None else int(place)

    async def snapshot(self, upto: int, margin: int, worlds: list[Whole]) -> None:
        """Keep the worlds as they are after a position, and of the log before only some entries."""
        await self._run(SNAPSHOT, upto, margin, *snapshot_of(worlds))

    async def _run(self, script: str, *arguments: str | bytes | int) -> Any:
        self._lease.void()
        if self._link is None:
            raise AwayError("the connection is closed")
        try:
            return await self._link.ask(packed("EVAL", script, len(KEYS), *self._keys, *arguments))
        except hiredis.ReplyError as error:
            raise AwayError(f"{self.place} refuses: {error}") from None


DIGEST, LOOK_DIGEST = (sha1(script.encode(), usedforsecurity=False).hexdigest() for script in (TURN, LOOK))
"""How Redis names the scripts."""


def _turn_of(found: Any) -> Said | AwayError:
    if isinstance(found, AwayError):
        return found
    if isinstance(found, Exception):
        return AwayError(f"Redis refuses: {found}")
    if found[0] != b"OK":
        return Said(found[0].decode())
    _, end, at, place, news, seen, size, call, is_held, firsts, _ = found
    at = int(at)
    news, seen = _news(news) if news else (), _seen(seen, at) if seen else ()
    return Said("", int(end), at, int(place), news, seen, size, int(call), bool(is_held), numbers_of(firsts))


def _news(log: list[Any]) -> tuple[New, ...]:
    return tuple(New(int(name.partition(b"-")[0]), int(fields[3]), fields[1]) for name, fields in log)


def _seen(found: list[bytes], at: int) -> tuple[tuple[int, int], ...]:
    told = [(int(server), *map(int, text.split())) for server, text in zip(found[::2], found[1::2], strict=True)]
    return tuple((server, upto) for server, upto, when in told if at - when < LIVE)


def packed(*words: str | bytes | int) -> bytes:
    """Return a command as Redis reads it."""
    command: bytes = hiredis.pack_command(words)  # type: ignore[arg-type] # of any length
    return command


async def _opened(place: StorePlace, lost: Callable[[AwayError], None], *first: tuple[str, ...]) -> StoreLink:
    """Connect, log in, choose the database, and give the first commands."""
    commands = [packed(*words) for words in first]
    if place.database:
        commands.insert(0, packed("SELECT", place.database))
    if place.password is not None:
        commands.insert(0, packed("AUTH", *filter(None, (place.username,)), place.password))
    return await opened(place, lambda: _connected(place, lambda: StoreLink(hiredis.Reader(), lost)), commands)


async def _connected(place: StorePlace, make: Callable[[], StoreLink]) -> StoreLink:
    loop = asyncio.get_running_loop()
    if place.path:
        _, link = await loop.create_unix_connection(make, place.path)
    else:
        _, link = await loop.create_connection(make, place.host, place.port, ssl=place.tls)
    return link

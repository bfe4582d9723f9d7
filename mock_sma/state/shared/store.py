"""Redis as one of several servers sees it: turns, each with what is new, and the state as a whole."""

from __future__ import annotations

from hashlib import sha1
from typing import TYPE_CHECKING, Any, NamedTuple

import hiredis

from mock_sma.state.shared.entries import snapshot_of, worlds_of
from mock_sma.state.shared.link import AwayError, StoreLink, packed
from mock_sma.state.shared.scripts import FOUND, JOIN, KEYS, SNAPSHOT, TURN

if TYPE_CHECKING:
    from collections.abc import Callable

    from mock_sma.state.shared.entries import Whole
    from mock_sma.state.shared.place import StorePlace

LIVE = 1_500_000
"""Time after which a server that is not heard of is taken for gone [microseconds]."""


class New(NamedTuple):
    """An entry of the log; ``at`` in microseconds since the epoch."""

    position: int
    at: int
    data: bytes


class Said(NamedTuple):
    """What Redis says to one turn.

    Attributes:
        problem: ``EMPTY``, ``LOST``, ``GAP`` or ``UNLOCKED`` where nothing was done; see the script.
        end: position of the last entry.
        at: the time [microseconds since the epoch].
        place: position of what was asked, or 1 for a lock that was had; 0: neither.
        news: entries of others.
        seen: up to which position the journals of the live servers are in the log.
        size: entries of the log that are there.
    """

    problem: str
    end: int = 0
    at: int = 0
    place: int = 0
    news: tuple[New, ...] = ()
    seen: tuple[tuple[int, int], ...] = ()
    size: int = 0


class State(NamedTuple):
    """All that there is: worlds as they were after position ``upto`` (none: nothing is there), and what happened since.

    Attributes:
        me: a number that no other server has.
        at: the time of the last entry, or of Redis where there is none [microseconds since the epoch].
    """

    me: int
    upto: int
    worlds: list[Whole]
    log: tuple[New, ...]
    at: int


class Store:
    """An emulator's part of a Redis database, over one connection at a time.

    Args:
        place: where it is.
    """

    def __init__(self, place: StorePlace) -> None:
        self.place = place
        self._keys = [place.key(name) for name in KEYS]
        self._link: StoreLink | None = None
        self._turn = b""

    @property
    def channel(self) -> str:
        """Where servers are called to send their lines."""
        return self.place.key("log")

    async def open(self, lost: Callable[[AwayError], None]) -> None:
        """Connect; raises an AwayError where that fails.

        Args:
            lost: called when the connection ends by itself.
        """
        link = await StoreLink.open(self.place, lost)
        try:
            # With its text, an EVALSHA is found whatever Redis has forgotten.
            await link.ask("SCRIPT", "LOAD", TURN)
        except hiredis.ReplyError as error:
            link.close()
            raise AwayError(f"{self.place} refuses: {error}") from None
        self._link = link

    def close(self) -> None:
        """Disconnect."""
        if self._link is not None:
            self._link.close()
            self._link = None

    def turn(self, arguments: tuple[str | bytes | int, ...], told: Callable[[Said | AwayError], None]) -> None:
        """Send a turn; ``told`` is called with what Redis says to it."""
        assert self._link is not None
        words = ("EVALSHA", DIGEST, len(KEYS), *self._keys, *arguments)
        self._link.send(packed(words), lambda found: told(_turn_of(found)))

    async def join(self) -> State:
        """Return all that there is."""
        me, upto, worlds, log, at = await self._run(JOIN)
        return State(int(me), int(upto), worlds_of(worlds), _news(log), int(at))

    async def found(self, applied: int, worlds: list[Whole]) -> int | None:
        """Begin with worlds where there is nothing, or nothing of after a position; None: others were quicker."""
        place = await self._run(FOUND, applied, "", *snapshot_of(worlds))
        return None if place is None else int(place)

    async def snapshot(self, upto: int, margin: int, worlds: list[Whole]) -> None:
        """Keep the worlds as they are after a position, and of the log before only some entries."""
        await self._run(SNAPSHOT, upto, margin, *snapshot_of(worlds))

    async def _run(self, script: str, *arguments: str | bytes | int) -> Any:
        assert self._link is not None
        try:
            return await self._link.ask("EVAL", script, len(KEYS), *self._keys, *arguments)
        except hiredis.ReplyError as error:
            raise AwayError(f"{self.place} refuses: {error}") from None


DIGEST = sha1(TURN.encode(), usedforsecurity=False).hexdigest()
"""How Redis names the script."""


def _turn_of(found: Any) -> Said | AwayError:
    if isinstance(found, AwayError):
        return found
    if isinstance(found, Exception):
        return AwayError(f"Redis refuses: {found}")
    if found[0] != b"OK":
        return Said(found[0].decode())
    _, end, at, place, news, seen, size = found
    at = int(at)
    return Said("", int(end), at, int(place), _news(news) if news else (), _seen(seen, at) if seen else (), size)


def _news(log: list[Any]) -> tuple[New, ...]:
    return tuple(New(int(name.partition(b"-")[0]), int(fields[3]), fields[1]) for name, fields in log)


def _seen(found: list[bytes], at: int) -> tuple[tuple[int, int], ...]:
    told = [(int(server), *map(int, text.split())) for server, text in zip(found[::2], found[1::2], strict=True)]
    return tuple((server, upto) for server, upto, when in told if at - when < LIVE)

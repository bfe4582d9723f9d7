"""A connection to Redis for one command at a time, each with a callback.

Every exchange with the emulator's clients is in a command, so what a command costs is what a shared state costs. The
parser is hiredis, Redis' own; of redis-py's clients a command takes five times as long.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, cast

import hiredis

from mock_sma.errors import StateError

if TYPE_CHECKING:
    from collections.abc import Callable

    from mock_sma.state.shared.place import StorePlace

    Told = Callable[[Any], None]

PATIENCE = 2.0
"""Longest time that an answer of Redis, or a connection to it, is waited for [s]."""


class AwayError(StateError):
    """Redis does not answer, or not as it should."""


class StoreLink(asyncio.Protocol):
    """An open connection.

    Args:
        lost: called once when it ends, with why.
    """

    def __init__(self, lost: Callable[[AwayError], None]) -> None:
        self._lost: Callable[[AwayError], None] | None = lost
        self._reader = hiredis.Reader()
        self._told: Told | None = None
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None

    @classmethod
    async def open(cls, place: StorePlace, lost: Callable[[AwayError], None]) -> StoreLink:
        """Connect, log in and choose the database.

        Raises:
            AwayError: nobody is there, or refuses.
        """
        try:
            async with asyncio.timeout(PATIENCE):
                link = await _connected(place, lambda: cls(lost))
                if place.password is not None:
                    await link.ask("AUTH", *filter(None, (place.username,)), place.password)
                if place.database:
                    await link.ask("SELECT", place.database)
                return link
        except TimeoutError:
            raise AwayError(f"{place} does not answer") from None
        except OSError as error:
            raise AwayError(f"{place} cannot be reached: {error.strerror or error}") from None
        except hiredis.ReplyError as error:
            raise AwayError(f"{place} refuses: {error}") from None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = cast("asyncio.Transport", transport)

    def send(self, command: bytes, told: Told) -> None:
        """Send a command whose answer, or error, ``told`` is called with; the one before has been answered."""
        self._told = told
        self._timer = self._loop.call_later(PATIENCE, self._overdue)
        self._transport.write(command)

    async def ask(self, *words: str | bytes | int) -> Any:
        """Send a command and return its answer.

        Raises:
            AwayError: the connection has ended.
            hiredis.ReplyError: Redis refuses.
        """
        answer: asyncio.Future[Any] = self._loop.create_future()

        def told(found: Any) -> None:
            if not answer.done():
                answer.set_result(found)

        self.send(packed(words), told)
        found = await answer
        if isinstance(found, Exception):
            raise found
        return found

    def listen(self, told: Told) -> None:
        """Call ``told`` with whatever comes from now on."""
        self._told = told

    def data_received(self, data: bytes) -> None:
        """Take what has come of an answer."""
        self._reader.feed(data)
        while (found := self._reader.gets()) is not False:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            if self._told is not None:
                self._told(found)

    def _overdue(self) -> None:
        self.close(AwayError("Redis does not answer"))

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self.close(AwayError(f"Redis has closed the connection{f': {exc}' if exc else ''}"))

    def close(self, why: AwayError | None = None) -> None:
        """End; an answer that is waited for does not come."""
        lost, self._lost = self._lost, None
        told, self._told = self._told, None
        if self._timer is not None:
            self._timer.cancel()
            if told is not None:
                told(why or AwayError("the connection is closed"))
        self._timer = None
        self._transport.abort()
        if lost is not None and why is not None:
            lost(why)


def packed(words: tuple[str | bytes | int, ...]) -> bytes:
    """Return a command as Redis reads it."""
    command: bytes = hiredis.pack_command(words)  # type: ignore[arg-type] # of any length
    return command


async def _connected(place: StorePlace, make: Callable[[], StoreLink]) -> StoreLink:
    loop = asyncio.get_running_loop()
    if place.path:
        _, link = await loop.create_unix_connection(make, place.path)
    else:
        _, link = await loop.create_connection(make, place.host, place.port, ssl=place.tls)
    return link

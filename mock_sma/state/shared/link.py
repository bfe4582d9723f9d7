"""A connection to a store for one command at a time, each with a callback.

Every exchange with the emulator's clients is in a command, so what a command costs is what a shared state costs.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Protocol, cast

from mock_sma.errors import StateError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    Told = Callable[[Any], None]

PATIENCE = 2.0
"""Longest time that an answer of a store, or a connection to it, is waited for [s]."""


class AwayError(StateError):
    """A store does not answer, or not as it should."""


class AnswerReader(Protocol):
    """Takes a stream of answers apart."""

    def feed(self, data: bytes) -> object:
        """Take what has come."""

    def gets(self) -> Any:
        """Return the next answer, an exception where it is an error; False: it has not come whole yet."""


class StoreLink(asyncio.Protocol):
    """An open connection.

    Args:
        reader: takes its answers apart.
        lost: called once when it ends, with why.
    """

    def __init__(self, reader: AnswerReader, lost: Callable[[AwayError], None]) -> None:
        self._lost: Callable[[AwayError], None] | None = lost
        self._reader = reader
        self._told: Told | None = None
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = cast("asyncio.Transport", transport)

    def send(self, command: bytes, told: Told) -> None:
        """Send a command whose answer, or error, ``told`` is called with; the one before has been answered."""
        self._told = told
        self._timer = self._loop.call_later(PATIENCE, self._overdue)
        self._transport.write(command)

    async def ask(self, command: bytes) -> Any:
        """Send a command and return its answer; raises what it is where that is an error.

        Raises:
            AwayError: the connection has ended.
        """
        answer: asyncio.Future[Any] = self._loop.create_future()

        def told(found: Any) -> None:
            if not answer.done():
                answer.set_result(found)

        self.send(command, told)
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
        self.close(AwayError("the store does not answer"))

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self.close(AwayError(f"the store has closed the connection{f': {exc}' if exc else ''}"))

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


async def opened(place: object, connect: Callable[[], Awaitable[StoreLink]], commands: Iterable[bytes]) -> StoreLink:
    """Return a connection, its first commands having been carried out.

    Args:
        place: where the store is, in words.

    Raises:
        AwayError: nobody is there, or not willing.
    """
    link = None
    try:
        async with asyncio.timeout(PATIENCE):
            link = await connect()
            for command in commands:
                await link.ask(command)
            return link
    except TimeoutError:
        problem = AwayError(f"{place} does not answer")
    except OSError as error:
        problem = AwayError(f"{place} cannot be reached: {error.strerror or error}")
    except AwayError as error:
        problem = error
    except Exception as error:  # noqa: BLE001 - whatever the reader takes for the answer
        problem = AwayError(f"{place} refuses: {error}")
    if link is not None:
        link.close()
    raise problem from None

"""The log that servers of one machine share, as one of them sees it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from mock_sma.state.local.frames import Frames, frame
from mock_sma.state.shared.entries import Whole
from mock_sma.state.shared.link import AwayError, StoreLink, opened
from mock_sma.state.shared.petition import words_of
from mock_sma.state.shared.store import New, Said, State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mock_sma.state.local.page import Page
    from mock_sma.state.shared.store import Look, Wanted


class LogStore:
    """The log, over one connection at a time.

    Args:
        path: of the Unix socket at which it is.
        page: where it says what it holds.
        place: where it is kept, in words.
    """

    def __init__(self, path: str, page: Page, place: str) -> None:
        self._path = path
        self._page = page
        self.place = place
        self._link: StoreLink | None = None
        self._calls: StoreLink | None = None

    async def open(self, lost: Callable[[AwayError], None]) -> None:
        """Connect."""
        self._link = await self._opened(lost, "hello")

    async def _opened(self, lost: Callable[[AwayError], None], *words: str | int) -> StoreLink:
        async def connected() -> StoreLink:
            make = lambda: StoreLink(Frames(), lost)  # noqa: E731
            return (await asyncio.get_running_loop().create_unix_connection(make, self._path))[1]

        return await opened(self.place, connected, [frame(words)])

    async def listen(self, me: int, called: Callable[[], None]) -> None:
        """Have another server's calls."""
        if self._calls is not None:
            self._calls.close()
        self._calls = await self._opened(lambda _: None, "listen", me)
        self._calls.listen(lambda _: called())

    def close(self) -> None:
        """Disconnect."""
        if self._link is not None:
            self._link.close()
            self._link = None

    def turn(self, arguments: Iterable[str | bytes | int], told: Callable[[Said | AwayError], None]) -> None:
        """Send a turn."""
        if self._link is None:
            told(AwayError("the connection is closed"))
            return
        self._link.send(frame(("turn", *arguments)), lambda found: told(_said(found)))

    def look(self, applied: int, wanted: Iterable[Wanted], told: Callable[[Look | AwayError | None], None]) -> None:
        """Send a look."""
        if self._link is None:
            told(AwayError("the connection is closed"))
            return
        self._link.send(frame(words_of(("look", applied), wanted)), told)

    def glance(self, applied: int, name: str, known: int) -> tuple[int, int] | None:
        """Return time and number of a read."""
        return self._page.glance(applied, name, known)

    async def join(self) -> State:
        """Return all that there is."""
        me, upto, worlds, log, at = await self._ask("join")
        return State(me, upto, [Whole(*row) for row in worlds], tuple(New(*entry) for entry in log), at)

    async def found(self, applied: int, worlds: list[Whole]) -> int | None:
        """Begin with worlds."""
        place: int | None = await self._ask("found", applied, [tuple(world) for world in worlds])
        return place

    async def snapshot(self, upto: int, margin: int, worlds: list[Whole]) -> None:
        """Keep the worlds."""
        await self._ask("snapshot", upto, margin, [tuple(world) for world in worlds])

    async def _ask(self, *words: Any) -> Any:
        if self._link is None:
            raise AwayError("the connection is closed")
        return await self._link.ask(frame(words))


def _said(found: Any) -> Said | AwayError:
    if isinstance(found, AwayError):
        return found
    if isinstance(found, str):
        return Said(found)
    problem, end, at, place, news, seen, *more = found
    return Said(problem, end, at, place, tuple(New(*entry) for entry in news), tuple(seen), *more)

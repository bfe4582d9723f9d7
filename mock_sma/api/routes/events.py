"""``/_mock/events``: the journal as it grows, as server-sent events (HTML Standard, section 9.2)."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator  # noqa: TC003 - FastAPI reads the annotations
from typing import TYPE_CHECKING, Annotated

import orjson
from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from mock_sma.api.routes.requests import brief
from mock_sma.api.world import World
from mock_sma.sandbox.world.selection import Selection

if TYPE_CHECKING:
    from collections.abc import Callable

    from mock_sma.sandbox.sandbox import Sandbox
    from mock_sma.sandbox.world.entry import Entry
    from mock_sma.sandbox.world.journal import Journal

INTERVAL = 0.1
"""Time between two looks into the journal [s]; what came between them goes out together."""

LAST_ID = re.compile("[0-9]{1,18}")

router = APIRouter(tags=["requests"])


class Follower:
    """Reads a world's journal on from where it was left.

    Args:
        world: the world whose journal it is, also after a reset.
        after: number of exchanges that are known already; None: all that there are. More than there are means that
            the journal began anew meanwhile.
        assets: whether what a browser fetched for pages (styles, scripts, fonts, icons) is told of too.
    """

    def __init__(self, world: Sandbox, after: int | None = None, *, assets: bool = False) -> None:
        self._world = world
        self._assets = assets
        self._journal: Journal = world.requests
        self.position = self._journal.total if after is None else after
        new = max(self._journal.total - self.position, 0)
        # Of more that are new than the journal still holds, it is told of all that it holds.
        self._told = {entry.id for entry in self._journal[: max(len(self._journal) - new, 0)]}
        self._ends: tuple[int, Entry, Entry] | None = None
        """How many entries the journal had, its first and its last one, when it was looked at."""

    def news(self) -> list[ServerSentEvent]:
        """Return what has happened since, as messages: ``reset`` where the journal began anew, ``exchanges``."""
        messages = []
        journal = self._world.requests
        if journal is not self._journal or journal.total < self.position:
            self._journal, self.position, self._told, self._ends = journal, 0, set(), None
            messages.append(ServerSentEvent(event="reset", raw_data="{}"))
        # What other servers have answered has its place among the earlier ones: in a full journal others leave for it.
        ends = (len(journal), journal[0], journal[-1]) if len(journal) else None
        if ends is not None and (journal.total, ends) != (self.position, self._ends):
            entries = Selection(entry for entry in journal if entry.id not in self._told)
            self.position, self._ends = journal.total, ends
            self._told = {entry.id for entry in journal}
            news = entries if self._assets else entries.without_assets()
            if news:
                data = orjson.dumps([brief(entry) for entry in news]).decode()
                messages.append(ServerSentEvent(event="exchanges", id=str(self.position), raw_data=data))
        return messages


async def stream(
    follower: Follower, is_over: Callable[[], bool], interval: float = INTERVAL
) -> AsyncIterator[ServerSentEvent]:
    """Yield messages until it is over."""
    yield ServerSentEvent(retry=1000)
    while not is_over():
        for message in follower.news():
            yield message
        await asyncio.sleep(interval)


def as_it_is(response: Response) -> None:
    """Keep browsers from guessing at what the stream is."""
    response.headers["x-content-type-options"] = "nosniff"


@router.get("/events", response_class=EventSourceResponse, dependencies=[Depends(as_it_is)])
async def follow(
    world: World, request: Request, after: Annotated[int | None, Query(ge=0)] = None, assets: bool = False
) -> AsyncIterator[ServerSentEvent]:
    """Follow the journal: ``exchanges`` with a list as of ``/_mock/requests``, oldest first; ``reset``.

    ``after`` (or the header ``Last-Event-ID``) is the number of exchanges that are known already. ``assets``
    brings what a browser fetched for pages, too.
    """
    last = request.headers.get("last-event-id", "")
    worlds, is_ending = request.app.state.worlds, request.app.state.is_ending
    name = request.path_params.get("world")
    follower = Follower(world, int(last) if LAST_ID.fullmatch(last) else after, assets=assets)

    def is_over() -> bool:
        worlds.settle()
        # A server that is exchanged in tests has another default world then; a deleted one is gone.
        return is_ending() or (worlds.default if name is None else worlds.named(name)) is not world

    async for message in stream(follower, is_over):
        yield message

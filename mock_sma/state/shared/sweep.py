"""Removing worlds that nobody has asked anything for long, on all servers at once.

Each server hears of each request to a world: of a change by its place in the log, of a read by its line for the journal
within a second. So the first one that finds a world idle locks the log, looks again with all that has come before, and
removes it as somebody could by hand.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from mock_sma.errors import StateError
from mock_sma.worlds.worlds import MAX_IDLE

if TYPE_CHECKING:
    from mock_sma.state.shared.sharing import Sharing
    from mock_sma.worlds.worlds import Worlds

EVERY = 60.0
"""Time between two looks [s]."""

_log = logging.getLogger("mock_sma.server")


class Sweeper:
    """Looks for worlds that are idle.

    Args:
        sharing: locks the log, and tells the other servers.
        worlds: those of this server.
    """

    def __init__(self, sharing: Sharing, worlds: Worlds) -> None:
        self._sharing = sharing
        self._worlds = worlds
        self._work: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, on the loop that runs."""
        self._work = asyncio.ensure_future(self._look_again())

    async def _look_again(self) -> None:
        while True:
            await asyncio.sleep(EVERY)
            try:
                await self.look()
            except StateError as error:  # the next look finds them as well
                _log.info("idle worlds are not removed now: %s", error)

    async def look(self) -> None:
        """Remove what is idle.

        Raises:
            StateError: the state is out of reach.
        """
        if not self._worlds.idle(MAX_IDLE):
            return
        await self._sharing.begin()
        try:
            names = self._worlds.idle(MAX_IDLE)
            for name in names:
                self._worlds.sweep(name)
        except BaseException:
            await self._sharing.abandon()
            raise
        await (self._sharing.commit(None) if names else self._sharing.leave_be())

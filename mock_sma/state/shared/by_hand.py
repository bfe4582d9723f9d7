"""Changes by hand on one of several servers: the control API, the console, and worlds that nobody asks.

They are not asked again, as requests are, but followed by the worlds themselves; meanwhile nobody takes a place in the
log (``lock``). Who looks at worlds this way has all servers send their lines of the journal before (``call``).
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from mock_sma.errors import StateError
from mock_sma.state.shared.entries import bytes_of
from mock_sma.state.shared.petition import LOCKED, UNKNOWN

if TYPE_CHECKING:
    from mock_sma.sandbox.world.journal import Journal
    from mock_sma.state.shared.replica import Replica
    from mock_sma.state.shared.store import Said, Wanted
    from mock_sma.state.shared.turns import TurnTaker


class ByHand:
    """One such change at a time.

    Args:
        turns: with the store.
        replica: the worlds.
    """

    def __init__(self, turns: TurnTaker, replica: Replica) -> None:
        self._turns = turns
        self._replica = replica
        self._hand = asyncio.Lock()
        self._is_held = False
        """Whether requests wait, as worlds are changed by hand."""
        self._number = 0
        self._before: dict[str, tuple[Journal, int]] = {}
        """The journals of worlds when the change began, by their names, and how many requests those had had."""

    async def settled(self) -> None:
        """Have all that was answered by any server so far, and its lines in the journal.

        Raises:
            StateError: the state is out of reach.
        """
        await self._all_seen(await self._turns.op("call"))
        if self._is_held:  # what is half done, and may come to nothing, is not shown
            async with self._hand:
                pass
            if self._turns.is_dirty:
                await self._turns.op("wait")
        self._replica.settle()

    async def _all_seen(self, turn: Said) -> None:
        goal = turn.call
        while any(server != self._turns.me and upto < goal for server, upto in turn.seen):
            await asyncio.sleep(LOCKED)
            turn = await self._turns.op("wait")

    async def begin(self) -> None:
        """Let nobody else change anything until :meth:`commit`, :meth:`leave_be` or :meth:`abandon`.

        Raises:
            StateError: the state is out of reach.
        """
        await self._hand.acquire()
        self._is_held = True
        try:
            self._number += 1
            self._turns.token = f"{self._turns.me}-{self._number}"
            await self._all_seen(await self._locked())
            self._replica.settle()
            journals = ((world.name, world.requests) for world in self._replica.worlds)
            self._before = {name: (journal, journal.total) for name, journal in journals}
        except BaseException:
            self._turns.let_go()
            self._end()
            raise

    async def _locked(self) -> Said:
        while not (turn := await self._turns.op("lock")).place:  # noqa: ASYNC110 - the event is in the store
            await asyncio.sleep(LOCKED)
        return turn

    async def commit(self, name: str | None) -> None:
        """Have all servers follow what was done to a world (None: the default one), or to the list of worlds.

        Raises:
            StateError: it is not known whether they do.
        """
        try:
            changed = self._replica.changed(name, self._replica.applied)
            self._turns.is_dirty = True
            totals = [self._counted(item.name) for item in changed.worlds]
            wanted = (*totals, *((gone, 0, -1) for gone in changed.gone))
            await self._turns.op("commit", bytes_of(changed), wanted)
            self._turns.is_dirty = False
        except StateError as error:
            raise StateError(UNKNOWN.format(error)) from None
        finally:
            if self._turns.is_dirty:
                self._turns.mend()
            self._end()

    def _counted(self, name: str) -> Wanted:
        """Return how many requests a world has had, and whether a server that was not heard of may have more."""
        world = self._replica.worlds.find(name)
        if world is None:
            return name, 0, 0
        journal, total = self._before.get(name, (None, 0))
        return name, int(world.requests is journal and journal.total >= total), world.requests.total

    async def leave_be(self) -> None:
        """End without a change."""
        try:
            await self._turns.op("unlock")
        finally:
            self._end()

    async def abandon(self) -> None:
        """End a change that went wrong: the worlds are put to where the others are."""
        self._turns.is_dirty = True
        try:
            await self._turns.op("unlock")
        finally:
            self._turns.mend()
            self._end()

    def _end(self) -> None:
        self._turns.token = ""
        self._is_held = False
        self._hand.release()
        self._turns.wake()

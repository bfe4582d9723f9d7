"""One of several servers: its clients' requests in turns with the others'.

All that is asked of any server is one after the other in one log in a store. A server that is asked something takes its
place at the end of the log, hears in the same breath what has come before, lets that happen to its worlds, and only
then answers: every answer is what a single server would have given at that place. What only reads is named there, and
answered by this server alone; what may change something is there whole, and each server answers it for itself, which
leads to the same, as a world is a plain function of what it was asked. All that comes in while a turn is under way
takes the next one together, so that with many clients a turn costs each of them little.

Changes by hand (the control API, the console) are not asked again but followed by the worlds themselves; meanwhile
nobody takes a place (``lock``). Lines of the journal about reads follow within a second, or when somebody wants to see
them (``call``).
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from typing import TYPE_CHECKING

from mock_sma.errors import StateError
from mock_sma.state.keeper import READS
from mock_sma.state.record import asked_of
from mock_sma.state.shared.entries import Requested, bytes_of
from mock_sma.state.shared.replica import MICRO, is_quiet
from mock_sma.state.shared.turns import TurnTaker

if TYPE_CHECKING:
    from collections.abc import Callable

    from mock_sma.sandbox.exchange import Reply, Request
    from mock_sma.sandbox.sandbox import Sandbox
    from mock_sma.state.record import Asked
    from mock_sma.state.shared.replica import Replica
    from mock_sma.state.shared.store import Said, Store

    Done = Callable[["tuple[Sandbox, Reply] | Exception"], None]

LOCKED = 0.003
"""Time between two tries while somebody changes worlds by hand [s]."""

MAX_ASKED = 1_000
"""Requests of one turn."""

UNKNOWN = "{}; whether this has happened is not known"

_log = logging.getLogger("mock_sma.server")


class Sharing:
    """What a server does that shares its state.

    Args:
        me: its number among all servers that there ever were.
        tell: says what happens, for people.

    Attributes:
        name: what the journal calls this server.
    """

    def __init__(self, store: Store, replica: Replica, me: int, tell: Callable[[str], None]) -> None:
        self._replica = replica
        self._turns = TurnTaker(store, replica, me, tell)
        self._turns.asking = self
        self.name = f"server-{me}"
        self._waiting: deque[tuple[Request, Done]] = deque()
        self._under_way: list[tuple[Request, Done]] = []
        self._items: list[Asked | str] = []
        self._hand = asyncio.Lock()
        self._is_held = False
        """Whether requests wait, as worlds are changed by hand."""
        self._number = 0

    def start(self) -> None:
        """Begin to follow the log, on the loop that runs."""
        self._turns.start()

    def close(self) -> None:
        """Leave, when the loop has ended."""
        try:
            asyncio.run(self._turns.leave())
        except StateError as error:
            _log.warning("the last lines of the journal are lost: %s", error)

    def ask(self, request: Request, done: Done) -> None:
        """Have a request answered in its turn; ``done`` is given the answer, or why there is none."""
        turns = self._turns
        turns.start()
        if turns.problem is not None:
            done(turns.problem)
            return
        self._waiting.append((request, done))
        if not self._is_held:
            turns.wake()

    def asked(self) -> bytes:
        """Return the requests that wait, for the log."""
        waiting = self._waiting
        if self._is_held or not waiting:
            return b""
        self._under_way = [waiting.popleft() for _ in range(min(len(waiting), MAX_ASKED))]
        self._items = [self._item(request) for request, _ in self._under_way]
        return bytes_of(Requested(self.name, self._items))

    def _item(self, request: Request) -> Asked | str:
        worlds = self._replica.worlds
        world = worlds.of_token(request)
        if world is None or worlds.pick(request) is not world or not only_reads(world, request):
            return asked_of(request)
        return world.name

    def answer(self, place: int, at: int) -> None:
        """Answer the requests of a turn; with no place they take the next one."""
        asked, self._under_way = self._under_way, []
        if not asked:
            answers: list[tuple[Done, tuple[Sandbox, Reply] | Exception]] = []
        elif not place:
            self._waiting.extendleft(reversed(asked))
            asyncio.get_running_loop().call_later(LOCKED, self._turns.wake)
            return
        else:
            answers = self._answers(asked, place, at)
        for done, answer in answers:
            done(answer)
        if self._waiting and not self._is_held:
            self._turns.wake()

    def _answers(
        self, asked: list[tuple[Request, Done]], place: int, at: int
    ) -> list[tuple[Done, tuple[Sandbox, Reply] | Exception]]:
        found: list[tuple[Done, tuple[Sandbox, Reply] | Exception]] = []
        seconds = self._replica.seconds
        seconds.hold(at * MICRO)
        try:
            for (request, done), item in zip(asked, self._items, strict=True):
                try:
                    answer = self._answer(request, item, place)
                except Exception as error:  # noqa: BLE001 - answered 500
                    _log.exception("an exception in the vendor API")
                    found.append((done, error))
                    continue
                if answer is None:
                    self._waiting.append((request, done))
                else:
                    found.append((done, answer))
        finally:
            seconds.go_on()
        return found

    def _answer(self, request: Request, item: Asked | str, place: int) -> tuple[Sandbox, Reply] | None:
        """Answer a request; None where a read turns out to be none, as something has come before it."""
        if isinstance(item, str):
            found = self._replica.only_read(item)
            if found is None:
                return None
            world = found
        else:
            world = self._replica.worlds.pick(request)
        reply = world.handle(request)
        if isinstance(item, str):
            self._turns.unsent.add(item, place, world.requests[-1])
        world.requests[-1].server = self.name
        return world, reply

    def fail(self, error: StateError) -> None:
        """Answer all that waits with an error."""
        asked, self._under_way = self._under_way, []
        waiting, self._waiting = self._waiting, deque()
        for _, done in asked:
            done(StateError(UNKNOWN.format(error)))
        for _, done in waiting:
            done(error)

    async def settled(self) -> None:
        """Have all that was answered by any server so far, and its lines in the journal.

        Raises:
            StateError: the state is out of reach.
        """
        await self._all_seen(await self._turns.op("call"))

    async def _all_seen(self, turn: Said) -> None:
        goal = turn.end
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
        except BaseException:
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
            await self._turns.op("commit", bytes_of(changed))
            self._turns.is_dirty = False
        except StateError as error:
            raise StateError(UNKNOWN.format(error)) from None
        finally:
            self._end()

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
            self._turns.mend()
        finally:
            self._end()

    def _end(self) -> None:
        self._turns.token = ""
        self._is_held = False
        self._hand.release()
        self._turns.wake()


def only_reads(world: Sandbox, request: Request) -> bool:
    """Tell whether a request leaves nothing but a line in the journal, as far as this server knows."""
    if request.method != "GET" or not is_quiet(world):
        return False
    if world.simulators.known(request.path, request.query) is not None:
        return True
    operation = world.operation_of(request)
    return operation is not None and operation.id in READS

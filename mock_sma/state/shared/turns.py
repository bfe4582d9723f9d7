"""Turns with the store, one after the other; what is done where it is away, and where it has lost something."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from mock_sma.errors import StateError
from mock_sma.state.shared.lines import OUT_OF_TOUCH, Unsent
from mock_sma.state.shared.link import AwayError
from mock_sma.state.shared.petition import AWAY, FEW, LOCKED, Op, Ops, words_of
from mock_sma.state.shared.replica import MICRO

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from mock_sma.sandbox.sandbox import Sandbox
    from mock_sma.state.shared.lines import Parcel
    from mock_sma.state.shared.petition import Petition
    from mock_sma.state.shared.replica import Replica
    from mock_sma.state.shared.store import Look, Said, Store, Wanted

POLL = 0.25
"""Longest time between two turns, and time between two tries where the store is away [s]."""

MANY = 2_000
MUCH = 16 * 1024 * 1024
"""Entries and bytes of the log after which the worlds are kept whole, and it begins anew."""


class TurnTaker:
    """The turns of one server.

    Args:
        me: its number.
        tell: says what happens, for people.

    Attributes:
        unsent: lines for the others.
        token: what this server holds the lock with; empty: it does not.
        is_dirty: whether the worlds are not as the log says.
        problem: why nothing can be answered; None: it can.
    """

    def __init__(self, store: Store, replica: Replica, me: int, tell: Callable[[str], None]) -> None:
        self._store = store
        self._replica = replica
        self._tell = tell
        self.me = me
        self.asking: Petition
        self.unsent = Unsent()
        self.token = ""
        self.is_dirty = False
        self.problem: StateError | None = None
        self._ops = Ops()
        self._is_busy = True  # something is under way with the store: no turn can begin
        self._is_returning = True  # it is a connection, tried until there is one
        self._is_due = False  # a turn begins as soon as the loop comes to it
        self._has_turned = False  # there has been one since the last tick
        self._is_overdue = False  # there has been none: the next one is a turn, though a look would do
        self._has_looked = False  # reads have had their look: who waits to change something is next
        self._is_cut = False  # the connection has ended, maybe while it was being opened
        self._work: asyncio.Task[None] | None = None
        self._entries = self._bytes = self._looked_at = 0
        self._wants_load = False

    def start(self) -> None:
        """Begin, on the loop that runs; once."""
        if self._work is None:
            self._work = asyncio.ensure_future(self._return())
            asyncio.get_running_loop().call_later(POLL, self._tick)

    def wake(self) -> None:
        """Take a turn as soon as there can be one."""
        if not self._is_busy and not self._is_due:
            self._is_due = True
            asyncio.get_running_loop().call_soon(self._turn)

    async def op(self, mode: str, data: bytes = b"", wanted: tuple[Wanted, ...] = ()) -> Said:
        """Take a turn of another mode than requests have.

        Raises:
            StateError: the store is away, or the state has been lost sight of; the worlds are being put in order then.
        """
        self.start()
        if self.problem is not None:
            raise self.problem
        done = self._ops.add(mode, data, wanted, self.token)
        self.wake()
        return await done

    def let_go(self) -> None:
        """Let others have the lock, where this server has it and does not know what for."""
        if self.token and self.problem is None:
            done = self._ops.add("unlock", b"", (), self.token)
            done.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
            self.wake()

    def _tick(self) -> None:
        asyncio.get_running_loop().call_later(POLL, self._tick)
        if not self._has_turned:
            self._is_overdue = True
            self.wake()
        self._has_turned = False

    def _turn(self) -> None:
        self._is_due = False
        if self._is_busy or self.problem is not None:
            return
        self._is_busy = True
        if self._wants_load:
            self._work = asyncio.ensure_future(self._do(self._load()))
            return
        if (self._entries > MANY or self._bytes > MUCH) and not self.token:  # nor what is half done
            if not self.unsent:
                self._work = asyncio.ensure_future(self._do(self._keep()))
                return
            self.unsent.is_called = True  # what the worlds would lack is sent first
        is_alone = self._has_looked and (bool(self._ops) or self.asking.asks)
        if self.asking.reads and not (is_alone or self._is_overdue or self.unsent.is_due):
            self._look()
        else:
            self._take()

    def glance(self, world: Sandbox) -> tuple[int, int] | None:
        """Return time [microseconds] and number of a read that can be answered at once; None: the store is asked."""
        if self._is_busy or self.problem is not None or self._wants_load or self.token:
            return None
        look = self._store.glance(self._replica.applied, world.name, world.requests.total)
        return None if look is None else (self._reached(look[0]), look[1])

    def _reached(self, at: int) -> int:
        self._looked_at = max(self._looked_at, at)
        self._replica.seconds.reach(self._looked_at * MICRO)
        return self._looked_at

    def _look(self) -> None:
        """Answer reads where nothing new has come; else hear of it first."""
        self._has_looked = True
        self._store.look(self._replica.applied, self.asking.gather(), self._seen)

    def _seen(self, found: Look | AwayError | None) -> None:
        if isinstance(found, AwayError):
            self._lost(found)
        elif found is None:
            self._take()
        else:
            self._is_busy = False
            self.asking.read(self._reached(found[0]), found[1])
            if self._ops or self.unsent.is_called:  # a call that came during the look has woken nobody
                self.wake()

    def _take(self) -> None:
        """Take a turn."""
        self._has_turned, self._is_overdue, self._has_looked = True, False, False
        op = self._ops.take()
        if op is not None and op.mode in ("call", "lock"):
            self.unsent.is_called = True
        parcel = self.unsent.part()
        asked = self.asking.asked() if op is None else op.data
        mode = "ask" if op is None else op.mode
        token = self.token if op is None else op.token
        words = (self._replica.applied, self.me, parcel.settled, token, mode, parcel.lines, asked)
        wanted = self.asking.wanted() if op is None else op.wanted
        self._bytes += len(asked) + len(parcel.lines)
        self._store.turn(words_of(words, wanted), lambda turn: self._told(op, parcel, turn))

    def _told(self, op: Op | None, parcel: Parcel, turn: Said | AwayError) -> None:
        if isinstance(turn, AwayError) or turn.problem:
            self._failed(op, parcel, turn)
            return
        self._is_busy = False
        self._follow(turn, parcel)
        if op is None:
            self.asking.answer(turn.place, turn.at, turn.numbers)
        elif not op.done.done():
            op.done.set_result(turn)
        if self._ops or self.unsent.is_called or (self.asking.reads and not turn.is_held):
            self.wake()
        elif turn.is_held and self.asking.reads:
            asyncio.get_running_loop().call_later(LOCKED, self.wake)

    def _failed(self, op: Op | None, parcel: Parcel, turn: Said | AwayError) -> None:
        self.unsent.put_back(parcel)  # those that have come all the same are known by their ids
        is_away = isinstance(turn, AwayError)
        if op is not None and (is_away or op.mode not in ("commit", "unlock")):
            self._ops.again(op)
        elif op is not None and not op.done.done():
            op.done.set_exception(StateError(OUT_OF_TOUCH))
        if isinstance(turn, AwayError):
            self._lost(turn)
            return
        self._is_busy = False
        self.asking.answer(0, 0, {})
        self.mend()

    def _follow(self, turn: Said, parcel: Parcel) -> None:
        replica = self._replica
        for new in turn.news:
            replica.apply(*new)
            self._bytes += len(new.data)
        self._entries = turn.size
        replica.applied = turn.end
        if parcel.settled == "":
            self.unsent.settled = turn.call
        replica.seconds.reach(turn.at * MICRO)

    async def _keep(self) -> None:
        """Keep the worlds whole, so that the log before is not needed."""
        replica = self._replica
        margin = FEW if self._bytes > MUCH else MANY // 2
        self._entries = self._bytes = 0
        await self._store.snapshot(replica.applied, margin, replica.whole(replica.worlds, anew=True))

    async def _do(self, work: Coroutine[None, None, None]) -> None:
        """Do something that is no turn, and go on."""
        try:
            await work
        except AwayError as error:
            self._lost(error)
        else:
            self._is_busy = False
            self.wake()

    def _lost(self, error: AwayError) -> None:
        """Refuse everything until the store is back."""
        self._is_cut = True
        if self.problem is None:
            self._is_busy = True
            self._store.close()
        self._refuse(error)
        if not self._is_returning:
            self._is_returning = True
            self._work = asyncio.ensure_future(self._return(POLL))

    def _refuse(self, error: AwayError) -> None:
        if self.problem is None:
            self.problem = StateError(AWAY.format(error))
            self._tell(f"mock-sma: {self.problem}")
        self.asking.fail(self.problem)
        self._ops.fail(self.problem)

    def mend(self) -> None:
        """Have the worlds as the log says, before anything else."""
        self._wants_load = True
        self.wake()

    async def _return(self, wait: float = 0.0) -> None:
        """Connect, as often as it takes."""
        while True:
            await asyncio.sleep(wait)
            try:
                self._is_cut, self._is_overdue = False, True
                await self._store.open(self._lost)
                await self._store.listen(self.me, self._called)
                if self.is_dirty:
                    await self._load()
                if not self._is_cut:
                    break
            except AwayError as error:
                self._refuse(error)
            self._store.close()
            wait = POLL
        self._is_returning = self._wants_load = False
        if self.problem is not None:
            self.problem = None
            self._tell("mock-sma: the state is within reach again")
        self._is_busy = False
        self.wake()

    def _called(self) -> None:
        self.unsent.is_called = True
        self.wake()

    async def _load(self) -> None:
        """Have the worlds as the store has them; where it has lost what it had, it gets ours."""
        self._is_overdue = True  # others wait for the lines of those only that have taken a turn
        replica = self._replica
        while True:
            if not self.is_dirty:
                place = await self._store.found(replica.applied, replica.whole(replica.worlds, anew=True))
                if place is not None:
                    self._tell("mock-sma: the store had lost the state, and has it from this server again")
                    replica.applied = place
                    self.unsent.clear()
                    break
            state = await self._store.join()
            self.is_dirty = False
            if state.worlds:
                replica.load(state)
                replica.put_back(self.unsent)
                break
        self._wants_load = False

    async def leave(self) -> None:
        """Send what the others have not got, and go; raises as :meth:`Unsent.leave` does."""
        await self.unsent.leave(self._store, self._replica.applied, self.me)

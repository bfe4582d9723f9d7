"""One of several servers: its clients' requests in turns with the others'.

What may change something is one after the other in one log in a store. A server that is asked something takes its place
at the end of the log, hears in the same breath what has come before, lets that happen to its worlds, and only then
answers: every answer is what a single server would have given at that place. Each server answers all of it for itself,
which leads to the same, as a world is a plain function of what it was asked. All that comes in while a turn is under
way takes the next one together, so that with many clients a turn costs each of them little.

What only reads has no place: it is answered by this server alone, once it is known that nothing new has come since the
request. The store gives it a number of its world all the same, as if there were one server.

Lines of the journal about reads follow within a second, or when somebody wants to see them.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, deque
from typing import TYPE_CHECKING

from mock_sma.errors import StateError
from mock_sma.state.record import asked_of
from mock_sma.state.shared.by_hand import ByHand
from mock_sma.state.shared.entries import asked_for
from mock_sma.state.shared.petition import LOCKED, MAX_ASKED, TRIES, UNKNOWN
from mock_sma.state.shared.replica import MICRO, only_reads
from mock_sma.state.shared.turns import TurnTaker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from mock_sma.sandbox.exchange import Reply, Request
    from mock_sma.sandbox.sandbox import Sandbox
    from mock_sma.state.shared.replica import Replica
    from mock_sma.state.shared.store import Store, Wanted

    Done = Callable[["tuple[Sandbox, Reply] | Exception"], None]

_log = logging.getLogger("mock_sma.server")


class Sharing(ByHand):
    """What a server does that shares its state.

    Args:
        me: its number among all servers that there ever were.
        tell: says what happens, for people.

    Attributes:
        name: what the journal calls this server.
    """

    def __init__(self, store: Store, replica: Replica, me: int, tell: Callable[[str], None]) -> None:
        super().__init__(TurnTaker(store, replica, me, tell), replica)
        self._turns.asking = self
        self.name = f"server-{me}"
        self._waiting: deque[tuple[Request, Done]] = deque()
        self._under_way: list[tuple[Request, Done]] = []
        self._readers: list[tuple[Request, Done]] = []
        """Who waits to read."""
        self._reading: list[tuple[Sandbox, Request, Done]] = []
        """Who of them is answered when it is known whether anything new has come."""
        self._looks = 0

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
        world = self._read_of(request)
        if world is None:
            self._waiting.append((request, done))
            # Changes of consents tell how many requests came before; those for tokens come too often to care.
            turns.unsent.is_called |= not request.path.endswith("/token")
        else:
            look = turns.glance(world)
            if look is not None and self._answer_read(world, request, done, *look):
                return
            if look is None:
                self._readers.append((request, done))
        if not self._is_held:
            turns.wake()

    def read_at_once(self, world: Sandbox, request: Request) -> Reply | None:
        """Return a world's answer to what only reads it, where the store need not be asked; None: it is to be."""
        look = self._turns.glance(world) if only_reads(world, request) else None
        return None if look is None else self._read(world, request, *look)

    def _read_of(self, request: Request) -> Sandbox | None:
        """Return the world that a request only reads, as far as this server knows; None: it may change something."""
        world = self._replica.worlds.pick(request)
        return world if only_reads(world, request) else None

    @property
    def asks(self) -> bool:
        """Whether something waits that may change worlds."""
        return bool(self._waiting) and not self._is_held

    @property
    def reads(self) -> bool:
        """Whether something waits that leaves no more than lines in the journal."""
        return bool(self._readers or self._reading) and not self._is_held

    def gather(self) -> list[Wanted]:
        """Have what waits to read now answered by the next :meth:`read`; returns the numbers that this needs."""
        readers = [*((request, done) for _, request, done in self._reading), *self._readers]
        self._reading, self._readers = [], []
        self._looks += 1
        for request, done in readers:
            world = None if self._looks > TRIES else self._read_of(request)
            if world is None:
                self._waiting.append((request, done))
            else:
                self._reading.append((world, request, done))
        return _numbers(world for world, _, _ in self._reading)

    def read(self, at: int, numbers: Mapping[str, int]) -> None:
        """Answer what was gathered, all before a time [microseconds] having happened, and nothing since."""
        readers, self._reading, self._looks = self._reading, [], 0
        left = dict(numbers)
        for world, request, done in readers:
            number = left[world.name]
            left[world.name] = number + 1
            self._answer_read(world, request, done, at, number)
        come, self._readers = self._readers, []
        for request, done in come:  # during the look; maybe it has brought what they need
            self.ask(request, done)
        if self._waiting:
            self._turns.wake()

    def _answer_read(self, world: Sandbox, request: Request, done: Done, at: int, number: int) -> bool:
        """Answer a read; False: it waits for its place in the log."""
        try:
            reply = self._read(world, request, at, number)
        except Exception as error:  # noqa: BLE001 - answered 500
            _log.exception("an exception in the vendor API")
            done(error)
            return True
        if reply is None:
            self._waiting.append((request, done))
            return False
        done((world, reply))
        return True

    def _read(self, world: Sandbox, request: Request, at: int, number: int) -> Reply | None:
        """Answer a read; None: what is due before has to happen on all servers alike."""
        replica = self._replica
        replica.seconds.hold(at * MICRO)
        try:
            if world.agenda.due <= world.clock.time():
                return None
            reply = replica.handle(world, request, number, self.name)
            self._turns.unsent.add(world.name, replica.applied, world.requests[-1])
            return reply
        finally:
            replica.seconds.go_on()

    def asked(self) -> bytes:
        """Return the requests that wait, for the log."""
        waiting = self._waiting
        if self._is_held or not waiting:
            return b""
        self._under_way = [waiting.popleft() for _ in range(min(len(waiting), MAX_ASKED))]
        return asked_for(self.name, [asked_of(request) for request, _ in self._under_way])

    def wanted(self) -> list[Wanted]:
        """Return the numbers that :meth:`asked` needs."""
        return _numbers(self._replica.worlds.pick(request) for request, _ in self._under_way)

    def answer(self, place: int, at: int, numbers: Mapping[str, int]) -> None:
        """Answer the requests of a turn; with no place they take the next one."""
        asked, self._under_way = self._under_way, []
        if not asked:
            answers: list[tuple[Done, tuple[Sandbox, Reply] | Exception]] = []
        elif not place:
            self._waiting.extendleft(reversed(asked))
            asyncio.get_running_loop().call_later(LOCKED, self._turns.wake)
            return
        else:
            answers = self._answers(asked, at, dict(numbers))
        for done, answer in answers:
            done(answer)
        if self._waiting and not self._is_held:
            self._turns.wake()

    def _answers(
        self, asked: list[tuple[Request, Done]], at: int, numbers: dict[str, int]
    ) -> list[tuple[Done, tuple[Sandbox, Reply] | Exception]]:
        found: list[tuple[Done, tuple[Sandbox, Reply] | Exception]] = []
        seconds = self._replica.seconds
        seconds.hold(at * MICRO)
        try:
            for request, done in asked:
                try:
                    world = self._replica.worlds.pick(request)
                    reply = self._replica.take(world, request, numbers, self.name)
                except Exception as error:  # noqa: BLE001 - answered 500
                    _log.exception("an exception in the vendor API")
                    found.append((done, error))
                    continue
                found.append((done, (world, reply)))
        finally:
            seconds.go_on()
        return found

    def fail(self, error: StateError) -> None:
        """Answer all that waits with an error."""
        asked, self._under_way = self._under_way, []
        reading = ((request, done) for _, request, done in self._reading)
        waiting, self._waiting = [*self._waiting, *reading, *self._readers], deque()
        self._reading, self._readers = [], []
        for _, done in asked:
            done(StateError(UNKNOWN.format(error)))
        for _, done in waiting:
            done(error)


def _numbers(worlds: Iterable[Sandbox]) -> list[Wanted]:
    """Return the numbers that requests to worlds need."""
    return [(world.name, count, world.requests.total) for world, count in Counter(worlds).items()]

"""The worlds of one of several servers: as the shared log says, entry by entry."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from mock_sma.clock import monotonic
from mock_sma.errors import StateError
from mock_sma.sandbox.exchange import Request
from mock_sma.state.keeper import READS
from mock_sma.state.record import Seconds
from mock_sma.state.shared.entries import Changed, Lines, Requested, Whole, item_of
from mock_sma.state.shared.late import Late
from mock_sma.state.written import Written, bring, read_world, written_origin, written_state

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mock_sma.domain.scenario import Scenario
    from mock_sma.sandbox.exchange import Reply
    from mock_sma.sandbox.sandbox import Sandbox
    from mock_sma.sandbox.world.entry import Entry
    from mock_sma.state.record import Asked
    from mock_sma.state.shared.entries import Line
    from mock_sma.state.shared.store import State
    from mock_sma.worlds.worlds import Worlds

MICRO = 1e-6

FOREVER = float("inf")
"""Time without a request after which a server removes a world by itself [s]: all of them do it together
(:mod:`mock_sma.state.shared.sweep`)."""


class StoreSeconds(Seconds):
    """Real seconds by the clock of the store, which all servers have."""

    def begin(self, after: float) -> None:
        """Go on from the store's time."""
        self._base = after - monotonic()


class Replica:
    """Worlds that follow a log.

    Args:
        worlds: what is kept the same.
        seconds: what their clocks go by: the time of the store.

    Attributes:
        applied: position of the last entry that the worlds have.
    """

    def __init__(self, worlds: Worlds, seconds: Seconds) -> None:
        self.worlds = worlds
        self.seconds = seconds
        self.applied = 0
        self._late = Late()
        worlds.settle = self.settle
        self._origins: dict[str, tuple[Scenario, int]] = {}
        self._mixed: set[str] = set()
        """Names of worlds whose journals are not in the order of their numbers."""
        self._written_at: dict[str, int] = {}
        """Position of the entry by which a world was last changed by hand, by its name."""

    def apply(self, position: int, at: int, data: bytes) -> None:
        """Let what another server has written happen.

        Args:
            at: when [microseconds since the epoch].

        Raises:
            StateError: it cannot be read.
        """
        item = item_of(data)
        if isinstance(item, Requested):
            self.seconds.hold(at * MICRO)
            try:
                for each in item.items:
                    self._answer(each, item)
            finally:
                self.seconds.go_on()
        elif isinstance(item, Lines):
            self._know(item.last)
            if self._late.add(item):
                self.settle()
        else:
            self.settle()
            self._change(item, position)
        self.applied = position

    def _know(self, last: Mapping[str, tuple[int, int]]) -> None:
        """Know of requests that have been answered, unless their worlds were changed since: the store counts on."""
        for name, (number, position) in last.items():
            world = self.worlds.named(name)
            if world is not None and position >= self._written_at.get(name, 0):
                world.requests.total = max(world.requests.total, number)

    def _answer(self, row: Asked, item: Requested) -> None:
        request = Request(*row)
        world = self.worlds.pick(request)
        maker = world.sessions.maker
        # The tokens are handed out elsewhere; to sign them takes nine tenths of the time.
        maker.is_idle = True
        try:
            self.take(world, request, item.numbers, item.server)
        finally:
            maker.is_idle = False

    def take(self, world: Sandbox, request: Request, numbers: dict[str, int], server: str) -> Reply:
        """Have a world answer a request as the number that is its turn, which is taken out of ``numbers``."""
        number = numbers.get(world.name, world.requests.total + 1)
        numbers[world.name] = number + 1
        return self.handle(world, request, number, server)

    def handle(self, world: Sandbox, request: Request, number: int, server: str) -> Reply:
        """Have a world answer a request as this number of its requests."""
        journal = world.requests
        total = journal.total
        journal.total = number - 1
        try:
            reply = world.handle(request)
        finally:
            journal.total = max(total, journal.total)
        journal[-1].server = server
        if number <= total:  # a read did not wait for what was being kept
            self._mixed.add(world.name)
        return reply

    def settle(self) -> None:
        """Take up the lines of others that have come, as somebody looks."""
        self.put_back(self._late.take())

    def put_back(self, lines: Iterable[Line]) -> None:
        """Have reads in the journals of their worlds, where those have not begun anew since."""
        by_world: defaultdict[str, list[Entry]] = defaultdict(list)
        for name in self._mixed:
            by_world[name] = []
        self._mixed.clear()
        for name, position, entry in lines:
            if position >= self._written_at.get(name, 0):
                by_world[name].append(entry)
        for name, entries in by_world.items():
            world = self.worlds.find(name)
            if world is not None:
                world.requests.merge(entries)

    def _change(self, changed: Changed, position: int) -> None:
        for name in changed.gone:
            self._written_at.pop(name, None)
            if self.worlds.find(name) is not None:
                (self.worlds.sweep if name in changed.swept else self.worlds.delete)(name)
        for whole in changed.worlds:
            self._put(whole)
            self._written_at[whole.name] = position

    def _put(self, whole: Whole) -> None:
        world = self.worlds.find(whole.name)
        if whole.origin is None and world is None:
            raise StateError(f"the shared log has no beginning of the world {whole.name!r}")
        before = [] if world is None else list(world.requests)
        if whole.origin is None and world is not None:
            # What has been simulated stays at hand.
            bring(world, whole.state, self.seconds)
        else:
            world = read_world(whole.name, Written(whole.origin or b"", whole.state), self.seconds)
            self.worlds.put(world)
        world.requests.prefer(before)
        self._origins[whole.name] = (world.scenario, world.seed)

    def load(self, state: State) -> None:
        """Begin anew with all that there is."""
        self._origins.clear()
        self._late.take()
        found = {whole.name for whole in state.worlds}
        gone = [world.name for world in self.worlds if world.name not in found]
        self._change(Changed(state.worlds, gone), state.upto)
        # Lines of before may come yet: whoever kept the worlds had only its own.
        self._written_at.clear()
        self.applied = state.upto
        for new in state.log:
            self.apply(*new)
        self.seconds.reach(state.at * MICRO)

    def whole(self, worlds: Iterable[Sandbox], *, anew: bool = False) -> list[Whole]:
        """Return worlds as the log has them.

        Args:
            anew: with their origin, whether the log has it or not.
        """
        self.settle()
        found = []
        for world in worlds:
            if world.clock.source is not self.seconds:
                world.clock.follow(self.seconds)
            state = written_state(world)
            known = self._origins.get(world.name)
            is_new = known is None or known[0] is not world.scenario or known[1] != world.seed
            found.append(Whole(world.name, written_origin(world) if anew or is_new else None, state))
        return found

    def changed(self, name: str | None, position: int) -> Changed:
        """Return what a change by hand of a world (None: the default one), or of their list, has led to.

        Args:
            position: the last one of the log.
        """
        there = {world.name: world for world in self.worlds}
        gone = [name for name in self._origins if name not in there]
        named = self.worlds.default.name if name is None else name
        touched = [world for world in there.values() if world.name == named or world.name not in self._origins]
        found = Changed(self.whole(touched), gone, [name for name in gone if self.worlds.is_swept(name)])
        for old in gone:
            self._origins.pop(old)
        for world in touched:
            self._origins[world.name] = (world.scenario, world.seed)
            self._written_at[world.name] = position + 1
        return found


def is_quiet(world: Sandbox) -> bool:
    """Tell whether nothing in a world counts what is read."""
    return not world.faults.active and not world.quota.is_counting


def only_reads(world: Sandbox, request: Request) -> bool:
    """Tell whether a request leaves nothing but a line in the journal, as far as this server knows."""
    if request.method != "GET" or not is_quiet(world) or world.agenda.due <= world.clock.time():
        return False
    if world.simulators.known(request.path, request.query) is not None:
        return True
    operation = world.operation_of(request)
    return operation is not None and operation.id in READS

"""One world: a scenario, a clock, and all that has happened since."""

from __future__ import annotations

from dataclasses import replace
from threading import RLock
from typing import TYPE_CHECKING, Any, ClassVar, Self

from mock_sma.clock import Clock, parse_instant
from mock_sma.domain.grants import spelled_out
from mock_sma.domain.scenario import EVERY_OWNER
from mock_sma.errors import ConflictError
from mock_sma.leaves import leaf
from mock_sma.sandbox.world.bearer import BearerCheck
from mock_sma.sandbox.world.browsers import BrowserBook
from mock_sma.sandbox.world.codes import CodeBook
from mock_sma.sandbox.world.consents.book import ConsentBook
from mock_sma.sandbox.world.estate import Estate
from mock_sma.sandbox.world.faults import FaultBook
from mock_sma.sandbox.world.happenings.book import Happenings
from mock_sma.sandbox.world.journal import Journal
from mock_sma.sandbox.world.mailbox import Mailbox
from mock_sma.sandbox.world.minting import Mint
from mock_sma.sandbox.world.quota import QuotaBook
from mock_sma.sandbox.world.savepoint import save_point
from mock_sma.sandbox.world.sessions import SessionBook
from mock_sma.sandbox.world.simulators import Simulators
from mock_sma.sandbox.world.timekeeper import Timekeeper
from mock_sma.seeding import DEFAULT_SEED, Identifiers

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import date, datetime

    from mock_sma.domain.actions import Action
    from mock_sma.domain.people import User
    from mock_sma.domain.plant import Plant
    from mock_sma.domain.scenario import Scenario
    from mock_sma.sandbox.world.entry import Entry
    from mock_sma.sandbox.world.savepoint import SavePoint
    from mock_sma.verdicts.truth import Truth


class World:
    """All state of a world, from its beginning on; nothing here answers a request.

    Args:
        scenario: what the world starts from.
        now: start of the clock (ISO 8601 with offset, or an aware datetime); None: the scenario's, else the
            system's time. Outlives reset, and the load of a scenario that names none.
        seed: the seed of all random numbers; None: the scenario's, else the default one. Outlives the same.
        rate: emulated seconds per second; None: frozen where a start is named by ``now`` or the scenario,
            else 1, so that tests see no time pass by itself.
        name: the name of the world, where many live in one process.
        own_clients: give its clients ids and secrets of their own, by which requests find the world.

    Attributes:
        clock: the world's time; one object for the world's whole life.
        estate: plants and people as they are now.
        agenda: what will happen by itself.
        consents: requests for consent, the owners' answers, and what they open.
        happenings: the timeline and changes by hand: what has happened, and a way to let more happen.
        requests: the journal, oldest first.
        mailbox: the mails that SMA would have sent.
        faults: the fault rules in force.
        savepoints: the savepoints that were given names.
    """

    scenario: Scenario

    LASTING: ClassVar[frozenset[str]] = frozenset(
        {"name", "lock", "clock", "savepoints", "_own_clients", "_given_now", "_given_seed", "_given_rate"}
    )
    """What is no part of the state that a save point keeps."""

    KEPT: ClassVar[tuple[str, ...]] = ("savepoints", "_own_clients", "_given_now", "_given_seed", "_given_rate")
    """What of that is written down with a world."""

    OWN: ClassVar[tuple[str, ...]] = ("identifiers", "requests", "codes", "browser_sessions", "simulators")
    """What a fork has of its own."""

    def __init__(
        self,
        scenario: Scenario,
        *,
        now: datetime | str | None = None,
        seed: int | None = None,
        rate: float | None = None,
        name: str = "default",
        own_clients: bool = False,
    ) -> None:
        self.name = name
        self._own_clients = own_clients
        self.lock = RLock()
        self.savepoints: dict[str, SavePoint] = {}
        self._given_now = now
        self._given_seed = seed
        self._given_rate = rate
        self.clock = Clock(now, on_move=self.catch_up)
        self._begin(scenario, (now, scenario.now), (seed, scenario.seed))

    def load(self, scenario: Scenario) -> None:
        """Begin anew from another scenario.

        What it names (start, seed) is in force; what it leaves open is as the constructor was given it. Where
        it cannot be loaded, the exception propagates and the world goes on as it was.
        """
        with self.lock:
            before, clock = dict(vars(self)), self.clock.copy()
            try:
                self._begin(scenario, (scenario.now, self._given_now), (scenario.seed, self._given_seed))
            except BaseException:
                vars(self).update(before)
                self.clock.restore(clock)
                raise

    def _begin(
        self,
        scenario: Scenario,
        starts: tuple[datetime | str | None, datetime | str | None],
        seeds: tuple[int | None, int | None],
    ) -> None:
        with self.lock:
            self._start = next((start for start in starts if start is not None), None)
            rate = self._given_rate
            if rate is None:
                rate = 1.0 if self._start is None else 0.0
            started = self.clock.start(self._start, rate)
            self._timekeeper = Timekeeper(self.lock, self.clock, started)
            self.agenda = self._timekeeper.agenda
            self.started = self._timekeeper.started
            self.seed = next((seed for seed in seeds if seed is not None), DEFAULT_SEED)
            if self._own_clients:
                scenario = leaf("worlds.own_clients", "with_own_clients")(scenario, self.name, self.seed)
            self.scenario = scenario
            self._open_books(scenario)
            self.catch_up()

    def _open_books(self, scenario: Scenario) -> None:
        """Make all books anew, each with what it uses."""
        timekeeper = self._timekeeper
        self.switches = scenario.switches
        self.clients = {client.id: client for client in scenario.clients}
        self.identifiers = Identifiers(self.seed, self.name)
        self.estate = Estate(scenario, timekeeper.start)
        self.simulators = Simulators(self.seed, scenario.switches.dst_fold, self.lock)
        self.quota = QuotaBook(scenario.quota, scenario.clients)
        self.faults = FaultBook(
            self.lock, self.seed, self.name, scenario.faults, start=timekeeper.start, by_hand=self._by_hand
        )
        self.requests = Journal(forgetting=self._forgetting)
        self.mailbox = Mailbox()
        self.codes = CodeBook(self.identifiers)
        self.browser_sessions = BrowserBook(self.identifiers)
        self.sessions = SessionBook(Mint(self.name, self.seed, scenario.profile, self.estate.users), self.identifiers)
        self.bearer = BearerCheck(self.sessions)
        self.consents = ConsentBook(
            self._with_consents(scenario),
            timekeeper=timekeeper,
            estate=self.estate,
            identifiers=self.identifiers,
            journal=self.requests,
            sessions=self.sessions,
            by_hand=self._by_hand,
        )
        self.happenings = Happenings(
            scenario.timeline,
            timekeeper=timekeeper,
            estate=self.estate,
            consents=self.consents,
            quota=self.quota,
            faults=self.faults,
            followers=(self.consents, self.sessions, self.bearer, self.browser_sessions, self.codes),
        )

    def truth(self, plant: Plant | str, day: date | str, *, devices: bool = True) -> Truth:
        """Return the energies that a client which missed nothing holds of a plant's day: now, and in the end.

        Whoever may see the plant, and whatever faults do to answers, it is what the owner's portal has: late data,
        gaps and restated rows, devices that are gone or new (R30), and what the timeline still holds are counted.

        Args:
            plant: it, or its id (one from before a migration will do).
            day: local date of the plant: a date, or a text such as ``2025-06-15``.
            devices: whether its devices are wanted too, which takes longer.

        Raises:
            UnknownError: there is no such plant.
            UsageError: the day is none.
        """
        books = (self.estate, self.happenings, self.simulators, self.scenario.profile)
        teller = leaf("truth.teller", "TruthTeller")(*books)
        with self._timekeeper.present() as now:
            told = teller.asked(plant if isinstance(plant, str) else plant.id, day, now, devices=devices)
        truth: Truth = told()
        return truth

    def _forgetting(self, entries: Sequence[Entry]) -> None:
        """Take note of entries that the journal forgets; a world by itself takes none."""

    def _with_consents(self, scenario: Scenario) -> Scenario:
        if all(item.email != EVERY_OWNER for item in scenario.consents):
            return scenario
        owners = [user.email for user in self.estate.users.values() if user.registered and self._owns(user)]
        return replace(scenario, consents=tuple(spelled_out(scenario.consents, owners, self.seed)))

    def _owns(self, user: User) -> bool:
        return bool(self.estate.owned_by(user.email))

    def _by_hand(self, action: Action) -> Any:
        return self.happenings.carry_out(action)

    def reset(self) -> None:
        """Put the world back exactly to its scenario."""
        self._begin(self.scenario, (self._start, None), (self.seed, None))

    def save(self) -> SavePoint:
        """Keep the world as it is now, for :meth:`restore`; it goes on untouched."""
        with self.lock:
            self.catch_up()
            return self._saved((self, self.lock, self.clock, self.simulators))

    def _saved(self, outside: Iterable[object], words: Collection[str] = ()) -> SavePoint:
        books = {name: book for name, book in vars(self).items() if name not in self.LASTING}
        return save_point(books, self.clock, self.requests.total, outside, words)

    def restore(self, point: SavePoint) -> None:
        """Put the world back to a save point of its own, as often as wanted.

        Tokens that had been handed out before are valid again. Of those handed out since, none is: their sessions are
        unknown, or do not know them.
        """
        with self.lock:
            if point.shared[0] is not self:
                raise ConflictError("a save point is of the world that made it; POST /_mock/worlds copies another one")
            vars(self).update(point.load())
            self.clock.rewind(point.clock)

    @property
    def lasting(self) -> dict[str, Any]:
        """What belongs to a world besides a save point and its clock, by names of attributes; can be set."""
        return {name: vars(self)[name] for name in self.KEPT}

    @lasting.setter
    def lasting(self, values: dict[str, Any]) -> None:
        vars(self).update(values)

    def fork(self, name: str) -> Self:
        """Return a world that is as this one is now, and goes its own way from here.

        Its clients have ids and secrets of their own, by which requests find it; tokens, logins and the journal stay
        behind.
        """
        with self.lock:
            self.catch_up()
            now, rate = self._given_now, self._given_rate
            twin = type(self)(self.scenario, now=now, seed=self.seed, rate=rate, name=name, own_clients=True)
            clients = dict(zip(self.clients, twin.clients, strict=True))
            consents = {item.id: twin.identifiers.uuid("consent") for item in self.consents}
            parts: dict[object, object] = {self: twin, self.lock: twin.lock, self.clock: twin.clock}
            parts |= {getattr(self, part): getattr(twin, part) for part in self.OWN}
            parts[self.sessions.maker] = twin.sessions.maker
            point = self._saved(parts, {*clients, *consents})
            given = {id(old): new for old, new in parts.items()}
            replacements = leaf("worlds.fork", "Replacements")(twin.scenario, given, clients, consents)
            vars(twin).update(point.load(replacements.of))
            twin.requests.total = point.requests
            twin.sessions.forget()
            twin.bearer.forget()
            twin.clock.rewind(point.clock)
            return twin

    def recreating(self) -> Scenario:
        """Return the scenario that makes this world's beginning anywhere: with the start and seed it was given."""
        scenario = self.scenario
        start = parse_instant(self._start) if isinstance(self._start, str) else self._start
        if self.seed != (DEFAULT_SEED if scenario.seed is None else scenario.seed):
            scenario = replace(scenario, seed=self.seed)
        return scenario if start in (None, scenario.now) else replace(scenario, now=start)

    def catch_up(self) -> float:
        """Let everything happen that the clock's time implies: timeline, expiry, automatic answers.

        Returns:
            That time [s since the epoch]; a clock that runs is later already.
        """
        return self._timekeeper.catch_up()

"""What has to hold in every life, and whoever watches over it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from math import inf
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import orjson

from mock_sma.domain.scenario import ConsentState
from mock_sma.simulation.visibility import UPLOAD
from mock_sma.truth.teller import TruthTeller

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mock_sma.domain.plant import Plant
    from mock_sma.sandbox.sandbox import Sandbox
    from mock_sma.sandbox.world.entry import Entry

    Store = Callable[[str, date], Mapping[str, float] | None]

DAY = 86_400.0
GRACE = 2 * DAY
"""Time that a program has to fetch what has come late, or to come back to a plant [s]."""

SILENCE = DAY
"""Longest time in which a program asks nothing [s]: a wait that never ends is longer."""

STUCK = DAY
"""Longest time in which nothing that a program asks succeeds [s]: no outage of a story lasts as long."""

NO_STANDS = 7 * DAY
"""Time for which an owner who said no is not asked again [s]."""

LONGEST_UPLOAD = max(UPLOAD.values())

AT_ONCE = 1_000
"""Requests at one instant, or of one question within an hour, after which a program is said to run in circles."""

HOUR = 3_600.0

FAILED = 400
"""From which status on a request has not got what it asked for."""


class LifeFailure(AssertionError):  # noqa: N818 - what pytest shows is a failure, not an error
    """An invariant did not hold.

    Attributes:
        rule: which one: ``vain``, ``begging``, ``energy``, ``silence``, ``stuck``, ``circles``, ``midnight`` or
            ``program``.
    """

    def __init__(self, rule: str, text: str) -> None:
        super().__init__(text)
        self.rule = rule


@dataclass(slots=True)
class _Answered:
    """When measurements were last answered [s since the epoch]."""

    at: float = -inf


@dataclass(slots=True)
class _Question:
    """What a program asks again and again.

    Attributes:
        since: begin of an hour or so in which it is counted [s since the epoch].
        count: how often it has been asked in that time.
        begs: whether it asks an owner for a consent.
        answered: of measurements, however their path is spelt; None: it is about something else.
        plant: whose they are, or whose device's.
    """

    since: float
    count: int
    begs: bool
    answered: _Answered | None
    plant: str


@dataclass
class Living:
    """A life under way: what a program's callbacks get, and what the ready invariants keep an eye on.

    Attributes:
        sandbox: the world.
        store: tells the energies [Wh] that the program keeps of a plant's day; None: it is not asked.
        start: of the life [s since the epoch].
        rules: the ready invariants that are held.
        problem: the first that did not hold.
    """

    sandbox: Sandbox
    store: Store | None
    start: float
    rules: frozenset[str]
    problem: LifeFailure | None = None
    _questions: dict[tuple[str, str, str], _Question] = field(default_factory=dict)
    _answered: dict[str, _Answered] = field(default_factory=dict)
    _last: float = 0.0
    _at_once: int = 0
    _good: float = 0.0
    _refused: str = ""
    _pending: dict[str, tuple[list[date], date]] = field(default_factory=dict)
    """By plant, the days that may still change when they were looked at, and the first that has not been looked at."""

    _teller: TruthTeller | None = None

    def __post_init__(self) -> None:
        self._last = self._good = self.start

    @property
    def now(self) -> datetime:
        """The world's time."""
        return self.sandbox.clock.now()

    def break_off(self, rule: str, text: str) -> None:
        """Say what does not hold; the life ends with the first such thing."""
        if self.problem is None and rule in self.rules:
            self.problem = LifeFailure(rule, text)

    # ---- each exchange --------------------------------------------------------------------------------

    def saw(self, entry: Entry, *, arrives: bool = True) -> None:
        """Look at an exchange.

        Args:
            arrives: whether the program gets the answer; a broken connection or a delay may keep it from it.
        """
        at, before = entry.at, self._last
        self._last = at
        self._at_once = self._at_once + 1 if before == at else 1
        if self._at_once > AT_ONCE:
            self.break_off("circles", f"{AT_ONCE} requests at one instant, the last one {_told(entry)}")
        question = self._questions.get((entry.method, entry.path, entry.query)) or self._question(entry)
        if at - question.since > HOUR:
            question.since, question.count = at, 0
        question.count += 1
        if question.count > AT_ONCE:
            text = f"{_told(entry)} was asked {question.count} times in {_span(at - question.since)}"
            self.break_off("circles", text)
        if entry.status >= FAILED:
            self._refused = f"{_told(entry)}, answered {entry.status}"
        elif entry.operation != "token":
            self._good = at
        if entry.operation == "bc_authorize" or question.begs:
            self._look_for_begging(entry)
        elif question.answered is not None:
            self._look_for_vain(entry, question.answered, question.plant, arrives=arrives)

    def _question(self, entry: Entry) -> _Question:
        """Take note of a question that is asked for the first time."""
        answered, plant = None, ""
        if entry.method == "GET" and "/measurements/" in entry.path:
            plant = entry.path.partition("/measurements/")[0].rpartition("/")[2]
            answered = self._answered.setdefault(f"{entry.path.lower()}?{entry.query}", _Answered())
        begs = entry.method == "POST" and entry.path.endswith("/bc-authorize")
        found = self._questions[entry.method, entry.path, entry.query] = _Question(entry.at, 0, begs, answered, plant)
        return found

    def _look_for_vain(self, entry: Entry, answered: _Answered, name: str, *, arrives: bool) -> None:
        if entry.status not in (200, 403, 404):
            return
        gone = entry.at - answered.at
        if arrives:
            answered.at = entry.at
        if gone >= LONGEST_UPLOAD / 2:
            return
        plant = self.sandbox.estate.plant(name)
        wait = UPLOAD[plant.backend] if plant is not None else 300
        # Half an interval is left for programs whose polls drift against the uploads.
        if gone < wait / 2:
            text = f"{_told(entry)} was asked {gone:g} s after it had been answered"
            self.break_off("vain", f"{text}; new data come every {wait} s (R25)")

    def _look_for_begging(self, entry: Entry) -> None:
        try:
            email = str(orjson.loads(entry.request_body).get("loginHint", ""))
        except (orjson.JSONDecodeError, AttributeError):
            return
        for record in self.sandbox.consents:
            if record.email.casefold() != email.casefold() or record.client_id != entry.client_id:
                continue
            moved = record.history[-1].at if record.history else 0.0
            # The record that this very request has made is younger than it can be begging.
            earlier = [change for change in record.history if change.at < entry.at]
            if record.state in (ConsentState.REVOKED, ConsentState.REJECTED) and entry.at - moved < NO_STANDS:
                self.break_off("begging", f"{email} was asked for a consent {_span(entry.at - moved)} after a no")
            if record.state is ConsentState.PENDING and earlier:
                self.break_off("begging", f"{email} was asked for a consent while an earlier request is pending")

    # ---- each midnight --------------------------------------------------------------------------------

    def midnight(self, at: float) -> None:
        """Look at what should be so at the end of a day."""
        self.sandbox.catch_up()  # all that happens at midnight, before the truth is told
        if at - self._last > SILENCE and self._open(at):
            self.break_off("silence", f"nothing has been asked for {_span(at - self._last)}: a wait that never ends")
        elif at - self._good > STUCK and self._open(at):
            text = f"of all requests of {_span(at - self._good)} none was answered with what it asked for"
            self.break_off("stuck", f"{text}; the last one that was refused: {self._refused}")
        if self.store is not None and "energy" in self.rules:
            for plant in self._open(at):
                self._compare(plant, at)

    def _open(self, at: float) -> list[Plant]:
        """Return the plants that have been open to the program for a while."""
        opened: dict[str, float] = {}
        for record in self.sandbox.consents:
            if record.state is ConsentState.ACCEPTED and record.history:
                opened |= dict.fromkeys(record.plants, record.history[-1].at)
        plants = (self.sandbox.estate.plants.get(name) for name, since in opened.items() if at - since >= GRACE)
        return [plant for plant in plants if plant is not None and plant.owners()]

    def _compare(self, plant: Plant, at: float) -> None:
        zone, name = ZoneInfo(plant.timezone), plant.first_id(plant.id)
        # The day on which the life began is no whole day of the program's.
        first = datetime.fromtimestamp(self.start, zone).date() + timedelta(days=1)
        pending, following = self._pending.get(name, ([], first))
        last = datetime.fromtimestamp(at - GRACE, zone).date()
        while following < last:
            pending.append(following)
            following += timedelta(days=1)
        later: list[date] = []
        for place, day in enumerate(pending):
            if not self._is_compared(plant, name, day, at):
                later.append(day)
            if self.problem is not None:
                later += pending[place + 1 :]
                break
        self._pending[name] = (later, following)

    def _truths(self) -> TruthTeller:
        """Return what tells the truth: one for all nights, as most that it looks up stays as it is for weeks."""
        world = self.sandbox
        books = (world.estate, world.happenings, world.simulators, world.scenario.profile)
        if self._teller is None or self._teller.books != books:
            self._teller = TruthTeller(*books)
        return self._teller

    def _is_compared(self, plant: Plant, name: str, day: date, at: float) -> bool:
        """Compare a day, unless it may still change; tells which."""
        teller = self._truths()
        if teller.prospect(plant, day, at).final_at > at - GRACE:
            return False
        truth = teller.asked(plant.id, day, at, devices=False)()
        assert self.store is not None
        ids = dict.fromkeys((plant.id, name))
        held = next((found for own in ids if (found := self.store(own, day))), {})
        wrong = [
            f"{key} is {held[key]:g} Wh, and {truth.final.get(key, 0.0):g} Wh is true"
            for key in held
            if abs(held[key] - truth.final.get(key, 0.0)) > 0.5
        ]
        if not held and any(truth.final.values()):
            wrong = ["nothing is kept of it"]
        if wrong:
            seen = datetime.fromtimestamp(at, UTC)
            self.break_off("energy", f"{day} of plant {plant.id}, looked at {seen:%Y-%m-%d}: {'; '.join(wrong)}")
        return True


READY = frozenset({"vain", "begging", "energy", "silence", "stuck", "circles"})
"""The ready invariants."""


def _told(entry: Entry) -> str:
    return f"{entry.method} {entry.path}{'?' if entry.query else ''}{entry.query}"


def _span(seconds: float) -> str:
    return str(timedelta(seconds=int(seconds)))

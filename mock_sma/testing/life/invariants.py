"""What has to hold in every life, and whoever watches over it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import orjson

from mock_sma.domain.scenario import ConsentState
from mock_sma.simulation.visibility import UPLOAD

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


class LifeFailure(AssertionError):  # noqa: N818 - what pytest shows is a failure, not an error
    """An invariant did not hold.

    Attributes:
        rule: which one: ``vain``, ``begging``, ``energy``, ``silence``, ``stuck``, ``circles``, ``midnight`` or
            ``program``.
    """

    def __init__(self, rule: str, text: str) -> None:
        super().__init__(text)
        self.rule = rule


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
    _asked: dict[str, float] = field(default_factory=dict)
    _last: float = 0.0
    _at_once: tuple[float, int] = (0.0, 0)
    _within: dict[str, tuple[float, int]] = field(default_factory=dict)
    _good: float = 0.0
    _refused: str = ""
    _done: set[tuple[str, date]] = field(default_factory=set)

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
        before, self._last = self._last, entry.at
        self._at_once = (entry.at, self._at_once[1] + 1 if before == entry.at else 1)
        if self._at_once[1] > AT_ONCE:
            self.break_off("circles", f"{AT_ONCE} requests at one instant, the last one {_told(entry)}")
        self._look_for_circles(entry)
        if entry.status < 400 and entry.operation != "token":
            self._good = entry.at
        elif entry.status >= 400:
            self._refused = f"{_told(entry)}, answered {entry.status}"
        if entry.operation == "bc_authorize" or (entry.method == "POST" and entry.path.endswith("/bc-authorize")):
            self._look_for_begging(entry)
        elif entry.method == "GET" and "/measurements/" in entry.path:
            self._look_for_vain(entry, arrives=arrives)

    def _look_for_circles(self, entry: Entry) -> None:
        question = f"{entry.method} {entry.path}?{entry.query}"
        since, count = self._within.get(question, (entry.at, 0))
        if entry.at - since > HOUR:
            since, count = entry.at, 0
        self._within[question] = (since, count + 1)
        if count + 1 > AT_ONCE:
            self.break_off("circles", f"{_told(entry)} was asked {count + 1} times in {_span(entry.at - since)}")

    def _look_for_vain(self, entry: Entry, *, arrives: bool) -> None:
        question = f"{entry.path.lower()}?{entry.query}"
        before = self._asked.get(question)
        if arrives and entry.status in (200, 403, 404):
            self._asked[question] = entry.at
        if before is None or entry.at - before >= LONGEST_UPLOAD / 2:
            return
        segments = entry.path.split("/")
        plant = self.sandbox.estate.plant(segments[segments.index("measurements") - 1])
        wait = UPLOAD[plant.backend] if plant is not None else 300
        # Half an interval is left for programs whose polls drift against the uploads.
        if entry.status in (200, 403, 404) and entry.at - before < wait / 2:
            text = f"{_told(entry)} was asked {entry.at - before:g} s after it had been answered"
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
        zone = ZoneInfo(plant.timezone)
        # The day on which the life began is no whole day of the program's.
        day = datetime.fromtimestamp(self.start, zone).date() + timedelta(days=1)
        last = datetime.fromtimestamp(at - GRACE, zone).date()
        name = plant.first_id(plant.id)
        while day < last and self.problem is None:
            if (name, day) not in self._done:
                self._compare_day(plant, name, day, at)
            day += timedelta(days=1)

    def _compare_day(self, plant: Plant, name: str, day: date, at: float) -> None:
        truth = self.sandbox.truth(plant, day, devices=False)
        if truth.final_at.timestamp() > at - GRACE:
            return
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
        self._done.add((name, day))


READY = frozenset({"vain", "begging", "energy", "silence", "stuck", "circles"})
"""The ready invariants."""


def _told(entry: Entry) -> str:
    return f"{entry.method} {entry.path}{'?' if entry.query else ''}{entry.query}"


def _span(seconds: float) -> str:
    return str(timedelta(seconds=int(seconds)))

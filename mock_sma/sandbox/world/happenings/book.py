"""The happenings of a world: the timeline on its agenda, each carried out once, and a record of them all."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from math import inf
from typing import TYPE_CHECKING, overload

from mock_sma.domain import actions as act
from mock_sma.domain.authority import is_person
from mock_sma.domain.moment import from_start, settled
from mock_sma.domain.settling import settled_repeat
from mock_sma.domain.transitions import ConsentEvent
from mock_sma.errors import ConflictError, MockSmaError
from mock_sma.frozen import frozen
from mock_sma.sandbox.world.happenings.changes import check_may
from mock_sma.sandbox.world.happenings.model import MODEL_ACTIONS, change_model
from mock_sma.sandbox.world.happenings.people import change_user, register_user
from mock_sma.sandbox.world.happenings.plants import change_owner, set_owner

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from mock_sma.domain.actions import Action
    from mock_sma.domain.consent import Consent
    from mock_sma.domain.timeline import TimelineEntry
    from mock_sma.sandbox.world.consents.book import ConsentBook
    from mock_sma.sandbox.world.estate import Estate
    from mock_sma.sandbox.world.faults import Fault, FaultBook
    from mock_sma.sandbox.world.happenings.people import Follows
    from mock_sma.sandbox.world.quota import QuotaBook
    from mock_sma.sandbox.world.timekeeper import Timekeeper

MAX_KEPT = 20_000
"""Happenings that are told of; earlier ones are forgotten, not undone."""

TIMELINE = "timeline"
BY_HAND = "control"
"""Who wants what nobody else is named for."""


@frozen
class Happening:
    """One thing that has happened, or could not.

    Attributes:
        at: emulated time [s since the epoch].
        by: ``timeline``, or who wanted it: ``control``, ``console``, a person's e-mail.
        problem: why it could not be carried out; None: it was.
    """

    at: float
    action: Action
    by: str
    problem: str | None = None


class Happenings:
    """Carries out actions on a world: the one way on which timeline, control API, console and Python change it.

    The world's timeline is put on its agenda; each entry happens once, in order of time and then as written,
    however far the clock jumps. An entry that the world does not allow when its time has come (nothing to
    revoke, an owner whom R01 forbids) changes nothing and is kept with its problem.
    """

    def __init__(
        self,
        timeline: Iterable[TimelineEntry],
        *,
        timekeeper: Timekeeper,
        estate: Estate,
        consents: ConsentBook,
        quota: QuotaBook,
        faults: FaultBook,
        followers: Sequence[Follows] = (),
    ) -> None:
        self._timekeeper = timekeeper
        self._estate = estate
        self._consents = consents
        self._quota = quota
        self._faults = faults
        self._followers = followers
        self._past: deque[Happening] = deque(maxlen=MAX_KEPT)
        self._entries = list(timeline)
        for entry in self._entries:
            self._schedule(entry, -inf)

    def __iter__(self) -> Iterator[Happening]:
        return iter(tuple(self._past))

    def __len__(self) -> int:
        return len(self._past)

    def coming(self, now: float) -> list[tuple[float, TimelineEntry]]:
        """Return what of the timeline happens after ``now``, in order, each with its next time [s since the epoch]."""
        found = ((self.next_time(entry, now), entry) for entry in self._entries)
        return sorted(((at, entry) for at, entry in found if at is not None), key=lambda item: item[0])

    def changes_to_come(self, now: float, until: float) -> list[tuple[float, Action]]:
        """Return the changes of plants and devices that the timeline holds after ``now``, in order of time.

        Args:
            until: what repeats is told up to this time, and once more [s since the epoch].
        """
        found: list[tuple[float, Action]] = []
        for entry in self._entries:
            at: float | None = now
            while isinstance(entry.action, MODEL_ACTIONS) and at is not None and at <= max(now, until):
                at = self.next_time(entry, at)
                if at is not None:
                    found.append((at, entry.action))
        return sorted(found, key=lambda item: item[0])

    def schedule(self, entry: TimelineEntry) -> tuple[float, TimelineEntry]:
        """Let an entry happen at its time, as those of the scenario; its spans count from now.

        Returns:
            Its first time [s since the epoch], and the entry with times in the place of spans.

        Raises:
            ConflictError: its time is past.
        """
        with self._timekeeper.present() as now:
            first = settled(entry.at or from_start(entry.after or timedelta()), _instant(now))
            if first.timestamp() < now:
                raise ConflictError(f"time goes backwards: {first.isoformat()} is past")
            entry = replace(entry, at=first, after=None, repeat=settled_repeat(entry.repeat, _instant(now)))
            self._entries.append(entry)
            self._schedule(entry, -inf)
            return first.timestamp(), entry

    def next_time(self, entry: TimelineEntry, now: float) -> float | None:
        """Return when an entry happens next, after ``now`` [s since the epoch]; None: not again."""
        start = self._timekeeper.start
        first = start + (entry.after or timedelta()) if entry.at is None else settled(entry.at, start)
        repeat = settled_repeat(entry.repeat, start)
        if first.timestamp() > now or repeat is None:
            return first.timestamp() if first.timestamp() > now else None
        starts = (begins.timestamp() for _, begins in repeat.starts(first, now, inf))
        return next((at for at in starts if at > now), None)

    @overload
    def carry_out(self, action: act.ConsentAction, *, by: str = BY_HAND) -> list[Consent]: ...
    @overload
    def carry_out(self, action: act.AddFault, *, by: str = BY_HAND) -> Fault: ...
    @overload
    def carry_out(self, action: Action, *, by: str = BY_HAND) -> object: ...
    def carry_out(self, action: Action, *, by: str = BY_HAND) -> object:
        """Let an action happen now, after all that is due, and remember it.

        Args:
            by: who wants it: a word for a hand of mock-sma's own (``control``, ``console``), which may do
                everything, or the e-mail of a person, who may do what R02 allows.

        Returns:
            The consents that an answer has changed; the fault rule that was added; nothing otherwise.

        Raises:
            ForbiddenError: the person may not do it.
            UsageError: the world does not allow it; nothing has changed then.
            ScenarioError: what it says of a plant or an event breaks a rule.
        """
        with self._timekeeper.present() as now:
            check_may(self._estate, action, by)
            outcome = self._apply(action, now, by)
            self._past.append(Happening(now, action, by))
            return outcome

    def _schedule(self, entry: TimelineEntry, after: float) -> None:
        at = self.next_time(entry, after)
        if at is not None:
            self._timekeeper.agenda.add(at, partial(self._happen, entry))

    def _happen(self, entry: TimelineEntry, at: float) -> None:
        problem = None
        try:
            self._apply(entry.action, at, TIMELINE)
        except MockSmaError as error:
            problem = str(error)
        self._past.append(Happening(at, entry.action, TIMELINE, problem))
        self._schedule(entry, at)

    def _apply(self, action: Action, at: float, by: str) -> object:  # noqa: C901 - a table
        estate = self._estate
        match action:
            case _ if isinstance(action, MODEL_ACTIONS):
                change_model(estate, action, at, by, self._consents)
            case act.ConsentAction():
                event, hand = ConsentEvent(action.event), _hand(by)
                return self._consents.answer(action.email, action.client_id, event, at, by=hand)
            case act.SetOwner():
                set_owner(estate, action.plant_id, action.email, owner=action.owner)
            case act.ChangeOwner():
                change_owner(estate, action.plant_id, action.email)
            case act.RegisterUser():
                register_user(estate, action.email)
            case act.ChangeUser():
                change_user(estate, self._followers, action)
            case act.ChangeQuota():
                self._quota.change(action.quota, action.client_id)
            case act.AddFault():
                return self._faults.enforce(action.rule, _instant(at))
            case act.RemoveFault():
                self._faults.lift(action.fault_id)
            case act.ClearFaults():
                self._faults.lift_all()
        return None


def _hand(by: str) -> str:
    """Return who answered, in the words of a consent's history: ``owner``, ``timeline``, or ``control`` for others."""
    if is_person(by):
        return "owner"
    return by if by == TIMELINE else BY_HAND


def _instant(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)

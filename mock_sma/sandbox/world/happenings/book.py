"""The happenings of a world: the timeline on its agenda, each carried out once, and a record of them all."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import inf
from typing import TYPE_CHECKING

from mock_sma.domain import timeline as act
from mock_sma.domain.event import PlantEvent
from mock_sma.domain.moment import settled
from mock_sma.domain.settling import settled_repeat
from mock_sma.domain.transitions import ConsentEvent
from mock_sma.errors import MockSmaError
from mock_sma.sandbox.world.happenings.devices import deactivate_device, replace_device
from mock_sma.sandbox.world.happenings.migration import migrate
from mock_sma.sandbox.world.happenings.plants import (
    add_event,
    add_plant,
    change_owner,
    end_events,
    register_user,
    set_owner,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mock_sma.domain.timeline import Action, TimelineEntry
    from mock_sma.sandbox.world.consents.book import ConsentBook
    from mock_sma.sandbox.world.estate import Estate
    from mock_sma.sandbox.world.faults import FaultBook
    from mock_sma.sandbox.world.quota import QuotaBook
    from mock_sma.sandbox.world.timekeeper import Timekeeper

MAX_KEPT = 2_000


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that has happened, or could not.

    Attributes:
        at: emulated time [s since the epoch].
        by: ``timeline``, or who wanted it.
        problem: why it could not be carried out; None: it was.
    """

    at: float
    action: Action
    by: str
    problem: str | None = None


class Happenings:
    """Carries out actions on a world.

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
    ) -> None:
        self._timekeeper = timekeeper
        self._estate = estate
        self._consents = consents
        self._quota = quota
        self._faults = faults
        self._past: deque[Happening] = deque(maxlen=MAX_KEPT)
        for entry in timeline:
            self._schedule(entry)

    def __iter__(self) -> Iterator[Happening]:
        return iter(tuple(self._past))

    def __len__(self) -> int:
        return len(self._past)

    def coming(self, entry: TimelineEntry, now: float) -> float | None:
        """Return when an entry happens next, after ``now`` [s since the epoch]; None: not again."""
        start = self._timekeeper.start
        first = start + (entry.after or timedelta()) if entry.at is None else settled(entry.at, start)
        repeat = settled_repeat(entry.repeat, start)
        if first.timestamp() > now or repeat is None:
            return first.timestamp() if first.timestamp() > now else None
        starts = (begins.timestamp() for _, begins in repeat.starts(first, now, inf))
        return next((at for at in starts if at > now), None)

    def carry_out(self, action: Action, *, by: str = "control") -> None:
        """Let an action happen now, after all that is due.

        Raises:
            UsageError: the world does not allow it; nothing has changed then.
        """
        with self._timekeeper.present() as now:
            self._apply(action, now, by)
            self._past.append(Happening(now, action, by))

    def _schedule(self, entry: TimelineEntry) -> None:
        action = entry.action

        def happen(at: float) -> None:
            problem = None
            try:
                self._apply(action, at, "timeline")
            except MockSmaError as error:
                problem = str(error)
            self._past.append(Happening(at, action, "timeline", problem))
            schedule(at)

        def schedule(after: float) -> None:
            at = self.coming(entry, after)
            if at is not None:
                self._timekeeper.agenda.add(at, happen)

        schedule(-inf)

    def _apply(self, action: Action, at: float, by: str) -> None:  # noqa: C901, PLR0912 - a table
        estate = self._estate
        match action:
            case act.ConsentAction():
                self._consents.answer(action.email, action.client_id, ConsentEvent(action.event), at, by=by)
            case act.AddPlant():
                add_plant(estate, action.plant)
            case act.SetOwner():
                set_owner(estate, action.plant_id, action.email, owner=action.owner)
            case act.ChangeOwner():
                change_owner(estate, action.plant_id, action.email)
            case act.RegisterUser():
                register_user(estate, action.email)
            case act.StartEvent():
                add_event(estate, action.plant_id, _event(action, at))
            case act.EndEvents():
                end_events(estate, action.plant_id, action.device_id, _instant(at))
            case act.Migrate():
                migrate(estate, self._consents, action.plant_id, action.to, _instant(at))
            case act.DeactivateDevice():
                deactivate_device(estate, action.device_id, _instant(at))
            case act.ReplaceDevice():
                replace_device(estate, action, _instant(at))
            case act.ChangeQuota():
                self._quota.quota = action.quota
            case act.AddFault():
                self._faults.add(action.rule)
            case act.ClearFaults():
                self._faults.clear()


def _event(action: act.StartEvent, at: float) -> PlantEvent:
    start = _instant(at)
    end = start + action.duration if action.duration is not None else None
    return PlantEvent(kind=action.kind, start=start, end=end, device_id=action.device_id)


def _instant(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)

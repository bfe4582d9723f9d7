"""What batteries hold at any midnight, without running them from their first day (docs/simulation.md)."""

from __future__ import annotations

from collections import OrderedDict
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from mock_sma.simulation import battery
from mock_sma.simulation.slots import midnight

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from zoneinfo import ZoneInfo

    from mock_sma.simulation.arrays import Ints
    from mock_sma.simulation.bank import Pack
    from mock_sma.simulation.slots import Days

States = tuple[int, ...]
"""Energy stored in each battery [mWh]."""

WARM_UP = (3, 12, 48, 192, 768)
"""Days looked back for a battery whose state does not depend on its past any more."""

MAX_STATES = 1_024
"""Midnights kept per plant."""


class Start(NamedTuple):
    """Where the batteries of a changed plant begin.

    Attributes:
        day: the day of the change.
        states: gives what they hold then.
    """

    day: date
    states: Callable[[], States]


class BatteryPast:
    """The states of a plant's batteries at midnights.

    Args:
        packs: the batteries.
        zone: the zone of the plant.
        steps: gives what each slot of some days offers to or wants from each battery, by first day and number of
            days [mWh].
        start: of a plant that was changed; until then its batteries rest.
    """

    def __init__(
        self,
        packs: Sequence[Pack],
        zone: ZoneInfo,
        steps: Callable[[date, int], list[Ints]],
        start: Start | None = None,
    ) -> None:
        self._packs = packs
        self._zone = zone
        self._steps = steps
        self._start = start
        self._states: OrderedDict[date, States] = OrderedDict()
        self._lately: dict[date, States] = {}

    def knows(self, day: date) -> bool:
        """Tell whether nothing has to be worked out for the midnight that begins ``day``."""
        known = day in self._states or day in self._lately or self._has_begun(day)
        return known or all(self._rests(pack, day) for pack in self._packs)

    def is_free(self, day: date) -> bool:
        """Tell whether a midnight may be worked out from the days before it, however the plant was before."""
        return self._start is None or day - timedelta(days=WARM_UP[0]) >= self._start.day

    def _has_begun(self, day: date) -> bool:
        return self._start is not None and day <= self._start.day

    def state(self, day: date, steps: list[Ints] | None = None) -> States:
        """Return the energies stored at the midnight that begins ``day`` [mWh].

        Args:
            steps: of the ``WARM_UP[0]`` days before, where they are known.
        """
        found = self._states.get(day) or self._lately.get(day)
        if found is None:
            found = self._look_back(day, steps)
            self._keep(day, found)
        return found

    def remember(self, days: Days, stored: Sequence[Ints]) -> None:
        """Keep what the batteries hold at the midnight after some days, and for a while at those between them.

        Args:
            stored: (n,) of each battery, after each slot [mWh].
        """
        ends = days.offsets[days.offsets > 0] - 1
        dates = [date.fromordinal(int(number) + 1) for number in days.dates[days.offsets[1:] > 0]]
        states = list(zip(*(energy[ends].tolist() for energy in stored), strict=True))
        self._lately = dict(zip(dates, states, strict=True))
        if states:
            self._keep(dates[-1], states[-1])

    def _keep(self, day: date, states: States) -> None:
        self._states[day] = states
        if len(self._states) > MAX_STATES:
            self._states.popitem(last=False)

    def _look_back(self, day: date, steps: list[Ints] | None) -> States:
        if self._start is not None and self._has_begun(day):
            return self._start.states()
        found: list[int | None] = [pack.reserve if self._rests(pack, day) else None for pack in self._packs]
        start = day
        for count in WARM_UP:
            if None not in found:
                break
            start = day - timedelta(days=count)
            if self._start is not None:
                start = max(start, self._start.day)
            before = self._states.get(start) or (self.state(start) if self._has_begun(start) else None)
            added = self._steps(start, (day - start).days) if steps is None or count > WARM_UP[0] else steps
            for number, pack in enumerate(self._packs):
                if found[number] is None:
                    rests = before is None and self._rests(pack, start)
                    known = pack.reserve if rests else None if before is None else before[number]
                    found[number] = _meeting(added[number], pack, known)
        if None not in found:
            return tuple(state or 0 for state in found)
        # So large that two years neither fill nor empty it: chained from window to window.
        added, before = self._steps(start, WARM_UP[-1]), self.state(start)
        return tuple(
            _after(part, pack, state) if there is None else there
            for part, pack, state, there in zip(added, self._packs, before, found, strict=True)
        )

    def _rests(self, pack: Pack, day: date) -> bool:
        """Tell whether a battery is not there yet as a day begins, and so holds its reserve, or not any more."""
        at = midnight(day, self._zone) // 300
        return at <= pack.life.first or at >= pack.life.stop


def _meeting(added: Ints, pack: Pack, known: int | None) -> int | None:
    """Return the state after some steps: from a known one, or where it is the same from empty and from full."""
    return battery.meet(added, pack.capacity, pack.reserve) if known is None else _after(added, pack, known)


def _after(added: Ints, pack: Pack, start: int) -> int:
    stored = battery.walk(added, start, pack.capacity, pack.reserve)
    return int(stored[-1]) if len(stored) else start

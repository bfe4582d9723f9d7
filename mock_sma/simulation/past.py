"""What a battery holds at any midnight, without running it from its first day (SIMULATION 6)."""

from __future__ import annotations

from collections import OrderedDict
from datetime import date, timedelta
from typing import TYPE_CHECKING

from mock_sma.simulation import battery

if TYPE_CHECKING:
    from collections.abc import Callable

    from mock_sma.simulation.arrays import Ints

WARM_UP = (3, 12, 48, 192, 768)
"""Days looked back for a battery whose state does not depend on its past any more."""

MAX_STATES = 1_024
"""Midnights kept per plant."""


class BatteryPast:
    """The states of a plant's batteries at midnights.

    Args:
        commissioned: when they were empty.
        capacity: usable energy [mWh].
        steps: gives what each slot of some days offers or wants, by first day and number of days [mWh].
    """

    def __init__(self, commissioned: date, capacity: int, steps: Callable[[date, int], Ints]) -> None:
        self._commissioned = commissioned
        self._capacity = capacity
        self._steps = steps
        self._states: OrderedDict[date, int] = OrderedDict()

    def state(self, day: date) -> int:
        """Return the energy stored at the midnight that begins ``day`` [mWh]."""
        found = self._states.get(day)
        if found is None:
            found = self._look_back(day)
            self.remember(day, found)
        return found

    def remember(self, day: date, state: int) -> None:
        """Keep the energy stored at the midnight that begins ``day`` [mWh]."""
        self._states[day] = state
        if len(self._states) > MAX_STATES:
            self._states.popitem(last=False)

    def _look_back(self, day: date) -> int:
        if day <= self._commissioned:
            return 0
        for count in WARM_UP:
            start = max(day - timedelta(days=count), self._commissioned)
            added = self._steps(start, (day - start).days)
            known = 0 if start == self._commissioned else self._states.get(start)
            if known is not None:
                return self._after(added, known)
            state = battery.meet(added, self._capacity)
            if state is not None:
                return state
        # So large that two years neither fill nor empty it: chained from window to window.
        start = day - timedelta(days=WARM_UP[-1])
        return self._after(self._steps(start, WARM_UP[-1]), self.state(start))

    def _after(self, added: Ints, start: int) -> int:
        stored = battery.walk(added, start, self._capacity)
        return int(stored[-1]) if len(stored) else start

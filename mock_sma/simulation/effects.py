"""What a plant's events do to power (docs/simulation.md, Events).

What they do to rows is in :mod:`mock_sma.simulation.rows`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mock_sma.domain.event import EventKind
from mock_sma.simulation.slots import SLOT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mock_sma.domain.device import Device
    from mock_sma.domain.event import PlantEvent
    from mock_sma.domain.plant import Plant
    from mock_sma.simulation.arrays import Bools, Floats, Ints
    from mock_sma.simulation.lives import Life
    from mock_sma.simulation.slots import Days

POWER_KINDS = frozenset(
    {EventKind.DEVICE_FAULT, EventKind.DERATING, EventKind.GRID_OUTAGE, EventKind.FEED_IN_LIMIT, EventKind.SNOW}
)


BOUNDLESS = 1 << 60
"""More than any energy [mWh], and still far from what an integer holds."""


class Effects:
    """The events of a plant that reach into some slots.

    Args:
        plant: the plant.
        days: the days whose slots are wanted.
        lives: the lives of the plant's devices.
    """

    def __init__(self, plant: Plant, days: Days, lives: Mapping[str, Life]) -> None:
        self._days = days
        self._lives = lives
        slots = self._slots = days.slots
        low = float(slots[0]) * SLOT if len(slots) else 0.0
        high = float(slots[-1] + 1) * SLOT if len(slots) else 0.0
        self._events = [
            event
            for event in plant.events
            if event.kind in POWER_KINDS
            and event.start.timestamp() < high
            and (event.end is None or event.end.timestamp() > low)
        ]

    def _of(self, kind: EventKind, device: Device | None) -> list[tuple[PlantEvent, slice]]:
        return [
            (event, self._places(event))
            for event in self._events
            if event.kind is kind and (device is None or event.device_id in (None, device.id))
        ]

    def _places(self, event: PlantEvent) -> slice:
        """Return the slots that begin within an event."""
        low = int(np.searchsorted(self._slots, -int(-event.start.timestamp() // SLOT)))
        if event.end is None:
            return slice(low, len(self._slots))
        return slice(low, int(np.searchsorted(self._slots, -int(-event.end.timestamp() // SLOT))))

    def installed(self, device: Device) -> Bools | None:
        """Tell in which slots a device is there, from its activation to its deactivation; None: in all."""
        return self._lives[device.id].inside(self._days)

    def works(self, device: Device) -> Bools | None:
        """Tell in which slots a device is there and has no fault; None: in all."""
        works = self.installed(device)
        for _, places in self._of(EventKind.DEVICE_FAULT, device):
            if works is None:
                works = np.ones(len(self._slots), dtype=bool)
            works[places] = False
        return works

    def light(self, device: Device) -> Floats | None:
        """Return what snow leaves of the light on a device's modules [0..1]; None: all."""
        events = self._of(EventKind.SNOW, device)
        if not events:
            return None
        left = np.ones(len(self._slots))
        for event, places in events:
            left[places] *= 1.0 - (0.9 if event.value is None else min(max(event.value, 0.0), 1.0))
        return left

    def rating(self, device: Device, rating: float) -> Floats | float:
        """Return the AC power that a device may give [W]: its rating, less where it is derated."""
        events = self._of(EventKind.DERATING, device)
        if not events:
            return rating
        limit = np.full(len(self._slots), rating)
        for event, places in events:
            share = 0.7 if event.value is None else min(max(event.value, 0.0), 1.0)
            limit[places] = np.minimum(limit[places], share * rating)
        return limit

    def outage(self) -> Bools | None:
        """Tell in which slots there is no grid; None: it is always there."""
        events = self._of(EventKind.GRID_OUTAGE, None)
        if not events:
            return None
        dark = np.zeros(len(self._slots), dtype=bool)
        for _, places in events:
            dark[places] = True
        return dark

    def feed_in_limit(self) -> Ints | None:
        """Return the most that may be fed in, by slot [mW]; None: no limit."""
        events = self._of(EventKind.FEED_IN_LIMIT, None)
        if not events:
            return None
        limit = np.full(len(self._slots), BOUNDLESS)
        for event, places in events:
            limit[places] = np.minimum(limit[places], int(max(event.value or 0.0, 0.0) * 1_000.0))
        return limit


def reduce_all(parts: list[Ints], taken: Ints) -> list[Ints]:
    """Take an amount off several amounts, each by its share, to the last digit.

    Args:
        parts: (n,) each, none negative.
        taken: (n,) at most their sum.
    """
    left = sum(parts, np.zeros_like(taken))
    rest, result = taken.copy(), []
    for part in parts:
        # What is left of the sum shrinks along with what is left to take, so that the last part takes the rest.
        share = np.where(left > 0, rest * part // np.maximum(left, 1), 0)
        share = np.maximum(share, rest - (left - part))
        result.append(part - share)
        rest = rest - share
        left = left - part
    return result

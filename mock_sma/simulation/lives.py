"""When a device is there: from its activation to its deactivation, in whole slots (R30); and which fall silent."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from mock_sma.domain.event import EventKind
from mock_sma.simulation.slots import SLOT

if TYPE_CHECKING:
    from datetime import datetime

    from mock_sma.domain.device import Device
    from mock_sma.domain.plant import Plant
    from mock_sma.simulation.arrays import Bools
    from mock_sma.simulation.slots import Days

HIDING = frozenset({EventKind.GAP, EventKind.LATE_DATA, EventKind.MISSING_ROWS})
"""Kinds of events that keep rows from the portal."""

NEVER = 1 << 40
"""A slot that nobody lives to see."""


class Life(NamedTuple):
    """Slots in which a device is there: from ``first`` on, ``stop`` not included.

    A slot belongs to the device that is there as it begins, so that of two of which one replaces the other each slot
    has exactly one.
    """

    first: int
    stop: int

    @property
    def end(self) -> int:
        """After the last moment [s since the epoch]."""
        return self.stop * SLOT

    def inside(self, days: Days) -> Bools | None:
        """Tell in which slots of some days the device is there; None: in all."""
        low, high = int(days.edges[0]), int(days.edges[-1])
        if self.first <= low and high <= self.stop:
            return None
        there = np.zeros(high - low, dtype=bool)
        there[max(self.first - low, 0) : max(self.stop - low, 0)] = True
        return there


def life_of(device: Device, begin: int) -> Life:
    """Return the life of a device.

    Args:
        begin: commissioning of its plant [s since the epoch].
    """
    first, last = _slot(device.activated_at), _slot(device.deactivated_at)
    # A migration or a wrong scenario may say that a device was there before its plant: there is no data of then.
    first = -(-begin // SLOT) if first is None else max(first, -(-begin // SLOT))
    return Life(first, NEVER if last is None else max(last, first))


def silent_devices(plant: Plant) -> frozenset[str]:
    """Return the devices of a plant that are silent at times when it is not."""
    own = (event.device_id for event in plant.events if event.kind in HIDING)
    return frozenset(item.id for item in plant.devices) & frozenset(own)


def _slot(moment: datetime | None) -> int | None:
    """Return the first slot that begins at a moment or after it."""
    return None if moment is None else slot_after(moment.timestamp())


def slot_after(moment: float) -> int:
    """Return the first slot that begins at a moment [s since the epoch] or after it."""
    return -int(-moment // SLOT)

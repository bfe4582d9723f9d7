"""Meters at the grid point: each counts while it is there, and the plant goes by one at a time (R24)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mock_sma.simulation.block import FEED, GRID, OWN_FEED, OWN_GRID

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mock_sma.domain.device import Device
    from mock_sma.simulation.arrays import Bools, Ints
    from mock_sma.simulation.block import Channel
    from mock_sma.simulation.lives import Life
    from mock_sma.simulation.slots import Days

UNLISTED = ""
"""Name of the instrument of a plant that measures the grid and lists no meter: its gateway."""


class Meters:
    """The meters of a plant in the order of its devices.

    The first one that is there is the one that the plant's columns come from, so that two meters at one grid point do
    not count twice, and one that replaces another goes on where that one ended.
    """

    def __init__(self, devices: Sequence[Device], lives: Mapping[str, Life]) -> None:
        self.lives = {item.id: lives[item.id] for item in devices}
        self.ids = list(self.lives) or [UNLISTED]
        self._beside = [
            name
            for number, name in enumerate(self.ids)
            if any(_meet(self.lives[name], self.lives[other]) for other in self.ids[:number])
        ]

    @property
    def names(self) -> list[Channel]:
        """Names of the channels, in their order."""
        plants = [(kind, name) for name in self.ids for kind in (FEED, GRID)]
        return [*plants, *((kind, name) for name in self._beside for kind in (OWN_FEED, OWN_GRID))]

    def channels(self, feed: Ints, grid: Ints, days: Days) -> dict[Channel, Ints]:
        """Return what the meters count.

        Args:
            feed: what goes out at the grid point in each slot [mWh].
            grid: what comes in [mWh].
        """
        found: dict[Channel, Ints] = {}
        own: dict[Channel, Ints] = {}
        free: Bools | None = None  # where no meter before was there; None: everywhere
        for name in self.ids:
            there = self.lives[name].inside(days) if name in self.lives else None
            counts = free if there is None else there if free is None else there & free
            found |= {(FEED, name): _only(feed, counts), (GRID, name): _only(grid, counts)}
            if name in self._beside:
                own |= {(OWN_FEED, name): _only(feed, there), (OWN_GRID, name): _only(grid, there)}
            gone = np.zeros(len(feed), dtype=bool) if there is None else ~there
            free = gone if free is None else free & gone
        return found | own


def _only(values: Ints, there: Bools | None) -> Ints:
    return values.copy() if there is None else values * there


def _meet(one: Life, other: Life) -> bool:
    return one.first < other.stop and other.first < one.stop

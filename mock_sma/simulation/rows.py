"""From slots to rows: intervals of a plant's resolution, gaps, and whole-Wh counters (R23, DECISIONS Values)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mock_sma.domain.event import EventKind
from mock_sma.simulation.block import SLOT

if TYPE_CHECKING:
    from mock_sma.domain.plant import Plant
    from mock_sma.simulation.block import Block
    from mock_sma.simulation.chance import Bools, Ints
    from mock_sma.simulation.visibility import Visibility


@dataclass(frozen=True, slots=True)
class Rows:
    """Intervals that reached the portal.

    Attributes:
        ends: (n,) end of each interval [s since the epoch].
        marks: (n,) slot offset of each end in the block.
        day: (n,) number of the block's day that each row lies in.
        spans: (n,) time since the row before [s]; after a gap longer than the resolution.
    """

    ends: Ints
    marks: Ints
    day: Ints
    spans: Ints

    def energy_mwh(self, values: Ints) -> Ints:
        """Return each row's energy [mWh]: all since the row before."""
        total = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(values)))
        return np.diff(total[self.marks], prepend=np.int64(0))

    def energy_wh(self, values: Ints) -> Ints:
        """Return each row's difference of the whole-Wh counter [Wh]."""
        total = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(values))) // 1_000
        return np.diff(total[self.marks], prepend=np.int64(0))

    def power_mw(self, values: Ints) -> Ints:
        """Return each row's mean power since the row before [mW]."""
        energy = self.energy_mwh(values)
        exact = energy * 3_600 // self.spans
        return exact + ((energy * 3_600 % self.spans) * 2 >= self.spans)


def rows_of(plant: Plant, block: Block, seen: Visibility, begin: int) -> Rows:
    """Return the rows of a block that can be seen.

    Args:
        begin: commissioning of the plant [s since the epoch]; there are no rows before it.
    """
    step = plant.resolution * 60 // SLOT
    marks = np.arange(step, int(block.edges[-1]) + 1, step, dtype=np.int64)
    ends = (block.first + marks) * SLOT
    shown = (ends > begin) & (ends <= seen.until) & _communicating(plant, ends, seen)
    marks, ends = marks[shown], ends[shown]
    spans = np.diff(ends, prepend=max(block.first * SLOT, begin))
    day = np.searchsorted(block.edges, marks, side="left") - 1
    return Rows(ends, marks, day, spans)


def _communicating(plant: Plant, ends: Ints, seen: Visibility) -> Bools:
    """Tell for each interval end whether its row reached the portal."""
    shown = np.ones(len(ends), dtype=bool)
    for number, event in enumerate(plant.events):
        silent = event.kind is EventKind.GAP and event.device_id is None
        late = event.kind is EventKind.LATE_DATA and number not in seen.arrived
        if silent or late:
            end = event.end.timestamp() if event.end is not None else np.inf
            shown &= ~((ends > event.start.timestamp()) & (ends <= end))
    return np.asarray(shown)

"""Recorded rows of one set as arrays: what of them lies in some days, as powers or energies, and their sums."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from mock_sma.domain.catalogue import Nature

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from mock_sma.domain.catalogue import MeasurementSet
    from mock_sma.domain.recording import Recording
    from mock_sma.simulation.arrays import Bools, Floats, Ints


class Track:
    """Recorded rows.

    Args:
        recording: the rows.
        measurement_set: the set that they are asked for as: the recording's own, or one with fewer properties.
        limits: beginning and end of what counts of them [s since the epoch]; None: all.
    """

    def __init__(
        self, recording: Recording, measurement_set: MeasurementSet, limits: tuple[int, int] | None = None
    ) -> None:
        self.recording = recording
        self.begin, self.end = limits or (recording.begin, recording.end)
        self.step = recording.step
        natures = {item.name: item.nature for item in measurement_set.properties}
        held = ((name, values) for name, values in recording.columns if name.partition(".")[0] in natures)
        self._columns: dict[str, Floats] = {name: np.frombuffer(values, dtype=np.float64) for name, values in held}
        self.natures: Mapping[str, Nature] = {name: natures[name.partition(".")[0]] for name in self._columns}

    @cached_property
    def ends(self) -> Ints:
        """(n,) ends of the rows [s since the epoch]."""
        return np.frombuffer(self.recording.ends, dtype=np.int64)

    @property
    def names(self) -> Sequence[str]:
        """The columns: properties, or a property's inputs."""
        return tuple(self._columns)

    def places(self, begin: int, end: int) -> slice:
        """Return which rows end after ``begin`` and by ``end`` [s since the epoch]."""
        limits = (max(begin, self.begin), min(end, self.end))
        low, high = np.searchsorted(self.ends, limits, side="right").tolist()
        return slice(low, high)

    def values(self, name: str, places: slice, opened: Bools, *, energy: bool) -> Floats:
        """Return a column as it was recorded, or in the other unit.

        A power's energy is a whole number of Wh: what a counter that begins anew at each midnight has gone on by.

        Args:
            opened: (rows,) which rows are the first ones of their local day.
            energy: Wh instead of W.
        """
        values = self._columns[name][places]
        if self.natures[name] is not Nature.ENERGY or energy == self.recording.is_energy:
            return values
        if not energy:
            return np.rint(values * (3_600_000.0 / self.step)) / 1_000.0
        counted = np.nan_to_num(values) * (self.step / 3_600.0)
        total = np.cumsum(counted)
        firsts = np.flatnonzero(opened)
        before = np.repeat(total[firsts] - counted[firsts], np.diff(np.append(firsts, len(values))))
        meter = np.rint(total - before)
        steps = np.diff(meter, prepend=0.0)
        steps[firsts] = meter[firsts]
        steps[np.isnan(values)] = np.nan
        return steps


def tracks_of(recordings: Sequence[Recording], measurement_set: MeasurementSet, *, energy: bool) -> list[Track]:
    """Return rows that do not overlap, in order: those in the unit that is wanted, and others where there are none."""
    wanted = [item for item in recordings if item.is_energy == energy]
    taken = sorted((item.begin, item.end) for item in wanted)
    tracks = [Track(item, measurement_set) for item in wanted]
    for item in recordings:
        if item.is_energy != energy:
            tracks += [Track(item, measurement_set, limits) for limits in _left(item.begin, item.end, taken)]
    return sorted(tracks, key=lambda track: track.begin)


def _left(begin: int, end: int, taken: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield what is left of a time without some others, which are sorted."""
    for low, high in taken:
        if begin < low < end:
            yield begin, low
        if low < end:
            begin = max(begin, high)
    if begin < end:
        yield begin, end

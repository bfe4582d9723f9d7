"""A block: all channels of a plant over consecutive local days, as integers that balance in every slot."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from mock_sma.simulation.slots import SLOTS_PER_DAY

if TYPE_CHECKING:
    from mock_sma.domain.device import Device
    from mock_sma.simulation.arrays import Bools, Ints
    from mock_sma.simulation.scene import Scene
    from mock_sma.simulation.slots import Days

Channel = tuple[str, str]
PV, CHARGE, DISCHARGE, FEED, GRID, USE = "pv", "charge", "discharge", "feed", "grid", "use"
OWN_FEED, OWN_GRID = "own feed", "own grid"
"""What a meter counts itself beside another one that the plant goes by."""

DIESEL, CHP, HYDRO, DC = "diesel", "chp", "hydro", "dc"
SOURCES = (PV, DIESEL, CHP, HYDRO)
"""Kinds of channels that generate."""

# glibc gives memory back as soon as 128 kB at the end of the heap are free, so that each month's arrays would have
# their pages made anew, at a tenth of the time. Once it has seen an array of 4 MB go, it waits for twice as much.
np.empty(1 << 19)


@dataclass(frozen=True, slots=True)
class Block:
    """Channels over local days.

    Attributes:
        days: the local days.
        metered: energy per slot by channel (kind, device) [mWh]; each channel's day is a whole number of Wh,
            so that its counter is exact at each midnight without a history.
        awake: by PV device, in which slots it reports.
        stored: by battery device, energy in it at the end of each slot [mWh].
        scene: the outdoors.
        open: by channel, what is over a whole Wh on days in which the plant was changed, in the last slot of each
            [mWh]; a counter lets go of it then.
    """

    days: Days
    metered: dict[Channel, Ints]
    awake: dict[str, Bools]
    stored: dict[str, Ints]
    scene: Scene
    open: dict[Channel, dict[int, int]]

    @property
    def size(self) -> int:
        """Bytes it takes, by and large."""
        arrays = [*self.metered.values(), *self.awake.values(), *self.stored.values()]
        return sum(array.nbytes for array in arrays) + self.scene.size

    def counted(self, channel: Channel) -> Ints:
        """Return what a counter of a channel goes on by in each slot [mWh]: whole Wh by each midnight."""
        values = self.metered[channel]
        if channel in self.open:
            values = values.copy()
            for place, rest in self.open[channel].items():
                values[place] -= rest
        return values

    def with_strings(self, device: Device) -> Block:
        """Return it with a channel for each string of a device: ``("dc", "A")`` and so on."""
        strings = self.scene.string_energy(device, self.metered[PV, device.id])
        extra = {
            (DC, letter): close_days(values, self.days)
            for letter, values in zip(letters(len(strings)), strings, strict=True)
        }
        return replace(self, metered=self.metered | extra)


def letters(count: int) -> list[str]:
    """Return the names of a device's inputs: A to Z, then AA, AB and so on."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return [(alphabet[number // 26 - 1] if number >= 26 else "") + alphabet[number % 26] for number in range(count)]


def day_sums(values: Ints, days: Days) -> Ints:
    """Return the sum of each day; a skipped date has 0."""
    if days.are_regular:
        return np.asarray(values.reshape(-1, SLOTS_PER_DAY).sum(axis=1))
    total = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(values)))
    return np.diff(total[days.offsets])


def close_days(values: Ints, days: Days) -> Ints:
    """Take each day's fraction of a Wh off its largest slot; ``values`` is changed and returned.

    Where no slot holds as much, the day's first slots give it.
    """
    rest = day_sums(values, days) % 1_000
    offsets = days.offsets[:-1]
    if days.are_regular:
        largest = offsets + values.reshape(-1, SLOTS_PER_DAY).argmax(axis=1)
    else:
        ends = zip(offsets.tolist(), days.offsets[1:].tolist(), strict=True)
        largest = np.array([low + int(values[low:high].argmax()) if high > low else low for low, high in ends])
        rest, largest = rest[days.lengths > 0], largest[days.lengths > 0]
    left = values[largest] - rest
    if len(left) and int(left.min()) < 0:
        for place, part in zip(largest[left < 0].tolist(), rest[left < 0].tolist(), strict=True):
            day = int(np.searchsorted(days.offsets, place, side="right")) - 1
            span = slice(int(days.offsets[day]), int(days.offsets[day + 1]))
            values[span] -= np.diff(np.minimum(np.cumsum(values[span]), part), prepend=np.int64(0))
        largest, left = largest[left >= 0], left[left >= 0]
    values[largest] = left
    return values

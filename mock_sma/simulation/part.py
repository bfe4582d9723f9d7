"""A part: emitted rows of a plant or device, before they become the columns of a set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from mock_sma.frozen import frozen
from mock_sma.simulation.block import PV
from mock_sma.simulation.misread import around

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from mock_sma.domain.device import Device
    from mock_sma.domain.plant import Plant
    from mock_sma.simulation.arrays import Bools, Floats, Ints
    from mock_sma.simulation.block import Block, Channel
    from mock_sma.simulation.generator import Generator
    from mock_sma.simulation.reports import Reports
    from mock_sma.simulation.rows import Rows

Number = TypeVar("Number", np.int64, np.float64, np.bool_)

Cells = list[float | None]
Lists = list[list[tuple[str, float]]]


@frozen
class Unit:
    """How integers become numbers of the wire: mW to W, or Wh as they are."""

    divisor: int

    def cells(self, values: Ints) -> Cells:
        """Return the wire's numbers."""
        cells: Cells = (values / float(self.divisor)).tolist()
        return cells


WATTS = Unit(1_000)
WATT_HOURS = Unit(1)


def thousandths(values: Ints) -> Cells:
    """Return numbers with three decimals from integer thousandths (mV, mA, mHz …)."""
    return WATTS.cells(values)


DECIMALS = {2: 100.0, 3: 1_000.0}
"""What makes whole numbers of those with so many decimals."""


def rounded(values: Floats, digits: int) -> Cells:
    """Return numbers with some decimals, each as :func:`round` has it."""
    scale = DECIMALS[digits]
    scaled = values * scale
    whole = np.rint(scaled)
    cells: Cells = (whole / scale).tolist()
    # Midway the product's own rounding might decide.
    for place in np.flatnonzero(np.abs(np.abs(scaled - whole) - 0.5) < 1e-6).tolist():
        cells[place] = round(float(values[place]), digits)
    return cells


def milli(values: Floats) -> Ints:
    """Return integer thousandths."""
    return np.asarray(np.rint(values * 1_000.0).astype(np.int64))


class Metered(Mapping["Channel", "Ints"]):
    """Values by channel, each worked out when it is asked for."""

    def __init__(self, channels: Sequence[Channel], make: Callable[[Channel], Ints]) -> None:
        self._made: dict[Channel, Ints] = {}
        self._channels = channels
        self._make = make

    def __getitem__(self, channel: Channel) -> Ints:
        """Return the values of a channel."""
        found = self._made.get(channel)
        if found is None:
            if channel not in self._channels:
                raise KeyError(channel)
            found = self._made[channel] = self._make(channel)
        return found

    def __iter__(self) -> Iterator[Channel]:
        """Return the channels in their order."""
        return iter(self._channels)

    def __len__(self) -> int:
        """Return how many channels there are."""
        return len(self._channels)


@dataclass(frozen=True)
class Part:
    """Emitted rows of all metered channels.

    Attributes:
        ends: (n,) end of each fine row, start of each coarse one [s since the epoch].
        metered: (n,) by channel, mW where ``watts``, else Wh.
        heard: (n,) by kind of instruments, in which rows any of them was heard; a kind that is not there was in all.
        balanced: (n,) in which rows a balance can be drawn up; None: in all.
        whole: whether one can be of all rows together.
        detail: the slots behind fine rows; None for coarse ones and sums.
        former: fine rows from before the plant was changed, of the plant as it was.
    """

    ends: Ints
    metered: Mapping[Channel, Ints]
    watts: bool
    heard: Mapping[str, Bools] = field(default_factory=dict)
    balanced: Bools | None = None
    whole: bool = True
    detail: Detail | None = None
    former: Former | None = None

    @property
    def unit(self) -> Unit:
        """How its integers become numbers."""
        return WATTS if self.watts else WATT_HOURS

    @property
    def everything(self) -> Bools:
        """All of its rows."""
        return np.ones(len(self.ends), dtype=bool)

    def summed(self) -> Part:
        """Return one row with the sums of all [Wh]."""
        metered = {channel: values.sum(keepdims=True) for channel, values in self.metered.items()}
        heard = {kind: np.array([bool(there.any())]) for kind, there in self.heard.items()}
        balanced = None if self.whole else np.zeros(1, dtype=bool)
        return Part(self.ends[:1], metered, watts=False, heard=heard, balanced=balanced)


@frozen
class Former:
    """Rows of a plant as it was.

    Attributes:
        plant: it.
        part: rows of the days in which the wanted ones lie.
        until: end of the last row that is one of its [s since the epoch].
    """

    plant: Plant
    part: Part
    until: int


@dataclass(frozen=True)
class Detail:
    """The slots behind fine rows.

    Attributes:
        generator: the generator of the plant.
        block: the slots.
        reports: what has been reported by each row of the block.
        wanted: (rows,) which of them are emitted.
    """

    generator: Generator
    block: Block
    reports: Reports
    wanted: Bools

    @property
    def rows(self) -> Rows:
        """All rows of the block."""
        return self.reports.rows

    @cached_property
    def slots(self) -> Ints:
        """(n,) number of each row's last slot."""
        return np.asarray(self.rows.ends[self.wanted] // 300 - 1)

    def power(self, values: Ints) -> Ints:
        """Return each row's mean power [mW] of energies per slot [mWh]."""
        return np.asarray(self.rows.power_mw(values)[self.wanted])

    def mean(self, values: Ints) -> Ints:
        """Return each row's mean of something measured in thousandths per slot."""
        return np.asarray(self.rows.mean(values)[self.wanted])

    def lit_mean(self, values: Floats, dark: float = 0.0) -> Ints:
        """Return each row's mean in thousandths of something known at lit slots."""
        scene = self.block.scene
        whole = np.full(len(scene.days.slots), round(dark * 1_000.0), dtype=np.int64)
        whole[scene.lit] = milli(values)
        return self.mean(whole)

    def at_end(self, values: NDArray[Number]) -> NDArray[Number]:
        """Return what holds in each row's last slot."""
        return np.asarray(values[self.rows.marks[self.wanted] - 1])

    def awake(self, device: Device | None) -> Bools:
        """Tell in which rows a PV device reports (None: any of the plant's): while it is light, and a row around.

        The row before starts from nothing, so that a client who multiplies W by the time since the last stamp
        does not count the night (R23).
        """
        return np.asarray(self._awake(device)[self.wanted])

    def _awake(self, device: Device | None) -> Bools:
        ids = [device.id] if device is not None else [name for kind, name in self.block.metered if kind == PV]
        works = np.zeros(len(self.rows.ends), dtype=bool)
        for name in ids:
            works |= self.reports.any(name, self.block.awake[name])
        return around(works, self.rows.day)

    def charge_state(self, names: Sequence[str]) -> Cells:
        """Return the state of charge of some batteries at each row's end [%], two decimals; of those heard then."""
        stored, capacity = np.zeros((2, len(self.slots)), dtype=np.int64)
        for pack in self.generator.bank.packs:
            name = pack.device.id
            if name not in names:
                continue
            known = self.reports.has_sent(name)[self.wanted]
            stored += self.at_end(self.block.stored[name]) * known
            capacity += pack.capacity * known
        cells = rounded(100.0 * stored / np.maximum(capacity, 1), 2)
        for place in np.flatnonzero(capacity == 0).tolist():
            cells[place] = None
        return cells


@frozen
class Columns:
    """What a set's rows hold.

    Attributes:
        kept: (n,) which rows the set has.
        scalars: one value per row, in catalogue order.
        indexed: one list per row.
    """

    kept: Bools
    scalars: dict[str, Cells] = field(default_factory=dict)
    indexed: dict[str, Lists] = field(default_factory=dict)

    def filtered(self) -> Columns:
        """Return its kept rows only, without properties that have no value in any (R27)."""
        if self.kept.all():
            return Columns(self.kept, self._valued(self.scalars), self.indexed)
        kept = self.kept.tolist()
        scalars = {name: [c for c, k in zip(cells, kept, strict=True) if k] for name, cells in self.scalars.items()}
        indexed = {name: [c for c, k in zip(lists, kept, strict=True) if k] for name, lists in self.indexed.items()}
        return Columns(np.ones(sum(kept), dtype=bool), self._valued(scalars), indexed)

    @staticmethod
    def _valued(scalars: dict[str, Cells]) -> dict[str, Cells]:
        return {name: cells for name, cells in scalars.items() if any(cell is not None for cell in cells)}


def only_row(part: Part, detail: Detail, place: int) -> Part:
    """Return one row of a part only."""
    wanted = np.zeros(len(detail.rows.ends), dtype=bool)
    wanted[np.flatnonzero(detail.wanted)[place]] = True
    metered = {channel: values[place : place + 1] for channel, values in part.metered.items()}
    heard = {kind: there[place : place + 1] for kind, there in part.heard.items()}
    balanced = None if part.balanced is None else part.balanced[place : place + 1]
    detail = Detail(detail.generator, detail.block, detail.reports, wanted)
    whole = detail.reports.whole(wanted)
    return Part(part.ends[place : place + 1], metered, part.watts, heard, balanced, whole, detail, part.former)

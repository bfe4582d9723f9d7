"""A plant that was changed while it ran: until the change it is simulated as it was (docs/simulation.md, Changes).

Each version has a generator of its own, whose blocks are joined at the change. Batteries go on with what they hold.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from mock_sma.domain.earlier import as_before
from mock_sma.simulation.block import CHARGE, FEED, GRID, PV, Block
from mock_sma.simulation.generator import Generator, generator_of
from mock_sma.simulation.lives import Life, slot_after
from mock_sma.simulation.meters import UNLISTED
from mock_sma.simulation.past import BatteryPast, Start
from mock_sma.simulation.slots import SLOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from mock_sma.domain.device import Device
    from mock_sma.domain.plant import Plant
    from mock_sma.simulation.arrays import Ints
    from mock_sma.simulation.bank import Offer
    from mock_sma.simulation.block import Channel
    from mock_sma.simulation.past import States
    from mock_sma.simulation.scene import Scene
    from mock_sma.simulation.slots import Days, Number
    from mock_sma.simulation.sources import Sources


KEPT_DAYS = 8
"""Days of which the last block is kept: each later change asks for it anew."""


class ChangedGenerator(Generator):
    """Makes the blocks of a plant that was changed.

    Attributes:
        before: the generator of the plant as it was.
        edge: the first slot after the change.
    """

    before: Generator

    def __init__(self, plant: Plant, seed: int) -> None:
        super().__init__(plant, seed)
        self._last: tuple[tuple[date, int], Block] | None = None
        self.before = generator_of(as_before(plant), seed)
        self.edge = slot_after(plant.earlier[-1].until.timestamp())
        gone = {
            name: Life(life.first, max(min(life.stop, self.edge), life.first))
            for name, life in self.before.lives.items()
            if name not in self.lives
        }
        self.lives = {name: self._with_past(name, life) for name, life in self.lives.items()} | gone
        self.silent |= self.before.silent & gone.keys()
        self.device_keys = self.before.device_keys | self.device_keys
        if self.before.plant.measures_grid:
            self.meter_ids = list(dict.fromkeys((*self.meter_ids, *self.before.meter_ids)))
        start = Start(self._day(self.edge), self._held)
        self._past = BatteryPast(self.bank.packs, self.zone, self._steps, start)

    def _with_past(self, name: str, life: Life) -> Life:
        """Return a life; that of a device which comes back goes on from its first one."""
        was = self.before.lives.get(name)
        return life if was is None or was.stop > life.first else Life(was.first, life.stop)

    def channels(self) -> list[Channel]:
        """Return the names of a block's channels, those of what is gone behind the others."""
        was = self.before.channels()
        if not self.before.plant.measures_grid:
            was = [(kind, name) for kind, name in was if kind not in (FEED, GRID) or name != UNLISTED]
        return list(dict.fromkeys((*super().channels(), *was)))

    def string_channels(self, device: Device | None) -> list[Channel]:
        """Return the names of the channels that a device's strings add, or added before."""
        if device is None:
            return []
        own, was = super().string_channels(device), self.before.string_channels(self.before.plant.device(device.id))
        return list(dict.fromkeys((*own, *was)))

    def block(self, first: date, count: int) -> Block:
        """Return the block of ``count`` local days from ``first`` on."""
        if count > KEPT_DAYS:
            return self._made(first, count)
        if self._last is None or self._last[0] != (first, count):
            self._last = (first, count), self._made(first, count)
        return self._last[1]

    def _made(self, first: date, count: int) -> Block:
        days = self.days(first, count)
        edge = min(max(self.edge - int(days.edges[0]), 0), days.run.length)
        place = int(np.searchsorted(days.offsets, edge, side="right")) - 1 if edge < days.run.length else count
        is_within = place < count and edge > days.offsets[place]
        before = self.before.block(first, place + is_within) if edge else None
        after = super().block(first + timedelta(days=place), count - place) if place < count else None
        scene = after.scene if after is not None and before is None else self.scene(days)
        return Seam(self, days, edge, before, after).joined(self.channels(), scene)

    def _offers(self, scene: Scene, sources: Sources) -> list[Offer]:
        offers = super()._offers(scene, sources)
        place = self.edge - int(scene.days.edges[0])
        if place <= 0:
            return offers
        # Until the change the batteries run as they did.
        return [offer._replace(surplus=_without(offer.surplus, place)) for offer in offers]

    def _held(self) -> States:
        """Return what the batteries hold at the change, as far as there is room in them [mWh]."""
        last = self.edge - 1
        block = self.before.block(self._day(last), 1)
        place = last - int(block.days.edges[0])
        return tuple(
            min(max(int(block.stored[pack.device.id][place]), pack.reserve), pack.capacity)
            if pack.device.id in block.stored
            else pack.reserve
            for pack in self.bank.packs
        )

    def _day(self, slot: int) -> date:
        return datetime.fromtimestamp(slot * SLOT, self.zone).date()


@dataclass(frozen=True, slots=True)
class Seam:
    """Where the blocks of a plant before and after its change meet.

    Attributes:
        edge: slots of the days before the change.
        before: the block of the days with any of them; None: there are none.
        after: the block of the days with any others.
    """

    generator: ChangedGenerator
    days: Days
    edge: int
    before: Block | None
    after: Block | None

    def joined(self, channels: Iterable[Channel], scene: Scene) -> JoinedBlock:
        """Return both blocks as one."""
        metered = self._values("metered", np.int64, channels)
        awake = self._values("awake", np.bool_, [name for kind, name in metered if kind == PV])
        stored = self._values("stored", np.int64, [name for kind, name in metered if kind == CHARGE])
        return JoinedBlock(self.days, metered, awake, stored, scene, self._open(metered), self)

    def _values(self, part: str, kind: type[Number], names: Iterable[Any]) -> dict[Any, NDArray[Number]]:
        """Return some of a dictionary of both blocks as one."""
        was: dict[Any, Any] = {} if self.before is None else getattr(self.before, part)
        own: dict[Any, Any] = {} if self.after is None else getattr(self.after, part)
        return {name: self._along(was.get(name), own.get(name), kind) for name in names}

    def _along(self, was: NDArray[Number] | None, own: NDArray[Number] | None, kind: type[Number]) -> NDArray[Number]:
        """Return values before the change and after it in one array; nothing where there are none."""
        length = self.days.run.length
        values = np.zeros(length, dtype=kind)
        if was is not None:
            values[: self.edge] = was[: self.edge]
        if own is not None:
            values[self.edge :] = own[len(own) - (length - self.edge) :]
        return values

    def _open(self, metered: Mapping[Channel, Ints]) -> dict[Channel, dict[int, int]]:
        """Return what channels leave open on the days of changes: none of their slots may be changed any more."""
        found = {} if self.before is None else {name: dict(rests) for name, rests in self.before.open.items()}
        day = int(np.searchsorted(self.days.offsets, self.edge, side="right")) - 1
        if self.before is None or self.after is None or self.edge == self.days.offsets[day]:
            return found
        begin, last = int(self.days.offsets[day]), int(self.days.offsets[day + 1]) - 1
        for name, values in metered.items():
            rests = {place: rest for place, rest in found.get(name, {}).items() if place < begin}
            found[name] = rests | {last: int(values[begin : last + 1].sum()) % 1_000}
        return found


@dataclass(frozen=True, slots=True)
class JoinedBlock(Block):
    """A block of a plant that was changed.

    Attributes:
        seam: what it was joined of.
    """

    seam: Seam

    def with_strings(self, device: Device) -> JoinedBlock:
        """Return it with a channel for each string that a device has, or had."""
        seam = self.seam
        was = seam.generator.before.plant.device(device.id)
        before = seam.before
        if before is not None and was is not None and was.generates_pv:
            before = before.with_strings(was)
        after = None if seam.after is None else seam.after.with_strings(device)
        channels = [*self.metered, *seam.generator.string_channels(device)]
        return replace(seam, before=before, after=after).joined(channels, self.scene)


def _without(values: Ints, count: int) -> Ints:
    return np.concatenate((np.zeros(min(count, len(values)), dtype=np.int64), values[count:]))

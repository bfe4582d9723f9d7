"""From a plant and a seed to blocks: sources, battery and balance in every slot (SIMULATION 2, 6, 7)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

from mock_sma.domain.device import Battery, DeviceKind
from mock_sma.seeding import key
from mock_sma.simulation import battery, load
from mock_sma.simulation.block import (
    CHARGE,
    CHP,
    DC,
    DIESEL,
    DISCHARGE,
    FEED,
    GRID,
    HYDRO,
    PV,
    USE,
    Block,
    Channel,
    close_days,
    letters,
)
from mock_sma.simulation.climate import climate_of
from mock_sma.simulation.effects import BOUNDLESS, reduce_all
from mock_sma.simulation.generators import generator_energy
from mock_sma.simulation.past import BatteryPast
from mock_sma.simulation.scene import Scene
from mock_sma.simulation.slots import SLOT, Days, midnight

if TYPE_CHECKING:
    from mock_sma.domain.device import Device
    from mock_sma.domain.plant import Plant
    from mock_sma.simulation.arrays import Bools, Ints

FURTHER = {DeviceKind.DIESEL_GENERATOR: DIESEL, DeviceKind.CHP: CHP, DeviceKind.HYDRO: HYDRO}
"""Channels of the generators beside the sun."""


CONSUMERS = (DeviceKind.CONSUMER, DeviceKind.EV_CHARGER)
"""Kinds whose consumption has a meter of its own."""


class Sources:
    """What is generated and wanted in each slot [mWh], by channel; ``rest`` is the consumption without a meter."""

    def __init__(self, generation: dict[Channel, Ints], use: dict[Channel, Ints], rest: Ints) -> None:
        self.generation = generation
        self.use = use
        self.rest = rest

    def surplus(self) -> Ints:
        """Return generation less consumption [mWh]."""
        return sum(self.generation.values(), np.zeros_like(self.rest)) - sum(self.use.values(), self.rest)

    def curtail(self, excess: Ints) -> None:
        """Take an amount off the generators, each by its share."""
        parts = reduce_all(list(self.generation.values()), excess)
        self.generation = dict(zip(self.generation, parts, strict=True))

    def shed(self, missing: Ints) -> None:
        """Take an amount off the consumption, each by its share."""
        self.rest, *parts = reduce_all([self.rest, *self.use.values()], missing)
        self.use = dict(zip(self.use, parts, strict=True))

    def stop(self, dark: Bools) -> None:
        """Stop everything where there is no grid and no battery."""
        for values in (*self.generation.values(), *self.use.values(), self.rest):
            values[dark] = 0


class Generator:
    """Makes the blocks of one plant.

    Args:
        plant: the plant.
        seed: of the world.
    """

    def __init__(self, plant: Plant, seed: int) -> None:
        self.plant = plant
        self.seed = seed
        self.zone = ZoneInfo(plant.timezone)
        # A migrated plant goes on with the weather and the people it had: the first ids name its chance.
        own = plant.first_id(plant.id)
        self.keys = {name: key(seed, own, name) >> 8 for name in ("sky", "load", "rows")}
        self.device_keys = {item.id: key(seed, own, "device", plant.first_id(item.id)) >> 8 for item in plant.devices}
        self.batteries = [item for item in plant.devices if item.battery is not None]
        self.begin = midnight(plant.commissioned, self.zone)
        self._pack = _pack_of(self.batteries)
        self._climate = climate_of(plant.latitude, plant.longitude, plant.elevation)
        self._north = 1.0 if plant.latitude >= 0.0 else -1.0
        self._past = BatteryPast(plant.commissioned, self.capacity, self._steps)

    def days(self, first: date, count: int) -> Days:
        """Return local days."""
        return Days.of(first, count, self.zone)

    def block(self, first: date, count: int) -> Block:
        """Return the block of ``count`` local days from ``first`` on."""
        days = self.days(first, count)
        scene = self.scene(days)
        sources, awake = self._sources(scene)
        dark = scene.effects.outage()
        if dark is not None and self._pack is None:
            sources.stop(dark)
        run = None
        if self._pack is not None:
            run = battery.run(self._pack, sources.surplus(), self._past.state(first), self._limits(scene))
        flow = sources.surplus()
        if run is not None:
            flow += run.discharge - run.charge
            if len(run.stored):
                self._past.remember(first + timedelta(days=count), int(run.stored[-1]))
        flow = self._limited(scene, sources, flow, dark)
        metered = {**sources.generation, **sources.use}
        if run is not None:
            for kind, values in ((CHARGE, run.charge), (DISCHARGE, run.discharge)):
                metered |= {(kind, name): part for name, part in self._shared(values, scene)}
        metered[FEED, ""] = np.maximum(flow, 0)
        metered[GRID, ""] = np.maximum(-flow, 0)
        for values in metered.values():
            close_days(values, days)
        return Block(days, metered, awake, None if run is None else run.stored, self.capacity, scene)

    def channels(self) -> list[Channel]:
        """Return the names of a block's channels, in its order."""
        devices = self.plant.devices
        sources = [(PV if item.generates_pv else FURTHER[item.kind], item.id) for item in devices if _generates(item)]
        use = [(USE, item.id) for item in devices if item.kind in CONSUMERS]
        stored = [(kind, item.id) for kind in (CHARGE, DISCHARGE) for item in self.batteries]
        return [*sources, *use, *stored, (FEED, ""), (GRID, "")]

    @staticmethod
    def string_channels(device: Device | None) -> list[Channel]:
        """Return the names of the channels that a device's strings add."""
        return [] if device is None else [(DC, letter) for letter in letters(len(device.arrays))]

    @property
    def capacity(self) -> int:
        """Usable energy of all batteries [mWh]."""
        return 0 if self._pack is None else int(self._pack.capacity * 1_000)

    def scene(self, days: Days) -> Scene:
        """Return the outdoors of some days."""
        return Scene(self.plant, self._climate, self.keys["sky"], days, self.begin, self.device_keys)

    def _limited(self, scene: Scene, sources: Sources, flow: Ints, dark: Bools | None) -> Ints:
        """Hold back what the grid does not take; without a grid, what nobody can be supplied with."""
        limit = scene.effects.feed_in_limit()
        if dark is not None:
            missing = np.where(dark, np.maximum(-flow, 0), 0)
            sources.shed(missing)
            flow = flow + missing
            none = np.where(dark, 0, BOUNDLESS)
            limit = none if limit is None else np.minimum(limit, none)
        if limit is not None:
            excess = np.maximum(flow - limit, 0)
            sources.curtail(excess)
            flow = flow - excess
        return flow

    def _sources(self, scene: Scene) -> tuple[Sources, dict[str, Bools]]:
        days, plant = scene.days, self.plant
        generation: dict[Channel, Ints] = {}
        awake: dict[str, Bools] = {}
        use: dict[Channel, Ints] = {}
        for item in plant.devices:
            stream = self.device_keys[item.id]
            if item.generates_pv:
                generation[PV, item.id], awake[item.id] = scene.generation(item)
            elif item.kind in FURTHER:
                generation[FURTHER[item.kind], item.id] = generator_energy(item, days, stream, self._north)
            elif item.kind in CONSUMERS:
                use[USE, item.id] = load.device_load(item, days, stream)
        for item in plant.devices:
            works = None if item.generates_pv else scene.effects.works(item)
            channel = FURTHER.get(item.kind, USE), item.id
            if works is not None and channel in generation | use:
                (generation | use)[channel][~works] = 0
        rest = load.base_load(plant.load, days, self.keys["load"], self._north)
        if len(days.slots) and int(days.edges[0]) * SLOT < self.begin:
            early = days.slots * SLOT < self.begin
            for values in (rest, *generation.values(), *use.values()):
                values[early] = 0
        return Sources(generation, use, rest), awake

    def _steps(self, first: date, count: int) -> Ints:
        """Return what each slot of some days offers to or wants from the batteries [mWh]."""
        if self._pack is None:
            return np.zeros(0, dtype=np.int64)
        scene = self.scene(self.days(first, count))
        return battery.steps(self._pack, self._sources(scene)[0].surplus(), self._limits(scene))

    def _limits(self, scene: Scene) -> battery.Limits | None:
        """Return what the batteries that work can take and give; None: all of them work."""
        works = [scene.effects.works(item) for item in self.batteries]
        if all(part is None for part in works):
            return None
        charge, discharge = np.zeros((2, len(scene.days.slots)), dtype=np.int64)
        for item, part in zip(self.batteries, works, strict=True):
            if item.battery is not None:
                limits = battery.Limits.of(item.battery)
                charge += limits.charge * (1 if part is None else part)
                discharge += limits.discharge * (1 if part is None else part)
        return battery.Limits(charge, discharge)

    def _shared(self, values: Ints, scene: Scene) -> list[tuple[str, Ints]]:
        """Share a pack's energy among the batteries that work, by capacity and to the last mWh."""
        if len(self.batteries) == 1:
            return [(self.batteries[0].id, values)]
        weights = []
        for item in self.batteries:
            works = scene.effects.works(item)
            capacity = 0 if item.battery is None else int(item.battery.capacity)
            weights.append(np.full(len(values), capacity) if works is None else works * np.int64(capacity))
        left, parts, rest = sum(weights, np.zeros_like(values)), [], values
        for item, weight in zip(self.batteries, weights, strict=True):
            part = rest * weight // np.maximum(left, 1)
            parts.append((item.id, part))
            rest = rest - part
            left = left - weight
        return parts


def _generates(device: Device) -> bool:
    return device.generates_pv or device.kind in FURTHER


def _pack_of(devices: list[Device]) -> Battery | None:
    """Return all batteries of a plant as one; None: there is none."""
    packs = [item.battery for item in devices if item.battery is not None]
    if len(packs) < 2:
        return packs[0] if packs else None
    return Battery(
        capacity=sum(pack.capacity for pack in packs),
        max_charge=sum(pack.max_charge for pack in packs),
        max_discharge=sum(pack.max_discharge for pack in packs),
        round_trip_efficiency=min(pack.round_trip_efficiency for pack in packs),
    )

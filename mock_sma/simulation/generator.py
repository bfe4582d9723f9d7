"""From a plant and a seed to blocks: sources, battery and balance in every slot (docs/simulation.md)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

from mock_sma.domain.catalogue import ENERGY_AND_POWER_IN_OUT
from mock_sma.domain.device import DeviceKind
from mock_sma.domain.instruments import device_sets
from mock_sma.leaves import leaf
from mock_sma.seeding import key
from mock_sma.simulation.bank import Bank, Offer, Pack
from mock_sma.simulation.block import (
    CHARGE,
    CHP,
    DC,
    DIESEL,
    DISCHARGE,
    HYDRO,
    PV,
    USE,
    Block,
    Channel,
    close_days,
    letters,
)
from mock_sma.simulation.consumers import charges_on_surplus, consumer_load, surplus_load
from mock_sma.simulation.crossing import RESIDUE, both_ways, unrest
from mock_sma.simulation.day_types import day_types
from mock_sma.simulation.effects import BOUNDLESS
from mock_sma.simulation.generators import generator_energy
from mock_sma.simulation.heat_pump import heat_pump
from mock_sma.simulation.lives import life_of, silent_devices
from mock_sma.simulation.load import base_load
from mock_sma.simulation.meters import Meters
from mock_sma.simulation.outdoors import Spot, outdoors_of
from mock_sma.simulation.past import WARM_UP, BatteryPast
from mock_sma.simulation.scene import Scene
from mock_sma.simulation.slots import SLOT, days_of, midnight
from mock_sma.simulation.sources import Sources

if TYPE_CHECKING:
    from mock_sma.domain.device import Device
    from mock_sma.domain.plant import Plant
    from mock_sma.simulation.arrays import Bools, Ints
    from mock_sma.simulation.past import States
    from mock_sma.simulation.slots import Days

FURTHER = {DeviceKind.DIESEL_GENERATOR: DIESEL, DeviceKind.CHP: CHP, DeviceKind.HYDRO: HYDRO}
"""Channels of the generators beside the sun."""


CONSUMERS = (DeviceKind.CONSUMER, DeviceKind.EV_CHARGER)
"""Kinds whose consumption has a meter of its own."""


def generator_of(plant: Plant, seed: int) -> Generator:
    """Return the generator of a plant, changed while it ran or not."""
    made: Generator = (
        leaf("overlay.changed", "ChangedGenerator")(plant, seed) if plant.earlier else Generator(plant, seed)
    )
    return made


class Generator:
    """Makes the blocks of one plant.

    Args:
        plant: the plant.
        seed: the seed of the world.

    Attributes:
        before: of a plant that was changed, the generator of what it was.
        edge: the first slot after that change.
    """

    before: Generator | None = None
    edge = 0

    def __init__(self, plant: Plant, seed: int) -> None:
        self.plant = plant
        self.seed = seed
        self.zone = ZoneInfo(plant.timezone)
        # A migrated plant goes on with the people it had: the first ids name its chance.
        own = plant.first_id(plant.id)
        self.keys = {name: key(seed, own, name) >> 8 for name in ("load", "rows", "holes")}
        self.device_keys = {item.id: key(seed, own, "device", plant.first_id(item.id)) >> 8 for item in plant.devices}
        self.begin = midnight(plant.commissioned, self.zone)
        self.lives = {item.id: life_of(item, self.begin) for item in plant.devices}
        self.silent = silent_devices(plant)
        self.bank = Bank(
            [Pack(item, item.battery, self.lives[item.id]) for item in plant.devices if item.battery is not None]
        )
        self.meters = Meters([item for item in plant.devices if _meters_grid(plant, item)], self.lives)
        self.place = Spot.of(plant, seed)
        self._north = 1.0 if plant.latitude >= 0.0 else -1.0
        country = None if plant.address is None else plant.address.country
        self._holidays = plant.load.holidays or country
        self.meter_ids = self.meters.ids
        self._past = BatteryPast(self.bank.packs, self.zone, self._steps)

    def days(self, first: date, count: int) -> Days:
        """Return local days."""
        return days_of(first, count, self.zone)

    def block(self, first: date, count: int) -> Block:
        """Return the block of ``count`` local days from ``first`` on."""
        days = self.days(first, count)
        scene, sources, awake, state = self._begun(days)
        dark = scene.effects.outage()
        if dark is not None:
            sources.stop(dark & ~self.bank.there(scene))
        runs = self.bank.run(self._offers(scene, sources), state) if self.bank.packs else []
        flow = sources.surplus()
        for run in runs:
            flow += run.discharge - run.charge
        if runs and days.run.length:
            self._past.remember(days, [run.stored for run in runs])
        flow, limited = self._limited(scene, sources, flow, dark)
        metered = {**sources.generation, **sources.use}
        ids = [pack.device.id for pack in self.bank.packs]
        metered |= {(CHARGE, name): run.charge for name, run in zip(ids, runs, strict=True)}
        metered |= {(DISCHARGE, name): run.discharge for name, run in zip(ids, runs, strict=True)}
        width = unrest(sources.surplus(), sources.lesser(), days)
        active = sum((run.charge + run.discharge for run in runs), np.zeros_like(flow))
        width = np.where(active > 0, np.minimum(active, RESIDUE), width)
        if limited is not None:
            width = np.where(limited < BOUNDLESS, 0, width)
        metered |= self.meters.channels(*both_ways(flow, width), days)
        for values in metered.values():
            close_days(values, days)
        stored = {name: run.stored for name, run in zip(ids, runs, strict=True)}
        return Block(days, metered, awake, stored, scene, {})

    def _begun(self, days: Days) -> tuple[Scene, Sources, dict[str, Bools], States]:
        """Return what is there before the batteries have their say, and what they hold at first.

        The days that they are started with are worked out along with the others: a call of NumPy costs more than its
        few numbers.
        """
        first, past = days.first, self._past
        if not self.bank.packs or past.knows(first) or not past.is_free(first):
            scene = self.scene(days)
            return scene, *self._sources(scene), past.state(first) if self.bank.packs else ()
        count = len(days.lengths) + WARM_UP[0]
        whole = self.scene(self.days(first - timedelta(days=WARM_UP[0]), count))
        sources, awake = self._sources(whole)
        start = int(days.edges[0] - whole.days.edges[0])
        steps = [added[:start] for added in self.bank.steps(self._offers(whole, sources))]
        state = past.state(first, steps)
        awake = {name: there[start:].copy() for name, there in awake.items()}
        return whole.since(days), sources.since(start), awake, state

    def channels(self) -> list[Channel]:
        """Return the names of a block's channels, in its order."""
        devices = self.plant.devices
        sources = [(PV if item.generates_pv else FURTHER[item.kind], item.id) for item in devices if _generates(item)]
        use = [(USE, item.id) for item in devices if item.kind in CONSUMERS]
        stored = [(kind, pack.device.id) for kind in (CHARGE, DISCHARGE) for pack in self.bank.packs]
        return [*sources, *use, *stored, *self.meters.names]

    def string_channels(self, device: Device | None) -> list[Channel]:
        """Return the names of the channels that a device's strings add."""
        return [] if device is None else [(DC, letter) for letter in letters(len(device.arrays))]

    def scene(self, days: Days) -> Scene:
        """Return the outdoors of some days."""
        outdoors = outdoors_of(self.place, days.run, self.begin // SLOT)
        return Scene(self.plant, outdoors, days, self.begin, self.device_keys, self.lives)

    def _limited(self, scene: Scene, sources: Sources, flow: Ints, dark: Bools | None) -> tuple[Ints, Ints | None]:
        """Hold back what the grid does not take; without a grid, what nobody can be supplied with."""
        power = scene.effects.feed_in_limit()
        limit = None if power is None else power // 12
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
        return flow, limit

    def _sources(self, scene: Scene) -> tuple[Sources, dict[str, Bools]]:
        days = scene.days
        generation: dict[Channel, Ints] = {}
        awake: dict[str, Bools] = {}
        use: dict[Channel, Ints] = {}
        for item in self.plant.devices:
            if item.generates_pv:
                generation[PV, item.id], awake[item.id] = scene.generation(item)
            elif item.kind in FURTHER:
                energy = generator_energy(item, days, self.device_keys[item.id], self._north)
                generation[FURTHER[item.kind], item.id] = _while_working(scene, item, energy)
            elif item.kind in CONSUMERS:
                use[USE, item.id] = _while_working(scene, item, self._consumer(item, days))
        sources = Sources(generation, use, self._base(scene))
        if len(days.slots) and int(days.edges[0]) * SLOT < self.begin:
            early = days.slots * SLOT < self.begin
            for values in (sources.rest, *generation.values(), *use.values()):
                values[early] = 0
        for item in filter(charges_on_surplus, self.plant.devices):
            taken = surplus_load(item, days, self.device_keys[item.id], sources.surplus())
            use[USE, item.id] = _while_working(scene, item, taken)
        return sources, awake

    def _consumer(self, device: Device, days: Days) -> Ints:
        if charges_on_surplus(device):  # what is left over is not known yet
            return np.zeros(len(days.slots), dtype=np.int64)
        eve = int(days.edges[0]) - midnight(days.first - timedelta(days=1), self.zone) // SLOT
        return consumer_load(device, days, self.device_keys[device.id], eve)

    def _base(self, scene: Scene) -> Ints:
        """Return the consumption without a meter of its own per slot [mWh]."""
        load, days, stream = self.plant.load, scene.days, self.keys["load"]
        rest = base_load(load, days, day_types(days.dates, self._holidays), stream, self._north)
        if load.heat_pump:
            rest += heat_pump(load.heat_pump, scene.air_and_wind[0], self.place.climate, days, stream + 16)
        return rest

    def _offers(self, scene: Scene, sources: Sources) -> list[Offer]:
        return self.bank.offers(sources.surplus(), scene)

    def _steps(self, first: date, count: int) -> list[Ints]:
        """Return what each slot of some days offers to or wants from each battery [mWh]."""
        scene = self.scene(self.days(first, count))
        return self.bank.steps(self._offers(scene, self._sources(scene)[0]))


def _while_working(scene: Scene, device: Device, values: Ints) -> Ints:
    works = scene.effects.works(device)
    return values if works is None else values * works


def _generates(device: Device) -> bool:
    return device.generates_pv or device.kind in FURTHER


def _meters_grid(plant: Plant, device: Device) -> bool:
    return ENERGY_AND_POWER_IN_OUT.name in device_sets(plant, device)

"""A block: all channels of a plant over consecutive local days, as integers that balance in every slot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

from mock_sma.domain.device import Battery, DeviceKind
from mock_sma.domain.event import EventKind
from mock_sma.seeding import key
from mock_sma.simulation import battery, load, pv, sky

if TYPE_CHECKING:
    from mock_sma.domain.device import Device
    from mock_sma.domain.plant import Plant
    from mock_sma.simulation.chance import Bools, Floats, Ints

SLOT = 300
"""Length of a slot [s]."""

WARM_UP = (3, 12, 48)
"""Days looked back for a battery whose state does not depend on its past any more."""

Channel = tuple[str, str]
PV, CHARGE, DISCHARGE, FEED, GRID, USE = "pv", "charge", "discharge", "feed", "grid", "use"


def midnight(day: date, zone: ZoneInfo) -> int:
    """Return the beginning of a local day [s since the epoch]."""
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp())


@dataclass(frozen=True, slots=True)
class Block:
    """Channels over local days.

    Attributes:
        first: number of the first slot (unix // 300).
        edges: (days + 1,) slot offsets of the local midnights.
        metered: energy per slot by channel [mWh]; each channel's day is a whole number of Wh, so that its
            counter is exact at each midnight without a history.
        stored: energy in all batteries at the end of each slot [mWh], or None.
        capacity: of all batteries [mWh].
    """

    first: int
    edges: Ints
    metered: dict[Channel, Ints]
    stored: Ints | None
    capacity: int

    def consumption(self) -> Ints:
        """Return what balances each slot: generation and import less charge and export [mWh]."""
        total = np.zeros(int(self.edges[-1]), dtype=np.int64)
        for (kind, _), values in self.metered.items():
            if kind in (PV, DISCHARGE, GRID):
                total += values
            elif kind in (CHARGE, FEED):
                total -= values
        return total


def close_days(values: Ints, edges: Ints) -> Ints:
    """Take each day's fraction of a Wh off its largest slot; ``values`` is changed and returned."""
    for low, high in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        if high > low:
            day = values[low:high]
            rest = int(day.sum()) % 1_000
            if rest:
                day[int(day.argmax())] -= rest
    return values


class Generator:
    """Makes the blocks of one plant.

    Args:
        plant: the plant.
        seed: of the world.
    """

    def __init__(self, plant: Plant, seed: int) -> None:
        self.plant = plant
        self.zone = ZoneInfo(plant.timezone)
        # A migrated plant goes on with the weather and the people it had: the first ids name its chance.
        own = plant.first_id(plant.id)
        self._keys = {name: key(seed, own, name) >> 8 for name in ("sky", "load")}
        self._device_keys = {item.id: key(seed, own, "device", plant.first_id(item.id)) >> 8 for item in plant.devices}
        self.batteries = [item for item in plant.devices if item.battery is not None]
        self.begin = midnight(plant.commissioned, self.zone)

    def block(self, first: date, days: int) -> Block:
        """Return the block of ``days`` local days from ``first`` on."""
        edges = self._edges(first, days)
        start = self._battery_start(first) if self.batteries else 0
        return self._make(edges, start)

    def _edges(self, first: date, days: int) -> Ints:
        marks = [midnight(first + timedelta(days=number), self.zone) // SLOT for number in range(days + 1)]
        return np.array(marks, dtype=np.int64)

    def _battery_start(self, first: date) -> int:
        for days in WARM_UP:
            surplus = self._surplus(self._edges(first - timedelta(days=days), days))
            state = battery.meet(battery.steps(self._pack(), surplus), self._capacity)
            if state is not None:
                return state
        return 0

    def _pack(self) -> Battery:
        packs = [item.battery for item in self.batteries if item.battery is not None]
        if len(packs) == 1:
            return packs[0]
        return Battery(
            capacity=sum(pack.capacity for pack in packs),
            max_charge=sum(pack.max_charge for pack in packs),
            max_discharge=sum(pack.max_discharge for pack in packs),
            round_trip_efficiency=min(pack.round_trip_efficiency for pack in packs),
        )

    @property
    def _capacity(self) -> int:
        return int(self._pack().capacity * 1_000)

    def _surplus(self, edges: Ints) -> Ints:
        generation, use, rest = self._sources(edges)
        return np.asarray(sum(generation.values(), -rest) - sum(use.values(), np.zeros_like(rest)))

    def _sources(self, edges: Ints) -> tuple[dict[str, Ints], dict[str, Ints], Ints]:
        """Return PV by device, metered consumption by device, and all other consumption [mWh]."""
        slots = np.arange(edges[0], edges[-1], dtype=np.int64)
        unix = (slots.astype(np.float64) + 0.5) * SLOT
        alive = slots * SLOT >= self.begin
        plant = self.plant
        sun = sky.sun_position(unix, plant.latitude, plant.longitude)
        ghi = sky.clear_sky(sun.cos_zenith) * pv.clear_sky_index(unix, self._keys["sky"], plant.latitude)
        warm = pv.ambient_temperature(unix, plant.latitude, plant.longitude)
        years = (unix - self.begin) / (365.25 * 86_400.0)
        generation = {
            item.id: pv.energy(item, ghi, sun, warm, years) * (alive & self._works(item, slots))
            for item in plant.devices
            if item.generates_pv
        }
        hour, day, weekday = self._local(edges, unix)
        use = {
            item.id: load.device_load(item, hour, day, self._device_keys[item.id]) * (alive & self._works(item, slots))
            for item in plant.devices
            if item.kind in (DeviceKind.CONSUMER, DeviceKind.EV_CHARGER)
        }
        north = 1.0 if plant.latitude >= 0.0 else -1.0
        rest = load.base_load(plant.load, hour, weekday, unix, self._keys["load"], north) * alive
        return generation, use, rest

    def _local(self, edges: Ints, unix: Floats) -> tuple[Floats, Ints, Ints]:
        lengths = np.diff(edges)
        starts = np.repeat(edges[:-1].astype(np.float64) * SLOT, lengths)
        # Days are told apart by their noon, which is the same day in every zone's calendar.
        day = np.repeat((edges[:-1] * SLOT + 43_200 + int(self._offset(edges))) // 86_400, lengths)
        return (unix - starts) / 3_600.0, day, (day + 3) % 7

    def _offset(self, edges: Ints) -> float:
        moment = datetime.fromtimestamp(int(edges[0]) * SLOT, self.zone)
        return (moment.utcoffset() or timedelta()).total_seconds()

    def _works(self, device: Device, slots: Ints) -> Bools:
        works = np.ones(len(slots), dtype=bool)
        times = slots * SLOT
        if device.activated_at is not None:
            works &= times >= device.activated_at.timestamp()
        if device.deactivated_at is not None:
            works &= times < device.deactivated_at.timestamp()
        for event in self.plant.events:
            if event.kind is EventKind.DEVICE_FAULT and event.device_id in (None, device.id):
                end = event.end.timestamp() if event.end is not None else np.inf
                works &= ~((times >= event.start.timestamp()) & (times < end))
        return np.asarray(works)

    def _make(self, edges: Ints, start: int) -> Block:
        generation, use, rest = self._sources(edges)
        offsets = edges - edges[0]
        demand = rest + sum(use.values(), np.zeros_like(rest))
        surplus = sum(generation.values(), -demand)
        metered: dict[Channel, Ints] = {(PV, name): values for name, values in generation.items()}
        metered |= {(USE, name): values for name, values in use.items()}
        stored = None
        if self.batteries:
            run = battery.run(self._pack(), surplus, start)
            stored = run.stored
            surplus = surplus - run.charge + run.discharge
            for kind, values in ((CHARGE, run.charge), (DISCHARGE, run.discharge)):
                metered |= {(kind, name): part for name, part in self._shared(values)}
        metered[FEED, ""] = np.maximum(surplus, 0)
        metered[GRID, ""] = np.maximum(-surplus, 0)
        for values in metered.values():
            close_days(values, offsets)
        capacity = self._capacity if self.batteries else 0
        return Block(int(edges[0]), offsets, metered, stored, capacity)

    def _shared(self, values: Ints) -> list[tuple[str, Ints]]:
        """Share a pack's energy among its batteries by capacity, to the last mWh."""
        total = self._pack().capacity
        left, parts, rest = total, [], values.copy()
        for item in self.batteries:
            capacity = item.battery.capacity if item.battery is not None else 0.0
            part = rest if left <= capacity else (rest * int(capacity)) // int(left)
            parts.append((item.id, part.copy()))
            rest = rest - part
            left -= capacity
        return parts

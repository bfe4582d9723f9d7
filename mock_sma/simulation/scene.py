"""Some days outdoors at one plant, and what its modules make of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mock_sma.simulation import chance, pv
from mock_sma.simulation.effects import Effects
from mock_sma.simulation.slots import SLOT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mock_sma.domain.device import Device
    from mock_sma.domain.plant import Plant
    from mock_sma.simulation.arrays import Bools, Floats, Ints
    from mock_sma.simulation.lives import Life
    from mock_sma.simulation.outdoors import Outdoors
    from mock_sma.simulation.slots import Days

SECONDS_PER_YEAR = 365.25 * 86_400.0


class Scene:
    """The outdoors of a plant, and what its devices can make of them.

    Args:
        plant: the plant.
        outdoors: of its place.
        days: the local days.
        begin: commissioning of the plant [s since the epoch].
        device_streams: the random stream of each device.
        lives: when each device is there.
    """

    def __init__(
        self,
        plant: Plant,
        outdoors: Outdoors,
        days: Days,
        begin: int,
        device_streams: Mapping[str, int],
        lives: Mapping[str, Life],
    ) -> None:
        self._plant = plant
        self._begin = begin
        self._device_streams = device_streams
        self._lives = lives
        self.days = days
        self.effects = Effects(plant, days, lives)
        self.outdoors = outdoors
        self.lit, self.sun, self.weather, self.light = outdoors.lit, outdoors.sun, outdoors.weather, outdoors.light
        self.irradiance, self.specific_power = outdoors.irradiance, outdoors.specific_power

    @property
    def size(self) -> int:
        """Bytes it takes, by and large."""
        return self.outdoors.size

    @property
    def air_and_wind(self) -> tuple[Floats, Floats]:
        """Temperature [°C] and wind [m/s] of all slots."""
        return self.outdoors.air_and_wind

    def since(self, days: Days) -> Scene:
        """Return the scene of its last days."""
        outdoors = self.outdoors.since(int(days.edges[0] - self.days.edges[0]))
        return Scene(self._plant, outdoors, days, self._begin, self._device_streams, self._lives)

    def strings(self, device: Device) -> list[Floats]:
        """Return what each array of a device could give at lit slots, snow and age counted [W]."""
        since = self._begin if device.activated_at is None else device.activated_at.timestamp()
        years = np.asarray((self.days.slots[self.lit] * SLOT - since) / SECONDS_PER_YEAR, dtype=np.float64)
        left = pv.ageing(years)
        light = self.effects.light(device)
        if light is not None:
            left = left * light[self.lit]
        stream = self._device_streams[device.id] + 160
        unrest = chance.smooth_run(stream, self.days.run, 7)[self.lit] * 0.6
        unrest += chance.uniform(stream + 1, self.days.slots[self.lit]) * 0.4
        unrest -= 0.5
        unrest *= pv.UNREST
        unrest += 1.0
        left *= unrest
        numbers = np.arange(len(device.arrays), dtype=np.int64)
        quality = pv.quality(chance.uniform(self._device_streams[device.id] + 128, numbers)).tolist()
        return [
            self.specific_power(array) * (array.peak_power * part) * left
            for array, part in zip(device.arrays, quality, strict=True)
        ]

    def generation(self, device: Device) -> tuple[Ints, Bools]:
        """Return a device's AC energy per slot before any limit of the grid [mWh], and where it is awake.

        It is awake, and reports, where there is light enough, even if it stands still.
        """
        peak = sum(array.peak_power for array in device.arrays)
        rating = device.generator_power or peak
        dc = sum(self.strings(device), np.zeros(len(self.lit)))
        ac = pv.inverter(dc, rating)
        limit = self.effects.rating(device, rating)
        ac = np.minimum(ac, limit if isinstance(limit, float) else limit[self.lit])
        awake = np.zeros(len(self.days.slots), dtype=bool)
        awake[self.lit] = self.light.ghi > 4.0
        installed = self.effects.installed(device)
        if installed is not None:
            awake &= installed
        energy = np.zeros(len(awake), dtype=np.int64)
        energy[self.lit] = np.rint(np.where(ac < pv.ASLEEP * peak, 0.0, ac) * (1_000.0 / 12.0))
        works = self.effects.works(device)
        if works is not None:
            energy *= works
        return energy, awake | (energy > 0)

    def string_energy(self, device: Device, emitted: Ints) -> list[Ints]:
        """Return the DC energy per slot of each of a device's strings, given what it fed in [mWh].

        Whatever held the device back (its rating, a derating, the grid) holds its strings back alike.

        Args:
            emitted: (n,) AC energy [mWh].
        """
        strings = self.strings(device)
        rating = device.generator_power or sum(array.peak_power for array in device.arrays)
        possible = pv.inverter(sum(strings, np.zeros(len(self.lit))), rating)
        share = np.where(possible > 0.0, emitted[self.lit] / np.maximum(possible, 1e-9), 0.0)
        result = []
        for power in strings:
            energy = np.zeros(len(emitted), dtype=np.int64)
            energy[self.lit] = np.rint(power * share)
            result.append(energy)
        return result

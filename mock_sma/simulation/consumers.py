"""Consumers with a meter of their own, and electric cars (docs/simulation.md, Consumption)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mock_sma.domain.device import Charging, DeviceKind
from mock_sma.simulation import chance

if TYPE_CHECKING:
    from mock_sma.domain.device import Device
    from mock_sma.simulation.arrays import Bools, Floats, Ints
    from mock_sma.simulation.slots import Days

EVENINGS = 0.75
"""Share of the days at home on which a car is charged."""

FORTNIGHT, TRIPS = 14, 0.5
"""A car is away for two to five days in every second fortnight [days; 1]."""

AWAY = TRIPS * 3.5 / FORTNIGHT
"""Share of days on which it is away."""

AT_HOME = 0.55
"""Share of days on which a car that charges on surplus stands at home in the daytime."""

DAYTIME = (96, 216)
"""Slots of the local day in which it waits for surplus: 8 to 18 h."""

LEAST_POWER = 1_380.0
"""Below this a car does not charge [W]: 6 A of one phase (IEC 61851-1)."""


def charges_on_surplus(device: Device) -> bool:
    """Tell whether a device takes what is left over."""
    return device.kind is DeviceKind.EV_CHARGER and device.charging is Charging.SURPLUS


def consumer_load(device: Device, days: Days, stream: int, eve: int) -> Ints:
    """Return the energy of a consumer or charger per slot [mWh].

    Args:
        eve: slots of the day before the first one, which is shorter or longer where the clock was changed.

    A charger works on the evenings of most days on which the car is there, at times beyond midnight; a consumer in one
    block a day.
    """
    charger = device.kind is DeviceKind.EV_CHARGER
    # Sessions by local date, the day before included: one may have lasted into the block.
    dates = np.concatenate((days.dates[:1] - 1, days.dates))
    earliest, spread = (17.0, 6.5) if charger else (9.0, 8.0)
    begins = np.floor((chance.uniform(stream, dates) * spread + earliest) * 12.0)
    rated, lengths = _sessions(device, dates, stream)
    energy = np.zeros(len(days.slots), dtype=np.int64)
    starts = [-eve, *days.offsets[:-1].tolist()]
    for start, begin, length in zip(starts, begins.tolist(), lengths.tolist(), strict=True):
        low = start + int(begin)
        energy[max(low, 0) : max(low + int(length), 0)] = round(rated * 1_000.0 / 12.0)
    return energy


def _sessions(device: Device, dates: Ints, stream: int) -> tuple[float, Floats]:
    """Return the power of a consumer or charger [W], and for how long it works on each date [slots]."""
    charger = device.kind is DeviceKind.EV_CHARGER
    rated = device.rated_power or (11_000.0 if charger else 1_500.0)
    annual = device.annual_energy or (2_400_000.0 if charger else 400_000.0)
    works = np.ones(len(dates), dtype=bool)
    likely = 1.0
    if charger:
        likely = EVENINGS * (1.0 - AWAY)
        works = (chance.uniform(stream + 2, dates) < EVENINGS) & ~_away(dates, stream)
    mean = annual / 365.25 / likely / rated * 12.0
    lengths = np.rint(mean * (0.5 + chance.uniform(stream + 1, dates)))
    return rated, np.where(works, np.maximum(lengths, 1.0), 0.0)


def _away(dates: Ints, stream: int) -> Bools:
    """Tell on which dates a car is on a trip of some days."""
    fortnight = dates // FORTNIGHT
    day = dates - fortnight * FORTNIGHT
    begins = np.floor(chance.uniform(stream + 4, fortnight) * 9.0)
    lasts = 2.0 + np.floor(chance.uniform(stream + 5, fortnight) * 4.0)
    travels = chance.uniform(stream + 3, fortnight) < TRIPS
    return np.asarray(travels & (day >= begins) & (day < begins + lasts))


def surplus_load(device: Device, days: Days, stream: int, surplus: Ints) -> Ints:
    """Return the energy per slot of a charger that waits for surplus [mWh].

    By day the car takes what is left over, where that is enough for it to charge at all; what it still lacks in the
    evening it takes then, until midnight at the latest, so that days stand alone.

    Args:
        surplus: (n,) generation less all other consumption [mWh].
    """
    rated, lengths = _sessions(device, days.dates, stream)
    most = round(rated * 1_000.0 / 12.0)
    home = chance.uniform(stream + 6, days.dates) < AT_HOME
    waits = days.spread(home) & (days.clock >= DAYTIME[0]) & (days.clock < DAYTIME[1])
    least = round(LEAST_POWER * 1_000.0 / 12.0)
    offered = np.where(waits & (surplus >= least), np.minimum(surplus, most), 0)
    begins = np.floor((chance.uniform(stream, days.dates) * 4.0 + 18.0) * 12.0)
    offered += np.where(days.clock >= days.spread(begins), most, 0)
    wanted = np.rint(lengths * most).astype(np.int64)
    total = np.cumsum(offered)
    before = np.concatenate((np.zeros(1, dtype=np.int64), total))[days.offsets[:-1]]
    taken = np.minimum(total - days.spread(before), days.spread(wanted))
    result = np.diff(taken, prepend=np.int64(0))
    first = days.offsets[:-1][days.lengths > 0]
    result[first] = taken[first]
    return np.asarray(result)

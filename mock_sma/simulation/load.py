"""Consumption: households, businesses, consumers with a meter of their own, electric cars (docs/simulation.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mock_sma.domain.device import DeviceKind
from mock_sma.domain.plant import LoadKind
from mock_sma.simulation import chance
from mock_sma.simulation.exact import sin_cos
from mock_sma.simulation.slots import SLOTS_PER_DAY

if TYPE_CHECKING:
    from mock_sma.domain.device import Device
    from mock_sma.domain.plant import Load
    from mock_sma.simulation.arrays import Floats, Ints
    from mock_sma.simulation.slots import Days

SLOTS_PER_YEAR = 105_192.0

# Shapes by hour of the local day, mean 1 after scaling: BDEW's profiles H25 and G25 of 2025, their twelve months taken
# together (H25's by its dynamic function) and rounded to a twentieth of the mean; Saturdays and Sundays are one.
_HOUSE_WEEK = np.array(
    [16, 13, 12, 11, 12, 13, 15, 19, 18, 17, 17, 18, 20, 19, 19, 19, 20, 23, 27, 30, 30, 27, 25, 20], dtype=np.float64
)
_HOUSE_END = np.array(
    [17, 14, 13, 12, 12, 12, 13, 16, 20, 24, 26, 29, 30, 28, 26, 25, 25, 27, 30, 31, 29, 27, 25, 21], dtype=np.float64
)
_WORK_WEEK = np.array(
    [10, 9, 9, 9, 10, 11, 14, 22, 33, 38, 41, 42, 40, 37, 35, 35, 32, 29, 25, 19, 15, 13, 12, 11], dtype=np.float64
)
_WORK_END = np.array(
    [10, 9, 9, 9, 9, 10, 11, 11, 13, 15, 17, 17, 17, 16, 15, 14, 14, 14, 14, 13, 13, 12, 11, 10], dtype=np.float64
)

_FRIDGE = np.array([0.124] * 4 + [0.0] * 5)

SEASON = {LoadKind.HOUSEHOLD: 0.17, LoadKind.COMMERCIAL: 0.10}
"""Share by which more is used in mid-winter and less in mid-summer: the cosine that fits the days' energy of H25 times
its dynamic function (which goes from 1.24 to 0.78; the days before it are longest in summer), and of G25."""

COLDEST = 15.0
"""Day of the year of most consumption in the north; half a year later in the south."""


def base_load(load: Load, days: Days, stream: int, north: float) -> Ints:
    """Return the consumption on site per slot [mWh].

    Args:
        north: sign of the latitude; winters use more.
    """
    if load.kind is LoadKind.NONE:
        return np.zeros(len(days.slots), dtype=np.int64)
    house = load.kind is LoadKind.HOUSEHOLD
    week, end = (_HOUSE_WEEK, _HOUSE_END) if house else (_WORK_WEEK, _WORK_END)
    scale = (5.0 * float(week.sum()) + 2.0 * float(end.sum())) / (7.0 * 24.0)
    both = np.concatenate((_five_minutes(week), _five_minutes(end))) * (1.0 / scale)
    _, season = sin_cos(days.since_new_year(COLDEST))
    level = 1.0 + (SEASON[load.kind] * north) * season
    weekend = days.spread(np.where((days.dates + 6) % 7 >= 5, SLOTS_PER_DAY, 0))
    shape = both[weekend + days.clock]
    shape *= days.spread(level)
    form = shape * (chance.smooth_run(stream, days.run, 9) * 0.5 + 0.75)
    if house:
        # Some days people are away and on some they wash; kettles and ovens are short, high and likelier when
        # they are up; the fridge never sleeps. The parts have the means 0.80, 0.145 and 0.055.
        form *= days.spread(0.80 * (0.7 + 0.6 * chance.uniform(stream + 3, days.dates)))
        starts = chance.held_run(stream + 1, days.run, 2) < 0.029 * shape
        form += starts * (chance.held_run(stream + 2, days.run, 2) * 10.0)
        phase = days.run.first % 9
        form += np.tile(_FRIDGE, days.run.length // 9 + 2)[phase : phase + days.run.length]
    form *= load.annual_energy * 1_000.0 / SLOTS_PER_YEAR
    return np.asarray(np.rint(form).astype(np.int64))


def _five_minutes(hours: Floats) -> Floats:
    """Return a day of 288 values, straight lines between 24 hours' beginnings."""
    place = np.arange(SLOTS_PER_DAY)
    share = (place % 12 + 0.5) / 12.0
    low, high = hours[place // 12], hours[(place // 12 + 1) % 24]
    return np.asarray(low + (high - low) * share)


def device_load(device: Device, days: Days, stream: int, eve: int) -> Ints:
    """Return the energy of a consumer or charger per slot [mWh].

    Args:
        eve: slots of the day before the first one, which is shorter or longer where the clock was changed.

    A charger works on about two evenings in three and at times beyond midnight, a consumer in one block a day.
    """
    charger = device.kind is DeviceKind.EV_CHARGER
    rated = device.rated_power or (11_000.0 if charger else 1_500.0)
    annual = device.annual_energy or (2_400_000.0 if charger else 400_000.0)
    likely = 0.66 if charger else 1.0
    mean = annual / 365.25 / likely / rated * 12.0
    # Sessions by local date, the day before included: one may have lasted into the block.
    dates = np.concatenate((days.dates[:1] - 1, days.dates))
    earliest, spread = (17.0, 6.5) if charger else (9.0, 8.0)
    begins = np.floor((chance.uniform(stream, dates) * spread + earliest) * 12.0)
    lengths = np.rint(mean * (0.5 + chance.uniform(stream + 1, dates)))
    lengths = np.where(chance.uniform(stream + 2, dates) < likely, np.maximum(lengths, 1.0), 0.0)
    energy = np.zeros(len(days.slots), dtype=np.int64)
    starts = [-eve, *days.offsets[:-1].tolist()]
    for start, begin, length in zip(starts, begins.tolist(), lengths.tolist(), strict=True):
        low = start + int(begin)
        energy[max(low, 0) : max(low + int(length), 0)] = round(rated * 1_000.0 / 12.0)
    return energy

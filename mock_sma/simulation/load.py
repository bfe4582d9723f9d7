"""Consumption: households, businesses, consumers with a meter of their own, electric cars (SIMULATION 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mock_sma.domain.device import DeviceKind
from mock_sma.domain.plant import LoadKind
from mock_sma.simulation import chance

if TYPE_CHECKING:
    from mock_sma.domain.device import Device
    from mock_sma.domain.plant import Load
    from mock_sma.simulation.chance import Floats, Ints

SLOTS_PER_YEAR = 105_192.0

# Shapes by hour of the local day, mean 1 after scaling; after the form of BDEW's H0/H25 and G1.
_HOUSE_WEEK = np.array(
    [5, 4, 4, 4, 4, 5, 8, 10, 9, 8, 8, 9, 11, 9, 8, 8, 9, 12, 15, 16, 14, 12, 9, 7], dtype=np.float64
)
_HOUSE_END = np.array(
    [6, 5, 4, 4, 4, 4, 5, 7, 10, 12, 12, 13, 15, 12, 10, 9, 10, 12, 15, 15, 13, 11, 9, 7], dtype=np.float64
)
_WORK_WEEK = np.array(
    [3, 3, 3, 3, 3, 4, 7, 12, 16, 17, 17, 17, 16, 16, 16, 15, 14, 11, 8, 6, 5, 4, 3, 3], dtype=np.float64
)
_WORK_END = np.full(24, 3.0)


def base_load(load: Load, hour: Floats, weekday: Ints, unix: Floats, stream: int, north: float) -> Ints:
    """Return the consumption on site per 5-minute slot [mWh].

    Args:
        hour: (n,) local hour of the slot's middle [h].
        weekday: (n,) 0 is Monday.
        north: sign of the latitude; winters use more.
    """
    if load.kind is LoadKind.NONE:
        return np.zeros(len(hour), dtype=np.int64)
    house = load.kind is LoadKind.HOUSEHOLD
    week, end = (_HOUSE_WEEK, _HOUSE_END) if house else (_WORK_WEEK, _WORK_END)
    scale = (5.0 * week.sum() + 2.0 * end.sum()) / (7.0 * 24.0)
    low = hour.astype(np.int64) % 24
    share = hour - np.floor(hour)
    high = (low + 1) % 24
    free = weekday >= 5
    shape = np.where(free, end[low] + (end[high] - end[low]) * share, week[low] + (week[high] - week[low]) * share)
    season = np.cos(2.0 * np.pi * ((unix / 86_400.0) % 365.25 - 15.0) / 365.25) * north
    shape = shape / scale * (1.0 + 0.15 * season)
    slot = (unix // 300.0).astype(np.int64)
    wander = 0.75 + 0.5 * chance.smooth(stream, unix / 2_700.0)
    # Kettles and ovens: short, high, likelier when people are up.
    bursts = (chance.uniform(stream + 1, slot // 2) < 0.025 * shape) * chance.uniform(stream + 2, slot // 2) * 5.0
    fridge = np.where(np.sin(unix / 2_700.0 * 2.0 * np.pi) > 0.2, 0.12, 0.0)
    form = shape * wander * 0.86 + (bursts + fridge if house else 0.0)
    mean = load.annual_energy * 1_000.0 / SLOTS_PER_YEAR
    return np.asarray(np.rint(form * mean).astype(np.int64))


def device_load(device: Device, hour: Floats, day: Ints, stream: int) -> Ints:
    """Return the energy of a consumer or charger per 5-minute slot [mWh].

    A charger works on about two evenings in three, a consumer in one block a day.

    Args:
        hour: (n,) local hour of the slot's middle [h].
        day: (n,) number of the local day.
    """
    charger = device.kind is DeviceKind.EV_CHARGER
    rated = device.rated_power or (11_000.0 if charger else 1_500.0)
    annual = device.annual_energy or (2_400_000.0 if charger else 400_000.0)
    likely = 0.66 if charger else 1.0
    duration = annual / 365.25 / likely / rated
    start = chance.uniform(stream, day) * (4.0 if charger else 8.0) + (17.0 if charger else 9.0)
    length = duration * (0.5 + chance.uniform(stream + 1, day))
    works = (chance.uniform(stream + 2, day) < likely) & (hour >= start) & (hour < start + length)
    return np.where(works, np.int64(round(rated * 1_000.0 / 12.0)), np.int64(0))

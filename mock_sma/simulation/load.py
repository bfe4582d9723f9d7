"""Consumption without a meter of its own: households and businesses (docs/simulation.md, Consumption)."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from mock_sma.domain.plant import LoadKind
from mock_sma.simulation import chance
from mock_sma.simulation.appliances import USUAL, appliance_power, mean_power
from mock_sma.simulation.day_types import WORKDAY
from mock_sma.simulation.exact import sin_cos
from mock_sma.simulation.slots import SLOTS_PER_DAY

if TYPE_CHECKING:
    from mock_sma.domain.plant import Load
    from mock_sma.simulation.arrays import Floats, Ints
    from mock_sma.simulation.slots import Days

HOURS_PER_YEAR = 8_766.0

# Shapes by hour of the local day in twentieths of the mean, of workdays, of Saturdays, and of Sundays and holidays:
# BDEW's profiles H25 and G25 of 2025, their twelve months taken together (H25's by its dynamic function).
_SHAPES = {
    LoadKind.HOUSEHOLD: (
        (16, 13, 12, 11, 12, 13, 15, 19, 18, 17, 17, 18, 20, 19, 19, 19, 20, 23, 27, 30, 30, 27, 25, 20),
        (17, 14, 12, 12, 12, 12, 13, 16, 21, 24, 25, 27, 28, 27, 26, 25, 25, 27, 30, 30, 29, 27, 25, 21),
        (17, 15, 13, 12, 12, 12, 13, 15, 20, 24, 28, 31, 33, 29, 27, 26, 25, 27, 30, 31, 30, 27, 25, 20),
    ),
    LoadKind.COMMERCIAL: (
        (10, 9, 9, 9, 10, 11, 14, 22, 33, 38, 41, 42, 40, 37, 35, 35, 32, 29, 25, 19, 15, 13, 12, 11),
        (10, 9, 9, 9, 9, 10, 12, 13, 15, 18, 22, 22, 22, 20, 18, 16, 16, 16, 15, 14, 13, 12, 11, 10),
        (9, 9, 9, 9, 9, 9, 10, 10, 11, 11, 12, 13, 13, 13, 12, 12, 12, 13, 13, 13, 12, 11, 11, 10),
    ),
}

_FRIDGE = np.array([0.124] * 4 + [0.0] * 5)
FRIDGE_MEAN = 0.055
"""Of the mean power, what a fridge takes, on for twenty minutes out of forty-five."""

SEASON = {LoadKind.HOUSEHOLD: 0.23, LoadKind.COMMERCIAL: 0.10}
"""Share by which more is used in mid-winter and less in mid-summer: the cosine that fits the days' energy of H25 times
its dynamic function (which goes from 1.24 to 0.78; the days before it are longest in summer), and of G25. Of a
household what appliances take has no season, so that all of it has three quarters of that."""

COLDEST = 15.0
"""Day of the year of most consumption in the north; half a year later in the south."""


def base_load(load: Load, days: Days, kinds: Ints, stream: int, north: float) -> Ints:
    """Return the consumption on site per slot [mWh], without a heat pump.

    Args:
        kinds: (days,) of the days: workdays and others.
        north: sign of the latitude; winters use more.
    """
    if load.kind is LoadKind.NONE:
        return np.zeros(len(days.slots), dtype=np.int64)
    house = load.kind is LoadKind.HOUSEHOLD
    _, season = sin_cos(days.since_new_year(COLDEST))
    level = 1.0 + (SEASON[load.kind] * north) * season
    if house:
        # Some days people are away.
        level *= 0.7 + 0.6 * chance.uniform(stream + 3, days.dates)
    form = _form(load.kind, days, kinds, level)
    form *= chance.smooth_run(stream, days.run, 9) * 0.5 + 0.75
    if house:  # the fridge never sleeps
        phase = days.run.first % 9
        form += np.tile(_FRIDGE, days.run.length // 9 + 2)[phase : phase + days.run.length]
    form *= load.annual_energy / HOURS_PER_YEAR
    if house:
        form += appliance_power(load.annual_energy, days, kinds, stream)
    form *= 1_000.0 / 12.0
    return np.asarray(np.rint(form).astype(np.int64))


def _form(kind: LoadKind, days: Days, kinds: Ints, level: Floats) -> Floats:
    """Return the shape of each day at its level, in each slot."""
    shapes = _shapes(kind)
    if days.are_regular:
        form = shapes.reshape(-1, SLOTS_PER_DAY)[kinds]
        form *= level[:, None]
        return form.ravel()
    return np.asarray(shapes[days.spread(kinds * SLOTS_PER_DAY) + days.clock] * days.spread(level))


@cache
def _shapes(kind: LoadKind) -> Floats:
    """Return the shapes of three days after one another as parts of the year's mean.

    A household's are without what runs for minutes, so that both together have its profile.
    """
    hours = [np.array(shape, dtype=np.float64) for shape in _SHAPES[kind]]
    week, saturday, sunday = (float(np.cumsum(shape)[-1]) for shape in hours)
    scale = (5.0 * week + saturday + sunday) / (7.0 * 24.0)
    shapes = [_five_minutes(shape) * (1.0 / scale) for shape in hours]
    if kind is LoadKind.HOUSEHOLD:
        workdays, free_days = (power * (HOURS_PER_YEAR / USUAL) + FRIDGE_MEAN for power in mean_power())
        shapes = [np.maximum(s - (workdays if n == WORKDAY else free_days), 0.05) for n, s in enumerate(shapes)]
    return np.concatenate(shapes)


def _five_minutes(hours: Floats) -> Floats:
    """Return a day of 288 values, straight lines between 24 hours' beginnings."""
    place = np.arange(SLOTS_PER_DAY)
    share = (place % 12 + 0.5) / 12.0
    low, high = hours[place // 12], hours[(place // 12 + 1) % 24]
    return np.asarray(low + (high - low) * share)

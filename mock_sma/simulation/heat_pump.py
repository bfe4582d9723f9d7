"""A heat pump: what it uses follows the air's temperature (docs/simulation.md, Consumption)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mock_sma.simulation import chance
from mock_sma.simulation.slots import SLOTS_PER_DAY

if TYPE_CHECKING:
    from mock_sma.simulation.arrays import Floats, Ints
    from mock_sma.simulation.climate import Climate
    from mock_sma.simulation.slots import Days

HEATING_LIMIT = 15.0
"""Temperature of the air above which a house is not heated [°C]."""

WATER = 0.2
"""Share of the year's energy that heats water, a little more than an hour each day around noon."""

WATER_SLOTS = 15

DAILY_SWING = 2.5
"""Deviation of the air's temperature within a day [K]."""

WORTH_HEATING = 0.02
"""Mean need in the year, heat over performance [K], below which a place needs none, and water gets all."""

_CLOCK = np.array([0.8] * 60 + [1.3] * 36 + [1.06] * 132 + [0.976] * 36 + [0.8] * 24)
"""By slot of the local day: lowered by night, warmed up in the morning; mean 1."""


def performance(temperature: Floats) -> Floats:
    """Return heat over electricity at temperatures of the air [°C]: 2.4 at -7, 3.5 at 7 (chosen)."""
    return np.clip(2.95 + 0.08 * temperature, 1.6, 5.0)


def need(temperature: Floats) -> Floats:
    """Return what heating takes, in kelvins that a performance of one would have to make up for."""
    return np.asarray(np.maximum(HEATING_LIMIT - temperature, 0.0) / performance(temperature))


def heat_pump(annual: float, temperature: Floats, climate: Climate, days: Days, stream: int) -> Ints:
    """Return the energy of a heat pump per slot [mWh].

    Args:
        annual: energy in a year of the place's normal weather [Wh]; cold years take more.
        temperature: (n,) of the air [°C].
        stream: the stream of its random numbers.
    """
    spread = np.sqrt(climate.spread * climate.spread + DAILY_SWING * DAILY_SWING) * 1.2247
    usual = np.cumsum(need(climate.temperature + np.array([[-1.0], [0.0], [1.0]]) * spread))[-1] / 36.0
    heated = usual > WORTH_HEATING
    water = WATER if heated else 1.0
    mean = annual / 8_766.0
    power = np.zeros(days.run.length)
    if heated:
        power += need(temperature) * _CLOCK[days.clock] * (mean * (1.0 - WATER) / usual)
        power *= 0.75 + 0.5 * chance.smooth_run(stream, days.run, 5)
    begins = 120 + np.floor(chance.uniform(stream + 1, days.dates) * 48.0).astype(np.int64)
    begun = days.spread(begins)
    on = (days.clock >= begun) & (days.clock < begun + WATER_SLOTS)
    power += on * (mean * water * SLOTS_PER_DAY / WATER_SLOTS)
    return np.asarray(np.rint(power * (1_000.0 / 12.0)).astype(np.int64))

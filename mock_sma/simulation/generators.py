"""Diesel sets, combined heat and power, hydro: generators beside the sun."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mock_sma.domain.device import DeviceKind
from mock_sma.simulation import chance
from mock_sma.simulation.exact import sin_cos
from mock_sma.simulation.weather import DAY, HOUR

if TYPE_CHECKING:
    from mock_sma.domain.device import Device
    from mock_sma.simulation.arrays import Floats, Ints
    from mock_sma.simulation.slots import Days

RATED = {DeviceKind.DIESEL_GENERATOR: 5_000.0, DeviceKind.CHP: 5_500.0, DeviceKind.HYDRO: 3_000.0}
"""Rating where the device names none [W]."""

FULL_LOAD_HOURS = {DeviceKind.DIESEL_GENERATOR: 250.0, DeviceKind.CHP: 4_500.0, DeviceKind.HYDRO: 4_800.0}
"""Energy per year over rating where the device names none [h]."""


def generator_energy(device: Device, days: Days, stream: int, north: float) -> Ints:
    """Return the energy of a further generator per slot [mWh].

    Args:
        north: sign of the latitude.
    """
    rated = device.rated_power or RATED[device.kind]
    annual = device.annual_energy or rated * FULL_LOAD_HOURS[device.kind]
    share = min(annual / (rated * 8_766.0), 1.0)
    running = {DeviceKind.CHP: _heat_led, DeviceKind.HYDRO: _river, DeviceKind.DIESEL_GENERATOR: _evenings}
    power = rated * running[device.kind](days, stream, share, north)
    return np.asarray(np.rint(power * (1_000.0 / 12.0)).astype(np.int64))


def _season(days: Days, peak: float, north: float) -> Floats:
    return days.spread(sin_cos(days.since_new_year(peak))[1] * north)


def _heat_led(days: Days, stream: int, share: float, north: float) -> Floats:
    """Return on or off in runs of hours, by the need of heat: most in January."""
    need = share * (1.0 + 0.6 * _season(days, 20.0, north))
    noise = 0.5 * chance.held_run(stream, days.run, 4 * HOUR) + 0.5 * chance.held_run(stream + 1, days.run, DAY)
    # The mean of two uniform numbers lies below x with the probability 2x² for x up to one half.
    low = np.minimum(need, 1.0 - need)
    limit = np.sqrt(np.maximum(low, 0.0) / 2.0)
    return np.where(noise < np.where(need <= 0.5, limit, 1.0 - limit), 1.0, 0.0)


def _river(days: Days, stream: int, share: float, north: float) -> Floats:
    """Return the flow: most in April, and what three weeks of rain bring."""
    flow = 1.0 + 0.35 * _season(days, 105.0, north) + 0.5 * (chance.smooth_run(stream, days.run, 21 * DAY) - 0.5)
    return np.clip(share * flow, 0.0, 1.0)


def _evenings(days: Days, stream: int, share: float, north: float) -> Floats:  # noqa: ARG001 - one form for all
    """Return on at three quarters of the rating in the evening, as often as the year's energy takes."""
    lasts = 4
    likely = min(share * 24.0 / (0.75 * lasts), 1.0)
    works = np.repeat(chance.uniform(stream, days.dates) < likely, days.lengths)
    evening = (days.clock >= 18 * HOUR) & (days.clock < (18 + lasts) * HOUR)
    return np.where(works & evening, 0.75, 0.0)

"""From light to AC energy (SIMULATION 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mock_sma.simulation import chance, sky

if TYPE_CHECKING:
    from mock_sma.domain.device import Device
    from mock_sma.simulation.chance import Floats, Ints

TEMPERATURE_COEFFICIENT = -0.0037
"""Of crystalline modules at the maximum power point [1/K]."""

SYSTEM_FACTOR = 0.86
"""What soiling, wiring, mismatch and the rest leave (PVWatts version 5, default losses of 14 %)."""

AGEING = 0.005
"""Loss per year [1/a] (Jordan, Kurtz 2013: median 0.5 %)."""

WIND = 2.0
"""At module height [m/s]."""

NOMINAL_EFFICIENCY = 0.97


def clear_sky_index(unix: Floats, stream: int, latitude: float) -> Floats:
    """Return the share of the clear sky's light that clouds leave [0..1.05].

    Three layers: the day's weather (related over about two days), drifting cloud fields (90 min) and
    broken clouds (10 min), the last one strongest at middling cover. Mid-latitude winters are cloudier.
    """
    day = unix / 86_400.0
    season = np.cos(2.0 * np.pi * (day % 365.25 - 196.0) / 365.25) * np.sign(latitude or 1.0)
    spread = min(abs(latitude) / 50.0, 1.0)  # subtropics are clearer
    weather = 0.5 * chance.smooth(stream, day / 2.3) + 0.5 * chance.smooth(stream + 1, day * 1.1)
    clear = np.clip((weather - 0.27 + 0.5 * (1.0 - spread) + 0.10 * spread * season) / 0.42, 0.0, 1.0)
    fields = chance.smooth(stream + 2, unix / 5_400.0) - 0.5
    broken = chance.smooth(stream + 3, unix / 600.0) - 0.5
    middling = 4.0 * clear * (1.0 - clear)
    index = 0.14 + 0.88 * clear + 0.30 * middling * fields + 0.35 * middling * broken
    return np.asarray(np.clip(index, 0.05, 1.05))


def ambient_temperature(unix: Floats, latitude: float, longitude: float) -> Floats:
    """Return air temperature [°C]: a yearly and a daily wave about a mean that falls with latitude."""
    day = unix / 86_400.0
    mean = 27.0 - 0.33 * max(abs(latitude) - 5.0, 0.0)
    swing = 0.20 * abs(latitude)
    season = np.cos(2.0 * np.pi * (day % 365.25 - 201.0) / 365.25) * np.sign(latitude or 1.0)
    solar_hour = (unix / 3_600.0 + longitude / 15.0) % 24.0
    daily = 4.5 * np.cos(2.0 * np.pi * (solar_hour - 15.0) / 24.0)
    return np.asarray(mean + swing * season + daily)


def cell_temperature(poa_global: Floats, temp_air: Floats) -> Floats:
    """Estimate the cell temperature [°C].

    Args:
        poa_global: (n,) plane-of-array irradiance [W/m²].
        temp_air: (n,) air temperature [°C].

    Source: Faiman 2008, u0 = 25, u1 = 6.84.
    """
    return np.asarray(temp_air + poa_global / (25.0 + 6.84 * WIND))


def inverter(dc: Floats, rating: float) -> Floats:
    """Return AC power [W] of an inverter.

    Args:
        dc: (n,) DC power [W].
        rating: AC rating, where it clips [W].

    Source: PVWatts version 5 (Dobos 2014), reference efficiency 0.9637.
    """
    load = dc / (rating / NOMINAL_EFFICIENCY)
    shape = -0.0162 * load - 0.0059 / np.maximum(load, 1e-4) + 0.9858
    return np.clip(NOMINAL_EFFICIENCY / 0.9637 * shape * dc, 0.0, rating)


def energy(device: Device, ghi: Floats, sun: sky.Sun, temp_air: Floats, years: Floats) -> Ints:
    """Return the AC energy of a PV device per 5-minute slot [mWh].

    Args:
        years: (n,) age of the modules [a].
    """
    dc = np.zeros_like(ghi)
    for array in device.arrays:
        poa = sky.plane_of_array(ghi, sun, array.tilt, array.azimuth)
        warm = cell_temperature(poa, temp_air)
        dc += array.peak_power * poa / 1_000.0 * (1.0 + TEMPERATURE_COEFFICIENT * (warm - 25.0))
    dc *= SYSTEM_FACTOR * (1.0 - AGEING * np.maximum(years, 0.0))
    peak = sum(array.peak_power for array in device.arrays)
    ac = inverter(np.maximum(dc, 0.0), device.generator_power or peak)
    # Below this an inverter stays asleep.
    ac = np.where(ac < 0.002 * peak, 0.0, ac)
    return np.rint(ac * (1_000.0 / 12.0)).astype(np.int64)

"""From light to AC energy (docs/simulation.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from mock_sma.simulation.arrays import Floats

TEMPERATURE_COEFFICIENT = -0.0037
"""Of crystalline modules at the maximum power point [1/K]."""

SYSTEM_FACTOR = 0.913
"""What soiling 2 %, mismatch 2 %, wiring 2 %, connections 0.5 %, first light 1.5 % and nameplate 1 % leave: the
default losses of PVWatts 5 (Dobos 2014) without shading and availability, which here are a skyline and events."""

AGEING = 0.005
"""Loss per year [1/a] (Jordan, Kurtz 2013: median 0.5 %)."""

SPREAD = 0.025
"""What the weakest of equal arrays lacks for good: its rating within the tolerance of makers, dirt, shade (chosen)."""

UNREST = 0.03
"""Range of what equal inverters differ by from moment to moment: tracking, passing shade, temperature (chosen)."""

NOMINAL_EFFICIENCY = 0.97

ASLEEP = 0.002
"""Share of the modules' rating below which an inverter stays asleep."""


def cell_temperature(poa_global: Floats, temp_air: Floats, wind_speed: Floats) -> Floats:
    """Estimate the cell temperature [°C].

    Args:
        poa_global: (n,) plane-of-array irradiance [W/m²].
        temp_air: (n,) air temperature [°C].
        wind_speed: (n,) at module height [m/s].

    Source: Faiman 2008, u0 = 25, u1 = 6.84.
    """
    return np.asarray(temp_air + poa_global / (25.0 + 6.84 * wind_speed))


def specific_power(poa_global: Floats, cell: Floats) -> Floats:
    """Return the DC power of new modules per watt of their rating [1].

    Args:
        poa_global: (n,) plane-of-array irradiance [W/m²].
        cell: (n,) cell temperature [°C].
    """
    return np.asarray(SYSTEM_FACTOR * poa_global / 1_000.0 * (1.0 + TEMPERATURE_COEFFICIENT * (cell - 25.0)))


def ageing(years: Floats) -> Floats:
    """Return what age leaves of the modules' power [1].

    Args:
        years: (n,) age [a].
    """
    return np.asarray(1.0 - AGEING * np.clip(years, 0.0, 100.0))


def quality(chance: Floats) -> Floats:
    """Return what arrays give of what their rating promises [1]: no two inverters of a plant give the same.

    Args:
        chance: (n,) of each array, 0 to 1.
    """
    return np.asarray(1.0 - SPREAD * chance)


def inverter(dc: Floats, rating: float) -> Floats:
    """Return the AC power of an inverter that nothing limits [W].

    Args:
        dc: (n,) DC power [W].
        rating: AC rating [W].

    Source: PVWatts version 5 (Dobos 2014), reference efficiency 0.9637.
    """
    load = dc * (NOMINAL_EFFICIENCY / rating)
    shape = -0.0162 * load - 0.0059 / np.maximum(load, 1e-4) + 0.9858
    return np.asarray(np.maximum(NOMINAL_EFFICIENCY / 0.9637 * shape * dc, 0.0))

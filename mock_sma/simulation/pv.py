"""From light to AC energy (docs/simulation.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

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


class Surroundings(NamedTuple):
    """What modules of any direction have in common, per slot.

    Attributes:
        cold: power per irradiance of modules that no light has warmed yet [m²/W].
        warming: what each W/m² takes off that.
    """

    cold: Floats
    warming: Floats


def surroundings(temp_air: Floats, wind_speed: Floats) -> Surroundings:
    """Return what :func:`specific_power` needs of the weather."""
    cold = temp_air - 25.0
    cold *= SYSTEM_FACTOR / 1_000.0 * TEMPERATURE_COEFFICIENT
    cold += SYSTEM_FACTOR / 1_000.0
    return Surroundings(cold, (SYSTEM_FACTOR / 1_000.0 * TEMPERATURE_COEFFICIENT) / (25.0 + 6.84 * wind_speed))


def specific_power(poa_global: Floats, around: Surroundings) -> Floats:
    """Return the DC power of new modules per watt of their rating [1]: at the temperature of :func:`cell_temperature`.

    Args:
        poa_global: (n,) plane-of-array irradiance [W/m²].
        around: in the same slots.
    """
    power = poa_global * around.warming
    power += around.cold
    power *= poa_global
    return power


def ageing(years: Floats) -> Floats:
    """Return what age leaves of the modules' power [1].

    Args:
        years: (n,) age [a].
    """
    return np.asarray(1.0 - AGEING * np.minimum(np.maximum(years, 0.0), 100.0))


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
    # η = n / 0.9637 (-0.0162 l - 0.0059 / l + 0.9858) with the load l = n dc / rating, times dc.
    share = NOMINAL_EFFICIENCY / 0.9637
    ac = dc * (-0.0162 * share * NOMINAL_EFFICIENCY / rating)
    ac += 0.9858 * share
    ac *= dc
    ac -= 0.0059 * share * rating / NOMINAL_EFFICIENCY
    return np.maximum(ac, 0.0, out=ac)

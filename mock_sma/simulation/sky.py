"""What reaches the ground and a tilted plane (docs/simulation.md, Sun and sky)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from mock_sma.simulation.exact import exp, polynomial, sin_cos_degrees

if TYPE_CHECKING:
    from mock_sma.simulation.arrays import Floats
    from mock_sma.simulation.sun import Sun

ALBEDO = 0.2
"""Share of light that the ground sends back."""

LOWEST_SUN = 0.052
"""Sine of the height below which there is no beam, 3°: near the horizon the division by it would blow up."""

_ERBS = (12.336, -16.638, 4.388, -0.1604, 0.9511)


SKYLINE = (0.052, 0.208)
"""Sines of 3° and 12° of height: houses and trees take all of the beam below, nothing above, a part between."""


class Light(NamedTuple):
    """Irradiance [W/m²]: all on the horizontal, what comes from everywhere alike, and what from the sun's direction."""

    ghi: Floats
    diffuse: Floats
    beam: Floats


def clear_sky(up: Floats) -> Floats:
    """Return global horizontal irradiance under a clear sky [W/m²].

    Args:
        up: (n,) cosine of the zenith angle.

    Source: Haurwitz 1945, 1946, with the constants that pvlib uses; best of the models that need the zenith
    angle only in Reno, Hansen, Stein 2012 (who print 0.057 for 0.059).
    """
    cosine = np.maximum(up, 1e-3)
    return np.where(up > 0.0, 1_098.0 * cosine * exp(-0.059 / cosine), 0.0)


def thinner_air(elevation: float) -> float:
    """Return how much brighter a cloudless sky is above the sea than at it [1].

    Fitted to the model of Ineichen, Perez 2002 at a Linke turbidity of 3, the sun at 60° of height.

    Args:
        elevation: [m].
    """
    height = max(elevation, 0.0)
    return 1.0 + 6.0e-5 * height + 2.4e-9 * height * height


def split(ghi: Floats, sun: Sun) -> Light:
    """Return the light's parts; the brighter the beam, the more of the diffuse light comes from around the sun.

    Source: Erbs, Klein, Duffie 1982 for the diffuse light; Hay, Davies 1980 for the share of it around the sun.
    """
    index = np.minimum(ghi / np.maximum(sun.extra * sun.up, 1.0), 1.0)
    share = np.where(index <= 0.8, polynomial(_ERBS, index), 0.165)
    diffuse = ghi * np.where(index <= 0.22, 1.0 - 0.09 * index, share)
    per_up = np.where(sun.up > LOWEST_SUN, 1.0 / np.maximum(sun.up, LOWEST_SUN), 0.0)
    beam = (ghi - diffuse) * per_up
    around = diffuse * (beam / sun.extra)
    beam += around * per_up
    return Light(ghi, diffuse - around, beam)


def behind_skyline(light: Light, sun: Sun) -> Light:
    """Return what is left of the light where houses and trees stand around."""
    low, high = SKYLINE
    return light._replace(beam=light.beam * np.clip((sun.up - low) * (1.0 / (high - low)), 0.0, 1.0))


def plane_of_array(light: Light, sun: Sun, tilt: float, azimuth: float) -> Floats:
    """Return the irradiance that a tilted plane uses [W/m²].

    Args:
        tilt: [°].
        azimuth: [° clockwise from north].

    Source: sky and ground as bright everywhere (Liu, Jordan 1963), apart from what :func:`split` puts around the sun;
    incidence-angle loss of ASHRAE with b0 = 0.05 (Souka 1966).
    """
    sin_tilt, cos_tilt = sin_cos_degrees(tilt)
    sin_facing, cos_facing = sin_cos_degrees(azimuth)
    # What passes the glass, 1.05 - 0.05 / cos θ of it, times cos θ: nothing below a twentieth.
    passes = sun.up * (1.05 * cos_tilt)
    passes += sun.east * (1.05 * sin_tilt * sin_facing)
    passes += sun.north * (1.05 * sin_tilt * cos_facing)
    passes -= 0.05
    np.maximum(passes, 0.0, out=passes)
    passes *= light.beam
    passes += light.diffuse * ((1.0 + cos_tilt) / 2.0)
    passes += light.ghi * (ALBEDO * (1.0 - cos_tilt) / 2.0)
    return passes

"""Sun and sky: where the sun stands and what reaches a tilted plane (SIMULATION 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from mock_sma.simulation.chance import Floats

SOLAR_CONSTANT = 1361.0
"""[W/m²]."""

ALBEDO = 0.2


class Sun(NamedTuple):
    """Sun position: cosine of the zenith angle, zenith [rad], azimuth [rad clockwise from north].

    ``extra`` is the irradiance outside the atmosphere, normal to the beam [W/m²].
    """

    cos_zenith: Floats
    zenith: Floats
    azimuth: Floats
    extra: Floats


def sun_position(unix: Floats, latitude: float, longitude: float) -> Sun:
    """Return the sun's place without refraction.

    Args:
        unix: (n,) seconds since the epoch, UTC.
        latitude: [°].
        longitude: [° east].

    Source: NOAA solar calculator, after Meeus, "Astronomical algorithms"; within 0.02° for 1950 to 2050.
    """
    century = (unix / 86_400.0 + 2_440_587.5 - 2_451_545.0) / 36_525.0
    mean_long = np.radians((280.46646 + century * (36_000.76983 + 0.0003032 * century)) % 360.0)
    anomaly = np.radians(357.52911 + century * (35_999.05029 - 0.0001537 * century))
    eccentricity = 0.016708634 - century * (0.000042037 + 0.0000001267 * century)
    sin_m = np.sin(anomaly)
    centre = np.radians(
        sin_m * (1.914602 - century * (0.004817 + 0.000014 * century))
        + np.sin(2.0 * anomaly) * (0.019993 - 0.000101 * century)
        + np.sin(3.0 * anomaly) * 0.000289
    )
    node = np.radians(125.04 - 1_934.136 * century)
    apparent = mean_long + centre - np.radians(0.00569 + 0.00478 * np.sin(node))
    obliquity = np.radians(23.439291 - 0.0130042 * century + 0.00256 * np.cos(node))
    declination = np.arcsin(np.sin(obliquity) * np.sin(apparent))
    half = np.tan(obliquity / 2.0) ** 2
    equation = (
        half * np.sin(2.0 * mean_long)
        - 2.0 * eccentricity * sin_m
        + 4.0 * eccentricity * half * sin_m * np.cos(2.0 * mean_long)
        - 0.5 * half * half * np.sin(4.0 * mean_long)
        - 1.25 * eccentricity * eccentricity * np.sin(2.0 * anomaly)
    )
    hour_angle = 2.0 * np.pi * ((unix % 86_400.0) / 86_400.0 - 0.5) + equation + np.radians(longitude)
    phi = np.radians(latitude)
    cos_zenith = np.sin(phi) * np.sin(declination) + np.cos(phi) * np.cos(declination) * np.cos(hour_angle)
    cos_zenith = np.clip(cos_zenith, -1.0, 1.0)
    azimuth = np.arctan2(
        -np.sin(hour_angle) * np.cos(declination),
        np.cos(phi) * np.sin(declination) - np.sin(phi) * np.cos(declination) * np.cos(hour_angle),
    )
    # Nearer the sun in January, by 3.4 % (inverse square of the distance, to first order).
    extra = SOLAR_CONSTANT * (1.0 + 2.0 * eccentricity * np.cos(anomaly))
    return Sun(cos_zenith, np.arccos(cos_zenith), azimuth % (2.0 * np.pi), extra)


def clear_sky(cos_zenith: Floats) -> Floats:
    """Return global horizontal irradiance under a clear sky [W/m²].

    Source: Haurwitz 1945.
    """
    cosine = np.maximum(cos_zenith, 1e-3)
    return np.where(cos_zenith > 0.0, 1_098.0 * cosine * np.exp(-0.057 / cosine), 0.0)


def diffuse_share(ghi: Floats, sun: Sun) -> Floats:
    """Return the diffuse share of global horizontal irradiance [0..1].

    Source: Erbs, Klein, Duffie 1982.
    """
    index = np.clip(ghi / np.maximum(sun.extra * sun.cos_zenith, 1.0), 0.0, 1.0)
    cloudy = 1.0 - 0.09 * index
    mixed = 0.9511 - 0.1604 * index + 4.388 * index**2 - 16.638 * index**3 + 12.336 * index**4
    return np.where(index <= 0.22, cloudy, np.where(index <= 0.8, mixed, 0.165))


def plane_of_array(ghi: Floats, sun: Sun, tilt: float, azimuth: float) -> Floats:
    """Return the irradiance that a tilted plane uses [W/m²].

    Args:
        ghi: (n,) global horizontal irradiance [W/m²].
        tilt: [°].
        azimuth: [° clockwise from north].

    Source: isotropic sky (Liu, Jordan 1963); incidence-angle loss of ASHRAE with b0 = 0.05 (Souka 1966).
    """
    slope, facing = np.radians(tilt), np.radians(azimuth)
    diffuse = ghi * diffuse_share(ghi, sun)
    # Near the horizon the division would blow up; the beam is cut at 87° as pvlib does.
    beam = np.where(sun.cos_zenith > 0.052, (ghi - diffuse) / np.maximum(sun.cos_zenith, 0.052), 0.0)
    incidence = sun.cos_zenith * np.cos(slope) + np.sin(sun.zenith) * np.sin(slope) * np.cos(sun.azimuth - facing)
    incidence = np.maximum(incidence, 0.0)
    passes = np.clip(1.0 - 0.05 * (1.0 / np.maximum(incidence, 0.05) - 1.0), 0.0, 1.0)
    sky = diffuse * (1.0 + np.cos(slope)) / 2.0
    ground = ghi * ALBEDO * (1.0 - np.cos(slope)) / 2.0
    return np.asarray(beam * incidence * passes + sky + ground)

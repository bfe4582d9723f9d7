"""How far a place is from where its normals come from, and whether own ones can be its (docs/simulation.md)."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING

from mock_sma.domain.site import DAYS
from mock_sma.domain.sites import SITES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mock_sma.domain.plant import Plant
    from mock_sma.domain.site import Site

RADIUS = 6_371.0
"""Of the earth [km]."""

CORNER = 80.0
"""From the middle of a square of a degree to its corners, at most [km]."""

FAR = 600.0
"""Distance of the nearest site beyond which normals say little about a place [km] (chosen)."""


def nearest_site(latitude: float, longitude: float) -> tuple[Site, float]:
    """Return the site that is nearest to a place [°], and how far it is [km]."""
    here = _vector(latitude, longitude)
    near = max(range(len(SITES)), key=lambda number: _dot(_site_vectors()[number], here))
    return SITES[near], RADIUS * math.acos(min(_dot(_site_vectors()[near], here), 1.0))


def far_from_sites(plant: Plant) -> str | None:
    """Return a warning for a plant whose nearest site is far and that lacks normals of its own; None: all is well."""
    own = plant.climate
    if own is not None and own.irradiation and own.temperature:
        return None
    if _is_degree_near(round(plant.latitude), round(plant.longitude)):
        return None
    here = _vector(plant.latitude, plant.longitude)
    if any(_dot(site, here) > _COS_FAR for site in _site_vectors()):
        return None
    site, distance = nearest_site(plant.latitude, plant.longitude)
    return (
        f"the nearest place whose climate is known is {site.name}, {distance:,.0f} km away: light and temperature may "
        "be far off; climate: gives the plant its own"
    )


@cache
def _is_degree_near(latitude: int, longitude: int) -> bool:
    """Tell whether all of a square of a degree is near a site, however the thousands of plants in it lie."""
    return nearest_site(latitude, longitude)[1] < FAR - CORNER


CLEAREST = 0.88
"""Share of the light above the atmosphere that a cloudless month has at most: high in the Andes; from memory."""

TROPICS = 23.44
"""Latitude [°] up to which a year has no winter."""

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def impossible_normals(plant: Plant) -> Iterator[tuple[str, str]]:
    """Yield why normals that a plant is given cannot be those of its place: their key, and a warning."""
    own = plant.climate
    if own is None:
        return
    for month, light in enumerate(own.irradiation):
        most = CLEAREST * light_above(plant.latitude, month) + 1.0
        if light > most:
            text = (
                f"{light:g} kWh/m² in {MONTHS[month]} is more than a cloudless sky gives at {plant.latitude:g}° "
                f"(about {most:.0f}); twelve numbers for a level plane, from January on"
            )
            yield "irradiation", text
            break
    if own.temperature and abs(plant.latitude) > TROPICS:
        june_to_august, december_to_february = sum(own.temperature[5:8]), sum(own.temperature[i] for i in (11, 0, 1))
        if (june_to_august - december_to_february) * plant.latitude < 0.0:
            yield "temperature", "summer and winter are those of the other hemisphere; twelve numbers, from January on"


def light_above(latitude: float, month: int) -> float:
    """Return what falls on a level plane above the atmosphere in a month [kWh/m²].

    Args:
        latitude: [°].
        month: 0 is January.

    Source: Allen et al. 1998, FAO Irrigation and drainage paper 56, equation 21.
    """
    turn = 2.0 * math.pi * (30.4 * month + 15.0) / 365.0
    declination, phi = 0.409 * math.sin(turn - 1.39), math.radians(latitude)
    sunset = math.acos(min(max(-math.tan(phi) * math.tan(declination), -1.0), 1.0))
    up = sunset * math.sin(phi) * math.sin(declination) + math.cos(phi) * math.cos(declination) * math.sin(sunset)
    return DAYS[month] * 24.0 / math.pi * 1.361 * (1.0 + 0.033 * math.cos(turn)) * up


_COS_FAR = math.cos(FAR / RADIUS)


@cache
def _site_vectors() -> tuple[tuple[float, float, float], ...]:
    return tuple(_vector(site.latitude, site.longitude) for site in SITES)


def _vector(latitude: float, longitude: float) -> tuple[float, float, float]:
    phi, lam = math.radians(latitude), math.radians(longitude)
    return math.cos(phi) * math.cos(lam), math.cos(phi) * math.sin(lam), math.sin(phi)


def _dot(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    return one[0] * other[0] + one[1] * other[1] + one[2] * other[2]

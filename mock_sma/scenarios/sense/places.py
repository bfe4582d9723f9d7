"""How far a place is from where its normals come from (docs/simulation.md, Weather)."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING

from mock_sma.domain.sites import SITES

if TYPE_CHECKING:
    from mock_sma.domain.plant import Plant
    from mock_sma.domain.site import Site

RADIUS = 6_371.0
"""Of the earth [km]."""

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
    here = _vector(plant.latitude, plant.longitude)
    if any(_dot(site, here) > _COS_FAR for site in _site_vectors()):
        return None
    site, distance = nearest_site(plant.latitude, plant.longitude)
    return (
        f"the nearest place whose climate is known is {site.name}, {distance:,.0f} km away: light and temperature may "
        "be far off; climate: gives the plant its own"
    )


_COS_FAR = math.cos(FAR / RADIUS)


@cache
def _site_vectors() -> tuple[tuple[float, float, float], ...]:
    return tuple(_vector(site.latitude, site.longitude) for site in SITES)


def _vector(latitude: float, longitude: float) -> tuple[float, float, float]:
    phi, lam = math.radians(latitude), math.radians(longitude)
    return math.cos(phi) * math.cos(lam), math.cos(phi) * math.sin(lam), math.sin(phi)


def _dot(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    return one[0] * other[0] + one[1] * other[1] + one[2] * other[2]

"""Where on the earth time zones and countries lie, by the table that comes with the time zone database."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from math import acos, cos, radians, sin

Place = tuple[float, float]
"""Latitude and longitude [°]."""

RADIUS = 6_371.0
"""Of the earth [km]."""

_ANGLES = re.compile(r"([+-])(\d{2})(\d{2})(?:\d{2})?([+-])(\d{3})(\d{2})(?:\d{2})?")


@cache
def places() -> tuple[dict[str, Place], dict[str, list[Place]]]:
    """Return the chief place of each zone, and those of each country by its ISO 3166 code.

    Source: zone.tab of the IANA time zone database; older names of zones are not in it.
    """
    zones: dict[str, Place] = {}
    countries: dict[str, list[Place]] = {}
    text = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        country, angles, zone, *_ = line.split("\t")
        zones[zone] = _place(angles)
        countries.setdefault(country, []).append(zones[zone])
    return zones, countries


def _place(angles: str) -> Place:
    """Return the place of degrees and minutes such as ``+5230+01322`` (ISO 6709)."""
    found = _ANGLES.fullmatch(angles)
    assert found is not None
    north, degrees, minutes, east, more_degrees, more_minutes = found.groups()
    latitude = float(f"{north}1") * (int(degrees) + int(minutes) / 60)
    return latitude, float(f"{east}1") * (int(more_degrees) + int(more_minutes) / 60)


def distance(one: Place, other: Place) -> float:
    """Return the distance of two places [km]."""
    (phi, lam), (psi, mu) = ((radians(north), radians(east)) for north, east in (one, other))
    return RADIUS * acos(max(-1.0, min(1.0, sin(phi) * sin(psi) + cos(phi) * cos(psi) * cos(lam - mu))))

"""A site whose climate normals are published."""

from __future__ import annotations

from typing import NamedTuple

DAYS = (31.0, 28.25, 31.0, 30.0, 31.0, 30.0, 31.0, 31.0, 30.0, 31.0, 30.0, 31.0)
"""Mean length of each month [d]."""


class Site(NamedTuple):
    """Normals of one site.

    Attributes:
        latitude: [°].
        longitude: [° east].
        elevation: [m].
        sunshine: mean duration of sunshine by month [h per month].
        temperature: mean air temperature by month [°C].
        source: who publishes them.
        held: what they were held against, and what is still from memory.
        light: of a year on a level plane [kWh/m²], where that is known better than by sunshine; from memory, as atlases
            made from satellites (Global Solar Atlas, PVGIS) have it.
    """

    name: str
    latitude: float
    longitude: float
    elevation: float
    sunshine: tuple[int, ...]
    temperature: tuple[float, ...]
    source: str
    held: str
    light: int | None = None

"""Plants that could hardly be: at another end of the earth than their clock, or without what they need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.domain.plant import Backend, LoadKind
from mock_sma.scenarios.sense.places import far_from_sites, impossible_normals
from mock_sma.scenarios.sense.zones import distance, places

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mock_sma.domain.plant import Plant
    from mock_sma.scenario_file.source import Path

FAR = 4_500.0
"""Distance from a zone's chief place beyond which a plant hardly lies in it [km] (chosen: Kashgar to Shanghai fits)."""

FAR_EAST = 60.0
"""The same in longitude [°]: four hours of the sun."""

NEAR = 20.0
"""Degrees of either kind that are never as far as that."""

FEW_WATT_HOURS = 50_000.0
"""A year's consumption that was meant in kilowatt-hours is below this [Wh]."""


MOST = 0.9
"""Share of missing rows beyond which hardly anything is left."""


def odd_plant(plant: Plant) -> Iterator[tuple[Path, str]]:
    """Yield what makes little sense in a plant's own keys: the path below it, and a sentence."""
    yield from _place(plant)
    yield from _load(plant)
    if far := far_from_sites(plant):
        yield (), far
    for name, message in impossible_normals(plant):
        yield ("climate", name), message
    if not plant.owners():
        yield ("users",), f"nobody owns plant {plant.id}, so no consent can open it; add owner: e-mail"
    if plant.missing_rows > MOST:
        yield ("missing_rows",), "hardly a row arrives; it is a share of the rows, so 0.01 is one in a hundred"
    if plant.professional_package and plant.backend is Backend.ENNEXOS:
        yield ("professional_package",), "is something of Classic plants; it does nothing on ennexOS (R25)"
    if plant.earlier_resolution is not None and plant.migrated_at is None:
        yield ("earlier_resolution",), "counts for rows from before migrated_at, and the plant has none"
    if not plant.devices:
        yield ("devices",), f"plant {plant.id} has no devices, so nothing measures anything; add some or a template"


def _place(plant: Plant) -> Iterator[tuple[Path, str]]:
    zones, countries = places()
    here = (plant.latitude, plant.longitude)
    zone = zones.get(plant.timezone)
    if zone is not None and _is_far(here, zone):
        away = f"{distance(here, zone):,.0f} km from where the zone {plant.timezone} lies"
        yield (
            ("timezone",),
            f"{_shown(plant)} are {away}; change one of them, or swap latitude and longitude if they are swapped",
        )
    country = plant.address.country if plant.address is not None else None
    own = countries.get(country or "", [])
    if own and all(_is_far(here, place) for place in own):
        yield ("address", "country"), f"{_shown(plant)} are far from {country}; change one of them"


def _shown(plant: Plant) -> str:
    return f"latitude {plant.latitude:g} and longitude {plant.longitude:g}"


def _is_far(here: tuple[float, float], there: tuple[float, float]) -> bool:
    if abs(here[0] - there[0]) < NEAR and abs(here[1] - there[1]) < NEAR:
        return False  # nearly all plants
    turned = abs((here[1] - there[1] + 180.0) % 360.0 - 180.0)
    polar = abs(here[0]) > 75.0
    return distance(here, there) > FAR or (turned > FAR_EAST and not polar)


def _load(plant: Plant) -> Iterator[tuple[Path, str]]:
    load = plant.load
    for key, amount in (("annual_energy", load.annual_energy), ("heat_pump", load.heat_pump)):
        used = key == "heat_pump" or load.kind is not LoadKind.NONE
        if used and 0.0 < amount < FEW_WATT_HOURS:
            yield (
                ("load", key),
                f"{amount:g} Wh a year is next to nothing; the unit is Wh, so write 4000000 for 4,000 kWh",
            )

"""How far a place is from where its normals come from, and who is told."""

from __future__ import annotations

import pytest

from mock_sma.scenarios import parse_scenario
from mock_sma.scenarios.sense.places import FAR, nearest_site

PLACES = {  # place: latitude, longitude, nearest site, km
    "Hamburg": (53.55, 9.99, "Kassel", 251),
    "Trondheim": (63.43, 10.40, "Oslo", 389),
    "Perpignan": (42.70, 2.90, "Marseille", 206),
    "Anadyr": (64.73, 177.50, "Fairbanks", 1_620),
    "Apia": (-13.83, -171.77, "Suva", 1_170),
    "Fiji, east of 180°": (-16.8, -179.9, "Suva", 230),
}


@pytest.mark.parametrize("name", PLACES)
def test_the_nearest_site_is_found_on_the_globe(name: str) -> None:
    latitude, longitude, nearest, distance = PLACES[name]
    site, found = nearest_site(latitude, longitude)
    assert site.name == nearest
    assert found == pytest.approx(distance, rel=0.03)


@pytest.mark.parametrize(
    ("latitude", "longitude", "climate", "warned"),
    [
        (51.31, 9.48, "", False),
        (59.91, 10.75, "", False),
        (64.73, 177.50, "", True),
        (64.73, 177.50, "climate: {temperature: [-20, -19, -15, -9, 0, 7, 11, 10, 5, -4, -13, -18]}, ", True),
        (
            64.73,
            177.50,
            (
                "climate: {temperature: [-20, -19, -15, -9, 0, 7, 11, 10, 5, -4, -13, -18], irradiation: "
                "[5, 20, 70, 120, 150, 160, 140, 100, 60, 30, 8, 2]}, "
            ),
            False,
        ),
    ],
)
def test_a_scenario_warns_of_a_plant_far_from_every_site(
    latitude: float, longitude: float, climate: str, *, warned: bool
) -> None:
    plant = f"{{id: 100, name: P, latitude: {latitude}, longitude: {longitude}, {climate}owner: o@example.org}}"
    told = parse_scenario(f"users: [{{email: o@example.org, country: DE}}]\nplants: [{plant}]").warnings
    found = [text for text in told if "climate" in text]
    assert bool(found) == warned
    if warned:
        assert "nearest place whose climate is known" in found[0]
        assert "climate:" in found[0]


def test_far_is_what_the_page_says() -> None:
    assert FAR == 600.0

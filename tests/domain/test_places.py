"""How far a place is from where its normals come from, and who is told."""

from __future__ import annotations

import pytest

from mock_sma.scenarios import parse_scenario
from mock_sma.scenarios.sense.places import FAR, light_above, nearest_site

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


NORTH = "irradiation: [20, 40, 80, 120, 160, 170, 170, 140, 100, 60, 30, 15]"


@pytest.mark.parametrize(
    ("latitude", "climate", "told"),
    [
        (51.3, NORTH, None),
        (-33.9, "irradiation: [230, 190, 170, 120, 90, 75, 80, 105, 140, 185, 215, 235]", None),
        (-22.5, "irradiation: [255, 215, 225, 190, 165, 145, 160, 190, 220, 260, 265, 270]", None),
        (-50.0, NORTH, "irradiation: warning: 160 kWh/m² in May"),
        (51.3, f"irradiation: [{', '.join(['300'] * 12)}]", "irradiation: warning: 300 kWh/m² in January"),
        (69.6, "irradiation: [1, 10, 50, 100, 140, 150, 140, 90, 45, 15, 2, 5]", "irradiation: warning: 5 kWh/m²"),
        (51.3, "temperature: [19, 18, 16, 12, 8, 5, 4, 6, 9, 12, 15, 17]", "temperature: warning: summer and winter"),
        (-33.9, "temperature: [1, 2, 6, 10, 14, 17, 19, 18, 15, 10, 5, 2]", "temperature: warning: summer and winter"),
        (-33.9, "temperature: [20, 20, 19, 17, 14, 12, 12, 12, 14, 16, 18, 20]", None),
        (1.3, "temperature: [26, 26, 27, 27, 28, 28, 28, 28, 27, 27, 26, 26]", None),
    ],
)  # fmt: skip
def test_a_scenario_warns_of_normals_that_no_place_there_has(latitude: float, climate: str, told: str | None) -> None:
    plant = f"{{id: 100, name: P, latitude: {latitude}, longitude: 10, climate: {{{climate}}}, owner: o@example.org}}"
    warnings = parse_scenario(f"users: [{{email: o@example.org, country: DE}}]\nplants: [{plant}]").warnings
    found = [text for text in warnings if "climate.irradiation" in text or "climate.temperature" in text]
    assert [told in text for text in found if told] == ([True] if told else [])
    assert bool(found) == (told is not None)


LIGHT = [(0.0, 2, 324), (50.0, 5, 347), (-30.0, 0, 367)]


@pytest.mark.parametrize(("latitude", "month", "light"), LIGHT)
def test_light_above_the_atmosphere_is_that_of_the_paper(latitude: float, month: int, light: float) -> None:
    # Table 2.6 of the paper, MJ/m² a day: 37.6, 41.6, 42.6.
    assert light_above(latitude, month) == pytest.approx(light, rel=0.03)

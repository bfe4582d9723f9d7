"""Built-in templates face the equator, and a plant's own normals and sky are read and written."""

from __future__ import annotations

import pytest

from mock_sma.errors import ScenarioError
from mock_sma.scenarios import dump_scenario, parse_scenario

HEAD = "users: [{email: o@example.org, country: AU}]\nprofile: production-2020\n"


def plant(more: str) -> str:
    return f"{HEAD}plants: [{{id: 100, name: P, owner: o@example.org, {more}}}]\n"


@pytest.mark.parametrize(("latitude", "azimuth"), [(51.3, 180.0), (-33.9, 0.0)])
def test_a_built_in_roof_faces_the_equator(latitude: float, azimuth: float) -> None:
    found = parse_scenario(plant(f"template: household, latitude: {latitude}")).plants[0]
    assert {array.azimuth for device in found.devices for array in device.arrays} == {azimuth}


def test_east_and_west_stay_what_they_are() -> None:
    found = parse_scenario(plant("template: commercial-roof, latitude: -33.9")).plants[0]
    assert {array.azimuth for device in found.devices for array in device.arrays} == {90.0, 270.0}


def test_normals_and_weather_come_back_from_their_own_document() -> None:
    normals = "[20, 40, 80, 120, 150, 160, 160, 140, 90, 50, 25, 15]"
    scenario = parse_scenario(plant(f"template: household, weather: valley, climate: {{irradiation: {normals}}}"))
    assert scenario.plants[0].weather == "valley"
    assert scenario.plants[0].climate is not None
    assert len(scenario.plants[0].climate.irradiation) == 12
    assert parse_scenario(dump_scenario(scenario)) == scenario


def test_eleven_months_are_refused() -> None:
    with pytest.raises(ScenarioError, match="twelve numbers"):
        parse_scenario(plant("template: household, climate: {temperature: [1, 2, 3]}"))

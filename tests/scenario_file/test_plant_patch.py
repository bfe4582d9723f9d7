"""A plant's model and its patches."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from mock_sma import load_scenario
from mock_sma.errors import ScenarioError
from mock_sma.scenario_file.plant_patch import patched_plant, plant_model
from mock_sma.scenarios import shipped

MORNING = datetime(2025, 6, 15, 10, tzinfo=UTC)
SCENARIO = load_scenario("portfolio")
PLANT = SCENARIO.plants[0]
PEOPLE = [user.email for user in SCENARIO.users]


def patched(patch: dict[str, Any]) -> Any:
    return patched_plant(PLANT, patch, PEOPLE, MORNING)


@pytest.mark.parametrize("name", [name for name, _ in shipped() if not name.startswith("big")])
def test_the_model_of_a_shipped_plant_makes_the_same_plant(name: str) -> None:
    scenario = load_scenario(name)
    people = [user.email for user in scenario.users]
    for plant in scenario.plants[:3]:
        model = plant_model(plant)
        assert json.loads(json.dumps(model)) == model
        again = patched_plant(plant, {}, people, MORNING)
        assert replace(again, devices=()) == replace(plant, devices=())
        assert [device.id for device in again.devices] == [device.id for device in plant.devices]
        assert patched_plant(plant, json.loads(json.dumps(model)), people, MORNING) == again


def test_a_patch_changes_what_it_names_and_nothing_else() -> None:
    changed = patched({"name": "Neu", "address": {"city": "Kassel"}, "description": None})
    assert (changed.name, changed.address.city) == ("Neu", "Kassel")
    assert replace(changed, name=PLANT.name, address=PLANT.address) == patched({})


def test_a_device_that_is_switched_off_ends_now_and_a_new_one_begins_now() -> None:
    devices = plant_model(PLANT)["devices"]
    devices[0]["is_active"] = False
    devices.append({"kind": "sensor", "name": "New", "id": "3199"})
    changed = patched({"devices": devices})
    assert (changed.devices[0].is_active, changed.devices[0].deactivated_at) == (False, MORNING)
    assert (changed.devices[-1].id, changed.devices[-1].activated_at) == ("3199", MORNING)
    back = patched_plant(changed, {"devices": plant_model(PLANT)["devices"]}, PEOPLE, MORNING)
    assert (back.devices[0].is_active, back.devices[0].deactivated_at) == (True, None)


def test_r24_a_meter_that_is_taken_out_takes_energy_balance_along_unless_the_scenario_says_otherwise() -> None:
    without = [item for item in plant_model(PLANT)["devices"] if item["kind"] != "grid-meter"]
    assert PLANT.measures_grid
    assert not patched({"devices": without}).measures_grid
    assert patched({"devices": without, "measures_grid": True}).measures_grid
    assert patched_plant(patched({"measures_grid": False}), {"name": "x"}, PEOPLE, MORNING).measures_grid is False


@pytest.mark.parametrize(
    ("patch", "text"),
    [
        ({"id": "9"}, "id: the id stays"),
        ({"nmae": "x"}, "nmae: "),
        ({"latitude": 91}, "latitude: "),
        ({"users": [{"email": "who@example.org", "owner": True}]}, "users[0].email: "),
        ({"users": [{"email": PEOPLE[0], "role": "guest", "owner": True}]}, "(R01)"),
        ({"devices": [{"kind": "toaster", "name": "x"}]}, "devices[0].kind: "),
        ({"devices": [{"kind": "sensor", "name": "x", "id": PLANT.id}]}, "(R19)"),
        ({"name": None}, "the key 'name' is missing"),
        ({"events": [{"kind": "gap", "start": "now"}]}, "events[0].start: "),
    ],
)
def test_a_patch_that_breaks_a_rule_is_refused_with_its_key(patch: dict[str, Any], text: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        patched(patch)
    assert text in str(caught.value)
    assert "plants[0]" not in str(caught.value)

"""``generate``: portfolios that spread over sizes, directions, countries, ages, equipment and states."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

from mock_sma.errors import ScenarioError
from mock_sma.sandbox.sandbox import Sandbox
from mock_sma.sandbox.world.consents.records import ConsentRecords
from mock_sma.scenario_file.generate_document import COUNTRIES
from mock_sma.scenarios import dump_scenario, load_scenario, parse_scenario
from mock_sma.scenarios.names import ABROAD
from tests.sandbox_helpers import ask, tokens

if TYPE_CHECKING:
    from mock_sma.domain.scenario import Scenario

SPREAD: dict[str, Any] = {
    "count": 200,
    "owners": 60,
    "classic": 0.3,
    "mix": {"household-battery-ev": 1, "pv-only": 1, "commercial-roof": 1},
    "sizes": [0.5, 3],
    "directions": 90,
    "countries": {"DE": 3, "AU": 1, "US": 1, "ES": 1},
    "commissioned": [2005, 2024],
    "status": {"ok": 8, "gap": 1, "fault": 1},
}
WORLD: dict[str, Any] = {
    "now": "2025-06-15T12:00:00+02:00",
    "generate": SPREAD,
    "consents": [{"email": "*", "share": 0.8}],
}


@pytest.mark.slow
def test_plants_differ_in_all_that_is_asked_for_and_make_sense() -> None:
    scenario = load_scenario(WORLD)
    plants = scenario.plants
    arrays = [array for plant in plants for item in plant.devices for array in item.arrays]
    powers = [sum(array.peak_power for array in plant.devices[0].arrays) for plant in plants]
    assert max(powers) > 4 * min(powers)
    assert len({array.azimuth for array in arrays}) > 9
    assert {plant.address.country for plant in plants if plant.address} == {"DE", "AU", "US", "ES"}
    assert {plant.timezone for plant in plants} > {"Europe/Berlin", "Australia/Sydney"}
    years = {plant.commissioned.year for plant in plants}
    assert min(years) in range(2005, 2008)
    assert max(years) in range(2022, 2025)
    kinds = Counter(event.kind.value for plant in plants for event in plant.events)
    assert 5 < kinds["gap"] < 40
    assert 5 < kinds["device-fault"] < 40
    assert len({len(plant.devices) for plant in plants}) == 3
    assert scenario.warnings == ()
    assert {user.country for user in scenario.users} == {"DE", "AU", "US", "ES"}


@pytest.mark.slow
def test_the_same_seed_gives_the_same_plants_and_documents_give_them_back() -> None:
    scenario = load_scenario(WORLD)
    assert load_scenario(WORLD) == scenario != load_scenario(WORLD | {"seed": 8})
    assert parse_scenario(dump_scenario(scenario, "json"), format="json") == scenario


@pytest.mark.slow
def test_the_plants_of_a_seed_stay_the_same_from_version_to_version() -> None:
    plants = load_scenario(WORLD).plants
    told = [
        (plant.id, plant.name, plant.latitude, plant.peak_power, [device.id for device in plant.devices])
        for plant in plants
    ]
    assert sha256(repr(told).encode()).hexdigest()[:16] == "e4804dc887ea39f2"


@pytest.mark.slow
@pytest.mark.parametrize("nth", [0, 57])
def test_the_id_of_a_generated_plant_is_taken_and_that_of_a_device_gives_way(nth: int) -> None:
    def beside(plant_id: str) -> Scenario:
        own = [{"id": plant_id, "name": "Mine", "owner": "me@example.org"}]
        return load_scenario(WORLD | {"plants": own, "users": [{"email": "me@example.org", "country": "DE"}]})

    generated = load_scenario(WORLD).plants[nth]
    with pytest.raises(ScenarioError, match=f"'{generated.id}' is taken") as refused:
        beside(generated.id)
    assert len(refused.value.problems) == 1
    (same,) = (plant for plant in beside(generated.devices[0].id).plants if plant.id == generated.id)
    assert {device.id for device in same.devices} & {generated.devices[0].id} == set()
    assert len({device.id for device in same.devices}) == len(generated.devices)


@pytest.mark.slow
def test_a_share_of_the_owners_has_consented() -> None:
    world = Sandbox(load_scenario(WORLD))
    given = [
        user.email
        for user in world.scenario.users
        if (record := world.consents.latest("demo_api", user.email)) and record.plants
    ]
    assert 0.6 < len(given) / 60 < 0.95


def test_consents_are_gone_through_once_however_many_plants_are_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    wish = {"count": 100, "owners": 50, "mix": {"pv-only": 1}}
    world = Sandbox(load_scenario({"generate": wish, "consents": [{"email": "*", "share": 0.5}]}))
    token = tokens(world)["access_token"]
    asked = []
    granted = ConsentRecords.granted
    monkeypatch.setattr(ConsentRecords, "granted", lambda *given: asked.append(given) or granted(*given))
    ask(world, "GET", "/v1/plants", bearer=token)
    assert 0 < len(asked) < 5


def test_a_template_of_the_files_own_with_what_only_files_know_is_spelt_out() -> None:
    own = {
        "append": {"users": [{"email": "x@example.org", "role": "installer"}]},
        "devices": [{"kind": "sensor", "name": "S"}],
    }
    wish = {"count": 2, "mix": {"own": 1}, "status": {"gap": 1}}
    made = load_scenario({"templates": {"own": own}, "generate": wish, "users": [{"email": "x@example.org"}]})
    assert [len(plant.users) for plant in made.plants] == [2, 2]
    assert [plant.events[0].kind.value for plant in made.plants] == ["gap", "gap"]
    with pytest.raises(ScenarioError, match=r"plants\[0\]\.resolution: 7 is unknown"):
        load_scenario({"templates": {"own": {"resolution": 7}}, "generate": wish})


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"count": 20_001}, "generate.count"),
        ({"countries": {"DX": 1}}, "known are AT, AU, CH, DE"),
        ({"status": {"gapp": 1}}, "did you mean 'gap'? Known are fault, gap, ok"),
        ({"status": {"ok": 0}}, "needs a weight that is more than 0"),
        ({"sizes": [2, 1]}, "write [1, 2]"),
        ({"commissioned": [2024, 2005]}, "write [2005, 2024]"),
        ({"directions": 181}, "generate.directions"),
    ],
)
def test_a_wish_that_cannot_be_is_refused(change: dict[str, Any], told: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        load_scenario({"generate": SPREAD | change})
    assert told in str(caught.value)


def test_there_are_places_of_every_country_that_may_be_named() -> None:
    assert ["DE", *ABROAD] == COUNTRIES

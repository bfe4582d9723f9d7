"""Which sets a plant has, in the sandbox and elsewhere, and what GridSettings holds."""

from __future__ import annotations

import pytest

from mock_sma.domain.catalogue import ALL_SETS, PV_GENERATION
from tests.facts import HOUSEHOLDER
from tests.sandbox.asking import Asker, asker, changed, shipped

SANDBOX_SETS = ["EnergyBalance", "GridSettings"]
OTHER_SETS = sorted({item.name for item in ALL_SETS.values()} - {*SANDBOX_SETS, PV_GENERATION.name})
PLANT = f"plants: [{{id: 100, name: P, template: household, owner: {HOUSEHOLDER}}}]\n"
DAY = "Day?Date=2025-06-14"


def sets_of(client: Asker, plant: str) -> list[str]:
    names: list[str] = client.json(f"/v1/plants/{plant}/measurements/sets")["sets"]
    return names


def rows(client: Asker, plant: str, name: str, period: str = DAY) -> list[dict[str, float]]:
    found: list[dict[str, float]] = client.json(f"/v1/plants/{plant}/measurements/sets/{name}/{period}")["set"]
    return found


@pytest.mark.parametrize("plant", ["13", "57", "101"])
def test_a_plant_of_the_sandbox_lists_its_two_sets(client: Asker, plant: str) -> None:
    assert sets_of(client, plant) == SANDBOX_SETS


@pytest.mark.parametrize(
    "name", sorted({item.name for item in ALL_SETS.values()} - {*SANDBOX_SETS, PV_GENERATION.name})
)
@pytest.mark.parametrize("period", ["Recent", DAY, "Month?Date=2025-05", "Total"])
def test_any_other_set_is_answered_there_with_an_empty_one_in_a_whole_envelope(
    client: Asker, name: str, period: str
) -> None:
    body = client.json(f"/v1/plants/13/measurements/sets/{name}/{period}")
    assert list(body) == ["plant", "setType", "resolution", "set"]
    assert (body["setType"], body["set"]) == (name, [])
    assert name in client.why


def test_why_says_that_the_sandbox_has_none_where_the_plant_would(client: Asker) -> None:
    rows(client, "13", "EnergyAndPowerPv")
    assert "SMA's sandbox has no rows of a plant's EnergyAndPowerPv, only of EnergyBalance, GridSettings" in client.why


def test_a_set_that_does_not_exist_is_404_there_too(client: Asker) -> None:
    assert client.get("/v1/plants/13/measurements/sets/EnergyMagic/Recent").status == 404


def test_a_scenario_of_the_sandbox_s_profile_has_its_sets_and_one_of_production_has_more() -> None:
    for profile in ("", "profile: sandbox\n"):
        client = asker(profile + PLANT)
        assert sets_of(client, "100") == SANDBOX_SETS
        assert rows(client, "100", "EnergyAndPowerPv") == []
    for profile in ("production-2020", "production-2025"):
        client = asker(f"profile: {profile}\n{PLANT}")
        assert sets_of(client, "100") == ["EnergyBalance", "EnergyAndPowerPv", "GridSettings"]
        assert len(rows(client, "100", "EnergyAndPowerPv")) > 100


def test_a_plant_of_no_profile_has_rows_of_energy_mix() -> None:
    for client, plant in ((shipped("ennexos"), "2100"), (changed(), "13")):
        assert "EnergyMix" not in sets_of(client, plant)
        assert rows(client, plant, "EnergyMix") == []


def test_devices_of_the_sandbox_keep_their_sets(client: Asker) -> None:
    assert client.json("/v1/devices/16/measurements/sets/EnergyAndPowerPv/" + DAY)["set"] != []
    assert client.json("/v1/devices/22/measurements/sets/EnergyMix/" + DAY)["set"] != []


def test_basic_reporting_has_pv_generation_of_the_sandbox_s_plants(client: Asker) -> None:
    body = client.json("/basicreporting/v1/plants/13/measurements/sets/PvGeneration/Month?Date=2025-05")
    assert len(body["set"]) == 31


def test_grid_settings_hold_two_set_points(client: Asker) -> None:
    found = rows(client, "13", "GridSettings")
    assert len(found) == 96
    assert {tuple(row) for row in found} == {("time", "setPointFeedInPower", "setPointReactivePower")}
    # Three inverters of 6, 5 and 3.6 kW, and no limit.
    assert {(row["setPointFeedInPower"], row["setPointReactivePower"]) for row in found} == {(14_600.0, 0.0)}


def test_the_set_point_follows_the_feed_in_limit_while_it_holds() -> None:
    limit = (
        "    events: [{kind: feed-in-limit, value: 7000, start: '2025-06-14T10:00:00+02:00', "
        "end: '2025-06-14T12:00:00+02:00'}]\n"
    )
    plant = f"plants:\n  - id: 100\n    name: P\n    template: household\n    owner: {HOUSEHOLDER}\n"
    client = asker(plant + limit)
    free, held = asker(plant), {row["time"]: row["setPointFeedInPower"] for row in rows(client, "100", "GridSettings")}
    (rating,) = {row["setPointFeedInPower"] for row in rows(free, "100", "GridSettings")}
    assert rating > 7_000.0
    limited = [time for time, value in held.items() if value == 7_000.0]
    assert (limited[0], limited[-1], len(limited)) == ("2025-06-14T10:05:00", "2025-06-14T12:00:00", 24)
    assert {value for time, value in held.items() if time not in limited} == {rating}

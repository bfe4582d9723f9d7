"""``/_mock/plants``: changing the model while the world runs, seen through the vendor API."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from mock_sma.api.app import App
from mock_sma.worlds.worlds import Worlds
from tests.facts import NOW
from tests.sandbox_helpers import make, tokens

if TYPE_CHECKING:
    from mock_sma.sandbox.sandbox import Sandbox

ANNA, BEN, SERVICE = "anna@example.org", "ben@example.org", "service@example.org"
PLANT = "/_mock/plants/3100"
CLASSIC = "11111111-aaaa-4bbb-8ccc-000000000001"


@pytest.fixture
def world() -> Sandbox:
    return make("portfolio")


def client(world: Sandbox) -> httpx.AsyncClient:
    shell = httpx.ASGITransport(App(Worlds(world)))
    bearer = {"authorization": f"Bearer {tokens(world)['access_token']}"}
    return httpx.AsyncClient(transport=shell, base_url="http://127.0.0.1:8080", headers=bearer)


async def plants(http: httpx.AsyncClient) -> list[str]:
    return [plant["plantId"] for plant in (await http.get("/v1/plants")).json()["plants"]]


async def test_the_model_shows_people_devices_and_backend(world: Sandbox) -> None:
    async with client(world) as http:
        model = (await http.get(PLANT)).json()
        assert model["users"] == [
            {"email": SERVICE, "role": "admin", "relationship": "installer", "owner": False},
            {"email": ANNA, "role": "user", "relationship": "owner", "owner": True},
        ]
        assert (model["backend"], model["devices"][0]["is_active"]) == ("ennexos", True)
        listed = (await http.get("/_mock/plants")).json()
        assert listed[0] == {
            "id": "3100", "name": "Albrecht Wohnhaus", "backend": "ennexos", "owners": [ANNA],
            "devices": [device["id"] for device in model["devices"]],
        }  # fmt: skip
        assert (await http.get(f"/_mock/plants/{CLASSIC.upper()}")).json()["backend"] == "classic"
        missing = await http.get("/_mock/plants/3101x")
        assert (missing.status_code, "no plant '3101x'" in missing.json()["detail"]) == (404, True)


async def test_r10_taking_the_owner_flag_hides_the_plant_and_giving_it_back_shows_it(world: Sandbox) -> None:
    async with client(world) as http:
        users = (await http.get(PLANT)).json()["users"]
        without = [user | {"owner": False} for user in users]
        assert "3100" in await plants(http)
        assert (await http.patch(PLANT, json={"users": without})).json()["users"] == without
        assert "3100" not in await plants(http)
        await http.patch(PLANT, json={"users": users})
        assert "3100" in await plants(http)


@pytest.mark.parametrize(
    ("by", "status"), [(SERVICE, 200), (ANNA, 403), (BEN, 403), ("who@example.org", 403), (5, 422)]
)
async def test_r02_only_administrators_and_installers_change_people(world: Sandbox, by: Any, status: int) -> None:
    async with client(world) as http:
        before = (await http.get(PLANT)).json()
        users = [user | {"owner": False} for user in before["users"]]
        answer = await http.patch(PLANT, json={"users": users, "by": by})
        assert answer.status_code == status
        if status == 403:
            assert "(R02)" in answer.json()["detail"]
        after = (await http.get(PLANT)).json()
        assert (after == before) is (status != 200)


async def test_anybody_with_a_part_may_change_the_rest_and_a_stranger_nothing(world: Sandbox) -> None:
    async with client(world) as http:
        assert (await http.patch(PLANT, json={"name": "Neu", "by": ANNA})).json()["name"] == "Neu"
        stranger = await http.patch(PLANT, json={"name": "Alt", "by": BEN})
        assert (stranger.status_code, "no access" in stranger.json()["detail"]) == (403, True)


@pytest.mark.slow
async def test_r30_a_device_is_deactivated_and_a_new_one_added(world: Sandbox) -> None:
    async with client(world) as http:
        devices = (await http.get(PLANT)).json()["devices"]
        first = devices[0]["id"]
        devices[0]["is_active"] = False
        changed = (await http.patch(PLANT, json={"devices": devices})).json()["devices"][0]
        assert changed["deactivated_at"] == "2025-06-15T10:00:00+00:00"
        listed = (await http.get("/v1/plants/3100/devices/lean")).json()["devices"]
        assert first not in [device["deviceId"] for device in listed]
        everything = await http.get("/v1/plants/3100/devices/lean?WithDeactivatedDevices=true")
        assert first in [device["deviceId"] for device in everything.json()["devices"]]
        taken = await http.patch(PLANT, json={"devices": [*devices, devices[0] | {"id": "3200"}]})
        assert (taken.status_code, "(R19)" in taken.json()["detail"]) == (400, True)
        await http.patch(PLANT, json={"devices": devices[1:]})
        assert (await http.get(f"/v1/devices/{first}")).status_code == 404
        assert (await http.get(f"/v1/devices/{devices[1]['id']}")).status_code == 200


@pytest.mark.parametrize(
    ("patch", "status"),
    [
        ({"id": "1"}, 422),
        ({"nmae": "x"}, 422),
        ({"users": [{"email": ANNA, "role": "guest", "owner": True}]}, 422),
        ([], 422),
    ],
)
async def test_a_refused_patch_names_the_key_and_changes_nothing(world: Sandbox, patch: Any, status: int) -> None:
    async with client(world) as http:
        before = (await http.get(PLANT)).json()
        answer = await http.patch(PLANT, json=patch)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
        assert (await http.get(PLANT)).json() == before


@pytest.mark.slow
async def test_a_gap_silences_and_its_end_speaks_again(world: Sandbox) -> None:
    path = "/v1/plants/3100/measurements/sets/EnergyBalance/Day?Date=2025-06-15"
    async with client(world) as http:
        made = await http.post(PLANT + "/events", json={"kind": "gap", "duration": "PT1H"})
        assert made.status_code == 201
        assert made.json()["events"][-1]["end"] == "2025-06-15T11:00:00+00:00"
        world.clock.advance(hours=2)
        http.headers["authorization"] = f"Bearer {tokens(world)['access_token']}"
        times = [row["time"] for row in (await http.get(path)).json()["set"]]
        assert "2025-06-15T11:55:00" in times
        assert not any("2025-06-15T12:05:00" <= time <= "2025-06-15T12:55:00" for time in times)
        assert (await http.post(PLANT + "/events", json={"kind": "fault"})).status_code == 201
        ended = (await http.post(PLANT + "/events", json={"kind": "end"})).status_code
        assert ended in (201, 400)


async def test_a_migration_answers_308_from_then_on(world: Sandbox) -> None:
    async with client(world) as http:
        path = f"/_mock/plants/{CLASSIC}"
        moved = await http.post(path + "/events", json={"kind": "migration", "to": "7700"})
        assert (moved.status_code, moved.json()["id"], moved.json()["backend"]) == (201, "7700", "ennexos")
        old = await http.get(f"/v1/plants/{CLASSIC}")
        assert (old.status_code, old.headers["location"]) == (308, "/v1/plants/7700")
        assert (await http.get(path)).json()["id"] == "7700"


@pytest.mark.parametrize(
    ("body", "status", "text"),
    [
        ({"kind": "quake"}, 422, "kind: "),
        ({"kind": "migratoin"}, 422, "kind: 'migratoin' is unknown; did you mean 'migration'?"),
        ({}, 422, "kind"),
        ({"kind": "gap", "device": "1"}, 400, "no device '1'"),
        ({"kind": "gap", "start": NOW, "end": "2025-06-15T11:00:00+02:00"}, 422, "backwards"),
        ({"kind": "gap", "end": "2030-06-15T11:00:00+02:00", "duration": "PT1H"}, 422, "not both"),
        ({"kind": "gap", "start": "noon"}, 422, "start: "),
        (
            {"kind": "gap", "start": "0001-01-01T00:00:00+14:00"},
            422,
            "greater than or equal to 1900",
        ),
        ({"kind": "gap", "duration": "P999999999D"}, 422, "is beyond the calendar"),
        ({"kind": "migration"}, 422, '"to"'),
        ({"kind": "migration", "to": "7700"}, 400, "ennexOS already"),
        ({"kind": "end"}, 400, "no gap or fault to end"),
        ({"kind": "gap", "colour": "red"}, 422, "colour"),
    ],
)
async def test_an_event_that_cannot_be_is_refused(world: Sandbox, body: Any, status: int, text: str) -> None:
    async with client(world) as http:
        before = (await http.get(PLANT)).json()
        answer = await http.post(PLANT + "/events", json=body)
        assert (answer.status_code, text in answer.json()["detail"]) == (status, True), answer.json()
        assert (await http.get(PLANT)).json() == before


@pytest.mark.slow
async def test_many_patches_at_once_are_one_after_the_other(world: Sandbox) -> None:
    async with client(world) as http:
        events = [http.post(PLANT + "/events", json={"kind": "message"}) for _ in range(20)]
        names = [http.patch(PLANT, json={"description": str(number)}) for number in range(20)]
        answers = await asyncio.gather(*events, *names)
        assert {answer.status_code for answer in answers} == {200, 201}
        assert len((await http.get(PLANT)).json()["events"]) == 20


@pytest.mark.slow
async def test_the_timeline_tells_of_every_change_and_by_whom(world: Sandbox) -> None:
    async with client(world) as http:
        for body in ({"kind": "gap", "duration": "PT1H"}, {"kind": "end"}, {"kind": "snow", "value": 0.5}):
            world.clock.advance(seconds=60)
            assert (await http.post(PLANT + "/events", json=body)).status_code == 201
        await http.patch(PLANT, json={"name": "Neu", "by": ANNA})
        await http.patch(PLANT, json={"name": "Alt", "by": BEN})  # refused
        await http.post(f"/_mock/plants/{CLASSIC}/events", json={"kind": "migrate", "to": "7700"})
        fault = (await http.post("/_mock/faults", json={"effect": {"status": 503}, "times": 1})).json()["id"]
        await http.delete(f"/_mock/faults/{fault}")
        await http.delete("/_mock/faults")
        await http.post(f"/_mock/consents/{ANNA}/revoke", json={"client_id": "demo_api"})
        past = (await http.get("/_mock/timeline")).json()["past"]
    assert [tuple(value for key, value in item.items() if key not in ("at", "problem")) for item in past] == [
        ("gap", "3100", "control"),
        ("restore", "3100", "control"),
        ("snow", "3100", "control"),
        ("change_plant", "3100", ["name"], ANNA),
        ("migrate", CLASSIC, "7700", "control"),
        ("add_fault", "control"),
        ("remove_fault", fault, "control"),
        ("clear_faults", "control"),
        ("revoke", ANNA, "demo_api", "control"),
    ]
    assert {item["problem"] for item in past} == {None}


@pytest.mark.slow
async def test_the_truth_about_a_day_is_told_and_what_is_no_day_refused(world: Sandbox) -> None:
    async with client(world) as http:
        told = (await http.get(f"{PLANT}/truth", params={"date": "2025-06-15"})).json()
        own = world.truth("3100", "2025-06-15")
        assert (told["plant"], told["date"], told["unit"], told["is_final"]) == ("3100", "2025-06-15", "Wh", False)
        assert (told["now"], told["final"]) == (own.now, own.final)
        assert told["final_at"].startswith("2025-06-16T00:00:")
        (device,) = [name for name, energies in told["devices"].items() if "pvGeneration" in energies["now"]]
        assert told["devices"][device]["now"]["pvGeneration"] == told["now"]["pvGeneration"] > 0
        for target, status, words in (
            (f"{PLANT}/truth", 422, "query.date: Field required"),
            (f"{PLANT}/truth?date=2025-02-30", 400, "is not in the calendar"),
            (f"{PLANT}/truth?date=2400-01-01", 400, "beyond the clock"),
            ("/_mock/plants/3101x/truth?date=2025-06-15", 404, "no plant '3101x'"),
        ):
            refused = await http.get(target)
            assert (refused.status_code, words in refused.json()["detail"]) == (status, True), refused.text

"""Facts of plants, devices and people that change at a time, as the vendor API and the mails show them."""

from __future__ import annotations

from typing import Any

import pytest

from mock_sma.domain.quota import Quota
from mock_sma.errors import ScenarioError, UnknownError, UsageError
from mock_sma.scenarios.builders import action
from tests.facts import HOUSEHOLDER
from tests.sandbox.world.happenings.timeline import CLASSIC, GUEST, INVERTER, OTHER, get, problems, seen, world
from tests.sandbox_helpers import CLIENT, ask, content, tokens


def test_a_plant_is_renamed_and_moves_house_at_its_time() -> None:
    change = {"name": "Neu", "address": {"city": "Ulm"}, "description": "moved"}
    sandbox = world({"after": "P1D", "action": "change_plant", "plant": "2100", "change": change})
    assert content(get(sandbox, "/v1/plants/2100"))["name"] == "A"
    sandbox.clock.advance(days=1)
    plant = content(get(sandbox, "/v1/plants/2100"))
    assert (plant["name"], plant["description"]) == ("Neu", "moved")
    assert [item["name"] for item in content(get(sandbox, "/v1/plants"))["plants"]] == ["Neu", "C"]
    assert problems(sandbox) == [None]


def test_r25_the_professional_package_bought_in_the_middle_of_a_day_shortens_the_delay_from_then_on() -> None:
    change = {"professional_package": True}
    sandbox = world({"after": "PT1H", "action": "change_plant", "plant": CLASSIC, "change": change})
    day = f"/v1/plants/{CLASSIC}/measurements/sets/EnergyBalance/Day?Date=2025-06-15"
    last = []
    for _ in range(2):
        last.append(content(get(sandbox, day))["set"][-1]["time"])
        sandbox.clock.advance(hours=1)
    last.append(content(get(sandbox, day))["set"][-1]["time"])
    assert last == ["2025-06-15T09:45:00", "2025-06-15T12:30:00", "2025-06-15T13:30:00"]


def test_a_device_is_added_begins_then_and_is_in_the_list_and_the_log() -> None:
    device = {"kind": "ev-charger", "name": "Box", "annual_energy": 2_000_000}
    sandbox = world({"after": "PT2H", "action": "add_device", "plant": "2100", "device": device})
    sandbox.clock.advance(hours=1)
    assert len(content(get(sandbox, "/v1/plants/2100/devices"))["devices"]) == 3
    sandbox.clock.advance(hours=2)
    added = content(get(sandbox, "/v1/plants/2100/devices"))["devices"][-1]
    assert (added["deviceId"], added["name"]) == ("2104", "Box")
    path = "/v1/devices/2104/measurements/sets/EnergyAndPowerConsumption/Day"
    assert content(get(sandbox, f"{path}?Date=2025-06-14"))["set"] == []
    assert content(get(sandbox, f"{path}?Date=2025-06-15"))["set"][0]["time"] > "2025-06-15T14:00:00"
    assert content(get(sandbox, "/v1/devices/2104/logs"))["logs"][0]["timestamp"] == "2025-06-15T14:00:00"


def test_r24_a_meter_that_is_added_brings_energy_balance() -> None:
    plant = {"id": "3300", "name": "P", "template": "pv-only", "owner": HOUSEHOLDER}
    without = {"after": 0, "action": "add_plant", "plant": {**plant, "measures_grid": None}}
    meter = {"after": "PT1H", "action": "add_device", "plant": "3300", "device": {"kind": "grid-meter", "name": "M"}}
    sandbox = world(without, meter)
    sandbox.clock.advance(minutes=1)
    assert not sandbox.estate.plants["3300"].measures_grid
    sandbox.clock.advance(hours=2)
    assert sandbox.estate.plants["3300"].measures_grid


def test_a_device_changes_its_name_and_serial_number() -> None:
    change = {"name": "Dach", "serial": 1900, "firmware_version": "4.1"}
    sandbox = world({"after": "PT1H", "action": "change_device", "device": INVERTER.lower(), "change": change})
    sandbox.clock.advance(hours=1)
    device = next(item for item in sandbox.estate.plants[CLASSIC].devices if item.id == INVERTER)
    assert (device.name, device.serial, device.firmware_version) == ("Dach", "1900", "4.1")
    assert content(get(sandbox, f"/v1/devices/{INVERTER}"))["details"]["name"] == "Dach"


def test_r06_a_plant_is_sold() -> None:
    sandbox = world({"after": "P1D", "action": "change_owner", "plant": "2100", "email": OTHER})
    assert seen(sandbox) == ["2100", CLASSIC]
    sandbox.clock.advance(days=1)
    assert seen(sandbox) == [CLASSIC]
    sandbox.consents.accept(OTHER, "demo_api")
    assert seen(sandbox) == ["2100", CLASSIC]


# ---- People -------------------------------------------------------------------------------------------------------


def mail(sandbox: Any, email: str) -> Any:
    bearer = tokens(sandbox)["access_token"]
    reply = ask(sandbox, "POST", "/oauth2/v2/bc-authorize", json={"loginHint": email}, bearer=bearer)
    assert reply.status == 201, reply.body
    return list(sandbox.mailbox)[-1]


def test_r05_country_and_language_decide_the_language_of_mails() -> None:
    def moved(**change: Any) -> dict[str, Any]:
        return {"action": "change_user", "email": OTHER, "change": change}

    owner = {"after": 0, "action": "set_owner", "plant": "2100", "email": OTHER}
    abroad, learns = {"after": "P1D", **moved(country="FR")}, {"after": "P2D", **moved(language="de")}
    forgets = {"after": "P3D", **moved(language=None, country=None, name=None)}
    sandbox = world(owner, abroad, learns, forgets)
    languages = []
    for _ in range(4):
        sandbox.clock.advance(minutes=1)
        languages.append(mail(sandbox, OTHER).language)
        sandbox.consents.reject(OTHER, "demo_api")
        sandbox.clock.advance(days=1, minutes=-1)
    assert languages == ["de", "en", "de", "en"]


def test_with_another_email_consents_sessions_and_plants_go_along() -> None:
    change = {"email": "New@example.org", "password": "other"}
    sandbox = world({"after": "PT1H", "action": "change_user", "email": HOUSEHOLDER, "change": change})
    bearer = tokens(sandbox)["access_token"]
    sandbox.clock.advance(hours=1)
    assert problems(sandbox) == [None]
    assert seen(sandbox) == ["2100", CLASSIC]
    assert sandbox.estate.owned_by("new@EXAMPLE.org") == ("2100", CLASSIC)
    assert sandbox.estate.owned_by(HOUSEHOLDER) == ()
    record = sandbox.consents.latest("demo_api", "new@example.org")
    assert record is not None
    assert (record.email, sandbox.consents.latest("demo_api", HOUSEHOLDER)) == ("New@example.org", None)
    reply = ask(sandbox, "GET", "/oauth2/v2/bc-authorize/new@example.org", bearer=bearer)
    assert reply.status in (200, 401)
    sandbox.consents.revoke("NEW@example.org")
    assert seen(sandbox) == []
    sandbox.reset()
    assert seen(sandbox) == ["2100", CLASSIC]


def test_an_answer_by_itself_comes_from_the_new_email_too() -> None:
    answers = [{"email": OTHER, "answer": "accept", "after": "PT1M"}]
    change = {"after": 0, "action": "change_user", "email": OTHER, "change": {"email": "x@example.org"}}
    owner = {"after": 0, "action": "set_owner", "plant": "2100", "email": OTHER}
    sandbox = world(owner, change, auto_answers=answers)
    sandbox.clock.advance(minutes=1)
    mail(sandbox, "x@example.org")
    sandbox.clock.advance(minutes=2)
    assert sandbox.consents.latest("demo_api", "x@example.org").state == "Accepted"  # type: ignore[union-attr]


def test_an_invited_person_registers_by_a_change() -> None:
    sandbox = world({"after": 0, "action": "change_user", "email": GUEST, "change": {"registered": True}})
    sandbox.clock.advance(minutes=1)
    assert sandbox.estate.users[GUEST].registered


# ---- Quotas -------------------------------------------------------------------------------------------------------


def test_r17_a_client_has_a_quota_of_its_own() -> None:
    clients = [
        {"id": "demo_api", "secret": "demo_secret", "quota": {"requests": 1}},
        {"id": "other", "secret": "s"},
    ]
    sandbox = world(
        {"after": "PT1H", "action": "change_quota", "client_id": "demo_api", "requests": 2},
        {"after": "PT2H", "action": "change_quota", "client_id": "demo_api"},
        clients=clients,
        quota={"requests": 3},
    )
    mine, others = (
        tokens(sandbox)["access_token"],
        tokens(sandbox, client_id="other", client_secret="s")["access_token"],
    )

    def through(bearer: str) -> int:
        return [ask(sandbox, "GET", "/v1/plants", bearer=bearer).status for _ in range(5)].count(200)

    assert (through(mine), through(others)) == (1, 3)
    for expected in (2, 3):
        sandbox.clock.advance(hours=1)
        assert through(tokens(sandbox)["access_token"]) == expected


# ---- At once, and mistakes ----------------------------------------------------------------------------------------


def test_all_of_it_happens_at_once_by_hand() -> None:
    sandbox = world()
    carry_out = sandbox.happenings.carry_out
    carry_out(action("change_plant", plant="2100", change={"name": "X"}))
    carry_out(action("change_device", device="2101", change={"name": "Y"}))
    carry_out(action("add_device", plant="2100", device={"kind": "sensor", "name": "Z", "id": 2999}))
    carry_out(action("change_user", email=OTHER, change={"name": "O"}), by=OTHER)
    carry_out(action("change_quota", requests=7, client_id="demo_api"))
    plant = sandbox.estate.plants["2100"]
    assert (plant.name, [device.name for device in plant.devices]) == ("X", ["Y", "Battery", "Energy Meter", "Z"])
    assert sandbox.estate.users[OTHER].name == "O"
    assert sandbox.quota.of(CLIENT["client_id"]) == Quota(requests=7)


@pytest.mark.parametrize(
    ("wanted", "error", "words"),
    [
        (
            action("add_device", plant="2100", device={"kind": "sensor", "name": "Z", "id": 2101}),
            UsageError,
            "is taken",
        ),
        (action("add_device", plant="9", device={"kind": "sensor", "name": "Z"}), UnknownError, "no plant '9'"),
        (action("change_device", device="9", change={"name": "Y"}), UsageError, "no device '9'"),
        (action("change_device", device="2101", change={"id": 7}), ScenarioError, "the id stays"),
        (action("change_user", email="x@y.z", change={"name": "Y"}), UsageError, "no user 'x@y.z'"),
        (action("change_user", email=OTHER, change={"email": GUEST}), UsageError, "has an account already"),
    ],
)
def test_what_the_world_does_not_allow_changes_nothing(wanted: Any, error: type[Exception], words: str) -> None:
    sandbox = world()
    before = dict(sandbox.estate.plants), dict(sandbox.estate.users)
    with pytest.raises(error, match=words):
        sandbox.happenings.carry_out(wanted)
    assert (sandbox.estate.plants, sandbox.estate.users) == before


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"action": "change_plant", "plant": "2100", "change": {"nmae": "x"}}, "change.nmae: unknown key 'nmae'"),
        ({"action": "change_plant", "plant": "2100", "change": {"latitude": 91}}, "change.latitude: has to be"),
        ({"action": "change_plant", "plant": "2100", "change": {}}, "change: "),
        ({"action": "change_plant", "plant": "21", "change": {"name": "x"}}, "plant: no plant '21'"),
        (
            {"action": "change_plant", "plant": "2100", "change": {"users": [{"email": "x@y.z"}]}},
            "change.users[0].email: 'x@y.z' is not among the users",
        ),
        ({"action": "change_device", "device": "2101", "change": {"kind": "toaster"}}, "change.kind: 'toaster'"),
        ({"action": "change_device", "device": "7", "change": {"name": "x"}}, "device: no device '7'"),
        ({"action": "change_user", "email": OTHER, "change": {}}, "change: says nothing"),
        ({"action": "change_user", "email": OTHER, "change": {"email": None}}, "change.email: cannot be taken away"),
        ({"action": "change_user", "email": OTHER, "change": {"language": "fr"}}, "change.language: 'fr' is unknown"),
        ({"action": "change_user", "email": "q@example.org", "change": {"name": "x"}}, "is not among the users"),
        ({"action": "add_device", "plant": "2100", "device": {"kind": "sensor"}}, "device: the key 'name' is missing"),
        (
            {"action": "add_device", "plant": "2100", "device": {"kind": "sensor", "name": "x", "sets": ["Sensr"]}},
            "device.sets[0]: no set 'Sensr'",
        ),
        (
            {"action": "add_device", "plant": "2100", "device": {"kind": "sensor", "name": "x", "id": 2102}},
            "device.id: the id '2102' is taken",
        ),
        ({"action": "change_quota", "requests": 1, "client_id": "x"}, "client_id: no client 'x'"),
    ],
)
def test_a_file_that_says_it_wrongly_is_refused(entry: dict[str, Any], words: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        world({"after": "PT1H", **entry})
    assert f"timeline[0].{words}" in str(caught.value) or words in str(caught.value)

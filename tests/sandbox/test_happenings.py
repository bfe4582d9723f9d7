"""Each action of a timeline does to the world, and so to the vendor API, what it says."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from mock_sma import Sandbox, load_scenario
from mock_sma.domain import timeline as act
from mock_sma.domain.scenario import Quota
from mock_sma.errors import ScenarioError, UsageError
from tests.sandbox_helpers import NOW, ask, content, tokens

OWNER, OTHER, GUEST = "owner@example.org", "other@example.org", "guest@example.org"
CLASSIC, INVERTER = "11111111-aaaa-4bbb-8ccc-00000000000A", "11111111-aaaa-4bbb-8ccc-00000000000B"


def world(*timeline: dict[str, Any], **more: Any) -> Sandbox:
    document = {
        "now": NOW,
        "users": [
            {"email": OWNER, "country": "DE"},
            {"email": OTHER, "country": "DE"},
            {"email": GUEST, "country": "DE", "registered": False},
        ],
        "plants": [
            {
                "id": "2100",
                "name": "A",
                "template": "household-battery",
                "owner": OWNER,
                "users": [{"email": GUEST, "role": "guest"}],
            },
            {
                "id": CLASSIC,
                "name": "C",
                "devices": [
                    {"id": INVERTER, "kind": "solar-inverter", "name": "I", "arrays": [{"peak_power": 5000}]},
                    {"kind": "grid-meter", "name": "M"},
                ],
                "users": [{"email": OWNER, "role": "guest", "owner": True}],
            },
        ],
        "consents": [{"email": OWNER, "client_id": "demo_api"}],
        "timeline": list(timeline),
        **more,
    }
    return Sandbox(load_scenario(document))


def seen(sandbox: Sandbox) -> list[str]:
    reply = ask(sandbox, "GET", "/v1/plants", bearer=tokens(sandbox)["access_token"])
    return [plant["plantId"] for plant in content(reply)["plants"]]


def get(sandbox: Sandbox, path: str) -> Any:
    return ask(sandbox, "GET", path, bearer=tokens(sandbox)["access_token"])


def problems(sandbox: Sandbox) -> list[str | None]:
    return [item.problem for item in sandbox.happenings]


def test_r08_a_revocation_of_the_timeline_empties_the_list_and_is_written_into_the_history() -> None:
    sandbox = world({"after": "PT1H", "action": "revoke", "email": OWNER})
    assert seen(sandbox) == ["2100", CLASSIC]
    sandbox.clock.advance(hours=3)
    assert seen(sandbox) == []
    change = sandbox.consents.latest("demo_api", OWNER).history[-1]  # type: ignore[union-attr]
    assert (change.event, change.by) == ("revoke", "timeline")
    assert change.at == sandbox.started + 3600.0


def test_a_pending_request_is_accepted_rejected_or_expired_by_the_timeline() -> None:
    for event, state in (("accept", "Accepted"), ("reject", "Rejected"), ("expire", "Expired")):
        sandbox = world(
            {"after": "PT1M", "action": event, "email": OWNER, "client_id": "demo_app"},
            consents=[{"email": OWNER, "client_id": "demo_app", "state": "Pending"}],
        )
        sandbox.clock.advance(minutes=2)
        assert sandbox.consents.latest("demo_app", OWNER).state == state  # type: ignore[union-attr]


def test_r09_an_added_plant_is_there_and_the_older_consent_does_not_cover_it() -> None:
    plant = {"id": "3000", "name": "Neu", "template": "household", "owner": OWNER}
    sandbox = world({"after": "P1D", "action": "add_plant", "plant": plant})
    assert get(sandbox, "/v1/plants/3000").status == 404
    sandbox.clock.advance(days=1)
    assert seen(sandbox) == ["2100", CLASSIC]
    assert get(sandbox, "/v1/plants/3000").status == 403
    sandbox.consents.accept(OWNER, "demo_api")
    assert seen(sandbox) == ["2100", CLASSIC, "3000"]


def test_r10_a_plant_leaves_the_view_with_the_flag_and_returns_with_it() -> None:
    sandbox = world(
        {"after": 60, "action": "set_owner", "plant": "2100", "email": OWNER, "owner": False},
        {"after": 120, "action": "set_owner", "plant": "2100", "email": OWNER},
    )
    sandbox.clock.advance(60)
    assert seen(sandbox) == [CLASSIC]
    sandbox.clock.advance(60)
    assert seen(sandbox) == ["2100", CLASSIC]


def test_r06_the_flag_goes_to_one_person_who_joins_the_plant_by_it() -> None:
    sandbox = world({"after": 60, "action": "change_owner", "plant": CLASSIC.lower(), "email": OTHER.upper()})
    sandbox.clock.advance(60)
    plant = sandbox.estate.plants[CLASSIC]
    assert [(user.key, user.owner) for user in plant.users] == [(OWNER, False), (OTHER, True)]
    assert seen(sandbox) == ["2100"]


def test_r03_a_second_owner_on_classic_changes_nothing_and_is_kept_with_the_reason() -> None:
    sandbox = world({"after": 2, "action": "set_owner", "plant": CLASSIC, "email": OTHER})
    before = dict(sandbox.estate.plants)
    sandbox.clock.advance(10)
    assert sandbox.estate.plants == before
    assert problems(sandbox) == [f"a Classic plant has one owner, and {OWNER} owns {CLASSIC} (R03)"]


def test_r01_a_guest_on_ennexos_gets_no_flag() -> None:
    sandbox = world()
    before = dict(sandbox.estate.plants)
    for action in (
        act.SetOwner(plant_id="2100", email=GUEST),
        act.ChangeOwner(plant_id="2100", email=GUEST),
    ):
        with pytest.raises(UsageError, match="R01"):
            sandbox.happenings.carry_out(action)
    assert sandbox.estate.plants == before
    with pytest.raises(ScenarioError, match=r"timeline\[0\]\.email: guest@example\.org is guest there.*\(R01\)"):
        world({"after": 2, "action": "set_owner", "plant": "2100", "email": GUEST})


def test_r04_registration_lets_a_new_request_be_answered_and_not_the_old_one() -> None:
    sandbox = world(
        {"after": 1, "action": "change_owner", "plant": CLASSIC, "email": GUEST},
        {"after": 100, "action": "register_user", "email": GUEST},
    )
    sandbox.clock.advance(1)
    with pytest.raises(UsageError, match="R04"):
        sandbox.consents.accept(GUEST)
    sandbox.clock.advance(days=1)
    sandbox.consents.accept(GUEST, "demo_app")
    assert sandbox.consents.latest("demo_app", GUEST).plants == (CLASSIC,)  # type: ignore[union-attr]


def test_r29_a_gap_shows_in_rows_status_and_logs_and_ends_by_itself() -> None:
    sandbox = world({"after": "PT1H", "action": "gap", "plant": "2100", "duration": "PT2H"})
    sandbox.clock.advance(hours=2)
    status = content(get(sandbox, "/v1/plants?WithStatus=true"))["plants"][0]
    assert status["status"] == "CommunicationMonitoringFault"
    log = content(get(sandbox, "/v1/plants/2100/logs"))["logs"][0]
    assert (log["timestamp"], log["occurrence"]) == ("2025-06-15T13:00:00", "Unsolved")
    sandbox.clock.advance(hours=3)
    assert content(get(sandbox, "/v1/plants/2100/logs"))["logs"][0]["occurrence"] == "Solved"
    day = content(get(sandbox, "/v1/plants/2100/measurements/sets/EnergyBalance/Day?Date=2025-06-15"))
    times = [row["time"] for row in day["set"]]
    assert "2025-06-15T13:00:00" in times
    assert not [time for time in times if "2025-06-15T13:05" <= time < "2025-06-15T15:00"]
    assert "2025-06-15T15:10:00" in times


def test_a_gap_until_further_notice_ends_with_restore() -> None:
    sandbox = world(
        {"after": "PT1H", "action": "gap", "plant": "2100"},
        {"after": "PT2H", "action": "fault", "plant": "2100", "device": "2101"},
        {"after": "PT3H", "action": "restore", "plant": "2100", "device": "2101"},
        {"after": "PT4H", "action": "restore", "plant": "2100"},
        {"after": "PT5H", "action": "restore", "plant": "2100"},
    )
    sandbox.clock.advance(hours=6)
    spans = [(event.kind, event.end - event.start) for event in sandbox.estate.plants["2100"].events if event.end]
    assert spans == [("gap", timedelta(hours=3)), ("device-fault", timedelta(hours=1))]
    assert problems(sandbox)[-1] == "plant 2100 has no gap or fault under way that could end"


def test_a_device_fault_costs_energy_and_stands_in_the_devices_log() -> None:
    well, ill = world(), world({"after": 0, "action": "fault", "plant": "2100", "device": "2101", "duration": "PT2H"})
    path = "/v1/devices/2101/measurements/sets/EnergyAndPowerPv/Day?Date=2025-06-15&ReturnEnergyValues=true"
    sums = []
    for sandbox in (well, ill):
        sandbox.clock.advance(hours=12)
        sums.append(sum(row["pvGeneration"] for row in content(get(sandbox, path))["set"]))
    assert sums[1] < sums[0]
    assert [log["level"] for log in content(get(ill, "/v1/devices/2101/logs"))["logs"]] == ["Error"]


def test_a_migrated_plant_answers_308_to_its_old_ids_and_stays_covered() -> None:
    sandbox = world(
        {"after": "PT1H", "action": "migrate", "plant": CLASSIC, "to": "2104"},
        {"after": "PT2H", "action": "gap", "plant": CLASSIC, "device": INVERTER},
    )
    old = [device.id for device in sandbox.estate.plants[CLASSIC].devices]
    sandbox.clock.advance(hours=3)
    assert problems(sandbox) == [None, None]
    assert seen(sandbox) == ["2100", "2104"]
    plant = sandbox.estate.plants["2104"]
    assert [device.id for device in plant.devices] == ["2105", "2106"]
    assert (plant.gateway, plant.resolution, plant.owners()[0].role) == ("data-manager", 5, "user")
    assert plant.events[0].device_id == "2105"
    for before, after in (
        (f"/v1/plants/{CLASSIC}?x=1", "/v1/plants/2104?x=1"),
        (f"/v1/devices/{old[1]}", "/v1/devices/2106"),
    ):
        reply = get(sandbox, before)
        assert (reply.status, dict(reply.headers)[b"location"].decode()) == (308, after)
    assert get(sandbox, "/v1/devices/2106").status == 200


def test_a_migrated_plant_keeps_the_energy_of_its_past() -> None:
    sandbox = world({"after": "PT1H", "action": "migrate", "plant": CLASSIC, "to": "2104"})
    past = "measurements/sets/EnergyBalance/Month?Date=2025-05"
    before = content(get(sandbox, f"/v1/plants/{CLASSIC}/{past}"))["set"]
    sandbox.clock.advance(hours=1)
    assert content(get(sandbox, f"/v1/plants/2104/{past}"))["set"] == before


def test_a_migration_that_cannot_be_changes_nothing() -> None:
    sandbox = world()
    before = dict(sandbox.estate.plants)
    for plant_id, to, why in (
        ("2100", "9", "ennexOS already"),
        (CLASSIC, "2101", "taken"),
        (CLASSIC, "word", "digits"),
        ("nope", "9", "no plant"),
    ):
        with pytest.raises(UsageError, match=why):
            sandbox.happenings.carry_out(act.Migrate(plant_id=plant_id, to=to))
    assert sandbox.estate.plants == before
    assert len(sandbox.happenings) == 0


def test_r30_a_deactivated_device_leaves_the_list_and_keeps_its_history() -> None:
    sandbox = world({"after": "P1D", "action": "deactivate_device", "device": "2101"})
    path = "/v1/devices/2101/measurements/sets/EnergyAndPowerPv/Day?Date=2025-06-14"
    before = content(get(sandbox, path))["set"]
    sandbox.clock.advance(days=2)
    assert [item["deviceId"] for item in content(get(sandbox, "/v1/plants/2100/devices"))["devices"]] == [
        "2102",
        "2103",
    ]
    assert content(get(sandbox, path))["set"] == before
    with pytest.raises(UsageError, match="deactivated already"):
        sandbox.happenings.carry_out(act.DeactivateDevice(device_id="2101"))


def test_a_replaced_device_hands_over_at_that_moment() -> None:
    sandbox = world(
        {"after": "PT1H", "action": "replace_device", "device": "2101", "to": "2190", "serial": 77},
        {"after": "PT2H", "action": "replace_device", "device": "2190", "to": "2191", "name": "Drei"},
    )
    sandbox.clock.advance(hours=3)
    devices = sandbox.estate.plants["2100"].devices
    assert [(item.id, item.is_active, item.serial, item.name) for item in devices if item.generates_pv] == [
        ("2101", False, None, "Inverter"),
        ("2190", False, "77", "Inverter"),
        ("2191", True, None, "Drei"),
    ]
    assert devices[0].deactivated_at == devices[3].activated_at
    sandbox.happenings.carry_out(act.ReplaceDevice(device_id="2191"))
    assert sandbox.estate.plants["2100"].devices[-1].id == "2106"
    for to, why in (("2190", "taken"), (CLASSIC, "backend")):
        with pytest.raises(UsageError, match=why):
            sandbox.happenings.carry_out(act.ReplaceDevice(device_id="2102", to=to))


def test_a_classic_device_is_replaced_by_one_with_a_guid() -> None:
    sandbox = world()
    old = sandbox.estate.plants[CLASSIC].devices[0]
    sandbox.happenings.carry_out(act.ReplaceDevice(device_id=old.id.upper()))
    new = sandbox.estate.plants[CLASSIC].devices[-1]
    assert (new.product, len(new.id)) == (old.product, 36)
    assert new.id != old.id


def test_r17_the_quota_changes_and_goes() -> None:
    sandbox = world(
        {"after": 60, "action": "change_quota", "requests": 2},
        {"after": 120, "action": "change_quota"},
    )
    bearer = tokens(sandbox)["access_token"]
    for second, wanted in ((0, [200] * 4), (60, [200, 200, 429, 429]), (120, [200] * 4)):
        sandbox.clock.set(sandbox.clock.now() + timedelta(seconds=second and 60))
        assert [ask(sandbox, "GET", "/v1/plants", bearer=bearer).status for _ in range(4)] == wanted


def test_fault_rules_come_and_go() -> None:
    sandbox = world(
        {"after": 60, "action": "add_fault", "rule": {"match": {"path": "/v1/plants"}, "effect": {"status": 503}}},
        {"after": 120, "action": "clear_faults"},
    )
    bearer = tokens(sandbox)["access_token"]
    statuses = []
    for _ in range(3):
        statuses.append(ask(sandbox, "GET", "/v1/plants", bearer=bearer).status)
        sandbox.clock.advance(60)
    assert statuses == [200, 503, 200]


def test_nothing_to_revoke_is_kept_with_its_reason_and_the_rest_happens() -> None:
    sandbox = world(
        {"after": 1, "action": "revoke", "email": OTHER},
        {"after": 2, "action": "revoke", "email": OWNER},
    )
    sandbox.clock.advance(5)
    assert problems(sandbox) == [f"nothing to revoke: {OTHER} has no accepted consent", None]


def test_what_is_past_when_a_world_begins_has_happened() -> None:
    document = {"at": "2025-06-01T00:00:00+02:00", "action": "revoke", "email": OWNER}
    sandbox = Sandbox(world(document, now=None).scenario, now=NOW)
    assert seen(sandbox) == []
    assert [item.problem for item in sandbox.happenings] == [None]


def test_a_reset_arms_the_timeline_again() -> None:
    sandbox = world({"after": "PT1H", "action": "revoke", "email": OWNER})
    for _ in range(2):
        assert seen(sandbox) == ["2100", CLASSIC]
        sandbox.clock.advance(hours=1)
        assert seen(sandbox) == []
        sandbox.clock.set(NOW)
        sandbox.clock.advance(hours=1)
        assert len(sandbox.happenings) == 1
        sandbox.reset()


def test_actions_by_hand_refuse_what_is_not_there() -> None:
    sandbox = world()
    plant = sandbox.estate.plants["2100"]
    gap = act.StartEvent(kind=act.EVENT_KINDS["gap"], plant_id="2100", device_id="9")
    for action, why in (
        (act.AddPlant(plant=plant), "'2100' is taken"),
        (act.SetOwner(plant_id="2101", email=OWNER), "no plant '2101'; did you mean '2100'"),
        (act.SetOwner(plant_id="2100", email="owner@example.com"), "did you mean 'owner@example.org'"),
        (act.RegisterUser(email="x@y"), "no user"),
        (gap, "no device '9'"),
        (act.StartEvent(kind=gap.kind, plant_id=CLASSIC, device_id="2101"), "has no device '2101'"),
        (act.DeactivateDevice(device_id="9"), "no device"),
    ):
        with pytest.raises(UsageError, match=why):
            sandbox.happenings.carry_out(action)
    sandbox.happenings.carry_out(act.ChangeQuota(quota=Quota(requests=1)), by="a test")
    assert [(item.by, item.at) for item in sandbox.happenings] == [("a test", sandbox.started)]

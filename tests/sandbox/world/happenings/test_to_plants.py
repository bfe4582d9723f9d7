"""What a timeline does to plants and devices, the vendor API shows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mock_sma.domain import actions as act
from mock_sma.errors import UsageError
from tests.sandbox.world.happenings.timeline import CLASSIC, INVERTER, get, problems, seen, world
from tests.sandbox_helpers import content


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
    assert problems(sandbox)[-1] == "plant 2100 has no gap or fault to end"


@pytest.mark.slow
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


@pytest.mark.slow
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

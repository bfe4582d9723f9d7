"""The Monitoring API in process: plants, devices, logs (R18 to R33)."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from mock_sma import Sandbox, load_scenario
from mock_sma.domain.device import Device, DeviceKind
from mock_sma.domain.event import EventKind, PlantEvent
from mock_sma.domain.people import PlantUser
from mock_sma.domain.plant import Address, Plant
from mock_sma.domain.scenario import Scenario, Switches
from tests.facts import NOW, OWNER
from tests.sandbox.asking import Asker, changed, consenting

PLANTS = {
    "13": "Testplant 1",
    "24": "TestPlant2",
    "35": "TestPlant3",
    "46": "TestPlant4",
    "57": "TestPlant5",
    "68": "TestPlant6",
    "79": "TestPlant7",
    "90": "TestPlant8",
    "101": "TestPlant9",
}


def test_sandbox_lists_its_nine_plants_with_three_keys_each(client: Asker) -> None:
    expected = [{"plantId": key, "name": name, "timezone": "Europe/Berlin"} for key, name in PLANTS.items()]
    reply = client.get("/v1/plants")
    assert reply.body == json.dumps({"plants": expected}, separators=(",", ":")).encode()
    assert reply.header(b"content-type") == b"application/json; charset=utf-8"


@pytest.mark.parametrize("path", ["/monitoring/v1/plants", "/v2/plants", "/V1/Plants/", "/basicreporting/v1/plants"])
def test_r18_every_layout_and_spelling_gives_the_same_list(client: Asker, path: str) -> None:
    assert client.get(path).body == client.get("/v1/plants").body


def test_sandbox_devices_are_the_ten_of_each_plant_in_order(client: Asker) -> None:
    types = ["Sensor technology", "Monitoring and control", *["Solar Inverters"] * 3, "Battery Inverter"]
    types += ["Monitoring and control"] * 3 + ["Solar Inverters"]
    for plant_id, name in PLANTS.items():
        body = client.json(f"/v1/plants/{plant_id}/devices")
        assert body["plant"] == {"plantId": plant_id, "name": name, "timezone": "Europe/Berlin"}
        assert [item["deviceId"] for item in body["devices"]] == [str(int(plant_id) + n) for n in range(1, 11)]
        assert [item["type"] for item in body["devices"]] == types
    inverter = client.get("/v1/plants/13/devices").body
    assert (
        b'{"deviceId":"16","name":"My Inverter 1","timezone":"Europe/Berlin","type":"Solar Inverters",'
        b'"product":"STP 6000TL-20","productId":9099,"serial":"3421111","vendor":"SMA Solar Technology AG",'
        b'"generatorPower":6000.0,"generatorPowerDc":6000.0,"isActive":true}' in inverter
    )


def test_lean_devices_have_neither_plant_nor_time_zone(client: Asker) -> None:
    body = client.json("/v1/plants/13/devices/lean")
    assert list(body) == ["devices"]
    assert list(body["devices"][0]) == ["deviceId", "name", "type", "product", "productId", "vendor", "isActive"]


def test_device_details_come_in_the_recorded_order(client: Asker) -> None:
    body = client.json("/v1/devices/16")
    assert list(body) == ["plant", "details"]
    assert list(body["details"])[-6:] == [
        "ipAddress",
        "firmwareVersion",
        "communicationProtocol",
        "startUpUtc",
        "isResetted",
        "termOfGuarantee",
    ]
    assert b'"batteryCapacity":10000.0' in client.get("/v1/devices/19").body


def test_sets_lists_name_what_plant_and_device_offer(client: Asker) -> None:
    inverter = client.json("/v1/devices/16/measurements/sets")
    assert list(inverter) == ["plant", "device", "sets"]
    assert inverter["sets"] == ["Sensor", "EnergyAndPowerPv", "PowerDc", "PowerAc"]
    assert client.json("/v1/devices/14/measurements/sets")["sets"] == []
    assert "EnergyBalance" in client.json("/v1/plants/13/measurements/sets")["sets"]


def test_with_flags_add_status_installation_and_location() -> None:
    address = Address(country="DE", federal_state="Hessen", city="Kassel", zip_code="34117")
    client = changed(address=address, co2_savings_factor=400)
    reply = client.get("/v1/plants?WithStatus=true&WithInstallation=true&WithLocation=true&Filter=testplant%201")
    (plant,) = json.loads(reply.body)["plants"]
    assert list(plant) == ["plantId", "name", "timezone", "status", "installation", "location"]
    assert plant["status"] == "Ok"
    assert plant["installation"]["orientation"] == {"azimuth": -45, "collectorSlope": 30}
    assert list(plant["location"]["address"]) == ["country", "federalState", "city", "zipCode", "longitude", "latitude"]
    assert b'"longitude":9.500000,"latitude":51.320000' in reply.body
    assert client.get("/v1/plants?WithStatus=perhaps").status == 400


@pytest.mark.slow
def test_r30_deactivated_devices_appear_on_request_only() -> None:
    scenario = load_scenario("sandbox")
    gone = replace(
        scenario.plants[0].devices[3], is_active=False, deactivated_at=datetime(2025, 4, 7, 10, 30, 2, tzinfo=UTC)
    )
    devices = scenario.plants[0].devices
    client = changed(devices=(*devices[:3], gone, *devices[4:]))
    assert len(client.json("/v1/plants/13/devices/lean")["devices"]) == 9
    device = client.json("/v1/plants/13/devices/lean?WithDeactivatedDevices=true")["devices"][3]
    assert (device["isActive"], device["deactivatedAt"]) == (False, "2025-04-07T12:30:02")
    assert client.json("/v1/devices/17/measurements/sets/EnergyAndPowerPv/Month?Date=2025-03")["set"]


def test_r31_logs_carry_event_ids_on_ennexos_and_none_on_classic() -> None:
    start = datetime(2025, 6, 1, 8, tzinfo=UTC)
    events = (
        PlantEvent(kind=EventKind.GAP, start=start, end=start + timedelta(hours=2)),
        PlantEvent(kind=EventKind.DEVICE_FAULT, start=start + timedelta(days=3), device_id="16"),
        PlantEvent(kind=EventKind.GAP, start=start + timedelta(days=300)),
    )
    client = changed(events=events)
    newest, oldest = client.json("/v1/plants/13/logs")["logs"]
    assert list(oldest) == ["logId", "timestamp", "messageTagId", "message", "level", "occurrence"]
    assert (oldest["timestamp"], oldest["occurrence"]) == ("2025-06-01T10:00:00", "Solved")
    assert (newest["deviceId"], newest["level"], newest["occurrence"]) == ("16", "Error", "Unsolved")
    assert newest["logId"].isdigit()
    assert len(client.json("/v1/devices/16/logs")["logs"]) == 1
    assert len(client.json("/v1/plants/13/logs?from=2025-06-02")["logs"]) == 1
    assert len(client.json("/v1/plants/13/logs?To=2025-06-01&Level=disturbance")["logs"]) == 1
    assert client.json("/v1/plants/13/logs?Level=Info")["logs"] == []
    assert client.get("/v1/plants/13/logs?From=yesterday").status == 400
    assert client.get("/v1/plants/13/logs?Level=Loud").status == 400
    assert "Error" in client.get("/v1/plants?WithStatus=true").body.decode()


def test_r31_classic_log_ids_are_empty_unless_the_mapping_is_switched_on() -> None:
    plant_id = "6b1c8e5e-0000-4000-8000-000000000001"
    plant = Plant(
        id=plant_id,
        name="Straßenäcker ☀",
        commissioned=date(2020, 1, 1),
        devices=(
            Device(
                id="6b1c8e5e-0000-4000-8000-000000000002",
                kind=DeviceKind.SENSOR,
                name="S",
                type="T",
                product="P",
                product_id=1,
            ),
        ),
        users=(PlantUser(email=OWNER, owner=True),),
        events=(PlantEvent(kind=EventKind.GAP, start=datetime(2025, 6, 1, tzinfo=UTC)),),
    )
    base = load_scenario("sandbox")
    for switches, filled in ((Switches(), False), (Switches(classic_log_ids=True), True)):
        scenario = Scenario(name="c", clients=base.clients, users=base.users, plants=(plant,), switches=switches)
        client = consenting(Sandbox(scenario, now=NOW))
        body = client.json(f"/v1/plants/{plant.id.upper()}/logs")
        assert bool(body["logs"][0]["logId"]) is filled
        assert body["plant"]["name"] == "Straßenäcker ☀"
        assert "CommunicationMonitoringFault" in client.get("/v1/plants?WithStatus=true").body.decode()

"""The endpoints of one plant, and plants out of the ordinary (R18, R19, R27)."""

from __future__ import annotations

import json

import pytest

from tests.facts import HOUSEHOLDER
from tests.sandbox.asking import asker, shipped

CLASSIC = "6b1c8e5e-0000-4000-8000-00000000000a"
PLANTS = f"""
plants:
  - id: 100
    name: "Süd-Straße 🏡"
    description: Ein Versuch
    template: household-battery
    timezone: Asia/Dubai
    latitude: 25.29
    longitude: 55.48
    currency: AED
    co2_savings_factor: 649
    address: {{country: AE, federal_state: Sharjah, city: Sharjah}}
    owner: {HOUSEHOLDER}
  - {{id: {CLASSIC}, name: Bare roof, commissioned: 2016-04-01, owner: {HOUSEHOLDER}}}
  - {{id: 300, name: Not yet, template: household, commissioned: 2030-01-01, owner: {HOUSEHOLDER}}}
"""


def test_installation_is_flat_and_without_time_zone() -> None:
    body = asker(PLANTS).json("/v1/plants/100/installation")
    assert list(body) == [
        "plantId",
        "name",
        "peakPower",
        "acNominalPower",
        "calcAcNominalPower",
        "dcPowerInputMax",
        "co2SavingsFactor",
        "startUpUtc",
        "orientation",
    ]
    assert isinstance(body["co2SavingsFactor"], int)
    assert body["orientation"] == {"azimuth": 0, "collectorSlope": 35}
    assert body["startUpUtc"] == "2020-01-01T00:00:00"


def test_location_is_flat_with_time_zone_and_six_decimals() -> None:
    reply = asker(PLANTS).get("/v1/plants/100/location")
    assert list(json.loads(reply.body)) == ["plantId", "name", "timezone", "currencyCode3", "address"]
    assert reply.body.endswith(
        b'"address":{"country":"AE","federalState":"Sharjah","city":"Sharjah",'
        b'"longitude":55.480000,"latitude":25.290000}}'
    )


def test_status_and_capabilities_of_a_plant() -> None:
    client = asker(PLANTS)
    status = client.json("/v1/plants/100/status")
    assert list(status) == ["plantId", "name", "description", "timezone", "status"]
    assert status["status"] == "Ok"
    words = client.json("/v1/plants/100/capabilities")["capabilities"]["measurementData"]
    assert words[0] == "PvGeneration"
    assert "BatteryCharging" in words
    assert {"GridFeedIn", "GridConsumption"} < set(words)
    assert client.json(f"/v1/plants/{CLASSIC}/capabilities")["capabilities"]["measurementData"] == []


@pytest.mark.parametrize(
    ("facts", "listed"),
    [
        ("devices: [{kind: solar-inverter, name: A, arrays: [{peak_power: 5000}]}]", False),
        ("devices: [{kind: solar-inverter, name: A, arrays: [{peak_power: 5000}]}], measures_grid: true", True),
        ("devices: [{kind: solar-inverter, name: A}, {kind: grid-meter, name: M}]", True),
        ("devices: [{kind: solar-inverter, name: A}, {kind: grid-meter, name: M}], measures_grid: false", False),
        ("devices: [{kind: home-manager, name: M}]", True),
        ("devices: [{kind: data-manager, name: M}]", False),
        ("devices: []", False),
        ("template: household", True),
        ("template: pv-only", False),
    ],
)
def test_r24_energy_balance_needs_an_instrument_for_the_grid_or_the_scenarios_word(facts: str, *, listed: bool) -> None:
    client = asker(f"plants:\n  - {{id: 100, name: P, owner: {HOUSEHOLDER}, {facts}}}\n")
    assert ("EnergyBalance" in client.json("/v1/plants/100/measurements/sets")["sets"]) is listed
    assert bool(client.json("/v1/plants/100/measurements/sets/EnergyBalance/Day?Date=2025-06-14")["set"]) is listed


@pytest.mark.parametrize(
    ("event", "status"),
    [
        ("kind: message, level: Disturbance, end: 2025-06-16T00:00:00Z", "Alarm"),
        ("kind: message, level: Warning, end: 2025-06-16T00:00:00Z", "Warning"),
        ("kind: message, level: Error", "Ok"),
        ("kind: gap", "CommunicationMonitoringFault"),
        ("kind: grid-outage", "Error"),
        ("kind: derating, value: 0.5", "Warning"),
        ("kind: feed-in-limit, value: 500", "Ok"),
    ],
)
def test_the_status_is_the_worst_of_what_is_under_way(event: str, status: str) -> None:
    client = asker(
        PLANTS.replace(
            "template: household-battery\n",
            f"""template: household-battery
    events: [{{start: "2025-06-15T06:00:00Z", {event}}}]
""",
            1,
        )
    )
    assert client.json("/v1/plants/100/status")["status"] == status
    assert client.json("/v1/plants/300/status")["status"] == "Unknown"


def test_a_plant_without_devices_answers_everywhere() -> None:
    client = asker(PLANTS)
    assert client.json(f"/v1/plants/{CLASSIC}/devices")["devices"] == []
    assert client.json(f"/v1/plants/{CLASSIC}/installation")["orientation"] == {}
    assert "EnergyAndPowerPv" not in client.json(f"/v1/plants/{CLASSIC}/measurements/sets")["sets"]
    assert client.json(f"/v1/plants/{CLASSIC}/measurements/sets/EnergyAndPowerPv/Recent")["set"] == []


@pytest.mark.parametrize("period", ["Recent", "Day?Date=2025-06-15", "Week?Date=2025-06-15", "Month?Date=2025-06"])
def test_r28_a_plant_before_its_commissioning_has_nothing(period: str) -> None:
    client = asker(PLANTS)
    body = client.json(f"/v1/plants/300/measurements/sets/EnergyBalance/{period}")
    assert (body["resolution"] in ("FiveMinutes", "OneDay"), body["set"]) == (True, [])
    assert client.json("/v1/plants/300/measurements/sets/EnergyBalance/Total")["set"] == []


def test_names_with_umlauts_and_emoji_are_sent_and_filtered_as_they_are() -> None:
    client = asker(PLANTS)
    assert "Süd-Straße 🏡".encode() in client.get("/v1/plants").body
    found = client.json("/v1/plants?Filter=s%C3%BCd-stra%C3%9Fe%20%F0%9F%8F%A1")["plants"]
    assert [plant["plantId"] for plant in found] == ["100"]


def test_r19_a_guid_matches_in_any_case_and_is_answered_as_the_portal_spells_it() -> None:
    client = asker(PLANTS)
    assert client.json(f"/v1/plants/{CLASSIC.upper()}")["plantId"] == CLASSIC


def test_r18_both_backends_stand_in_one_list() -> None:
    ids = [plant["plantId"] for plant in shipped("portfolio").json("/v1/plants")["plants"]]
    assert any("-" in plant_id for plant_id in ids)
    assert any(plant_id.isdigit() for plant_id in ids)


def test_r18_v2_answers_exactly_as_v1() -> None:
    client = asker(PLANTS)
    for end in (
        "?WithStatus=true",
        "/100",
        "/100/status",
        "/100/installation",
        "/100/location/",
        "/100/capabilities",
        "/100/devices",
        "/100/devices/lean",
        "/100/measurements/sets",
        "/100/measurements/sets/EnergyBalance/Day?Date=2025-06-14&WithTotal=true",
        "/100/logs",
    ):
        first, second = client.get(f"/v1/plants{end}"), client.get(f"/V2/Plants{end}")
        assert (first.status, first.body) == (200, second.body), end


@pytest.mark.parametrize("end", ["", "/status", "/installation", "/measurements/sets/EnergyBalance/Recent", "/logs"])
def test_migrated_plant_ids_answer_308_on_every_path_and_keep_the_query(end: str) -> None:
    client = shipped("migration")
    old = "11111111-AAAA-4bbb-8ccc-000000000001"
    reply = client.get(f"/monitoring/v1/plants/{old}{end}?Date=2025&x=%20y")
    assert (reply.status, reply.body) == (308, b"")
    assert reply.header(b"location") == f"/monitoring/v1/plants/2100{end}?Date=2025&x=%20y".encode()


def test_migrated_device_ids_answer_308_too() -> None:
    client = shipped("migration")
    reply = client.get("/v1/devices/11111111-aaaa-4bbb-8ccc-0000000000a1/status")
    assert (reply.status, reply.header(b"location")) == (308, b"/v1/devices/2101/status")
    assert client.get("/v1/devices/2101/status").status == 200


def test_an_old_id_is_unknown_before_the_migration_and_found_however_it_is_written() -> None:
    early = shipped("migration", now="2025-01-14T12:00:00+01:00")
    assert early.get("/v1/plants/11111111-aaaa-4bbb-8ccc-000000000001").status == 404
    reply = shipped("migration").get("/v1/plants/%31%31111111-aaaa-4bbb-8ccc-000000000001/logs")
    assert (reply.status, reply.header(b"location")) == (308, b"/v1/plants/2100/logs")


def test_r30_the_latest_row_of_a_deactivated_device_is_its_last_one() -> None:
    client = shipped("deactivated-device")
    (row,) = client.json("/v1/devices/2101/measurements/sets/EnergyAndPowerPv/Recent")["set"]
    assert row["time"].startswith("2025-03-31T")


def test_r30_a_replaced_device_leaves_the_list_and_keeps_its_record() -> None:
    client = shipped("replaced-device")
    active = [item["deviceId"] for item in client.json("/v1/plants/2100/devices/lean")["devices"]]
    assert active == ["2102", "2103"]
    assert len(client.json("/v1/plants/2100/devices?WithDeactivatedDevices=true")["devices"]) == 3
    details = client.json("/v1/devices/2101")["details"]
    assert (details["isActive"], details["deactivatedAt"]) == (False, "2025-04-01T00:00:00")
    assert client.json("/v1/devices/2101/status")["device"]["status"] == "Off"

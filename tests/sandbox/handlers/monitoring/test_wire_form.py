"""Keys, their order, types and the form of numbers, as the recordings have them, on plants of our own.

The lists of keys are facts about recordings; the plants and values are ours.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.facts import HOUSEHOLDER
from tests.sandbox.asking import Asker, asker, shipped

if TYPE_CHECKING:
    from collections.abc import Iterator

PLANTS = f"""
plants:
  - id: 500
    name: Werk
    description: Halle 3
    timezone: America/New_York
    latitude: 42.5
    longitude: -71.25
    currency: USD
    commissioned: 2021-11-03
    co2_savings_factor: 500
    address: {{country: US, federal_state: Massachusetts, city: Town, zip_code: "00009", street: Road, street_no: "7"}}
    owner: {HOUSEHOLDER}
    devices:
      - {{kind: solar-inverter, id: 501, name: WR 1, serial: "1001", generator_power: 8000, generator_power_dc: 9000,
         is_smart_connected_ready: true,
         arrays: [{{peak_power: 4000, azimuth: 208, tilt: 24}}, {{peak_power: 4000}}, {{peak_power: 1000}}]}}
      - {{kind: battery-inverter, id: 502, name: Battery, serial: "1002", product: SI, product_id: 9475,
         battery: {{capacity: 30000, max_charge: 6000, max_discharge: 6000}}, ip_address: 127.0.0.1,
         firmware_version: 1.2.3.R, communication_protocol: Speedwire, start_up: 2021-11-03, is_resetted: false}}
      - {{kind: consumer, id: 503, name: Washer, serial: "1003", category: Consumer, sub_category: Washer,
         is_active: false, deactivated_at: "2024-04-07T12:30:02-04:00", is_smart_connected_ready: true}}
      - {{kind: diesel-generator, id: 504, name: Diesel, rated_power: 9000, annual_energy: 9000000}}
      - {{kind: sensor, id: 505, name: Sensor}}
    measures_grid: true
  - id: 600
    name: Ohne Beschreibung
    timezone: Asia/Dubai
    latitude: 25.3
    longitude: 55.5
    currency: AED
    commissioned: 2021-01-25
    address: {{country: AE, federal_state: Sharjah, city: Sharjah}}
    owner: {HOUSEHOLDER}
    devices:
      - {{kind: solar-inverter, id: 601, name: WR, generator_power_dc: 7400,
         arrays: [{{peak_power: 6000, azimuth: 210, tilt: 10}}]}}
  - {{id: 700, name: Leer, commissioned: 2024-01-01, owner: {HOUSEHOLDER}}}
"""
REF = ["plantId", "name", "timezone"]
DESCRIBED = ["plantId", "name", "description", "timezone"]
DEVICE_REF = ["deviceId", "name", "timezone"]
LEAN = ["deviceId", "name", "type", "product", "productId", "serial", "vendor"]
POWERS = ["generatorPower", "generatorPowerDc"]
INSTALLATION = ["peakPower", "acNominalPower", "calcAcNominalPower", "dcPowerInputMax", "co2SavingsFactor"]
ADDRESS = ["country", "federalState", "city", "zipCode", "street", "streetNo", "longitude", "latitude"]
DETAILS = ["batteryCapacity", "ipAddress", "firmwareVersion", "communicationProtocol", "startUpUtc", "isResetted"]
SETS = "/measurements/sets"

FORMS: list[tuple[str, str, list[str]]] = [
    ("/v1/plants", "plants.1", REF),
    ("/v1/plants?WithInstallation=true&WithLocation=true", "plants.1", [*REF, "installation", "location"]),
    ("/v1/plants?WithInstallation=true", "plants.0.installation", [*INSTALLATION, "startUpUtc", "orientation"]),
    ("/v1/plants?WithInstallation=true", "plants.0.installation.orientation", ["azimuth", "collectorSlope"]),
    ("/v1/plants?WithInstallation=true", "plants.2.installation.orientation", []),
    ("/v1/plants?WithLocation=true", "plants.0.location", ["currencyCode3", "address"]),
    ("/v1/plants?WithLocation=true", "plants.0.location.address", ADDRESS),
    ("/v1/plants/500", "", DESCRIBED),
    ("/v1/plants/600", "", REF),
    ("/v1/plants/600/location", "", [*REF, "currencyCode3", "address"]),
    ("/v1/plants/600/location", "address", ["country", "federalState", "city", "longitude", "latitude"]),
    (
        "/v1/plants/600/installation",
        "",
        ["plantId", "name", "peakPower", "dcPowerInputMax", "startUpUtc", "orientation"],
    ),
    ("/v1/plants/500/devices", "", ["plant", "devices"]),
    (
        "/v1/plants/500/devices",
        "devices.0",
        [*DEVICE_REF, *LEAN[2:], *POWERS, "isActive", "isSmartConnectedReady"],
    ),
    (
        "/v1/plants/500/devices?WithDeactivatedDevices=true",
        "devices.2",
        [*DEVICE_REF, "characteristic", *LEAN[2:], "isActive", "deactivatedAt", "isSmartConnectedReady"],
    ),
    ("/v1/plants/500/devices?WithDeactivatedDevices=true", "devices.2.characteristic", ["category", "subCategory"]),
    ("/v1/plants/500/devices/lean", "", ["devices"]),
    ("/v1/plants/500/devices/lean", "devices.1", [*LEAN, "isActive"]),
    ("/v1/devices/502", "", ["plant", "details"]),
    ("/v1/devices/502", "details", [*DEVICE_REF, *LEAN[2:], "isActive", *DETAILS]),
    ("/v1/devices/501", "details", [*DEVICE_REF, *LEAN[2:], "generatorPower", "generatorPowerDc", "isActive"]),
    ("/v1/devices/501/status", "", ["plant", "device"]),
    (
        "/v1/devices/501/status",
        "device",
        [*DEVICE_REF, *LEAN[2:], "generatorPower", "isActive", "status", "operationStatus", "isSmartConnectedReady"],
    ),
    (f"/v1/devices/501{SETS}", "", ["plant", "device", "sets"]),
    (f"/v1/devices/501{SETS}", "device", DEVICE_REF),
    (f"/v1/plants/600{SETS}", "", ["plant", "sets"]),
    (f"/v1/devices/501{SETS}/PowerAc/Day?Date=2025-06-14", "", ["plant", "device", "setType", "resolution", "set"]),
    (f"/v1/devices/501{SETS}/EnergyAndPowerPv/Day?Date=2025-06-14", "set.30", ["time", "pvGeneration"]),
    (
        f"/v1/devices/501{SETS}/PowerDc/Day?Date=2025-06-14",
        "set.90",
        ["time", "dcPowerInput", "dcVoltageInput", "dcCurrentInput", "isolationResistance"],
    ),
    (f"/v1/devices/501{SETS}/PowerDc/Day?Date=2025-06-14", "set.90.dcPowerInput.0", ["index", "value"]),
    (f"/v1/plants/500{SETS}/EnergyBalance/Recent", "", ["plant", "setType", "resolution", "set"]),
    (f"/v1/plants/500{SETS}/EnergyBalance/Recent", "plant", DESCRIBED),
    (
        f"/v1/plants/500{SETS}/EnergyBalance/Month?Date=2025-05&WithTotal=true",
        "",
        ["plant", "setType", "resolution", "set", "total"],
    ),
    ("/basicreporting/v1/plants", "plants.1", REF),
    (f"/basicreporting/v1/plants/500{SETS}/PvGeneration/Year?Date=2024", "set.0", ["time", "pvGeneration"]),
]
WHOLE_NUMBERS = {"productId", "co2SavingsFactor", "azimuth", "collectorSlope", "messageTagId"}
SIX_DECIMALS = {"longitude", "latitude"}
STAMPS = {"time", "startUpUtc", "deactivatedAt", "termOfGuarantee", "timestamp"}


@pytest.fixture(scope="module")
def client() -> Asker:
    return asker(PLANTS)


def at(body: Any, path: str) -> Any:
    for part in filter(None, path.split(".")):
        body = body[int(part)] if part.isdigit() else body[part]
    return body


@pytest.mark.parametrize(("target", "path", "keys"), FORMS)
def test_keys_come_in_the_recorded_order(client: Asker, target: str, path: str, keys: list[str]) -> None:
    assert list(at(client.json(target), path)) == keys


def test_balance_with_every_member_keeps_the_order_of_smas_example(client: Asker) -> None:
    rows = client.json(f"/v1/plants/500{SETS}/EnergyBalance/Day?Date=2025-06-14")["set"]
    assert list(max(rows, key=len)) == [
        *("time", "pvGeneration", "directConsumption", "totalConsumption", "batteryCharging", "batteryDischarging"),
        *("batteryStateOfCharge", "dieselGeneration", "gridFeedIn", "gridConsumption", "totalGeneration"),
        *("selfConsumption", "autarkyRate", "selfConsumptionRate", "selfSupply"),
    ]


def test_inputs_are_lettered_and_a_point_without_inputs_has_empty_lists(client: Asker) -> None:
    rows = client.json(f"/v1/devices/501{SETS}/PowerDc/Day?Date=2025-06-14")["set"]
    assert [[item["index"] for item in rows[90][name]] for name in ("dcPowerInput", "dcVoltageInput")] == [
        ["A", "B", "C"]
    ] * 2
    empty = [row for row in rows if row["dcPowerInput"] == []]
    assert empty
    assert all(list(row) == ["time", "dcPowerInput", "dcVoltageInput", "dcCurrentInput"] for row in empty)


@pytest.mark.parametrize("target", sorted({target for target, _, _ in FORMS}))
def test_r18_numbers_ids_and_stamps_have_the_recorded_form(client: Asker, target: str) -> None:
    body = client.get(target).body.decode()
    assert " " not in re.sub(r'"[^"]*"', "", body)
    for key, number in members(body):
        if key in WHOLE_NUMBERS:
            assert re.fullmatch(r"-?\d+", number), (key, number)
        elif key in SIX_DECIMALS:
            assert re.fullmatch(r"-?\d+\.\d{6}", number), (key, number)
        else:
            assert re.fullmatch(r"-?\d+\.\d{1,3}", number), (key, number)
    for key, value in texts(json.loads(body)):
        if key in STAMPS:
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", value)
        if key in ("plantId", "deviceId"):
            assert value.isdigit()


def members(body: str) -> Iterator[tuple[str, str]]:
    """Return the members that are numbers, as they are written."""
    yield from re.findall(r'"(\w+)":(-?[\d.eE+-]+)', body)


def texts(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield from texts(item, name)
    elif isinstance(value, list):
        for item in value:
            yield from texts(item, key)
    elif isinstance(value, str):
        yield key, value


def test_energies_of_an_interval_are_whole_and_powers_are_not_rounded_so(client: Asker) -> None:
    path = f"/v1/devices/501{SETS}/EnergyAndPowerPv/Day?Date=2025-06-14"
    energies = {row["pvGeneration"] for row in client.json(f"{path}&ReturnEnergyValues=true")["set"]}
    assert all(value == int(value) for value in energies)
    assert any(row["pvGeneration"] != int(row["pvGeneration"]) for row in client.json(path)["set"])


@pytest.mark.parametrize("scenario", ["ennexos", "classic", "portfolio", "deactivated-device"])
def test_r27_null_is_never_sent(scenario: str) -> None:
    client = shipped(scenario)
    for item in client.json("/v1/plants?WithInstallation=true&WithLocation=true&WithStatus=true")["plants"]:
        for end in ("", "/devices", "/logs", f"{SETS}/EnergyBalance/Day?Date=2025-06-14"):
            assert b"null" not in client.get(f"/v1/plants/{item['plantId']}{end}").body


def test_an_error_has_two_texts_message_first(client: Asker) -> None:
    for target, status in (("/v1/plants/1", 404), ("/v1/plants?WithStatus=7", 400)):
        reply = client.get(target)
        assert reply.status == status
        assert re.fullmatch(rb'\{"message":"[^"]+","code":"%d"\}' % status, reply.body)

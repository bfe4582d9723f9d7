"""Devices: bodies, status, and which sets each kind offers (R24, R33)."""

from __future__ import annotations

import pytest

from mock_sma.domain.catalogue import ALL_SETS, PV_GENERATION
from tests.facts import HOUSEHOLDER
from tests.sandbox.asking import Asker, asker

ARRAY = "arrays: [{peak_power: 5000}]"
BATTERY = "battery: {capacity: 10000, max_charge: 5000, max_discharge: 5000}"
DEVICES = {
    "solar-inverter": (ARRAY, ["EnergyAndPowerPv", "PowerDc", "PowerAc"]),
    "hybrid-inverter": (
        f"{ARRAY}, {BATTERY}",
        ["EnergyAndPowerBattery", "EnergyAndPowerPv", "PowerDc", "PowerAc", "EnergyDc"],
    ),
    "battery-inverter": (BATTERY, ["EnergyAndPowerBattery", "PowerAc"]),
    "grid-meter": ("", ["EnergyAndPowerInOut"]),
    "gas-meter": ("", []),
    "consumer": ("category: Consumer, sub_category: Dishwasher", ["EnergyAndPowerConsumption", "EnergyMix"]),
    "ev-charger": ("", ["EnergyAndPowerConsumption", "EnergyMix"]),
    "sensor": ("", ["Sensor"]),
    "satellite-sensor": ("", []),
    "data-manager": ("", []),
    "home-manager": ("", ["EnergyAndPowerInOut"]),
    "cluster-controller": ("", []),
}


def plant(*, measures_grid: bool = True, gateway: str = "data-manager", plant_id: str = "100") -> str:
    lines = [
        "plants:",
        f"  - id: {plant_id}",
        "    name: All",
        f"    gateway: {gateway}",
        f"    measures_grid: {str(measures_grid).lower()}",
        f"    owner: {HOUSEHOLDER}",
        "    events:",
        '      - {kind: gap, device: 101, start: "2025-06-15T09:00:00+02:00"}',
        '      - {kind: missing-rows, device: 103, start: "2025-06-15T09:00:00+02:00", value: 0.5}',
        "    devices:",
    ]
    if plant_id != "100":
        del lines[6:9]
    lines += [f"      - {{kind: {kind}, name: {kind}, {more}}}" for kind, (more, _) in DEVICES.items()]
    return "\n".join(lines)


@pytest.fixture(scope="module")
def client() -> Asker:
    return asker(plant())


@pytest.mark.parametrize(("number", "kind"), list(enumerate(DEVICES, 101)))
def test_r33_each_kind_offers_the_sets_of_its_instruments(client: Asker, number: int, kind: str) -> None:
    offered = client.json(f"/v1/devices/{number}/measurements/sets")["sets"]
    assert offered == DEVICES[kind][1]
    for name in {item.name for item in ALL_SETS.values()} - set(offered) - {PV_GENERATION.name}:
        body = client.json(f"/v1/devices/{number}/measurements/sets/{name}/Day?Date=2025-06-14")
        assert (body["setType"], body["resolution"], body["set"]) == (name, "FiveMinutes", [])
    for name in offered:
        client.json(f"/v1/devices/{number}/measurements/sets/{name}/Day?Date=2025-06-14")
    assert client.get(f"/v1/devices/{number}/measurements/sets/EnergyMagic/Recent").status == 404


def test_r24_r33_without_grid_metering_there_is_no_in_out_no_mix_and_no_balance() -> None:
    client = asker(plant(measures_grid=False))
    assert client.json("/v1/devices/104/measurements/sets")["sets"] == []
    assert client.json("/v1/devices/106/measurements/sets")["sets"] == ["EnergyAndPowerConsumption"]
    assert "EnergyBalance" not in client.json("/v1/plants/100/measurements/sets")["sets"]
    assert client.json("/v1/plants/100/measurements/sets/EnergyBalance/Recent")["set"] == []


def test_r33_a_webconnect_inverter_offers_what_any_inverter_does() -> None:
    classic = "6b1c8e5e-0000-4000-8000-00000000000a"
    client = asker(plant(gateway="webconnect", plant_id=classic))
    first = client.json(f"/v1/plants/{classic}/devices/lean")["devices"][0]["deviceId"]
    assert client.json(f"/v1/devices/{first}/measurements/sets")["sets"] == DEVICES["solar-inverter"][1]


def test_r33_a_known_set_at_the_wrong_level_is_empty_and_one_of_another_api_unknown(client: Asker) -> None:
    assert client.json("/v1/plants/100/measurements/sets/PowerAc/Recent")["set"] == []
    assert client.json("/v1/devices/101/measurements/sets/EnergyBalance/Recent")["set"] == []
    assert client.get("/v1/plants/100/measurements/sets/PvGeneration/Day?Date=2025-06-14").status == 404


def test_a_lean_device_stands_alone_without_time_zone(client: Asker) -> None:
    body = client.json("/v1/devices/106/lean")
    assert list(body) == ["deviceId", "name", "characteristic", "type", "product", "productId", "vendor", "isActive"]
    assert body["characteristic"] == {"category": "Consumer", "subCategory": "Dishwasher"}


def test_status_of_devices_follows_their_events(client: Asker) -> None:
    body = client.json("/v1/devices/101/status")
    assert list(body) == ["plant", "device"]
    assert list(body["device"])[-3:] == ["isActive", "status", "operationStatus"]
    assert (body["device"]["status"], body["device"]["operationStatus"]) == ("CommunicationFault", "Auto")
    assert client.json("/v1/devices/103/status")["device"]["status"] == "Warning"
    meter = client.json("/v1/devices/104/status")["device"]
    assert (meter["status"], "operationStatus" in meter) == ("Ok", False)
    assert client.json("/v1/plants/100/status")["status"] == "CommunicationFault"


def test_details_name_the_dc_power_as_lists_do_and_the_status_does_not() -> None:
    client = asker(
        plant().replace("name: solar-inverter,", "name: A, generator_power: 5000, generator_power_dc: 5500,")
    )
    listed = client.json("/v1/plants/100/devices")["devices"][0]
    details = client.json("/v1/devices/101")["details"]
    assert [item["generatorPowerDc"] for item in (listed, details)] == [5500.0, 5500.0]
    assert list(details).index("generatorPowerDc") == list(details).index("generatorPower") + 1
    assert "generatorPowerDc" not in client.json("/v1/devices/101/status")["device"]

"""The examples of the OpenAPI document: answers of a fixed world."""

from __future__ import annotations

import json
from typing import Any

from mock_sma.sandbox.exchange import Request
from mock_sma.sandbox.sandbox import Sandbox
from mock_sma.scenario_file import load_scenario
from tests.facts import OWNER

TARGETS = {
    "readConsent": f"/oauth2/v2/bc-authorize/{OWNER}",
    "getPlants": "/v1/plants?Filter=testplant%201",
    "getPlant": "/v1/plants/13",
    "getPlantStatus": "/v1/plants/13/status",
    "getPlantInstallation": "/v1/plants/13/installation",
    "getPlantLocation": "/v1/plants/13/location",
    "getPlantCapabilities": "/v1/plants/13/capabilities",
    "getDevices": "/v1/plants/13/devices",
    "getDevicesLean": "/v1/plants/13/devices/lean",
    "getPlantSets": "/v1/plants/13/measurements/sets",
    "getPlantMeasurements": "/v1/plants/13/measurements/sets/EnergyBalance/Recent",
    "getPlantLogs": "/v1/plants/13/logs",
    "getDevice": "/v1/devices/16",
    "getDeviceLean": "/v1/devices/16/lean",
    "getDeviceStatus": "/v1/devices/16/status",
    "getDeviceSets": "/v1/devices/16/measurements/sets",
    "getDeviceMeasurements": "/v1/devices/16/measurements/sets/EnergyAndPowerPv/Recent",
    "getDeviceLogs": "/v1/devices/16/logs",
    "getReportingPlants": "/basicreporting/v1/plants",
    "getReportingPlant": "/basicreporting/v1/plants/13",
    "getReportingMeasurements": "/basicreporting/v1/plants/13/measurements/sets/PvGeneration/Year?Date=2025",
}


def bodies() -> dict[str, Any]:
    """Return the answers of a fixed world by operation id."""
    world = Sandbox(load_scenario("sandbox"), now="2025-06-15T12:00:00+02:00")
    world.consents.accept(OWNER, "demo_api")
    form = b"grant_type=client_credentials&client_id=demo_api&client_secret=demo_secret"
    headers = {b"content-type": b"application/x-www-form-urlencoded"}
    reply = world.handle(Request("POST", "/oauth2/token", "", headers, form))
    token = json.loads(reply.body)["access_token"]
    found = {}
    for name, target in TARGETS.items():
        path, _, query = target.partition("?")
        reply = world.handle(Request("GET", path, query, {b"authorization": b"Bearer " + token.encode()}))
        assert reply.status == 200, (name, reply.body)
        found[name] = json.loads(reply.body)
    return found


def text() -> str:
    """Return the file."""
    return json.dumps(bodies(), indent=1, ensure_ascii=False) + "\n"

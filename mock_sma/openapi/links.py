"""Which operation goes on with what another one answers: links of the OpenAPI document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mock_sma.sandbox.table.operation import Operation

PLANT = {"plantId": "$response.body#/plants/0/plantId"}
DEVICE = {"deviceId": "$response.body#/devices/0/deviceId"}
OF_PLANT = (
    "getPlant",
    "getPlantStatus",
    "getPlantInstallation",
    "getPlantLocation",
    "getPlantCapabilities",
    "getDevices",
    "getDevicesLean",
    "getPlantSets",
    "getPlantMeasurements",
    "getPlantLogs",
)
OF_DEVICE = (
    "getDevice",
    "getDeviceLean",
    "getDeviceStatus",
    "getDeviceSets",
    "getDeviceMeasurements",
    "getDeviceLogs",
)

LINKS: dict[str, tuple[tuple[str, dict[str, str]], ...]] = {
    "getPlants": tuple((name, PLANT) for name in OF_PLANT),
    "getPlantsV2": tuple((f"{name}V2", PLANT) for name in OF_PLANT),
    "getReportingPlants": (("getReportingPlant", PLANT), ("getReportingMeasurements", PLANT)),
    "getDevices": tuple((name, DEVICE) for name in OF_DEVICE),
    "getDevicesLean": tuple((name, DEVICE) for name in OF_DEVICE),
    "getPlantSets": (
        ("getPlantMeasurements", {"plantId": "$request.path.plantId", "setType": "$response.body#/sets/0"}),
    ),
    "getDeviceSets": (
        ("getDeviceMeasurements", {"deviceId": "$request.path.deviceId", "setType": "$response.body#/sets/0"}),
    ),
    "requestConsent": (
        ("readConsent", {"loginHint": "$response.body#/loginHint"}),
        ("simulateConsent", {"loginHint": "$response.body#/loginHint"}),
    ),
}


def links_of(operation: Operation, known: set[str]) -> dict[str, Any]:
    """Return the member ``links`` of an operation's success; nothing where none leads on within the document."""
    found = {
        name: {"operationId": name, "parameters": parameters}
        for name, parameters in LINKS.get(operation.id, ())
        if name in known
    }
    return {"links": found} if found else {}

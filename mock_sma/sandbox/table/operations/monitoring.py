"""Operations of the Monitoring API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.sandbox.handlers.monitoring import devices, logs, measurements, plants
from mock_sma.sandbox.table.operations.reading import (
    DEACTIVATED,
    LIST_QUERY,
    LOG_QUERY,
    MEASUREMENT_QUERY,
    SET_PATH,
    read,
)
from mock_sma.sandbox.wire import plants as wire

if TYPE_CHECKING:
    from mock_sma.sandbox.table.operation import Operation


def plant_operations(version: str, suffix: str) -> tuple[Operation, ...]:
    """Return the operations on plants; ``/v2`` answers exactly as ``/v1`` (docs/decisions.md, Hosts and paths)."""
    base = f"/{version}/plants"
    one = base + "/{plantId}"
    return (
        read("getPlants" + suffix, base, plants.list_plants, "List plants", "PlantsBody", LIST_QUERY, errors=(401,)),
        read("getPlant" + suffix, one, plants.telling(wire.plant_ref), "Read a plant", "PlantBody"),
        read("getPlantStatus" + suffix, one + "/status", plants.status, "Read a plant's status", "PlantStatusBody"),
        read(
            "getPlantInstallation" + suffix,
            one + "/installation",
            plants.telling(wire.installation_body),
            "Read a plant's installation",
            "PlantInstallationBody",
        ),
        read(
            "getPlantLocation" + suffix,
            one + "/location",
            plants.telling(wire.location_body),
            "Read a plant's location",
            "PlantLocationBody",
        ),
        read(
            "getPlantCapabilities" + suffix,
            one + "/capabilities",
            plants.capabilities,
            "Read what a plant measures",
            "PlantCapabilitiesBody",
        ),
        read(
            "getDevices" + suffix,
            one + "/devices",
            devices.list_devices,
            "List devices",
            "DevicesBody",
            (DEACTIVATED,),
            deprecated=True,  # tagged obsolete in SMA's swagger document; works
        ),
        read(
            "getDevicesLean" + suffix,
            one + "/devices/lean",
            devices.list_lean_devices,
            "List devices in short",
            "LeanDevicesBody",
            (DEACTIVATED,),
        ),
        read(
            "getPlantSets" + suffix,
            one + "/measurements/sets",
            plants.list_plant_sets,
            "List a plant's sets",
            "PlantSetsBody",
        ),
        read(
            "getPlantMeasurements" + suffix,
            one + SET_PATH,
            measurements.plant_measurements,
            "Read a set of a plant",
            "PlantMeasurementBody",
            MEASUREMENT_QUERY,
        ),
        read(
            "getPlantLogs" + suffix, one + "/logs", logs.plant_logs, "Read a plant's logs", "PlantLogsBody", LOG_QUERY
        ),
    )


MONITORING: tuple[Operation, ...] = (
    *plant_operations("v1", ""),
    *plant_operations("v2", "V2"),
    read("getDevice", "/v1/devices/{deviceId}", devices.one_device, "Read a device", "DeviceBody"),
    read(
        "getDeviceLean", "/v1/devices/{deviceId}/lean", devices.lean_device, "Read a device in short", "LeanDeviceBody"
    ),
    read(
        "getDeviceStatus",
        "/v1/devices/{deviceId}/status",
        devices.device_status,
        "Read a device's status",
        "DeviceStatusBody",
    ),
    read(
        "getDeviceSets",
        "/v1/devices/{deviceId}/measurements/sets",
        devices.list_device_sets,
        "List a device's sets",
        "DeviceSetsBody",
    ),
    read(
        "getDeviceMeasurements",
        "/v1/devices/{deviceId}" + SET_PATH,
        measurements.device_measurements,
        "Read a set of a device",
        "DeviceMeasurementBody",
        MEASUREMENT_QUERY,
    ),
    read(
        "getDeviceLogs",
        "/v1/devices/{deviceId}/logs",
        logs.device_logs,
        "Read a device's logs",
        "DeviceLogsBody",
        LOG_QUERY,
    ),
)

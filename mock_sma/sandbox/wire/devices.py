"""Devices on the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from mock_sma.sandbox.wire.plants import plant_ref, present

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from mock_sma.domain.device import Device
    from mock_sma.domain.plant import Plant


def device_ref(plant: Plant, device: Device) -> dict[str, Any]:
    """Return the three members that answers about a device's data open with."""
    return {"deviceId": device.id, "name": device.name, "timezone": plant.timezone}


def device_item(plant: Plant, device: Device, *, lean: bool = False) -> dict[str, Any]:
    """Return a device in a list; the lean list has no time zone."""
    return present(
        deviceId=device.id,
        name=device.name,
        timezone=None if lean else plant.timezone,
        **_facts(plant, device),
        isSmartConnectedReady=device.is_smart_connected_ready,
    )


def device_details(plant: Plant, device: Device) -> dict[str, Any]:
    """Return the whole record of a device."""
    return present(
        **device_ref(plant, device),
        **_facts(plant, device),
        batteryCapacity=float(device.battery.capacity) if device.battery else None,
        ipAddress=device.ip_address,
        firmwareVersion=device.firmware_version,
        communicationProtocol=device.communication_protocol,
        startUpUtc=_midnight(device.start_up),
        isResetted=device.is_resetted,
        termOfGuarantee=_midnight(device.term_of_guarantee),
    )


def device_status(plant: Plant, device: Device, status: str, operation: str | None) -> dict[str, Any]:
    """Return a device and how it is: the members of SMA's example in its order, which has no DC power."""
    return present(
        **device_ref(plant, device),
        **_facts(plant, device, with_dc=False),
        status=status,
        operationStatus=operation,
        isSmartConnectedReady=device.is_smart_connected_ready,
    )


def devices_body(plant: Plant, devices: Iterable[Device]) -> dict[str, Any]:
    """Return the devices of a plant."""
    return {"plant": plant_ref(plant), "devices": [device_item(plant, item) for item in devices]}


def lean_devices_body(plant: Plant, devices: Iterable[Device]) -> dict[str, Any]:
    """Return the devices of a plant in short."""
    return {"devices": [device_item(plant, item, lean=True) for item in devices]}


def device_body(plant: Plant, device: Device) -> dict[str, Any]:
    """Return one device."""
    return {"plant": plant_ref(plant), "details": device_details(plant, device)}


def status_body(plant: Plant, device: Device, status: str, operation: str | None) -> dict[str, Any]:
    """Return how a device is."""
    return {"plant": plant_ref(plant), "device": device_status(plant, device, status, operation)}


def _facts(plant: Plant, device: Device, *, with_dc: bool = True) -> dict[str, Any]:
    deactivated = None
    if device.deactivated_at is not None and not device.is_active:
        local = device.deactivated_at.astimezone(ZoneInfo(plant.timezone))
        deactivated = local.replace(tzinfo=None).isoformat(timespec="seconds")
    return present(
        characteristic=present(category=device.category, subCategory=device.sub_category) or None,
        type=device.type,
        product=device.product,
        productId=device.product_id,
        serial=device.serial,
        vendor=device.vendor,
        generatorPower=_double(device.generator_power),
        generatorPowerDc=_double(device.generator_power_dc) if with_dc else None,
        isActive=device.is_active,
        deactivatedAt=deactivated,
    )


def _double(value: float | None) -> float | None:
    return None if value is None else float(value)


def _midnight(day: date | None) -> str | None:
    return None if day is None else f"{day.isoformat()}T00:00:00"

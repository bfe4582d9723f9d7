"""Devices, in the lists and in full."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import Field

from mock_sma.sandbox.wire.devices import device_details, device_item, device_status
from mock_sma.sandbox.wire.models.base import Body
from mock_sma.sandbox.wire.models.plants import PlantBody
from mock_sma.sandbox.wire.plants import plant_ref

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mock_sma.domain.device import Device
    from mock_sma.domain.plant import Plant


class Characteristic(Body):
    """What a consumer is."""

    category: str | None = None
    subCategory: str | None = None  # noqa: N815


class LeanDevice(Body):
    """A device in short."""

    deviceId: str  # noqa: N815
    name: str
    timezone: str | None = Field(None, description="not in the lean list")
    characteristic: Characteristic | None = None
    type: str
    product: str
    productId: int  # noqa: N815
    serial: str | None = None
    vendor: str
    generatorPower: float | None = Field(None, description="[W]")  # noqa: N815
    generatorPowerDc: float | None = Field(None, description="[W]")  # noqa: N815
    isActive: bool  # noqa: N815
    deactivatedAt: str | None = None  # noqa: N815


class DeviceItem(LeanDevice):
    """A device in a list."""

    isSmartConnectedReady: bool | None = None  # noqa: N815


class DeviceDetails(LeanDevice):
    """The whole record of a device."""

    batteryCapacity: float | None = Field(None, description="[Wh]")  # noqa: N815
    ipAddress: str | None = None  # noqa: N815
    firmwareVersion: str | None = None  # noqa: N815
    communicationProtocol: str | None = None  # noqa: N815
    startUpUtc: str | None = None  # noqa: N815
    isResetted: bool | None = None  # noqa: N815
    termOfGuarantee: str | None = None  # noqa: N815


class DevicesBody(Body):
    """The devices of a plant."""

    plant: PlantBody
    devices: list[DeviceItem]

    @staticmethod
    def of(plant: Plant, devices: Iterable[Device]) -> dict[str, Any]:
        """Return what is sent for devices of a plant."""
        return {"plant": plant_ref(plant), "devices": [device_item(plant, item) for item in devices]}


class LeanDevicesBody(Body):
    """The devices of a plant in short."""

    devices: list[DeviceItem]

    @staticmethod
    def of(plant: Plant, devices: Iterable[Device]) -> dict[str, Any]:
        """Return what is sent for devices of a plant."""
        return {"devices": [device_item(plant, item, lean=True) for item in devices]}


class DeviceBody(Body):
    """One device."""

    plant: PlantBody
    details: DeviceDetails

    @staticmethod
    def of(plant: Plant, device: Device) -> dict[str, Any]:
        """Return what is sent for a device."""
        return {"plant": plant_ref(plant), "details": device_details(plant, device)}


class DeviceRef(Body):
    """The device an answer is about."""

    deviceId: str  # noqa: N815
    name: str
    timezone: str


class LeanDeviceBody(DeviceItem):
    """One device in short."""

    @staticmethod
    def of(plant: Plant, device: Device) -> dict[str, Any]:
        """Return what is sent for a device."""
        return device_item(plant, device, lean=True)


class DeviceWithStatus(LeanDevice):
    """A device and how it is."""

    status: str
    operationStatus: str | None = None  # noqa: N815
    isSmartConnectedReady: bool | None = None  # noqa: N815


class DeviceStatusBody(Body):
    """How a device is."""

    plant: PlantBody
    device: DeviceWithStatus

    @staticmethod
    def of(plant: Plant, device: Device, status: str, operation: str | None) -> dict[str, Any]:
        """Return what is sent for a device."""
        return {"plant": plant_ref(plant), "device": device_status(plant, device, status, operation)}

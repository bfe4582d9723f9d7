"""Devices, in the lists and in full."""

from __future__ import annotations

from pydantic import Field

from mock_sma.sandbox.wire.models.base import Body
from mock_sma.sandbox.wire.models.plants import PlantBody


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


class LeanDevicesBody(Body):
    """The devices of a plant in short."""

    devices: list[DeviceItem]


class DeviceBody(Body):
    """One device."""

    plant: PlantBody
    details: DeviceDetails


class DeviceRef(Body):
    """The device an answer is about."""

    deviceId: str  # noqa: N815
    name: str
    timezone: str


class LeanDeviceBody(DeviceItem):
    """One device in short."""


class DeviceWithStatus(LeanDevice):
    """A device and how it is."""

    status: str
    operationStatus: str | None = None  # noqa: N815
    isSmartConnectedReady: bool | None = None  # noqa: N815


class DeviceStatusBody(Body):
    """How a device is."""

    plant: PlantBody
    device: DeviceWithStatus

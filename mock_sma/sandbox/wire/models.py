"""The bodies as models, for the OpenAPI document and for tests that hold every answer against them.

Answers are not made through these models: spelling them directly costs a tenth of the time. A test checks that
both say the same, key order included.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Body(BaseModel):
    """Base of all bodies: nothing beyond what is named here is sent."""

    model_config = ConfigDict(extra="forbid")


class ApiErrorBody(Body):
    """An error of the resource and consent hosts."""

    message: str
    code: str = Field(description="the status as a text")


class OAuthErrorBody(Body):
    """An error of the auth host (RFC 6749, section 5.2)."""

    error: str
    error_description: str | None = None


class TokenBody(Body):
    """Tokens."""

    access_token: str = Field(description="RS256 JWT")
    expires_in: int = Field(description="[s]")
    refresh_expires_in: int = Field(description="[s]; 0 with offline_access")
    refresh_token: str = Field(description="HMAC JWT")
    token_type: str
    not_before_policy: int = Field(alias="not-before-policy")
    session_state: str
    scope: str


class ConsentRequestBody(BaseModel):
    """A request for consent; further members are ignored."""

    loginHint: str = Field(description="e-mail of the owner's account")  # noqa: N815 - the wire's spelling


class ConsentChangeBody(BaseModel):
    """The simulated owner's answer."""

    state: str = Field(description="Accepted, Rejected or Revoked")


class ConsentBody(Body):
    """A consent."""

    loginHint: str  # noqa: N815
    state: str = Field(description="Pending, Accepted, Rejected, Expired or Revoked")
    expirationDate: str = Field(description="end of the request, UTC, seven fractional digits")  # noqa: N815
    interval: int = Field(description="suggested polling interval [s]")


class PlantBody(Body):
    """A plant."""

    plantId: str = Field(description="digits (ennexOS) or GUID (Classic)")  # noqa: N815
    name: str
    description: str | None = None
    timezone: str = Field(description="IANA name; all stamps are naive local ones of it")


class Orientation(Body):
    """Where the modules face."""

    azimuth: int | None = Field(None, description="[°], 0 is south")
    collectorSlope: int | None = Field(None, description="[°]")  # noqa: N815


class Installation(Body):
    """A plant's installation."""

    peakPower: float = Field(description="[W]")  # noqa: N815
    acNominalPower: float | None = Field(None, description="[W]")  # noqa: N815
    calcAcNominalPower: float | None = Field(None, description="[W]")  # noqa: N815
    dcPowerInputMax: float | None = Field(None, description="[W]")  # noqa: N815
    co2SavingsFactor: int | None = Field(None, description="[g/kWh]")  # noqa: N815
    startUpUtc: str  # noqa: N815
    orientation: Orientation


class AddressBody(Body):
    """An address."""

    country: str | None = None
    federalState: str | None = None  # noqa: N815
    city: str | None = None
    zipCode: str | None = None  # noqa: N815
    street: str | None = None
    streetNo: str | None = None  # noqa: N815
    longitude: float = Field(description="[°], six decimals")
    latitude: float = Field(description="[°], six decimals")


class Location(Body):
    """Where a plant stands."""

    currencyCode3: str | None = None  # noqa: N815
    address: AddressBody


class PlantItem(PlantBody):
    """A plant in the list."""

    status: str | None = None
    installation: Installation | None = None
    location: Location | None = None


class PlantsBody(Body):
    """The list of plants; empty without consent (R12)."""

    plants: list[PlantItem]


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


class PlantSetsBody(Body):
    """The sets that a plant offers."""

    plant: PlantBody
    sets: list[str]


class DeviceSetsBody(Body):
    """The sets that a device offers."""

    plant: PlantBody
    device: DeviceRef
    sets: list[str]


class IndexedValue(Body):
    """One value of several inputs."""

    index: str
    value: float


class Row(BaseModel):
    """One row: a stamp, and the properties of the set that have a value."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, float | list[IndexedValue]]

    time: str = Field(description="naive plant-local YYYY-MM-DDTHH:mm:ss")


class PlantMeasurementBody(Body):
    """Rows of a plant's set."""

    plant: PlantBody
    setType: str  # noqa: N815
    resolution: str
    set: list[Row]
    total: dict[str, float] | None = None


class DeviceMeasurementBody(Body):
    """Rows of a device's set."""

    plant: PlantBody
    device: DeviceRef
    setType: str  # noqa: N815
    resolution: str
    set: list[Row]
    total: dict[str, float] | None = None


class LogItem(Body):
    """A log entry."""

    logId: str = Field(description="Event ID; empty on Classic (R31)")  # noqa: N815
    timestamp: str
    messageTagId: int  # noqa: N815
    message: str
    level: str
    occurrence: str
    deviceId: str | None = None  # noqa: N815


class PlantLogsBody(Body):
    """A plant's log."""

    plant: PlantBody
    logs: list[LogItem]


class DeviceLogsBody(Body):
    """A device's log."""

    plant: PlantBody
    device: DeviceRef
    logs: list[LogItem]


class OpenApiBody(BaseModel):
    """This document."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Any]

    openapi: str

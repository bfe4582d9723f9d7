"""Plants, with installation, location, status and capabilities."""

from __future__ import annotations

from pydantic import Field

from mock_sma.sandbox.wire.models.base import Body


class PlantName(Body):
    """The two members that every plant opens with."""

    plantId: str = Field(description="digits (ennexOS) or GUID (Classic)")  # noqa: N815
    name: str


class PlantZone(PlantName):
    """A plant without its description."""

    timezone: str


class PlantBody(PlantName):
    """A plant."""

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


# In the classes below the base that stands last is sent first.


class PlantInstallationBody(Installation, PlantName):
    """A plant's installation by itself: flat, without time zone."""


class PlantLocationBody(Location, PlantZone):
    """A plant's location by itself: flat."""


class PlantStatusBody(PlantBody):
    """A plant and how it is."""

    status: str


class Capabilities(Body):
    """What a plant can give."""

    measurementData: list[str] = Field(description="words for what it measures")  # noqa: N815


class PlantCapabilitiesBody(PlantName):
    """A plant and what it can give."""

    capabilities: Capabilities

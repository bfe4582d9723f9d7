"""Lists of sets, and measurements (R27, R28)."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from mock_sma.sandbox.wire.models.base import Body
from mock_sma.sandbox.wire.models.devices import DeviceRef
from mock_sma.sandbox.wire.models.plants import PlantBody


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

    time: str = Field(
        description="naive plant-local YYYY-MM-DDTHH:mm:ss; the interval's end in Recent, Day and Week, "
        "its start in Month, Year and Total"
    )


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

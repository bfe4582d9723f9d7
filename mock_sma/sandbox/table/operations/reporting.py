"""Operations of BasicReporting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.sandbox.handlers import reporting
from mock_sma.sandbox.handlers.monitoring import plants
from mock_sma.sandbox.hosts import Api
from mock_sma.sandbox.table.operations.reading import DATE_QUERY, SET_PATH, read
from mock_sma.sandbox.wire import plants as wire

if TYPE_CHECKING:
    from mock_sma.sandbox.table.operation import Operation

REPORTING: tuple[Operation, ...] = (
    read(
        "getReportingPlants",
        "/v1/plants",
        reporting.list_plants,
        "List plants",
        "PlantsBody",
        api=Api.BASIC_REPORTING,
        errors=(401,),
    ),
    read(
        "getReportingPlant",
        "/v1/plants/{plantId}",
        plants.telling(wire.plant_ref),
        "Read a plant",
        "PlantBody",
        api=Api.BASIC_REPORTING,
    ),
    read(
        "getReportingMeasurements",
        "/v1/plants/{plantId}" + SET_PATH,
        reporting.measurements,
        "Read PvGeneration of a plant",
        "PlantMeasurementBody",
        DATE_QUERY,
        api=Api.BASIC_REPORTING,
    ),
)

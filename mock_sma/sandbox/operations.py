"""The table: every operation of the vendor API, one entry each, in the order of the documentation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.sandbox.auth import backchannel, endpoint
from mock_sma.sandbox.documents import swagger
from mock_sma.sandbox.hosts import Api
from mock_sma.sandbox.monitoring import measurements, plants
from mock_sma.sandbox.operation import Call, Need, Operation, QueryParameter
from mock_sma.sandbox.wire import models

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import BaseModel

    from mock_sma.sandbox.exchange import Answer

TOKEN_FORM = ("grant_type", "client_id", "client_secret", "scope", "refresh_token", "code", "redirect_uri")
CONSENT_PATH = "/oauth2/v2/bc-authorize"

DEACTIVATED = QueryParameter("WithDeactivatedDevices", "also devices that were deactivated (R30)", "boolean")
LIST_QUERY = (
    QueryParameter("WithStatus", "adds the status", "boolean"),
    QueryParameter("WithInstallation", "adds the installation", "boolean"),
    QueryParameter("WithLocation", "adds the location", "boolean"),
    QueryParameter("Filter", "part of the name"),
)
MEASUREMENT_QUERY = (
    QueryParameter("Date", "YYYY-MM-DD for Day and Week, YYYY-MM for Month, YYYY for Year"),
    QueryParameter("WithTotal", "adds the sums of the rows", "boolean"),
    QueryParameter("ReturnEnergyValues", "Wh instead of W", "boolean"),
)
LOG_QUERY = (
    QueryParameter("From", "first date", form="YYYY-MM-DD"),
    QueryParameter("To", "last date", form="YYYY-MM-DD"),
    QueryParameter("Level", "Info, Warning, Error or Disturbance"),
)
SET_PATH = "/measurements/sets/{setType}/{period}"
SEEING = (401, 403, 404)


def _get(
    name: str,
    path: str,
    handler: Callable[[Call], Answer],
    summary: str,
    answer: type[BaseModel],
    query: tuple[QueryParameter, ...] = (),
    *,
    api: Api = Api.MONITORING,
    errors: tuple[int, ...] = (308, *SEEING),
) -> Operation:
    errors = (400, *errors, 429) if query else (*errors, 429)
    return Operation(
        id=name,
        api=api,
        method="GET",
        path=path,
        handler=handler,
        summary=summary,
        query=query,
        answer=answer,
        errors=errors,
    )


def _plant_operations(version: str, suffix: str) -> tuple[Operation, ...]:
    """Return the operations on plants; ``/v2`` answers exactly as ``/v1`` (DECISIONS, Resource API)."""
    base = f"/{version}/plants"
    one = base + "/{plantId}"
    return (
        _get(
            "getPlants" + suffix, base, plants.list_plants, "List plants", models.PlantsBody, LIST_QUERY, errors=(401,)
        ),
        _get("getPlant" + suffix, one, plants.one_plant, "Read a plant", models.PlantBody),
        _get(
            "getDevices" + suffix,
            one + "/devices",
            plants.list_devices,
            "List devices",
            models.DevicesBody,
            (DEACTIVATED,),
        ),
        _get(
            "getDevicesLean" + suffix,
            one + "/devices/lean",
            plants.list_lean_devices,
            "List devices in short",
            models.LeanDevicesBody,
            (DEACTIVATED,),
        ),
        _get(
            "getPlantSets" + suffix,
            one + "/measurements/sets",
            plants.list_plant_sets,
            "List a plant's sets",
            models.PlantSetsBody,
        ),
        _get(
            "getPlantMeasurements" + suffix,
            one + SET_PATH,
            measurements.plant_measurements,
            "Read a set of a plant",
            models.PlantMeasurementBody,
            MEASUREMENT_QUERY,
        ),
        _get(
            "getPlantLogs" + suffix,
            one + "/logs",
            measurements.plant_logs,
            "Read a plant's logs",
            models.PlantLogsBody,
            LOG_QUERY,
        ),
    )


OPERATIONS: tuple[Operation, ...] = (
    Operation(
        id="token",
        api=Api.AUTH,
        method="POST",
        path="/oauth2/token",
        handler=endpoint.token,
        summary="Get tokens",
        need=Need.NOTHING,
        form=TOKEN_FORM,
        answer=models.TokenBody,
        errors=(400, 401, 415),
    ),
    Operation(
        id="logout",
        api=Api.AUTH,
        method="POST",
        path="/oauth2/logout",
        handler=endpoint.logout,
        summary="End a session",
        need=Need.NOTHING,
        form=("client_id", "client_secret", "refresh_token"),
        status=204,
        errors=(400, 401, 415),
    ),
    Operation(
        id="requestConsent",
        api=Api.CONSENT,
        method="POST",
        path=CONSENT_PATH,
        handler=backchannel.request_consent,
        summary="Ask an owner for consent",
        body=models.ConsentRequestBody,
        answer=models.ConsentBody,
        status=201,
        errors=(400, 401, 403, 404, 415, 429),
    ),
    Operation(
        id="readConsent",
        api=Api.CONSENT,
        method="GET",
        path=CONSENT_PATH + "/{loginHint}",
        handler=backchannel.read_consent,
        summary="Read the state of a consent",
        answer=models.ConsentBody,
        errors=(401, 403, 404, 429),
    ),
    Operation(
        id="simulateConsent",
        api=Api.CONSENT,
        method="PUT",
        path=CONSENT_PATH + "/{loginHint}/status",
        handler=backchannel.change_consent,
        summary="Simulate the owner's answer",
        body=models.ConsentChangeBody,
        answer=models.ConsentBody,
        errors=(400, 401, 403, 404, 415, 429),
        simulation=True,
    ),
    *_plant_operations("v1", ""),
    *_plant_operations("v2", "V2"),
    _get("getDevice", "/v1/devices/{deviceId}", plants.one_device, "Read a device", models.DeviceBody),
    _get(
        "getDeviceSets",
        "/v1/devices/{deviceId}/measurements/sets",
        plants.list_device_sets,
        "List a device's sets",
        models.DeviceSetsBody,
    ),
    _get(
        "getDeviceMeasurements",
        "/v1/devices/{deviceId}" + SET_PATH,
        measurements.device_measurements,
        "Read a set of a device",
        models.DeviceMeasurementBody,
        MEASUREMENT_QUERY,
    ),
    _get(
        "getDeviceLogs",
        "/v1/devices/{deviceId}/logs",
        measurements.device_logs,
        "Read a device's logs",
        models.DeviceLogsBody,
        LOG_QUERY,
    ),
    _get(
        "getReportingPlants",
        "/v1/plants",
        plants.list_plants,
        "List plants",
        models.PlantsBody,
        api=Api.BASIC_REPORTING,
        errors=(401,),
    ),
    _get(
        "getReportingPlant",
        "/v1/plants/{plantId}",
        plants.one_plant,
        "Read a plant",
        models.PlantBody,
        api=Api.BASIC_REPORTING,
    ),
    _get(
        "getReportingMeasurements",
        "/v1/plants/{plantId}" + SET_PATH,
        measurements.basic_reporting,
        "Read PvGeneration of a plant",
        models.PlantMeasurementBody,
        MEASUREMENT_QUERY,
        api=Api.BASIC_REPORTING,
    ),
    Operation(
        id="getSwagger",
        api=Api.DOCUMENTS,
        method="GET",
        path="/monitoring/swagger/v1/swagger.json",
        handler=swagger,
        summary="Read the OpenAPI document",
        need=Need.NOTHING,
    ),
)

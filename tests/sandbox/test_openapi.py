"""The OpenAPI document: whole, true to the table, and true to the answers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from schemathesis import openapi

from mock_sma.cli import main
from mock_sma.sandbox.openapi import MOUNTS, openapi_document
from mock_sma.sandbox.operations import OPERATIONS
from tests.sandbox.monitoring.test_monitoring import client  # noqa: F401 - a fixture

if TYPE_CHECKING:
    from tests.sandbox.monitoring.test_monitoring import Client

DOCUMENT = openapi_document(OPERATIONS)


def test_every_operation_is_in_the_document_with_its_parameters_and_errors() -> None:
    for operation in OPERATIONS:
        if operation.api not in MOUNTS:
            continue
        described = DOCUMENT["paths"][MOUNTS[operation.api] + operation.path][operation.method.lower()]
        assert set(described["responses"]) == {str(operation.status), *map(str, operation.errors)}
        names = {item["name"] for item in described["parameters"]}
        assert {item.name for item in operation.query} <= names
        assert operation.path.count("{") == len(names) - len(operation.query)


def test_the_document_is_one_that_tools_read() -> None:
    schema = openapi.from_dict(DOCUMENT)
    assert len(list(schema.get_all_operations())) == sum(op.api in MOUNTS for op in OPERATIONS)


@pytest.mark.parametrize(
    ("operation", "target"),
    [
        ("getPlants", "/v1/plants?WithStatus=true&WithInstallation=true&WithLocation=true"),
        ("getPlant", "/v1/plants/13"),
        ("getDevices", "/v1/plants/13/devices"),
        ("getDevicesLean", "/v1/plants/13/devices/lean"),
        ("getPlantSets", "/v1/plants/13/measurements/sets"),
        ("getPlantMeasurements", "/v1/plants/13/measurements/sets/EnergyBalance/Day?Date=2025-06-14&WithTotal=true"),
        ("getPlantLogs", "/v1/plants/13/logs"),
        ("getDevice", "/v1/devices/16"),
        ("getDeviceSets", "/v1/devices/16/measurements/sets"),
        ("getDeviceMeasurements", "/v1/devices/19/measurements/sets/EnergyAndPowerBattery/Recent"),
        ("getDeviceLogs", "/v1/devices/16/logs"),
        ("readConsent", "/oauth2/v2/bc-authorize/apiTestUser@apiSandbox.com"),
    ],
)
def test_answers_are_what_their_models_say_in_that_order(client: Client, operation: str, target: str) -> None:  # noqa: F811
    model = next(item.answer for item in OPERATIONS if item.id == operation)
    assert model is not None
    body = client.get(target).body
    made = model.model_validate_json(body)
    assert _names(made.model_dump(by_alias=True, exclude_none=True)) == _names(json.loads(body))


def _names(value: object) -> object:
    if isinstance(value, dict):
        return [(name, _names(item)) for name, item in value.items()]
    return [_names(item) for item in value] if isinstance(value, list) else None


def test_the_swagger_document_is_at_the_sandbox_address(client: Client) -> None:  # noqa: F811
    assert client.json("/monitoring/swagger/v1/swagger.json") == json.loads(json.dumps(DOCUMENT))


def test_openapi_command_prints_or_writes_the_document(tmp_path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["openapi"]) == 0
    assert json.loads(capsys.readouterr().out)["openapi"] == "3.1.0"
    assert main(["openapi", "--out", str(tmp_path / "a.json")]) == 0
    assert json.loads((tmp_path / "a.json").read_text())["paths"]

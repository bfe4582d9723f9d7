"""The OpenAPI document: whole, true to the table, and true to the answers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from mock_sma.cli import main
from mock_sma.openapi import MOUNTS, openapi_document
from mock_sma.openapi.words import WORDS
from mock_sma.sandbox.hosts import SMA_HOSTS
from mock_sma.sandbox.table.operations import OPERATIONS
from tests.late import Late
from tests.sandbox_helpers import ask
from tools.generated import examples

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.sandbox.asking import Asker

DOCUMENT = openapi_document(OPERATIONS)
openapi = Late("schemathesis.openapi")


def test_every_operation_is_in_the_document_with_its_parameters_and_errors() -> None:
    for operation in OPERATIONS:
        if operation.api not in MOUNTS:
            continue
        described = DOCUMENT["paths"][MOUNTS[operation.api] + operation.path][operation.method.lower()]
        assert set(described["responses"]) == {str(operation.status), *map(str, operation.errors)}
        names = {item["name"] for item in described["parameters"]}
        assert {item.name for item in operation.query} <= names
        assert operation.path.count("{") == len(names) - len(operation.query)


@pytest.mark.slow
def test_the_document_is_one_that_tools_read() -> None:
    schema = openapi.from_dict(DOCUMENT)
    assert len(list(schema.get_all_operations())) == sum(op.api in MOUNTS for op in OPERATIONS)


@pytest.mark.parametrize(
    ("operation", "target"),
    [
        *examples.TARGETS.items(),
        ("getPlants", "/v1/plants?WithStatus=true&WithInstallation=true&WithLocation=true"),
        ("getPlantMeasurements", "/v1/plants/13/measurements/sets/EnergyBalance/Day?Date=2025-06-14&WithTotal=true"),
        ("getDeviceMeasurements", "/v1/devices/19/measurements/sets/EnergyAndPowerBattery/Recent"),
    ],
)
def test_answers_are_what_their_models_say_in_that_order(client: Asker, operation: str, target: str) -> None:
    model = next(item.answer for item in OPERATIONS if item.id == operation)
    assert model is not None
    body = client.get(target).body
    made = model.model_validate_json(body)
    assert _names(made.model_dump(by_alias=True, exclude_none=True)) == _names(json.loads(body))


def _names(value: object) -> object:
    if isinstance(value, dict):
        return [(name, _names(item)) for name, item in value.items()]
    return [_names(item) for item in value] if isinstance(value, list) else None


def test_every_answer_with_a_body_has_an_example_but_those_of_secrets() -> None:
    without = {
        described["operationId"]
        for path in DOCUMENT["paths"].values()
        for described in path.values()
        for response in described["responses"].values()
        for media, content in response.get("content", {}).items()
        if media == "application/json" and "Error" not in json.dumps(content["schema"]) and "example" not in content
    }
    assert without == {"token", "requestConsent", "simulateConsent", "simulateConsentState"}


def test_each_part_says_how_it_is_known() -> None:
    operations = [described for path in DOCUMENT["paths"].values() for described in path.values()]
    assert all("x-fidelity" in described for described in operations)
    assert all("x-fidelity" in item for described in operations for item in described["parameters"])
    assert all("x-fidelity" in item for described in operations for item in described["responses"].values())
    schemas = DOCUMENT["components"]["schemas"]
    without = [
        f"{name}.{member}"
        for name, schema in schemas.items()
        for member, described in schema["properties"].items()
        if "x-fidelity" not in described
    ]
    assert without == []
    assert schemas["Row"]["properties"]["gridFrequency"]["x-fidelity"]["PowerAc"]["standing"] == "observed"


def test_null_is_in_no_schema_as_it_is_never_sent() -> None:
    assert '"null"' not in json.dumps(DOCUMENT["components"]["schemas"])


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/v1/plants/99999", 404),
        ("/v1/plants/13/measurements/sets/EnergyBalance/Day?Date=2025-6-1", 400),
    ],
)
def test_examples_of_errors_are_what_is_sent(client: Asker, target: str, status: int) -> None:
    responses = DOCUMENT["paths"]["/monitoring/v1/plants/{plantId}/measurements/sets/{setType}/{period}"]["get"]
    example = responses["responses"][str(status)]["content"]["application/json"]["example"]
    assert json.loads(client.get(target).body) == example


def test_examples_of_requests_are_taken(client: Asker) -> None:
    form = DOCUMENT["paths"]["/oauth2/token"]["post"]["requestBody"]["content"]["application/x-www-form-urlencoded"]
    schema = DOCUMENT["components"]["schemas"][form["schema"]["$ref"].rpartition("/")[2]]
    assert set(schema["required"]) <= set(form["example"]) <= set(schema["properties"])
    assert ask(client.world, "POST", "/oauth2/token", form=form["example"]).status == 200
    body = DOCUMENT["paths"]["/oauth2/v2/bc-authorize"]["post"]["requestBody"]["content"]["application/json"]
    reply = ask(client.world, "POST", "/oauth2/v2/bc-authorize", bearer=client.token, json=body["example"])
    assert reply.status == 201


def _parts(value: object) -> Iterator[dict[str, object]]:
    if isinstance(value, dict):
        yield value
        for item in value.values():
            yield from _parts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _parts(item)


def test_clients_made_from_the_document_survive_new_members_and_words() -> None:
    parts = list(_parts(DOCUMENT))
    assert not [part for part in parts if part.get("additionalProperties") is False]
    assert not [part for part in parts if "enum" in part]
    schemas = DOCUMENT["components"]["schemas"]
    for name in (f"{model}.{member}" for model, schema in schemas.items() for member in schema["properties"]):
        model, _, member = name.partition(".")
        known = schemas[model]["properties"][member]
        known = known.get("items", known)
        assert tuple(known.get("x-extensible-enum", ())) == tuple(map(str, WORDS.get(name, ())))


def test_no_body_is_without_a_name_that_a_generator_would_make_up() -> None:
    contents = [content for part in _parts(DOCUMENT["paths"]) for content in _contents(part)]
    assert len(contents) > 60
    for media, content in contents:
        assert media == "text/html" or content["schema"].keys() == {"$ref"}


def _contents(part: dict[str, object]) -> list[tuple[str, dict[str, dict[str, object]]]]:
    content = part.get("content")
    return list(content.items()) if isinstance(content, dict) else []


def test_numbers_are_doubles_and_retry_after_is_an_integer() -> None:
    parts = list(_parts(DOCUMENT))
    assert {part.get("format") for part in parts if part.get("type") == "number"} == {"double"}
    waits = [part["Retry-After"]["schema"]["type"] for part in parts if "Retry-After" in part]  # type: ignore[index]
    assert set(waits) == {"integer"}


def test_it_says_where_it_is_and_how_to_come_in() -> None:
    here, *sma = DOCUMENT["servers"]
    assert here["url"] == "/"
    assert all(item["url"].removeprefix("https://") in SMA_HOSTS and item["description"] for item in sma)
    operations = [item for path in DOCUMENT["paths"].values() for item in path.values()]
    assert not [item for item in operations if "servers" in item]
    schemes = DOCUMENT["components"]["securitySchemes"]
    asked = {name for item in operations for way in item["security"] for name in way}
    assert asked == set(schemes) == {"bearer", "customFlow", "codeFlow"}
    for scheme in schemes.values():
        for flow in scheme.get("flows", {}).values():
            assert {url for name, url in flow.items() if name.endswith("Url")} <= set(DOCUMENT["paths"])
    assert {item["name"] for item in DOCUMENT["tags"]} == {tag for item in operations for tag in item["tags"]}


def test_links_lead_to_operations_and_parameters_that_exist() -> None:
    operations = {item["operationId"]: item for path in DOCUMENT["paths"].values() for item in path.values()}
    links = [
        link
        for item in operations.values()
        for response in item["responses"].values()
        for link in response.get("links", {}).values()
    ]
    assert len(links) > 30
    for link in links:
        names = {parameter["name"] for parameter in operations[link["operationId"]]["parameters"]}
        assert set(link["parameters"]) <= names


@pytest.mark.slow
def test_the_document_is_the_same_at_each_making() -> None:
    assert json.dumps(openapi_document(OPERATIONS)) == json.dumps(openapi_document(OPERATIONS))


def test_the_swagger_document_is_at_the_sandbox_address(client: Asker) -> None:
    assert client.json("/monitoring/swagger/v1/swagger.json") == json.loads(json.dumps(DOCUMENT))


@pytest.mark.slow
def test_openapi_command_prints_or_writes_the_document(tmp_path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["openapi"]) == 0
    assert json.loads(capsys.readouterr().out)["openapi"] == "3.1.0"
    assert main(["openapi", "--out", str(tmp_path / "a.json")]) == 0
    assert json.loads((tmp_path / "a.json").read_text())["paths"]

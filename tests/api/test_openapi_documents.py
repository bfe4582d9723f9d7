"""The documents that the server gives are valid OpenAPI, in themselves and in what they point to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import httpx
import jsonschema_rs
import pytest

from mock_sma.api.app import App
from mock_sma.worlds.worlds import Worlds
from tests.late import Late
from tests.sandbox_helpers import make

if TYPE_CHECKING:
    from collections.abc import Iterator

openapi = Late("schemathesis.openapi")
PLACES = ("/_mock/openapi.json", "/monitoring/swagger/v1/swagger.json", "/basicreporting/swagger/v1/swagger.json")


@pytest.fixture(scope="module")
def app() -> App:
    return App(Worlds(make()))


@pytest.fixture(params=PLACES)
async def document(request: pytest.FixtureRequest, app: App) -> dict[str, Any]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as http:
        answer = await http.get(request.param)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def operations(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [(path, described) for path, item in document["paths"].items() for described in item.values()]


def within(value: object) -> Iterator[dict[str, Any]]:
    """Yield every object within a value, the outermost first."""
    if isinstance(value, dict):
        yield value
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in parts:
        yield from within(part)


RELATIVE = ("tokenUrl", "refreshUrl", "authorizationUrl")


@pytest.mark.slow
async def test_it_is_what_the_specification_says(document: dict[str, Any]) -> None:
    # URLs may be relative (OpenAPI 3.1, section 4.6), which the JSON Schema of OpenAPI has forgotten for these.
    for item in within(document["components"]):
        item |= {name: f"http://127.0.0.1{item[name]}" for name in RELATIVE if str(item.get(name)).startswith("/")}
    openapi.from_dict(document).validate()


async def test_path_parameters_are_those_of_the_path_and_ids_are_unique(document: dict[str, Any]) -> None:
    for path, described in operations(document):
        declared = [item["name"] for item in described.get("parameters", []) if item["in"] == "path"]
        assert sorted(declared) == sorted(re.findall(r"{(\w+)}", path)), path
    ids = [described["operationId"] for _, described in operations(document)]
    assert len(ids) == len(set(ids))


async def test_references_lead_somewhere(document: dict[str, Any]) -> None:
    for item in within(document):
        if isinstance(reference := item.get("$ref"), str):
            found: Any = document
            for part in reference.removeprefix("#/").split("/"):
                found = found[part]


@pytest.mark.slow
async def test_examples_are_what_their_schemas_say(document: dict[str, Any]) -> None:
    for item in within(document["paths"]):
        if "example" in item and "schema" in item:
            schema = item["schema"] | {"components": document.get("components", {})}
            jsonschema_rs.validate(schema, item["example"])


async def test_every_operation_says_who_may_call_it_and_how_it_refuses(document: dict[str, Any]) -> None:
    for path, described in operations(document):
        assert "security" in described or "security" in document, path
        assert any(status.startswith("4") for status in described["responses"]), path


@pytest.mark.slow
async def test_refusals_of_the_control_api_are_what_its_document_says(app: App) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as http:
        schema = (await http.get(PLACES[0])).json()["components"]["schemas"]["Problem"]
        for method, path, status in (
            ("GET", "/_mock/nothing", 404),
            ("PATCH", "/_mock/clock", 405),
            ("POST", "/_mock/clock/advance", 422),
            ("GET", "/_mock/worlds/none/clock", 404),
            ("DELETE", "/_mock/worlds/default", 409),
        ):
            answer = await http.request(method, path)
            assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
            jsonschema_rs.validate(schema, answer.json())

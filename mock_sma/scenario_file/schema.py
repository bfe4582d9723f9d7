"""The JSON Schema of the language; ``python -m mock_sma.scenario_file.schema`` writes it beside the scenarios."""

from __future__ import annotations

import json
from typing import Any

from mock_sma.scenario_file.document import ScenarioDoc
from mock_sma.scenario_file.library import shipped_directory
from mock_sma.scenario_file.plant_document import ROLE_WORDS

SCHEMA_FILE = shipped_directory() / "schema" / "scenario.schema.json"


NUMBERS = ("id", "plant", "device", "to", "serial", "zip_code", "street_no")
"""Keys of texts that may be written as numbers, without quotes."""


def schema_text() -> str:
    """Return the JSON Schema of a scenario document (draft 2020-12) as text."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "mock-sma scenario",
        **ScenarioDoc.model_json_schema(),
    }
    # A plant may leave out what its template or its base gives.
    definitions = schema["$defs"]
    for name in ("PlantDoc", "UserDoc", "ClientDoc"):
        definitions[name].pop("required", None)
    for definition in definitions.values():
        for key, value in definition.get("properties", {}).items():
            if key in NUMBERS:
                definition["properties"][key] = _or_number(value)
    plant = definitions["PlantDoc"]["properties"]
    plant["previous_ids"]["additionalProperties"] = {"type": ["string", "integer"]}
    plant["serials"]["items"] = {"type": ["string", "integer", "null"]}
    definitions["ConsentDoc"]["properties"]["plants"] = {"type": "array", "items": {"type": ["string", "integer"]}}
    # What the reader takes besides: names of roles as the portals have them, states in small letters, seconds.
    definitions["Role"]["enum"] += sorted(ROLE_WORDS)
    definitions["ConsentState"]["enum"] += [state.lower() for state in definitions["ConsentState"]["enum"]]
    return json.dumps(_with_seconds(schema), indent=1, ensure_ascii=False) + "\n"


def _or_number(value: dict[str, object]) -> dict[str, object]:
    if value.get("type") == "string":
        return {**value, "type": ["string", "integer"]}
    options = value.get("anyOf")
    if not isinstance(options, list):
        return value
    return {**value, "anyOf": [*options, {"type": "integer"}]}


def _with_seconds(value: Any) -> Any:
    if isinstance(value, list):
        return [_with_seconds(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value.get("format") == "duration":
        return {**value, "type": ["string", "number"]}
    return {name: _with_seconds(item) for name, item in value.items()}


if __name__ == "__main__":
    SCHEMA_FILE.write_text(schema_text(), encoding="utf-8")

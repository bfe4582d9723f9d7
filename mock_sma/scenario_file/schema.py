"""The JSON Schema of the language; ``python -m mock_sma.scenario_file.schema`` writes it beside the scenarios."""

from __future__ import annotations

import json

from mock_sma.scenario_file.document import ScenarioDoc
from mock_sma.scenario_file.library import shipped_directory

SCHEMA_FILE = shipped_directory() / "schema" / "scenario.schema.json"


def schema_text() -> str:
    """Return the JSON Schema of a scenario document (draft 2020-12) as text."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "mock-sma scenario",
        **ScenarioDoc.model_json_schema(),
    }
    # An id may be written as a number, a plant may leave out what its template or its base gives.
    definitions = schema["$defs"]
    for name in ("PlantDoc", "UserDoc", "ClientDoc"):
        definitions[name].pop("required", None)
    for definition in definitions.values():
        for key, value in definition.get("properties", {}).items():
            if key in ("id", "plant", "device", "to", "serial"):
                definition["properties"][key] = _or_number(value)
    consent = definitions["ConsentDoc"]["properties"]
    consent["plants"] = {"type": "array", "items": {"type": ["string", "integer"]}}
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def _or_number(value: dict[str, object]) -> dict[str, object]:
    if value.get("type") == "string":
        return {**value, "type": ["string", "integer"]}
    options = value.get("anyOf")
    if not isinstance(options, list):
        return value
    return {**value, "anyOf": [*options, {"type": "integer"}]}


if __name__ == "__main__":
    SCHEMA_FILE.write_text(schema_text(), encoding="utf-8")

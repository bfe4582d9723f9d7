"""The JSON Schema of the language; ``make generated`` writes it beside the scenarios.

It is of draft 7, with definitions and an id, and without words that draft 7 does not have: the form that
SchemaStore takes and that the YAML plugins of editors understand.
"""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

from mock_sma.scenario_file.document import ScenarioDoc
from mock_sma.scenario_file.generate_document import COUNTRIES, STATUSES
from mock_sma.scenario_file.plant_document import ROLE_WORDS
from mock_sma.scenario_file.templates import BUILT_IN
from mock_sma.scenarios.fault_schema import FAULT_DEFINITIONS
from mock_sma.scenarios.library import shipped_directory

SCHEMA_FILE = shipped_directory() / "schema" / "scenario.schema.json"

ID = "https://json.schemastore.org/mock-sma-scenario.json"

NUMBERS = ("id", "plant", "device", "to", "serial", "zip_code", "street_no")
"""Keys of texts that may be written as numbers, without quotes."""

INCLUDE = {
    "description": "a part that stands in a file of its own",
    "type": "object",
    "properties": {
        "include": {"type": "string", "description": "the file"},
        "with": {"type": "object", "description": "values for its parameters"},
    },
    "required": ["include"],
    "additionalProperties": False,
}
PARAMETER = {"type": "string", "pattern": r"^\$\{[A-Za-z_][A-Za-z0-9_-]*\}$"}

TYPED = ("integer", "number", "boolean")
NARROW = {"$ref", "enum", "format", "pattern"}
"""What a parameter may stand in place of, by type or by words of a schema; any other text is a text anyway."""


def schema_text() -> str:
    """Return the JSON Schema of a scenario document as text."""
    made = ScenarioDoc.model_json_schema()
    definitions = made.pop("$defs") | deepcopy(FAULT_DEFINITIONS)
    _fill_in(made, definitions)
    for model in (made, *definitions.values()):
        _widen(model)
    # A plant may leave out what its template or its base gives.
    for name in ("PlantDoc", "UserDoc", "ClientDoc"):
        definitions[name].pop("required", None)
    plant = definitions["PlantDoc"]["properties"]
    plant["previous_ids"]["additionalProperties"] = {"type": ["string", "integer"]}
    plant["serials"]["items"] = {"type": ["string", "integer", "null"]}
    consent = definitions["ConsentDoc"]["properties"]
    consent["plants"] = {"type": "array", "items": {"type": ["string", "integer"]}, **_notes(consent["plants"])}
    # What the reader takes besides: names of roles as the portals have them, states in small letters.
    definitions["Role"]["enum"] += sorted(ROLE_WORDS)
    definitions["ConsentState"]["enum"] += [state.lower() for state in definitions["ConsentState"]["enum"]]
    definitions |= {"Include": INCLUDE, "Parameter": PARAMETER}
    schema = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": ID,
        **_plain(made),
        "title": "mock-sma scenario",
        "definitions": _plain(definitions),
    }
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def _fill_in(made: dict[str, Any], definitions: dict[str, Any]) -> None:
    """Say what stands where the models leave it to somebody else."""
    rule = {"$ref": "#/$defs/FaultRule"}
    made["properties"]["faults"]["items"] = definitions["AppendDoc"]["properties"]["faults"]["items"] = rule
    given = definitions["AddFaultDoc"]["properties"]["rule"]
    definitions["AddFaultDoc"]["properties"]["rule"] = {"anyOf": [rule], "description": given["description"]}
    made["properties"]["templates"]["additionalProperties"] = {
        "anyOf": [{"$ref": "#/$defs/PlantDoc"}, {"$ref": "#/$defs/Include"}]
    }
    _name_words(definitions)
    for action, changed in (("ChangePlantDoc", "PlantDoc"), ("ChangeDeviceDoc", "DeviceDoc")):
        keys = definitions[changed]["properties"]
        change = definitions[action]["properties"]["change"]
        change["properties"] = {key: _patched(key, value) for key, value in keys.items()}
        change["additionalProperties"] = False


def _name_words(definitions: dict[str, Any]) -> None:
    """Name the words that editors can offer where others may stand too, and let a key's own meaning be shown."""
    built_in = sorted(BUILT_IN)
    template = definitions["PlantDoc"]["properties"]["template"]
    template["anyOf"] = [{"enum": built_in}, *template["anyOf"]]
    generate = definitions["GenerateDoc"]["properties"]
    for key, words in (("mix", built_in), ("countries", COUNTRIES), ("status", STATUSES)):
        generate[key]["properties"] = {
            word: {**generate["mix"]["additionalProperties"], "description": f"weight of {word}"}
            for word in sorted(words)
        }
    for name in ("Moment", "Span"):
        definitions[name].pop("description")


def _patched(key: str, value: dict[str, Any]) -> dict[str, Any]:
    """Return what a merge patch may have for a key: null takes it away, and of a mapping it names what changes."""
    options = value.get("anyOf") or [_core(value)]
    about = {"description": value["description"]}
    if any(item.get("$ref", "").endswith("Doc") or item.get("type") in ("array", "object") for item in options):
        return about
    numbers = [{"type": "integer"}] if key in NUMBERS else []
    return {"anyOf": [*options, *numbers, {"type": "null"}, {"$ref": "#/$defs/Parameter"}], **about}


def _widen(model: dict[str, Any]) -> None:
    """Let a model's keys have what the reader takes besides: parts, parameters, numbers for texts."""
    for key, value in model.get("properties", {}).items():
        items = value.get("items")
        if isinstance(items, dict) and ("$ref" in items or "oneOf" in items):
            options = {"anyOf": [items, {"$ref": "#/$defs/Include"}]}
            value["items"] = options
            model["properties"][key] = {"anyOf": [_core(value), {"$ref": "#/$defs/Include"}], **_notes(value)}
        elif key in NUMBERS:
            model["properties"][key] = _or(value, {"type": "integer"})
        elif any(item.get("type") in TYPED or NARROW & item.keys() for item in (value, *value.get("anyOf", ()))):
            model["properties"][key] = _or(value, {"$ref": "#/$defs/Parameter"})


def _or(value: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    options = value.get("anyOf") or [_core(value)]
    return {"anyOf": [*options, other], **_notes(value)}


NOTES = ("default", "description", "title")


def _core(value: dict[str, Any]) -> dict[str, Any]:
    return {name: item for name, item in value.items() if name not in NOTES}


def _notes(value: dict[str, Any]) -> dict[str, Any]:
    return {name: value[name] for name in NOTES if name in value}


def _plain(value: Any) -> Any:
    """Return a schema as draft 7 has it."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, str):
        return value.replace("#/$defs/", "#/definitions/")
    if not isinstance(value, dict):
        return value
    # The title of a key is its name once more.
    skip = {"discriminator"} | ({"title"} if isinstance(value.get("title"), str) else set())
    return {name: _plain(item) for name, item in value.items() if name not in skip}

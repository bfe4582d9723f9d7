"""The models as JSON Schema: null is never sent, rows have the catalogue's properties, all with their standing.

No answer says ``additionalProperties: false``, though none of ours has more members: a client made from the document
has to survive the day on which SMA sends one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic.json_schema import models_json_schema

from mock_sma.domain.catalogue import ALL_SETS, Nature
from mock_sma.fidelity import load_ledger
from mock_sma.openapi.facts import Fact, field_fact, models_within, row_of
from mock_sma.openapi.words import known_words, words_of
from mock_sma.sandbox.wire.models.measurements import IndexedValue, Row

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic import BaseModel

    from mock_sma.domain.catalogue import Property

TEMPLATE = "#/components/schemas/{model}"


def reference(model: type[BaseModel]) -> dict[str, str]:
    """Return the reference to a model's schema."""
    return {"$ref": TEMPLATE.format(model=model.__name__)}


def schemas_of(models: Iterable[type[BaseModel]]) -> dict[str, Any]:
    """Return the schemas of models and of all that stands within them, by name."""
    ordered = sorted(models, key=lambda model: model.__name__)
    _, made = models_json_schema([(model, "serialization") for model in ordered], ref_template=TEMPLATE)
    schemas: dict[str, Any] = made["$defs"]
    # Indexed values stand in rows only, whose members are not the model's own fields.
    for model in models_within((*ordered, IndexedValue)):
        if model.__name__ in schemas:
            _finish(schemas[model.__name__], model)
    if Row.__name__ in schemas:
        _fill_row(schemas)
    return schemas


def _finish(schema: dict[str, Any], model: type[BaseModel]) -> None:
    schema.pop("title", None)
    schema.pop("additionalProperties", None)
    by_alias = {field.alias or name: name for name, field in model.model_fields.items()}
    for name, described in schema.get("properties", {}).items():
        described.pop("title", None)
        described.pop("default", None)
        kinds = [item for item in described.get("anyOf", ()) if item != {"type": "null"}]
        if len(kinds) == 1:
            del described["anyOf"]
            described.update(kinds[0])
        _tolerate(described, words_of(model, name))
        _name_format(described)
        row = row_of(load_ledger(), field_fact(model, by_alias[name]))
        if row is not None:
            described["x-fidelity"] = row.brief()


def _fill_row(schemas: dict[str, Any]) -> None:
    """Name all properties of all sets in the row: which of them a row has follows from its set."""
    row = schemas[Row.__name__]
    found: dict[str, dict[str, Any]] = {}
    for item in ALL_SETS.values():
        for prop in item.properties:
            described = found.setdefault(prop.name, _value(prop) | {"description": "", "x-fidelity": {}})
            described["description"] += f"{', ' if described['description'] else ''}{item.name} [{_units(prop)}]"
            known = row_of(load_ledger(), Fact("property", (f"{item.name}.{prop.name}",)))
            described["x-fidelity"] |= {item.name: known.brief()} if known is not None else {}
    row["properties"] |= found


def _value(prop: Property) -> dict[str, Any]:
    if prop.indexed:
        return {"type": "array", "items": {"$ref": TEMPLATE.format(model="IndexedValue")}}
    return {"type": "number", "format": "double"}


def _tolerate(schema: dict[str, Any], words: tuple[str, ...]) -> None:
    """Name the words that a text, or each text of a list, is known to be."""
    if not words:
        return
    if schema.get("type") == "array":
        schema["items"] = known_words(words)
    else:
        schema.update(known_words(words))


def _name_format(schema: dict[str, Any]) -> None:
    for part in (schema, schema.get("additionalProperties"), schema.get("items")):
        if isinstance(part, dict) and part.get("type") == "number":
            part["format"] = "double"


def _units(prop: Property) -> str:
    return "W or Wh" if prop.nature is Nature.ENERGY and prop.unit == "W" else prop.unit

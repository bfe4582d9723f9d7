"""What the emulator has of a row at present, in words of a report: a refuted shape that it still has is not mended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.domain.catalogue import ALL_SETS
from mock_sma.fidelity import load_ledger
from mock_sma.openapi.facts import WORDS, field_fact, models_within
from mock_sma.sandbox.table.operations import OPERATIONS
from mock_sma.sandbox.wire.models.measurements import Row
from mock_sma.sandbox.wire.models.oauth import ApiErrorBody, OAuthErrorBody
from mock_sma.witness.bodies import ENUMERATED, LIFETIME, SECONDS, around
from mock_sma.witness.types import DECIMAL, FORMED, LIST, inner, word_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import BaseModel


def still_has(row: str, shape: str) -> bool:
    """Tell whether the emulator has the shape of a row that traffic has refuted.

    Args:
        row: its kind and name, such as ``field.PlantBody.timezone``.
        shape: the emulator's, as ``mock-sma witness`` tells it. Of rows that are neither fields nor properties it does
            not matter: they are there, or not.
    """
    kind, _, name = row.partition(".")
    if kind == "field":
        return shape in _of_field(name)
    if kind == "property":
        return shape in _of_property(name)
    return load_ledger().find(kind, name) is not None


def _of_field(name: str) -> Iterator[str]:
    models: list[type[BaseModel]] = [item.answer for item in OPERATIONS if item.answer is not None]
    for model in models_within([*models, ApiErrorBody, OAuthErrorBody, Row]):
        order = [field.alias or own for own, field in model.model_fields.items()]
        for alias, (own, field) in zip(order, model.model_fields.items(), strict=True):
            if field_fact(model, own).names[0] != name:
                continue
            key = (name.partition(".")[0], own)
            yield f"a member {alias!r}"
            yield word_of(inner(field.annotation))
            yield f"{alias} in its place: {around(alias, order)}"
            yield FORMED.get(key, "")
            yield f"{SECONDS} seconds" if key == LIFETIME else ""
            words = [item.value for known in WORDS if known.__name__ == ENUMERATED.get(key) for item in known]
            yield "one of " + ", ".join(words)


def _of_property(name: str) -> Iterator[str]:
    wanted = ALL_SETS.get(name.partition(".")[0].lower())
    if wanted is None:  # the whole set is gone
        return
    order = ["time", *(item.name for item in wanted.properties)]
    for item in wanted.properties:
        if f"{wanted.name}.{item.name}" == name:
            yield f"a member {item.name!r}"
            yield LIST if item.indexed else DECIMAL
            yield f"{item.name} in its place: {around(item.name, order)}"
            yield f"{item.name} in its place: {around(item.name, order[1:])}"

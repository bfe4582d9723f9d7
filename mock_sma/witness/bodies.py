"""Bodies held against the models that the emulator's own answers follow to the letter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args, get_origin

from pydantic import BaseModel

from mock_sma.openapi.facts import WORDS, Fact, field_fact
from mock_sma.sandbox.wire.models.measurements import IndexedValue, Row
from mock_sma.witness.evidence import Shapes
from mock_sma.witness.literals import Members, Number
from mock_sma.witness.members import displaced, renamed, shown
from mock_sma.witness.types import DECIMAL, FORMED, LIST, form_of, inner, item_of, seen_as, word_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mock_sma.domain.catalogue import MeasurementSet
    from mock_sma.witness.evidence import Evidence

ENUMERATED = {
    ("PlantMeasurementBody", "resolution"): "Resolution",
    ("DeviceMeasurementBody", "resolution"): "Resolution",
    ("LogItem", "level"): "LogLevel",
    ("LogItem", "occurrence"): "Occurrence",
    ("ConsentBody", "state"): "ConsentState",
    ("PlantStatusBody", "status"): "Status",
    ("PlantItem", "status"): "Status",
    ("DeviceWithStatus", "status"): "Status",
    ("DeviceWithStatus", "operationStatus"): "OperationStatus",
    ("Capabilities", "measurementData"): "Capability",
}
"""Fields that hold words of SMA's."""

LIFETIME = ("TokenBody", "expires_in")
SECONDS = "300"
"""Lifetime of a token [s]."""


class Bodies:
    """Holds bodies against models.

    Args:
        evidence: takes what is found.
        where: the operation that was asked, for messages.
        wanted: the set that rows are of; None: the body has no rows.
    """

    def __init__(self, evidence: Evidence, where: str, wanted: MeasurementSet | None = None) -> None:
        self._evidence = evidence
        self._where = where
        self._wanted = wanted

    def hold(self, value: Any, model: type[BaseModel]) -> bool:
        """Hold an object against a model; tell whether it is an object at all."""
        if not isinstance(value, Members):
            return False
        fields = {field.alias or name: (name, field) for name, field in model.model_fields.items()}
        names = [name for name, _ in value]
        required = {name: field.is_required() for name, (_, field) in fields.items()}
        order = list(fields)
        moved = displaced(names, order)

        def alike(name: str, item: str) -> bool:
            return seen_as(value.get(name)) == word_of(inner(fields[item][1].annotation))

        strange = renamed(names, order, required, alike)
        facts = {alias: field_fact(model, name) for alias, (name, _) in fields.items()}
        self._hold_names(names, facts, required, strange)
        for name, item in value:
            if name in moved:
                self._refute(
                    facts[name], f"{name} in its place: {around(name, order)}", f"{around(name, names, order)}"
                )
            elif name in fields:
                self._hold_value(item, facts[name], inner(fields[name][1].annotation))
        return True

    def _hold_names(
        self, names: Sequence[str], facts: dict[str, Fact], required: dict[str, bool], strange: dict[str, str]
    ) -> None:
        for name, meant in strange.items():
            self._refute(facts[meant], f"a member {meant!r}", shown(name))
        for name in names:
            if name not in facts and name not in strange:
                self._refute(Fact("operation", (self._where,)), "no such member", shown(name))
        for name, is_required in required.items():
            if is_required and name not in names and name not in strange.values():
                self._refute(facts[name], f"a member {name!r}", "no such member")

    def _hold_value(self, value: Any, fact: Fact, annotation: Any) -> None:
        expected, found = word_of(annotation), seen_as(value)
        key = tuple(fact.names[0].split(".", 1))
        if expected != found:
            self._refute(fact, expected, found)
        elif (
            key in FORMED
            and form_of(str(value) if not isinstance(value, Number) else value, [FORMED[key]]) != FORMED[key]
        ):
            self._refute(fact, FORMED[key], form_of(value, [FORMED[key]]))
        elif key in ENUMERATED:
            self._hold_words(value, fact, ENUMERATED[key])
        elif key == LIFETIME and value != SECONDS:
            self._refute(fact, f"{SECONDS} seconds", "another lifetime")
        else:
            self._evidence.confirm(fact)
            self._hold_within(value, annotation)

    def _hold_within(self, value: Any, annotation: Any) -> None:
        item = item_of(annotation)
        if item is Row:
            for row in value:
                self.hold_row(row)
        elif item is not None and isinstance(item, type) and issubclass(item, BaseModel):
            for part in value:
                self.hold(part, item)
        elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
            self.hold(value, annotation)
        elif get_origin(annotation) is dict and get_args(annotation)[1] is float:
            self.hold_row(value, is_total=True)

    def _hold_words(self, value: Any, fact: Fact, enumeration: str) -> None:
        known = next(item for item in WORDS if item.__name__ == enumeration)
        for word in value if isinstance(value, list) else [value]:
            if word in [item.value for item in known]:
                self._evidence.confirm(fact)
                self._evidence.confirm(Fact("word", (f"{enumeration}.{word}",)))
                continue
            meant = next((item.value for item in known if item.value.lower() == str(word).lower()), None)
            if meant is not None:
                self._refute(Fact("word", (f"{enumeration}.{meant}",)), repr(meant), repr(str(word)))
            else:
                self._refute(fact, "one of " + ", ".join(item.value for item in known), "another word")

    def hold_row(self, row: Any, *, is_total: bool = False) -> None:
        """Hold a row of measurements against the catalogue."""
        if not isinstance(row, Members) or self._wanted is None:
            return
        name, stamp = self._wanted.name, field_fact(Row, "time")
        facts = {item.name: Fact("property", (f"{name}.{item.name}",)) for item in self._wanted.properties}
        if not is_total:
            facts = {"time": stamp} | facts
        names, order = [key for key, _ in row], list(facts)
        moved = displaced(names, order)
        required = {key: key == "time" for key in order}
        lists = {item.name for item in self._wanted.properties if item.indexed}

        def alike(name: str, item: str) -> bool:
            return seen_as(row.get(name)) == (word_of(str) if item == "time" else LIST if item in lists else DECIMAL)

        strange = renamed(names, order, required, alike)
        self._hold_names(names, facts, required, strange)
        for key, value in row:
            if key in moved:
                self._refute(facts[key], f"{key} in its place: {around(key, order)}", around(key, names, order))
            elif key == "time" and not is_total:
                self._hold_value(value, stamp, str)
            elif key in facts:
                self._hold_number(value, facts[key], is_list=key in lists)

    def _hold_number(self, value: Any, fact: Fact, *, is_list: bool) -> None:
        expected, found = LIST if is_list else DECIMAL, seen_as(value)
        if expected != found:
            self._refute(fact, expected, found)
            return
        self._evidence.confirm(fact)
        if is_list:
            for part in value:
                self.hold(part, IndexedValue)

    def _refute(self, fact: Fact, ours: str, theirs: str) -> None:
        self._evidence.refute(fact, Shapes(ours, theirs, self._where))


def around(name: str, names: Sequence[str], known: Sequence[str] | None = None) -> str:
    """Return between which members one stands, strange ones left out."""
    kept = [item for item in names if known is None or item in known]
    at = kept.index(name)
    before = kept[at - 1] if at else None
    after = kept[at + 1] if at + 1 < len(kept) else None
    if before is None:
        return f"{name} first, before {after}" if after else f"{name} alone"
    return f"{name} behind {before}" + (f", before {after}" if after else ", last")

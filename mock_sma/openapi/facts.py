"""What the ledger has to name: all operations, parameters, statuses, fields, sets, words, messages and switches."""

from __future__ import annotations

import re
from dataclasses import fields
from types import UnionType
from typing import TYPE_CHECKING, get_args, get_origin

from pydantic import BaseModel

from mock_sma.domain.catalogue import ALL_SETS
from mock_sma.domain.event import LogLevel
from mock_sma.domain.health import OperationStatus, Status
from mock_sma.domain.instruments import Capability
from mock_sma.domain.logbook import Occurrence
from mock_sma.domain.messages import BY_TAG
from mock_sma.domain.period import Period, Resolution
from mock_sma.domain.scenario import ConsentState, Switches
from mock_sma.frozen import frozen
from mock_sma.sandbox.table.unmatched import STATUSES
from mock_sma.sandbox.wire.models.measurements import IndexedValue
from mock_sma.sandbox.wire.models.oauth import ApiErrorBody, OAuthErrorBody

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from enum import StrEnum

    from mock_sma.fidelity import Ledger, LedgerRow
    from mock_sma.sandbox.table.operation import Operation

WORDS: tuple[type[StrEnum], ...] = (
    Period,
    Resolution,
    LogLevel,
    Occurrence,
    ConsentState,
    Status,
    OperationStatus,
    Capability,
)


@frozen
class Fact:
    """Something that the emulator does.

    Attributes:
        names: the names of rows that speak of it, the most special one first.
    """

    kind: str
    names: tuple[str, ...]


def parameter_fact(operation: Operation, name: str) -> Fact:
    """Return the fact of a path, query or form parameter."""
    return Fact("parameter", (f"{operation.id}.{name}", f"{operation.api}.{name}"))


def status_fact(operation: Operation, status: int) -> Fact:
    """Return the fact of an answer's status."""
    return Fact("status", (f"{operation.id}.{status}", f"{operation.api}.{status}"))


def field_fact(model: type[BaseModel], name: str) -> Fact:
    """Return the fact of a body's field, named by the class that declares it."""
    owner = next(item for item in model.__mro__ if name in vars(item).get("__annotations__", {}))
    return Fact("field", (f"{owner.__name__}.{name}",))


def row_of(ledger: Ledger, fact: Fact) -> LedgerRow | None:
    """Return the row that speaks of a fact, or None."""
    return ledger.find(fact.kind, *fact.names)


def facts(operations: Iterable[Operation]) -> Iterator[Fact]:
    """Return all facts, rules and choices excepted: those are the FAQ's, not the code's."""
    models: dict[type[BaseModel], None] = dict.fromkeys((ApiErrorBody, OAuthErrorBody, IndexedValue))
    for operation in operations:
        yield Fact("operation", (operation.id,))
        names = [*re.findall(r"{(\w+)}", operation.path), *(item.name for item in operation.query), *operation.form]
        yield from (parameter_fact(operation, name) for name in names)
        yield from (status_fact(operation, status) for status in (operation.status, *operation.errors))
        models |= dict.fromkeys(item for item in (operation.answer, operation.body) if item is not None)
    yield from (Fact("status", (f"other.{status}",)) for status in STATUSES)
    for model in models_within(models):
        yield from (field_fact(model, name) for name in model.model_fields)
    for item in ALL_SETS.values():
        yield Fact("set", (item.name,))
        yield from (Fact("property", (f"{item.name}.{prop.name}",)) for prop in item.properties)
    for words in WORDS:
        yield from (Fact("word", (f"{words.__name__}.{word.value}",)) for word in words)
    yield from (Fact("message", (str(tag),)) for tag in BY_TAG)
    yield from (Fact("switch", (item.name,)) for item in fields(Switches))


def models_within(models: Iterable[type[BaseModel]]) -> Iterator[type[BaseModel]]:
    """Return the models and all that stand within them, each once."""
    waiting = list(models)
    seen: set[type[BaseModel]] = set()
    while waiting:
        model = waiting.pop(0)
        if model in seen:
            continue
        seen.add(model)
        yield model
        for field in model.model_fields.values():
            waiting.extend(_models_in(field.annotation))


def _models_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and not isinstance(annotation, UnionType) and get_origin(annotation) is None:
        if issubclass(annotation, BaseModel):
            yield annotation
        return
    for part in get_args(annotation):
        yield from _models_in(part)

"""The effects of fault rules as objects: from an object to an effect, and back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from mock_sma.domain.faults import (
    DELAY_KEYS,
    EXCLUSIVE,
    MAX_DELAY,
    Delay,
    Distribution,
    Edit,
    FaultEffect,
    FaultKind,
)
from mock_sma.domain.json_patch import OPERATIONS, PatchOperation
from mock_sma.domain.reading import nearest
from mock_sma.fault_rules.json_patch import is_pointer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mock_sma.domain.reading import Reader

FRAMING = frozenset({"connection", "content-length", "transfer-encoding", "upgrade"})
"""Headers that say where an answer ends: the server writes them."""

STATUSES = 200, 599
"""Lowest and highest status that a rule answers."""

MAX_OPERATIONS = 200

EDIT_KEYS = ("headers", "merge", "patch")
_FLAGS = ("expire_token", "quota_exhausted", "html_504")
KEYS = ("status", "body", "headers", "delay", "fault", "edit", *_FLAGS)

EXAMPLES: Mapping[str, str] = {
    "status": '{"status": 503, "body": {"message": "later"}, "headers": {"Retry-After": "5"}}',
    "delay": '{"delay": 1.5}',
    "delay.distribution": '{"delay": {"distribution": "uniform", "lower": 1, "upper": 2}}',
    "fault": '{"fault": "connection_reset"}',
    "edit": '{"edit": {"headers": {"Content-Type": "text/plain"}, "merge": {"name": "Neu"}}}',
    "edit.patch": '{"edit": {"patch": [{"op": "replace", "path": "/set/0/time", "value": null}]}}',
    "expire_token": '{"expire_token": true}',
    "quota_exhausted": '{"quota_exhausted": true}',
    "html_504": '{"html_504": true}',
}
"""An effect as it is written, by the key that a complaint is about; others are about ``status``."""

_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e\xa0-\xff]{0,4000}")


def effect_of(reader: Reader, document: object) -> FaultEffect | None:
    """Return the effect of an object; mistakes go into the reader, the last one with an example of what is right."""
    before = len(reader.problems)
    effect = _effect(reader, document)
    if len(reader.problems) > before:
        reader.exemplify(_example(reader.problems[-1].path or ""))
    return effect


def _example(path: str) -> str:
    """Return an example for a complaint about a key path."""
    place = path.rpartition("effect.")[2]
    return next((EXAMPLES[key] for key in sorted(EXAMPLES, reverse=True) if place.startswith(key)), EXAMPLES["status"])


def _effect(reader: Reader, document: object) -> FaultEffect | None:
    fields = reader.mapping(document, "effect", KEYS)
    if fields is None:
        return None
    flags = {name: reader.flag(fields.get(name, False), f"effect.{name}") for name in _FLAGS}
    _check_choice(reader, fields)
    return FaultEffect(
        status=reader.integer(fields.get("status"), "effect.status", *STATUSES),
        body=fields.get("body"),
        headers=tuple(
            (name, value)
            for name, value in _headers(reader, fields.get("headers", {}), "effect.headers")
            if value is not None
        ),
        delay=_delay(reader, fields.get("delay")),
        fault=reader.word(FaultKind, fields.get("fault"), "effect.fault"),
        edit=_edit(reader, fields.get("edit")),
        **flags,
    )


def effect_document(effect: FaultEffect) -> dict[str, object]:
    """Return the object that :func:`effect_of` makes an equal effect of."""
    document: dict[str, object] = {
        "status": effect.status,
        "body": effect.body,
        "headers": dict(effect.headers) or None,
        "delay": None if effect.delay is None else _delay_document(effect.delay),
        "fault": None if effect.fault is None else effect.fault.value,
        "edit": None if effect.edit is None else _edit_document(effect.edit),
        **{name: getattr(effect, name) or None for name in _FLAGS},
    }
    return {name: value for name, value in document.items() if value is not None}


def _check_choice(reader: Reader, fields: Mapping[str, object]) -> None:
    chosen = [name for name in EXCLUSIVE if fields.get(name) not in (None, False)]
    if len(chosen) > 1:
        reader.add("effect", f"{' and '.join(chosen)} exclude one another; make two rules of them")
    if not chosen and fields.get("delay") is None and all(name in KEYS for name in fields):
        reader.add("effect", f"says nothing; name one of {', '.join(EXCLUSIVE)} or delay")
    for name in ("body", "headers"):
        if name in fields and fields.get("status") is None:
            reader.add(f"effect.{name}", "belongs to status, which is missing")


def _headers(reader: Reader, document: object, path: str) -> list[tuple[str, str | None]]:
    fields = reader.mapping(document, path, None) or {}
    result: list[tuple[str, str | None]] = []
    for name, value in fields.items():
        text = str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
        if not _HEADER_NAME.fullmatch(name):
            reader.add(f"{path}.{name[:40]}", "is not a header name")
        elif name.lower() in FRAMING:
            reader.add(f"{path}.{name}", "is the server's own; use the fault wrong_content_length")
        elif text is None and path.endswith("edit.headers"):
            result.append((name, None))
        elif not isinstance(text, str) or not _HEADER_VALUE.fullmatch(text):
            reader.add(f"{path}.{name}", "has to be one line of text")
        else:
            result.append((name, text))
    return result


# ---- Delays ---------------------------------------------------------------------------------------------------


def _delay(reader: Reader, document: object) -> Delay | None:
    if document is None:
        return None
    if isinstance(document, int | float) and not isinstance(document, bool):
        seconds = reader.number(document, "effect.delay", 0.0, MAX_DELAY)
        return None if seconds is None else Delay(parameters=(seconds,))
    names = [name for keys in DELAY_KEYS.values() for name in keys]
    fields = reader.mapping(document, "effect.delay", ("distribution", *names), ("distribution",))
    if fields is None or "distribution" not in fields:
        return None
    kind = reader.word(Distribution, fields["distribution"], "effect.delay.distribution")
    if kind is None:
        return None
    return _distribution(reader, kind, fields)


def _distribution(reader: Reader, kind: Distribution, fields: Mapping[str, object]) -> Delay | None:
    wanted = DELAY_KEYS[kind]
    for name in fields:
        if name not in (*wanted, "distribution"):
            reader.add(f"effect.delay.{name}", f"is not a parameter of {kind.value!r}; it has {', '.join(wanted)}")
    numbers: list[float] = []
    for name in wanted:
        if name not in fields:
            reader.add("effect.delay", f"the key {name!r} of {kind.value!r} is missing")
            continue
        value = reader.number(fields[name], f"effect.delay.{name}", 0.0, MAX_DELAY)
        if value is not None:
            numbers.append(value)
    if len(numbers) < len(wanted):
        return None
    if kind is Distribution.UNIFORM and numbers[1] < numbers[0]:
        reader.add("effect.delay.upper", f"{numbers[1]} is less than lower, {numbers[0]}")
    return Delay(distribution=kind, parameters=tuple(numbers))


def _delay_document(delay: Delay) -> object:
    if delay.distribution is Distribution.FIXED:
        return delay.parameters[0]
    numbers = zip(DELAY_KEYS[delay.distribution], delay.parameters, strict=True)
    return {"distribution": delay.distribution.value, **dict(numbers)}


# ---- Edits ----------------------------------------------------------------------------------------------------


def _edit(reader: Reader, document: object) -> Edit | None:
    if document is None:
        return None
    fields = reader.mapping(document, "effect.edit", EDIT_KEYS)
    if fields is None:
        return None
    if not fields:
        reader.add("effect.edit", "says nothing; name one of headers, merge, patch")
    if "merge" in fields and "patch" in fields:
        reader.add("effect.edit", "give merge or patch, not both")
    merge = fields.get("merge")
    if "merge" in fields and not isinstance(merge, dict):
        reader.add("effect.edit.merge", "has to be an object: a merge patch of the answer (RFC 7396)")
    return Edit(
        headers=tuple(_headers(reader, fields.get("headers", {}), "effect.edit.headers")),
        merge=merge,
        patch=_patch(reader, fields.get("patch", [])),
    )


def _patch(reader: Reader, document: object) -> tuple[PatchOperation, ...]:
    if not isinstance(document, list) or len(document) > MAX_OPERATIONS:
        reader.add("effect.edit.patch", f"has to be a list of {MAX_OPERATIONS} operations at most (RFC 6902)")
        return ()
    made = (_operation(reader, item, f"effect.edit.patch[{index}]") for index, item in enumerate(document))
    return tuple(operation for operation in made if operation is not None)


def _operation(reader: Reader, document: object, path: str) -> PatchOperation | None:
    fields = reader.mapping(document, path, ("op", "path", "from", "value"), ("op",))
    if fields is None or "op" not in fields:
        return None
    needed = OPERATIONS.get(str(fields["op"]))
    if needed is None:
        reader.add(f"{path}.op", f"no operation {str(fields['op'])[:40]!r}{nearest(str(fields['op']), [*OPERATIONS])}")
        return None
    for name in needed:
        if name not in fields:
            reader.add(path, f"the key {name!r} of {fields['op']!r} is missing")
    pointers: dict[str, Any] = {"path": fields.get("path"), "from": fields.get("from")}
    for name, pointer in pointers.items():
        if name in fields and not (isinstance(pointer, str) and is_pointer(pointer)):
            reader.add(f"{path}.{name}", "has to be a JSON Pointer such as /set/0/time, or /set/*/time for each row")
            return None
    if pointers["path"] is None:
        return None
    return PatchOperation(
        op=str(fields["op"]), path=pointers["path"], source=pointers["from"], value=fields.get("value")
    )


def _edit_document(edit: Edit) -> dict[str, object]:
    document: dict[str, object] = {}
    if edit.headers:
        document["headers"] = dict(edit.headers)
    if edit.merge is not None:
        document["merge"] = edit.merge
    if edit.patch:
        document["patch"] = [operation.document() for operation in edit.patch]
    return document

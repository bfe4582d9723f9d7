"""The JSON Schema of fault rules: what :mod:`mock_sma.fault_rules` reads, for editors."""

from __future__ import annotations

from typing import Any

from mock_sma.domain.faults import DELAY_KEYS, MAX_DELAY, FaultKind
from mock_sma.domain.json_patch import OPERATIONS
from mock_sma.fault_rules.document import MAX_TIMES
from mock_sma.fault_rules.effect_document import MAX_OPERATIONS, STATUSES

Schema = dict[str, Any]

_TEXT, _FLAG = {"type": "string"}, {"type": "boolean"}
_COUNT = {"type": "integer", "minimum": 1, "maximum": MAX_TIMES}
_MOMENT, _SPAN = {"$ref": "#/$defs/Moment"}, {"$ref": "#/$defs/Span"}
_SECONDS = {"type": "number", "minimum": 0, "maximum": MAX_DELAY}
_WRITTEN = [{"type": "string"}, {"type": "number"}]


def _mapping(about: str, properties: Schema, **more: Any) -> Schema:
    return {
        "type": "object",
        "description": about,
        "properties": properties,
        "additionalProperties": False,
        **more,
    }


def _by_name(*values: Schema) -> Schema:
    return {"type": "object", "additionalProperties": {"anyOf": list(values)}}


def _part(name: str, about: str) -> Schema:
    return {"anyOf": [{"$ref": f"#/$defs/{name}"}], "description": about}


_METHODS = {"anyOf": [{"enum": ["GET", "POST", "PUT", "DELETE"]}, _TEXT]}

FAULT_DEFINITIONS: dict[str, Schema] = {
    "FaultRule": _mapping(
        "A rule by which answers go wrong.",
        {
            "match": _part("FaultMatch", "which requests it strikes; left out: all"),
            "effect": _part("FaultEffect", "what happens to them"),
            "times": _COUNT | {"description": "for so many requests; left out: without end"},
            "after": _COUNT | {"minimum": 0, "description": "only once so many have gone by"},
            "probability": {
                "type": "number",
                "minimum": 0,
                "maximum": 1,
                "description": "share of the requests, from 0 to 1",
            },
            "schedule": _part("FaultSchedule", "when it is in force"),
        },
        required=["effect"],
    ),
    "FaultMatch": _mapping(
        "Which requests a rule strikes.",
        {
            "method": _METHODS | {"description": "left out: any"},
            "path": _TEXT | {"description": "an exact path, or a pattern with *"},
            "client_id": _TEXT | {"description": "left out: every client"},
            "query": _by_name(*_WRITTEN, _FLAG, {"type": "null"})
            | {"description": "values or patterns; null: it is missing"},
            "body": {
                "anyOf": [{"type": "object"}, _TEXT],
                "description": "members of JSON, fields of a form, or a pattern",
            },
        },
    ),
    "FaultEffect": _mapping(
        "What happens to a request.",
        {
            "status": {
                "type": "integer",
                "minimum": STATUSES[0],
                "maximum": STATUSES[1],
                "description": "the status that is answered, with body and headers",
            },
            "body": {"description": "the body that is answered; JSON may be written as a mapping"},
            "headers": _by_name(*_WRITTEN) | {"description": "headers that are answered, by name"},
            "delay": {
                "anyOf": [_SECONDS, {"$ref": "#/$defs/FaultDelay"}],
                "description": "seconds before the answer, or a distribution",
            },
            "fault": {"enum": [kind.value for kind in FaultKind], "description": "how the answer breaks on its way"},
            "expire_token": _FLAG | {"description": "401, as if the token had run out"},
            "quota_exhausted": _FLAG | {"description": "429, as if the quota were spent (R17)"},
            "html_504": _FLAG | {"description": "504 with a gateway's HTML page"},
            "edit": _part("FaultEdit", "changes to the real answer: headers, and a merge or a patch of its body"),
        },
        minProperties=1,
    ),
    "FaultDelay": _mapping(
        "Seconds before an answer, by chance.",
        {
            "distribution": {"enum": [kind.value for kind in DELAY_KEYS], "description": "of the seconds"},
            **{
                name: _SECONDS | {"description": f"of {kind.value!r}"}
                for kind, names in DELAY_KEYS.items()
                for name in names
            },
        },
        required=["distribution"],
    ),
    "FaultEdit": _mapping(
        "Changes to the real answer.",
        {
            "headers": _by_name(*_WRITTEN, {"type": "null"})
            | {"description": "headers that become others; null takes one away"},
            "merge": {"type": "object", "description": "members of the JSON that become others (RFC 7396)"},
            "patch": {
                "type": "array",
                "items": {"$ref": "#/$defs/PatchOperation"},
                "maxItems": MAX_OPERATIONS,
                "description": "operations on the JSON (RFC 6902)",
            },
        },
        minProperties=1,
    ),
    "PatchOperation": _mapping(
        "An operation on an answer's JSON (RFC 6902).",
        {
            "op": {"enum": [*OPERATIONS], "description": "what is done"},
            "path": _TEXT | {"description": "a JSON Pointer such as /set/0/time; * stands for each item"},
            "from": _TEXT | {"description": "where it is moved or copied from"},
            "value": {"description": "what is put there"},
        },
        required=["op", "path"],
    ),
    "FaultSchedule": _mapping(
        "When a rule is in force.",
        {
            "from": _MOMENT | {"description": "when it comes into force; left out: at once"},
            "until": _MOMENT | {"description": "when it is over; left out: never"},
            "duration": _SPAN | {"description": "how long it is in force, in place of until"},
            "every": _SPAN | {"description": "again after each such span"},
            "times": _COUNT | {"description": "how often in all"},
        },
    ),
}
"""Definitions by name, as draft 2020-12 has them; rules and their parts know no other keys."""

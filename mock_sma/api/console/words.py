"""What the scenario language has at a place of a document: keys with their meaning, and the words they take."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from mock_sma.scenarios.schema import SCHEMA_FILE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

Node = dict[str, Any]

KINDS = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "object": "mapping",
}
FORMATS = {
    "date-time": "time such as 2025-06-15T12:00:00+02:00",
    "date": "date such as 2025-06-15",
    "duration": "span such as PT5M",
}
ASIDE = {"Include", "Parameter"}
"""Definitions of what may stand anywhere, and would be said of everything."""

DISTINCT = ("action", "kind")
"""Keys whose value tells which of several mappings is meant."""


@cache
def _schema() -> Node:
    found: Node = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    return found


def words_at(path: Sequence[str], beside: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Return the keys that may stand at a place, each with what an editor shows of it.

    Args:
        path: keys that lead there from the top; items of lists have none.
        beside: values that stand there already, of which ``action`` and ``kind`` tell which mapping it is.

    Returns:
        by key: ``about``, ``kind`` (in words), ``nested`` (whether a mapping or list follows) and ``values``.
    """
    nodes = [_schema()]
    for key in path:
        nodes = [found for node in _mappings(nodes) for found in _under(node, key)]
    words: dict[str, dict[str, Any]] = {}
    for node in _meant(list(_mappings(nodes)), beside):
        for key, value in node.get("properties", {}).items():
            _add(words, key, value)
    return words


def _add(words: dict[str, dict[str, Any]], key: str, value: Node) -> None:
    found = _word(value)
    there = words.setdefault(key, found)
    if there is not found:
        there["values"] += [item for item in found["values"] if item not in there["values"]]
        there["about"] = there["about"] or found["about"]


def _word(value: Node) -> dict[str, Any]:
    leaves = list(_leaves(value))
    values: list[str] = []
    kinds: list[str] = []
    for leaf in leaves:
        values += [_plain(item) for item in leaf.get("enum", [leaf["const"]] if "const" in leaf else [])]
        if leaf.get("type") == "boolean":
            values += ["true", "false"]
        kinds.append(_kind(leaf))
    default = f"by itself {_plain(value['default'])}" if value.get("default") not in (None, "", [], {}) else ""
    kind = ", or ".join(dict.fromkeys(filter(None, kinds)))
    return {
        "about": value.get("description")
        or next((leaf["description"] for leaf in leaves if "description" in leaf), ""),
        "kind": "; ".join(filter(None, (kind, default))),
        "nested": any(leaf.get("type") in ("object", "array") for leaf in leaves),
        "values": list(dict.fromkeys(values)),
    }


def _kind(leaf: Node) -> str:
    if "enum" in leaf or "const" in leaf:
        return "one of the words"
    if leaf.get("type") == "array":
        return "list"
    return FORMATS.get(leaf.get("format", ""), KINDS.get(leaf.get("type", ""), ""))


def _plain(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _leaves(node: Node) -> Iterator[Node]:
    """Yield the alternatives of a node."""
    name = node.get("$ref", "").rpartition("/")[2]
    if name in ASIDE:
        return
    if name:
        yield from _leaves(_schema()["definitions"][name])
    elif options := node.get("anyOf") or node.get("oneOf"):
        for option in options:
            yield from _leaves(option)
    else:
        yield node


def _mappings(nodes: Iterable[Node]) -> Iterator[Node]:
    """Yield the mappings among nodes and, where they are lists, among their items."""
    for node in nodes:
        for leaf in _leaves(node):
            if leaf.get("type") == "array":
                yield from _mappings([leaf.get("items", {})])
            elif leaf.get("type") == "object":
                yield leaf


def _under(node: Node, key: str) -> Iterator[Node]:
    properties, other = node.get("properties", {}), node.get("additionalProperties")
    if key in properties:
        yield properties[key]
    elif isinstance(other, dict):
        yield other


def _meant(nodes: list[Node], beside: Mapping[str, str]) -> list[Node]:
    for key in DISTINCT:
        fitting = [
            node for node in nodes if beside.get(key) in _word(node.get("properties", {}).get(key, {}))["values"]
        ]
        nodes = fitting or nodes
    return nodes

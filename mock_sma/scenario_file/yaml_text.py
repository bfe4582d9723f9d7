"""Reading YAML with the line of every key; nothing runs code, follows a file or resolves a tag."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

from mock_sma.errors import Problem

if TYPE_CHECKING:
    from yaml.nodes import Node

    from mock_sma.scenario_file.source import Path, Source

MAX_DEPTH = 24
MAX_NODES = 200_000
MAX_ALIASES = 200

_SAFE_TAGS = frozenset(f"tag:yaml.org,2002:{name}" for name in ("null", "bool", "int", "float", "str"))
_IMPLICIT = {
    "tag:yaml.org,2002:int": re.compile(r"[-+]?(0|[1-9][0-9]*)"),
    "tag:yaml.org,2002:bool": re.compile(r"true|false|True|False|TRUE|FALSE"),
    "tag:yaml.org,2002:float": re.compile(r"[-+]?([0-9]*\.?[0-9]+|[0-9]+\.)([eE][-+]?[0-9]+)?"),
}
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(source: Source, text: str) -> None:
    """Put the value of a YAML text and its places into a source; mistakes too."""
    try:
        loader = _LOADER(text)
        try:
            node = loader.get_single_node()
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (None, None)
        message = f"this is not YAML: {error.problem or error.context}"
        source.problems.append(Problem(message, "", None, source.file, line, column))
        return
    except (yaml.YAMLError, RecursionError) as error:
        source.add((), f"this YAML cannot be read: {str(error).splitlines()[0]}")
        return
    if node is None:
        source.add((), "the document is empty; `mock-sma init FILE` writes a starter")
        return
    source.value = _Walk(source).value(node, (), 0)


class _Walk:
    """From YAML nodes to values, with caps on depth, size and aliases."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.count = 0
        self.open: set[int] = set()
        self.seen: set[int] = set()
        self.aliases = 0
        self.constructor = yaml.constructor.SafeConstructor()

    def value(self, node: Node, path: Path, depth: int) -> Any:
        mark = node.start_mark
        self.source.places[path] = (mark.line + 1, mark.column + 1, self.source.file)
        self._admit(node, path, depth)
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, path)
        if id(node) in self.open:
            self.source.add(path, "an alias contains itself")
            return None
        self.open.add(id(node))
        try:
            if isinstance(node, yaml.SequenceNode):
                self._plain(node, path, "seq")
                return [self.value(item, (*path, index), depth + 1) for index, item in enumerate(node.value)]
            assert isinstance(node, yaml.MappingNode)
            self._plain(node, path, "map")
            return self._mapping(node, path, depth)
        finally:
            self.open.discard(id(node))

    def _admit(self, node: Node, path: Path, depth: int) -> None:
        self.count += 1
        if id(node) in self.seen and not isinstance(node, yaml.ScalarNode):
            self.aliases += 1
        self.seen.add(id(node))
        for value, limit, what in (
            (self.count, MAX_NODES, "holds more than {} values"),
            (depth, MAX_DEPTH, "is nested deeper than {} levels"),
            (self.aliases, MAX_ALIASES, "uses aliases more than {} times"),
        ):
            if value > limit:
                self.source.add(path, "the document " + what.format(limit))
                self.source.check()

    def _plain(self, node: Node, path: Path, kind: str) -> None:
        if node.tag != f"tag:yaml.org,2002:{kind}":
            self.source.add(path, f"the tag {node.tag!r} is not allowed: a scenario holds plain values only")

    def _scalar(self, node: yaml.ScalarNode, path: Path) -> Any:
        if node.tag == "tag:yaml.org,2002:timestamp":
            # Dates stay texts: the models read them, and an ennexOS reader sees what was written.
            return node.value
        if _IMPLICIT.get(node.tag) and not _IMPLICIT[node.tag].fullmatch(node.value):
            # YAML 1.1 surprises: 0123, 12:30 and NO (Norway) stay what was written, as in YAML 1.2.
            return node.value
        if node.tag not in _SAFE_TAGS:
            self.source.add(path, f"the tag {node.tag!r} is not allowed: a scenario holds plain values only")
            return None
        try:
            return self.constructor.construct_object(node)
        except (ValueError, KeyError, yaml.YAMLError):
            self.source.add(path, f"the value {node.value[:40]!r} cannot be read")
            return None

    def _mapping(self, node: yaml.MappingNode, path: Path, depth: int) -> dict[str, Any]:
        result: dict[str, Any] = {}
        merged: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if key_node.tag == "tag:yaml.org,2002:merge":
                value = self.value(value_node, path, depth + 1)
                for item in reversed(value if isinstance(value, list) else [value]):
                    if not isinstance(item, dict):
                        self._refuse_merge(value_node, path)
                        break
                    merged |= item
                continue
            name = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
            if name is None:
                self.source.add(path, "a key has to be a word")
                continue
            where, mark = (*path, name), key_node.start_mark
            if name in result:
                self.source.places[where] = (mark.line + 1, mark.column + 1, self.source.file)
                self.source.add(where, f"the key {name!r} appears twice")
                continue
            result[name] = self.value(value_node, where, depth + 1)
            self.source.places[where] = (mark.line + 1, mark.column + 1, self.source.file)
        return {**merged, **result}

    def _refuse_merge(self, node: Node, path: Path) -> None:
        where, mark = (*path, "<<"), node.start_mark
        self.source.places[where] = (mark.line + 1, mark.column + 1, self.source.file)
        self.source.add(where, "takes an alias of a mapping (<<: *name), or a list of them")

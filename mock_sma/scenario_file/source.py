"""Reading YAML and JSON with the line of every key; nothing runs code, follows a file or resolves a tag."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

from mock_sma.errors import Problem, ScenarioError

if TYPE_CHECKING:
    from yaml.nodes import Node

MAX_SIZE = 1024 * 1024
MAX_DEPTH = 24
MAX_NODES = 200_000
MAX_ALIASES = 200

Path = tuple[str | int, ...]

_SAFE_TAGS = frozenset(f"tag:yaml.org,2002:{name}" for name in ("null", "bool", "int", "float", "str"))
_IMPLICIT = {
    "tag:yaml.org,2002:int": re.compile(r"[-+]?(0|[1-9][0-9]*)"),
    "tag:yaml.org,2002:bool": re.compile(r"true|false|True|False|TRUE|FALSE"),
    "tag:yaml.org,2002:float": re.compile(r"[-+]?([0-9]*\.?[0-9]+|[0-9]+\.)([eE][-+]?[0-9]+)?"),
}
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def path_text(path: Path) -> str:
    """Return a key path as ``plants[0].users[1].owner``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else (f".{part}" if text else str(part))
    return text


@dataclass(slots=True)
class Source:
    """A document with its places.

    Attributes:
        value: plain dictionaries, lists and scalars.
        places: line and column (1-based) of every value by its path.
        directory: of the file, for ``extends``; None for a document that came without one.
    """

    file: str | None
    value: Any = None
    places: dict[Path, tuple[int, int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    directory: str | None = None

    def problem(self, path: Path, message: str, rule: str | None = None) -> Problem:
        """Return a problem at ``path``, or at the nearest place above it that stands in the text."""
        at = path
        while at and at not in self.places:
            at = at[:-1]
        line, column = self.places.get(at, (None, None))
        return Problem(message, path_text(path), rule, self.file, line, column)

    def add(self, path: Path, message: str, rule: str | None = None) -> None:
        """Take down a problem."""
        self.problems.append(self.problem(path, message, rule))

    def check(self) -> None:
        """Raise all problems taken down so far.

        Raises:
            ScenarioError: there are any.
        """
        if self.problems:
            ordered = sorted(self.problems, key=lambda item: (item.line or 0, item.column or 0, item.path))
            raise ScenarioError(ordered)


def read_mapping(value: Any, file: str | None = None) -> Source:
    """Return a source over a mapping that was made in Python; it has no lines."""
    return Source(file, value)


def read_text(text: str | bytes, *, format: str, file: str | None = None) -> Source:  # noqa: A002 - the word
    """Return the document in ``text``.

    Args:
        text: at most :data:`MAX_SIZE` bytes of UTF-8.
        format: ``yaml`` or ``json``.
        file: name for messages.

    Raises:
        ScenarioError: it cannot be read at all.
    """
    source = Source(file)
    size = len(text if isinstance(text, bytes) else text.encode("utf-8", "replace"))
    if size > MAX_SIZE:
        source.add((), f"the document has {size} bytes; at most {MAX_SIZE} are read")
        source.check()
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            source.add((), f"the document is not UTF-8: byte {error.start} cannot be read")
            source.check()
            raise AssertionError from error
    if format == "json":
        _read_json(source, text)
    else:
        _read_yaml(source, text)
    source.check()
    return source


def _read_json(source: Source, text: str) -> None:
    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for name, value in items:
            if name in result:
                source.add((), f"the key {name!r} stands there twice in one object")
            result[name] = value
        return result

    try:
        source.value = json.loads(text, object_pairs_hook=pairs, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        source.problems.append(
            Problem(f"this is not JSON: {error.msg}", "", None, source.file, error.lineno, error.colno)
        )
    except (RecursionError, ValueError) as error:
        source.add((), f"this JSON cannot be read: {error}")
    else:
        _check_depth(source, source.value, 0)
        _lines_of_json(source, text)


def _lines_of_json(source: Source, text: str) -> None:
    # JSON is nearly YAML: a second reading as YAML gives the lines; where it fails only they are lost.
    twin = Source(source.file)
    try:
        _read_yaml(twin, text)
    except ScenarioError:
        return
    source.places = twin.places
    if source.problems and twin.problems:
        source.problems = twin.problems


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _check_depth(source: Source, value: Any, depth: int) -> None:
    if depth > MAX_DEPTH:
        source.add((), f"the document is nested deeper than {MAX_DEPTH} levels")
        source.check()
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for child in children:
        _check_depth(source, child, depth + 1)


def _read_yaml(source: Source, text: str) -> None:
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
        self.source.places[path] = (mark.line + 1, mark.column + 1)
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
                    merged |= item if isinstance(item, dict) else {}
                continue
            name = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
            if name is None:
                self.source.add(path, "a key has to be a word")
                continue
            where = (*path, name)
            if name in result:
                self.source.places[where] = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
                self.source.add(where, f"the key {name!r} stands there twice")
                continue
            result[name] = self.value(value_node, where, depth + 1)
            self.source.places[where] = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
        return {**merged, **result}

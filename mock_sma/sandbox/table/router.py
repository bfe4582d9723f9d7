"""From a path to an operation: a tree of lower-case segments per layout."""

from __future__ import annotations

from difflib import SequenceMatcher
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from mock_sma.sandbox.exchange import decode_segment

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mock_sma.sandbox.hosts import Layout
    from mock_sma.sandbox.table.operation import Operation

CACHE_SIZE = 4_096


class Match(NamedTuple):
    """A path's operations by method, and its parameters."""

    operations: dict[str, Operation]
    params: dict[str, str]


class _Node:
    __slots__ = ("children", "name", "operations", "wildcard")

    def __init__(self) -> None:
        self.children: dict[str, _Node] = {}
        self.wildcard: _Node | None = None
        self.name = ""
        self.operations: dict[str, Operation] = {}


class Router:
    """Finds operations for one layout.

    Literals match without regard to case, and one trailing slash is accepted (docs/decisions.md, Hosts and paths).
    """

    def __init__(self, layout: Layout, operations: Iterable[Operation]) -> None:
        self.layout = layout
        self._root = _Node()
        self._paths: list[str] = []
        self._cache: dict[str, Match] = {}
        by_api: dict[str, list[Operation]] = {}
        for operation in operations:
            by_api.setdefault(operation.api, []).append(operation)
        for api, prefix in layout.mounts:
            for operation in by_api.get(api, ()):
                self._add(prefix + operation.path, operation)

    def _add(self, path: str, operation: Operation) -> None:
        node = self._root
        for segment in path.strip("/").split("/"):
            if segment.startswith("{"):
                node.wildcard = node.wildcard or _Node()
                node = node.wildcard
                node.name = segment[1:-1]
            else:
                node = node.children.setdefault(segment.lower(), _Node())
        node.operations.setdefault(operation.method, operation)
        self._paths.append(path)

    def match(self, path: str) -> Match | None:
        """Return what ``path`` (as sent, without query) leads to, or None."""
        try:
            return self._cache[path]
        except KeyError:
            pass
        found = self._find(path)
        if found is None:
            return None  # such a path need not be quick
        if len(self._cache) >= CACHE_SIZE:
            self._cache.clear()
        self._cache[path] = found
        return found

    def _find(self, path: str) -> Match | None:
        segments = path[1:].split("/")
        if len(segments) > 1 and segments[-1] == "":
            segments.pop()
        params: dict[str, str] = {}
        node = self._root
        for raw in segments:
            segment = decode_segment(raw)
            child = node.children.get(segment.lower())
            if child is None:
                child = node.wildcard
                if child is None or not segment:
                    return None
                params[child.name] = segment
            node = child
        return Match(node.operations, params) if node.operations else None

    def nearest(self, path: str, count: int = 3) -> list[str]:
        """Return the known paths that look most like ``path``."""
        wanted = path.lower()[:200]
        scored = {known: SequenceMatcher(None, wanted, known.lower()).ratio() for known in self._paths}
        return sorted(scored, key=lambda known: -scored[known])[:count]


@lru_cache(maxsize=64)
def router_of(layout: Layout, operations: tuple[Operation, ...]) -> Router:
    """Return the router of a layout; worlds share it, as building it takes longer than all else in a new world."""
    return Router(layout, operations)

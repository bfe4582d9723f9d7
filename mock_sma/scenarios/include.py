"""``include``: a part of a document that stands in a file of its own, with values for its parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mock_sma.scenarios.parameters import KEY, Filling

if TYPE_CHECKING:
    from collections.abc import Callable

    from mock_sma.scenario_file.source import Path, Places, Source

INCLUDE, WITH = "include", "with"


def is_include(value: Any) -> bool:
    """Tell whether a value stands for a part: ``{include: FILE}``, perhaps ``with`` values for its parameters."""
    return isinstance(value, dict) and INCLUDE in value and set(value) <= {INCLUDE, WITH}


def included(source: Source, read: Callable[[Path, str], Source]) -> None:
    """Put parts in the places where a source asks for them; a list's items come in the place of its include.

    Args:
        read: gives the part of a name, its own includes worked in; takes the path that asks for it.
    """
    if _asks(source.value):
        work = _Includes(source, read)
        source.value = work.value(source.value, (), ())
        source.settle(work.places)


class _Includes:
    def __init__(self, source: Source, read: Callable[[Path, str], Source]) -> None:
        self._source = source
        self._read = read
        self.places: Places = {}

    def value(self, value: Any, at: Path, to: Path) -> Any:
        """Return a value with its parts; places go from where something stood to where it stands now."""
        if is_include(value):
            part = self._part(value, at)
            return None if part is None else self._settled(part, to)
        self._move(at, to)
        if isinstance(value, dict):
            return {name: self.value(item, (*at, name), (*to, name)) for name, item in value.items()}
        if isinstance(value, list):
            result: list[Any] = []
            for index, item in enumerate(value):
                self._append(result, item, (*at, index), to)
            return result
        return value

    def _append(self, result: list[Any], item: Any, at: Path, to: Path) -> None:
        place = (*to, len(result))
        if not is_include(item):
            result.append(self.value(item, at, place))
            return
        part = self._part(item, at)
        if part is None:
            return
        if not isinstance(part.value, list):
            result.append(self._settled(part, place))
            return
        first = len(result)
        result += part.value
        for path, mark in part.places.items():
            if path and isinstance(path[0], int):
                self.places[(*to, first + path[0], *path[1:])] = mark

    def _move(self, at: Path, to: Path) -> None:
        mark = self._source.places.get(at)
        if mark is not None:
            self.places[to] = mark

    def _settled(self, part: Source, to: Path) -> Any:
        self.places |= {(*to, *path): mark for path, mark in part.places.items()}
        return part.value

    def _part(self, wish: dict[str, Any], at: Path) -> Source | None:
        name, given = wish[INCLUDE], wish.get(WITH, {})
        if not isinstance(name, str) or not isinstance(given, dict):
            self._source.add(at, "an include is {include: FILE}, or {include: FILE, with: {name: value}}")
            return None
        part = self._read((*at, INCLUDE), name)
        own = part.value.pop(KEY, {}) if isinstance(part.value, dict) else {}
        work = Filling(part, {**own, **given} if isinstance(own, dict) else given, is_part=True)
        part.value = work.value(part.value, ())
        for unused in given.keys() - work.used:
            self._source.add((*at, WITH, unused), f"{name!r} has no ${{{unused}}}")
        self._source.problems += part.problems
        return part


def _asks(value: Any) -> bool:
    if isinstance(value, dict):
        return is_include(value) or any(map(_asks, value.values()))
    return isinstance(value, list) and any(map(_asks, value))

"""``extends`` and ``append``: a scenario that takes over others, changes what it names, and adds to lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mock_sma.scenario_file.templates import APPEND

if TYPE_CHECKING:
    from mock_sma.scenario_file.source import Path, Places, Source

IDENTITY = {"clients": "id", "plants": "id", "users": "email"}
"""Lists whose items are put over the base's item of the same name; any other list replaces the base's."""


def merge(base: Source, source: Source) -> None:
    """Put the base's document under the source's own; its places come along, each with its file.

    Mappings are merged key by key. Users, plants and clients are found by e-mail or id, and new ones are
    appended, as is what stands in ``append``. Every other value, lists included, replaces the base's.
    """
    work = _Merge()
    value = work.top(base.value, source.value)
    # Places are looked up only where somebody has to be told of one.
    before, own = base.places_later(), source.places_later()
    source.look_up = lambda: before() | work.moved(own())
    source.value = value


def merged(base: Any, own: dict[str, Any]) -> dict[str, Any]:
    """Return the base's document with another one over it; see :func:`merge`."""
    return _Merge().top(base, own)


class _Merge:
    """One merge.

    Attributes:
        moves: where what has moved stood in the own document, and where it stands in the merged one.
    """

    def __init__(self) -> None:
        self.moves: dict[Path, Path] = {}

    def top(self, base: Any, own: dict[str, Any]) -> dict[str, Any]:
        """Return the base's document with the own one over it."""
        result: dict[str, Any] = self._over(base, {**own, "extends": None}, (), ())
        del result["extends"]
        return result

    def moved(self, places: Places) -> Places:
        """Return the own document's places as they are in the merged one."""
        return {self._place(path): place for path, place in places.items()}

    def _place(self, path: Path) -> Path:
        for length in range(len(path), 0, -1):
            new = self.moves.get(path[:length])
            if new is not None:
                return new + path[length:]
        return path

    def _over(self, base: Any, value: Any, at: Path, to: Path) -> Any:
        if not isinstance(base, dict) or not isinstance(value, dict):
            return value
        result = dict(base)
        for name, item in value.items():
            known = base.get(name)
            if not at and name in IDENTITY and isinstance(item, list) and isinstance(known, list):
                result[name] = self._by_identity(known, item, name)
            elif name != APPEND:
                result[name] = self._over(known, item, (*at, name), (*to, name))
        waiting = result.pop(APPEND, None)
        if isinstance(waiting, dict):  # of the base, for lists of a template that the own document does not replace
            waiting = {name: items for name, items in waiting.items() if name not in value}
        waiting = self._append(result, waiting or {}, value.get(APPEND, {}), at, to)
        return {**result, APPEND: waiting} if waiting else result

    def _append(self, result: dict[str, Any], waiting: Any, added: Any, at: Path, to: Path) -> Any:
        """Put lists behind those of ``result``; gives those that wait for a template's."""
        if not isinstance(added, dict) or not isinstance(waiting, dict):
            return added or waiting
        waiting = dict(waiting)
        for name, items in added.items():
            is_there = isinstance(result.get(name), list)
            into, path = (result, (*to, name)) if is_there else (waiting, (*to, APPEND, name))
            known = into.get(name, [])
            if not isinstance(items, list) or not isinstance(known, list):
                waiting[name] = items
                continue
            into[name] = [*known, *items]
            for index in range(len(items)):
                self.moves[(*at, APPEND, name, index)] = (*path, len(known) + index)
        return waiting

    def _by_identity(self, base: list[Any], own: list[Any], name: str) -> list[Any]:
        """Return the base's list with the own items over those of the same identity; new ones come last."""
        key = IDENTITY[name]
        places = {_name(item, key): index for index, item in enumerate(base)}
        result = list(base)
        for index, item in enumerate(own):
            known = _name(item, key)
            place = places.get(known) if known is not None else None
            at, to = (name, index), (name, len(result) if place is None else place)
            self.moves[at] = to
            if place is None:
                result.append(item)
            else:
                result[place] = self._over(result[place], item, at, to)
        return result


def _name(item: Any, key: str) -> str | None:
    value = item.get(key) if isinstance(item, dict) else None
    return None if value is None else str(value).casefold()

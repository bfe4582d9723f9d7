"""``extends``: a scenario that takes over another one and changes what it names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mock_sma.scenario_file.source import Path, Source

IDENTITY = {"clients": "id", "plants": "id", "users": "email"}
"""Lists whose items are put over the base's item of the same name; any other list replaces the base's."""


def merged(base: Any, source: Source) -> dict[str, Any]:
    """Return the base's document with the source's over it; the source's places follow its items.

    Mappings are merged key by key. Users, plants and clients are found by e-mail or id, and new ones are
    appended. Every other value, lists included, replaces the base's.
    """
    own = {name: value for name, value in source.value.items() if name != "extends"}
    result = {**base}
    for name, value in own.items():
        if name in IDENTITY and isinstance(value, list) and isinstance(base.get(name), list):
            result[name], moves = _by_identity(base[name], value, IDENTITY[name])
            _move(source, name, moves)
        else:
            result[name] = _over(base.get(name), value)
    return result


def _over(base: Any, value: Any) -> Any:
    if not isinstance(base, dict) or not isinstance(value, dict):
        return value
    return {**base, **{name: _over(base.get(name), item) for name, item in value.items()}}


def _by_identity(base: list[Any], own: list[Any], key: str) -> tuple[list[Any], dict[int, int]]:
    result = list(base)
    places = {_name(item, key): index for index, item in enumerate(base)}
    moves = {}
    for index, item in enumerate(own):
        at = places.get(_name(item, key)) if _name(item, key) is not None else None
        if at is None:
            moves[index] = len(result)
            result.append(item)
        else:
            moves[index] = at
            result[at] = _over(result[at], item)
    return result, moves


def _name(item: Any, key: str) -> str | None:
    value = item.get(key) if isinstance(item, dict) else None
    return None if value is None else str(value).casefold()


def _move(source: Source, name: str, moves: dict[int, int]) -> None:
    moved: dict[Path, tuple[int, int]] = {}
    for path, place in list(source.places.items()):
        if len(path) > 1 and path[0] == name and isinstance(path[1], int):
            del source.places[path]
            moved[(name, moves[path[1]], *path[2:])] = place
    source.places.update(moved)

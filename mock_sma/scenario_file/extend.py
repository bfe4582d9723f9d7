"""``extends``: a scenario that takes over another one and changes what it names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mock_sma.scenario_file.source import Path, Source

IDENTITY = {"clients": "id", "plants": "id", "users": "email"}
"""Lists whose items are put over the base's item of the same name; any other list replaces the base's."""


def merge(base: Source, source: Source) -> None:
    """Put the base's document under the source's own; its places come along, each with its file.

    Mappings are merged key by key. Users, plants and clients are found by e-mail or id, and new ones are
    appended. Every other value, lists included, replaces the base's.
    """
    own = source.value
    moves: dict[str, dict[int, int]] = {}
    for name, value in own.items():
        if name in IDENTITY and isinstance(value, list) and isinstance(base.value.get(name), list):
            moves[name] = _moves(base.value[name], value, IDENTITY[name])
    # Places are looked up only where somebody has to be told of one.
    look_up = source.places_later()
    source.look_up = lambda: base.places | {_moved(path, moves): place for path, place in look_up().items()}
    source.value = merged(base.value, own)


def merged(base: Any, own: dict[str, Any]) -> dict[str, Any]:
    """Return the base's document with another one over it; see :func:`merge`."""
    result = {**base}
    for name, value in own.items():
        if name == "extends":
            continue
        if name in IDENTITY and isinstance(value, list) and isinstance(base.get(name), list):
            result[name] = _by_identity(base[name], value, IDENTITY[name])
        else:
            result[name] = _over(base.get(name), value)
    return result


def _over(base: Any, value: Any) -> Any:
    if not isinstance(base, dict) or not isinstance(value, dict):
        return value
    return {**base, **{name: _over(base.get(name), item) for name, item in value.items()}}


def _by_identity(base: list[Any], own: list[Any], key: str) -> list[Any]:
    result = list(base)
    for index, at in _moves(base, own, key).items():
        if at < len(base):
            result[at] = _over(result[at], own[index])
        else:
            result.append(own[index])
    return result


def _moves(base: list[Any], own: list[Any], key: str) -> dict[int, int]:
    """Return where each of the source's own items stands in the merged list."""
    places = {_name(item, key): index for index, item in enumerate(base)}
    moves: dict[int, int] = {}
    new = len(base)
    for index, item in enumerate(own):
        name = _name(item, key)
        at = places.get(name) if name is not None else None
        moves[index] = new if at is None else at
        new += at is None
    return moves


def _moved(path: Path, moves: dict[str, dict[int, int]]) -> Path:
    if len(path) > 1 and path[0] in moves and isinstance(path[1], int):
        return (path[0], moves[str(path[0])][path[1]], *path[2:])
    return path


def _name(item: Any, key: str) -> str | None:
    value = item.get(key) if isinstance(item, dict) else None
    return None if value is None else str(value).casefold()

"""``parameters``: values that stand in a document by their names, as in ``${owner}``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from mock_sma.domain.reading import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mock_sma.scenario_file.source import Path, Source

KEY = "parameters"
OPENING = "${"

_REFERENCE = re.compile(r"\$(\$?)\{([^{}]*)\}")
"""``${name}``, and ``$${name}``, which stays ``${name}``."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,60}")


def filled(source: Source, given: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return a source's document with its parameters' values in the places of their names.

    Args:
        given: values that go before the document's own.
    """
    document: dict[str, Any] = source.value
    own = document.get(KEY)
    if own is None and not given and not _mentions(document):
        return document
    if own is not None and not isinstance(own, dict):
        source.add((KEY,), "has to be a mapping of names to values, such as {owner: owner@example.org}")
        own = {}
    known: dict[str, Any] = {**(own or {})}
    for name in given or {}:
        if name not in known:
            source.add((), f"no parameter {name!r} in this scenario{nearest(name, list(known))}")
    known |= given or {}
    work = Filling(source, known)
    for name in known:
        if not _NAME.fullmatch(name):
            source.add((KEY, name), f"{name[:60]!r} is not a parameter name: use letters, digits, '_' and '-'")
    rest = {name: value for name, value in document.items() if name != KEY}
    return {name: work.value(value, (name,)) for name, value in rest.items()}


def escaped(value: Any) -> Any:
    """Return a document in which nothing means a parameter, though it may look like one."""
    if isinstance(value, str):
        return _REFERENCE.sub(lambda found: "$" + found[0], value) if OPENING in value else value
    if isinstance(value, dict):
        return {name: escaped(item) for name, item in value.items()}
    return [escaped(item) for item in value] if isinstance(value, list) else value


class Filling:
    """Puts values in the place of names.

    Args:
        source: takes the mistakes.
        known: values by name; they may hold names of those before them.
        is_part: names that are not known stay, since whoever includes the part may know them.

    Attributes:
        used: names that stood somewhere.
    """

    def __init__(self, source: Source, known: Mapping[str, Any], *, is_part: bool = False) -> None:
        self._source = source
        self._is_part = is_part
        self._known: dict[str, Any] = {}
        self.used: set[str] = set()
        for name, value in known.items():
            self._known[name] = self.value(value, (KEY, name))

    def value(self, value: Any, path: Path) -> Any:
        """Return a value with all names in it replaced."""
        if isinstance(value, str):
            return self._text(value, path) if OPENING in value else value
        if isinstance(value, dict):
            return {name: self.value(item, (*path, name)) for name, item in value.items()}
        if isinstance(value, list):
            return [self.value(item, (*path, index)) for index, item in enumerate(value)]
        return value

    def _text(self, text: str, path: Path) -> Any:
        whole = _REFERENCE.fullmatch(text)
        if whole is not None and not whole[1]:
            return self._named(whole[2], text, path)  # a number stays a number
        return _REFERENCE.sub(lambda found: self._part(found, path), text)

    def _part(self, found: re.Match[str], path: Path) -> str:
        if found[1]:
            return found[0] if self._is_part else found[0][1:]
        value = self._named(found[2], found[0], path)
        if isinstance(value, dict | list):
            self._source.add(path, f"the parameter {found[2]!r} is neither text nor a number, so it has to stand alone")
            return ""
        return str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)

    def _named(self, name: str, text: str, path: Path) -> Any:
        if name in self._known:
            self.used.add(name)
            return self._known[name]
        if not self._is_part:
            hint = nearest(name, list(self._known)) if self._known else "; name it under 'parameters'"
            self._source.add(path, f"no parameter {name[:60]!r}{hint}")
        return text


def _mentions(value: Any) -> bool:
    if isinstance(value, str):
        return OPENING in value
    if isinstance(value, dict):
        return any(map(_mentions, value.values()))
    return isinstance(value, list) and any(map(_mentions, value))

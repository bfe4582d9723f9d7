"""Where the values of a JSON text stand: the standard reader is fast and tells no places."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mock_sma.scenario_file.source import Path, Places

_BLANK = re.compile(r"[ \t\n\r]*")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_ATOM = re.compile(r"[^\s,:\[\]{}\"]+")


class JsonPlaces:
    """Line and column of every value of a text that the standard reader takes.

    Args:
        text: the JSON.
        file: name for the places.

    Attributes:
        places: by key path; a member's place is that of its name.
        twice: paths of names that stand in their object a second time.
    """

    def __init__(self, text: str, file: str | None) -> None:
        self._text = text
        self._file = file
        self._lines = [0, *(found.end() for found in re.finditer("\n", text))]
        self.places: Places = {}
        self.twice: list[Path] = []
        self._value(self._blank(0), ())

    def _value(self, at: int, path: Path) -> int:
        """Take down a value that begins at an offset; gives the offset behind it."""
        self.places.setdefault(path, self._place(at))
        sign = self._text[at]
        if sign == "{":
            return self._object(at, path)
        if sign == "[":
            return self._list(at, path)
        return self._end(_STRING if sign == '"' else _ATOM, at)

    def _object(self, at: int, path: Path) -> int:
        at = self._blank(at + 1)
        seen: set[str] = set()
        while self._text[at] != "}":
            end = self._end(_STRING, at)
            name = json.loads(self._text[at:end])
            where = (*path, name)
            self.places[where] = self._place(at)
            if name in seen:
                self.twice.append(where)
            seen.add(name)
            at = self._blank(self._value(self._blank(self._blank(end) + 1), where))
            at = self._blank(at + 1) if self._text[at] == "," else at
        return at + 1

    def _list(self, at: int, path: Path) -> int:
        at, index = self._blank(at + 1), 0
        while self._text[at] != "]":
            at = self._blank(self._value(at, (*path, index)))
            at, index = (self._blank(at + 1) if self._text[at] == "," else at), index + 1
        return at + 1

    def _blank(self, at: int) -> int:
        return self._end(_BLANK, at)

    def _end(self, pattern: re.Pattern[str], at: int) -> int:
        found = pattern.match(self._text, at)
        assert found is not None, at
        return found.end()

    def _place(self, at: int) -> tuple[int, int, str | None]:
        line = bisect_right(self._lines, at)
        return line, at - self._lines[line - 1] + 1, self._file

"""A document that has been read, with the place of every value in its text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mock_sma.errors import Problem, ScenarioError
from mock_sma.leaves import later

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path as FilePath

without_echoes = later("mistakes.echoes", "without_echoes")

Path = tuple[str | int, ...]
Places = dict[Path, tuple[int, int, str | None]]
"""Line and column (1-based) of values by their paths, and the file that they stand in."""


def path_text(path: Path) -> str:
    """Return a key path as ``plants[0].users[1].owner``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else (f".{part}" if text else str(part))
    return text


def keys_of_path(text: str) -> Path:
    """Return the key path that :func:`path_text` wrote."""
    parts = re.findall(r"[^.\[\]]+|\[\d+\]", text)
    return tuple(int(part[1:-1]) if part.startswith("[") else part for part in parts)


@dataclass(slots=True)
class Source:
    """A document with its places.

    Attributes:
        value: plain dictionaries, lists and scalars.
        directory: the directory of the file, for ``extends``; None for a document that came without one.
        folders: outside of which the document may name no files of rows; None: it may name any.
        files: takes the files of rows that it names.
        stood: where in the text some values stood that stand elsewhere in the document.
        look_up: finds the places when the first one is asked for; None: they are known, or there are none.
    """

    file: str | None
    value: Any = None
    problems: list[Problem] = field(default_factory=list)
    directory: str | None = None
    look_up: Callable[[], Places] | None = None
    folders: Sequence[FilePath] | None = None
    files: list[FilePath] | None = None
    stood: dict[Path, Path] = field(default_factory=dict)
    _places: Places = field(default_factory=dict)

    @property
    def places(self) -> Places:
        """Line, column and file of every value by its path."""
        if self.look_up is not None:
            self._places, self.look_up = self.look_up(), None
        return self._places

    def places_later(self) -> Callable[[], Places]:
        """Return a call for the places as they are now, however the look-up changes."""
        look_up, places = self.look_up, self._places
        return look_up if look_up is not None else lambda: places

    def settle(self, places: Places) -> None:
        """Take other places for the known ones."""
        self._places, self.look_up = places, None

    def problem(self, path: Path, message: str, rule: str | None = None) -> Problem:
        """Return a problem at ``path``, or at the nearest place above it that stands in the text."""
        at = self._stood(path)
        while at and at not in self.places:
            at = at[:-1]
        line, column, file = self.places.get(at, (None, None, self.file))
        return Problem(message, path_text(path), rule, file, line, column)

    def _stood(self, path: Path) -> Path:
        for length in range(len(path) if self.stood else 0, 0, -1):
            before = self.stood.get(path[:length])
            if before is not None:
                return before + path[length:]
        return path

    def add(self, path: Path, message: str, rule: str | None = None) -> None:
        """Take down a problem."""
        self.problems.append(self.problem(path, message, rule))

    def has_mistakes(self, path: Path) -> bool:
        """Tell whether a problem has been taken down at or below ``path``."""
        place = self.problem(path, "").path
        return any(f"{item.path}.".startswith(f"{place}.") for item in self.problems)

    def data_file(self, name: str) -> FilePath:
        """Return the file of rows that the document calls ``name``.

        Raises:
            RowsError: there is none, or it must not be read.
        """
        from mock_sma.recorded.files import located  # noqa: PLC0415 - where there are rows

        path = located(name, self.directory, self.folders)
        if self.files is not None and path not in self.files:
            self.files.append(path)
        return path

    def check(self) -> None:
        """Raise all problems taken down so far.

        Raises:
            ScenarioError: there are any.
        """
        if self.problems:
            ordered = sorted(
                without_echoes(self.problems),
                key=lambda item: (item.file != self.file, item.file or "", item.line or 0, item.column or 0, item.path),
            )
            raise ScenarioError(ordered)

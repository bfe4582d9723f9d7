"""Scenarios of a library, read once and again when one of their files has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.errors import Problem, ScenarioError
from mock_sma.scenarios.load import load_file

if TYPE_CHECKING:
    from pathlib import Path

    from mock_sma.domain.scenario import Scenario
    from mock_sma.scenarios.library import Library

MAX_KEPT = 64


class ScenarioCache:
    """Scenarios by name. They are immutable, so any number of worlds may begin from the same one.

    Args:
        library: where the names are from; nothing else can be loaded.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        self._kept: dict[Path, tuple[Scenario, list[tuple[Path, int, int]]]] = {}

    def load(self, name: str) -> Scenario:
        """Return the scenario called ``name``.

        Raises:
            ScenarioError: there is none, or its file has mistakes.
        """
        path = self._library.file(name)
        if path is None:
            raise ScenarioError([Problem(self._library.unknown(name[:70]), "scenario")])
        kept = self._kept.get(path)
        if kept is not None and [_stamp(file) for file, *_ in kept[1]] == kept[1]:
            return kept[0]
        files: list[Path] = []
        scenario = load_file(path, shown=path.name, library=self._library, files=files)
        if len(self._kept) >= MAX_KEPT:
            self._kept.clear()
        self._kept[path] = (scenario, [_stamp(file) for file in files])
        return scenario


def _stamp(file: Path) -> tuple[Path, int, int]:
    try:
        status = file.stat()
    except OSError:
        return file, 0, 0
    return file, status.st_mtime_ns, status.st_size

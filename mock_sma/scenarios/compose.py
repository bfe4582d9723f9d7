"""A document made of several files: what it extends, and the parts that it includes."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mock_sma.recorded.files import rebased
from mock_sma.scenario_file.read import MAX_SIZE, read_text
from mock_sma.scenario_file.templates import appended
from mock_sma.scenario_file.validate import check_version
from mock_sma.scenarios.extend import merge
from mock_sma.scenarios.include import included
from mock_sma.scenarios.library import SHIPPED, SUFFIXES, is_file

if TYPE_CHECKING:
    from mock_sma.scenario_file.source import Path as KeyPath
    from mock_sma.scenario_file.source import Source
    from mock_sma.scenarios.library import Library

MAX_CHAIN = 8
MAX_FILES = 200
"""Files of one document: an include that is read again and again counts each time."""

EXTENDS = "extends"


class Composer:
    """Works bases and parts into documents.

    Args:
        library: scenarios that ``extends`` may name.
        files: takes the paths of all files that are read, also where they have mistakes.
    """

    def __init__(self, library: Library, files: list[Path]) -> None:
        self._library = library
        self._files = files
        self._read = 0

    def compose(self, source: Source, chain: tuple[Path, ...] = ()) -> None:
        """Put what a document extends under it, and its parts into it.

        Raises:
            ScenarioError: a file is missing, cannot be read, or leads back to itself.
        """
        self._include(source, chain)
        check_version(source)
        bases = [self._base(source, at, name, chain) for at, name in _names(source)]
        source.check()
        for base, later in pairwise([*bases, source]):
            merge(base, later)
        source.value = appended(source, source.value, ())

    def _include(self, source: Source, chain: tuple[Path, ...]) -> None:
        def read(at: KeyPath, name: str) -> Source:
            part = self._file(source, at, self._part(source, at, name), chain)
            self._include(part, (*chain, self._files[-1]))
            return part

        included(source, read)
        source.check()

    def _part(self, source: Source, at: KeyPath, name: str) -> Path:
        # A document that came over the network names scenarios only; it must not read our files.
        path = None if source.directory is None else _beside(source.directory, name)
        if path is None:
            why = "a document that is no file includes none" if source.directory is None else "there is no such file"
            source.add(at, f"no part {name!r}: {why}")
            source.check()
        assert path is not None
        return path

    def _base(self, source: Source, at: KeyPath, name: str, chain: tuple[Path, ...]) -> Source:
        path = self._scenario(source, name)
        if path is None:
            hint = self._library.unknown(name).partition(repr(name))[2]
            source.add(at, f"no scenario {name!r} to extend{hint}")
            source.check()
        assert path is not None
        base = self._file(source, at, path, chain)
        self.compose(base, (*chain, path))
        return base

    def _scenario(self, source: Source, name: str) -> Path | None:
        inside = self._library.file(name)
        # A scenario of a user that is called like the shipped one it extends means that one.
        if inside is not None and source.directory is not None and inside.parent == Path(source.directory):
            inside = SHIPPED.file(name) or inside
        if inside is not None:
            return inside.resolve()
        return None if source.directory is None else _beside(source.directory, name)

    def _file(self, source: Source, at: KeyPath, path: Path, chain: tuple[Path, ...]) -> Source:
        self._read += 1
        if path in chain or len(chain) >= MAX_CHAIN:
            source.add(at, f"{path.name!r} leads back to itself, or over more than {MAX_CHAIN} files")
        if self._read > MAX_FILES:
            source.add(at, f"more than {MAX_FILES} files are read here")
        source.check()
        self._files.append(path)
        found = read_text(read_bytes(path), format=SUFFIXES.get(path.suffix.lower(), "yaml"), file=path.name)
        found.directory = str(path.parent)
        found.value = rebased(found.value, path.parent)
        return found


def _names(source: Source) -> list[tuple[KeyPath, str]]:
    """Return what a document extends, each with its place."""
    given: Any = source.value.get(EXTENDS)
    if given is None:
        return []
    names = given if isinstance(given, list) else [given]
    for index, name in enumerate(names):
        if not isinstance(name, str) or not name:
            at = (EXTENDS, index) if isinstance(given, list) else (EXTENDS,)
            source.add(at, f"has to be the name of a scenario or file, or a list of such names, not {name!r}")
    source.check()
    return [((EXTENDS, index) if isinstance(given, list) else (EXTENDS,), name) for index, name in enumerate(names)]


def _beside(directory: str, name: str) -> Path | None:
    found = (Path(directory) / f"{name}{end}" for end in ("", *SUFFIXES))
    return next((path.resolve() for path in found if is_file(path)), None)


def read_bytes(path: Path) -> bytes:
    """Return a file's bytes, one more at most than a document may have."""
    with path.open("rb") as stream:
        return stream.read(MAX_SIZE + 1)

"""Scenarios by name: the shipped ones, and those of directories that a user mounts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mock_sma.domain.reading import nearest
from mock_sma.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SUFFIXES = {".yaml": "yaml", ".yml": "yaml", ".json": "json"}
MAX_FILES = 2_000
MAX_NAME = 200
"""Longest name; no file's is longer than 255 bytes."""


def shipped_directory() -> Path:
    """Return the directory of the shipped scenarios, in a wheel or in a checkout."""
    package = Path(__file__).absolute().parents[1]
    installed = package / "_scenarios"
    return installed if installed.is_dir() else package.parent / "scenarios"


def is_file(path: Path) -> bool:
    """Tell whether there is a file; a path that is none is no mistake."""
    try:
        return path.is_file()
    except (OSError, ValueError):  # too long for a path, or with a NUL in it
        return False


def first_comment(file: Path) -> str:
    """Return the first comment line of a scenario file; empty where there is none."""
    with file.open(encoding="utf-8", errors="replace") as stream:
        for line in stream.read(4_096).splitlines():
            text = line.lstrip("# ").strip()
            if line.startswith("# ") and not text.lower().startswith(("yaml-language-server", "tags:")):
                return text
    return ""


class Library:
    """All scenarios that can be named.

    A name is a file's name without its suffix; only files that stand in one of the directories themselves can
    be named, so a name never leads to another place. A user's scenario hides a shipped one of the same name.

    Args:
        directories: besides the shipped one; looked through at each question, so that changes show at once.

    Raises:
        UsageError: one of them is not a directory.
    """

    def __init__(self, directories: Iterable[str | Path] = ()) -> None:
        self.directories = tuple(Path(item) for item in directories)
        for directory in self.directories:
            if not directory.is_dir():
                raise UsageError(f"--scenario-dir {directory} is not a directory")

    def file(self, name: str) -> Path | None:
        """Return the file of a scenario's name, or None."""
        if not 0 < len(name) <= MAX_NAME or any(sign in name for sign in "/\\\0") or name.startswith("."):
            return None
        for directory in (*self.directories, shipped_directory()):
            for suffix in SUFFIXES:
                file = directory / f"{name}{suffix}"
                if file.is_file():
                    return file
        return None

    def names(self) -> list[str]:
        """Return all names in order."""
        return sorted(self._files())

    def listing(self) -> list[tuple[str, str]]:
        """Return all names in order, each with the first comment line of its file."""
        files = self._files()
        return [(name, first_comment(files[name])) for name in sorted(files)]

    def unknown(self, name: str) -> str:
        """Return the complaint about a name that is none."""
        return f"no scenario {name[:MAX_NAME]!r}{nearest(name[:MAX_NAME], self.names())}"

    def _files(self) -> dict[str, Path]:
        found: dict[str, Path] = {}
        for directory in (shipped_directory(), *self.directories):
            for file in self._of(directory):
                found[file.stem] = file
        return found

    @staticmethod
    def _of(directory: Path) -> Iterator[Path]:
        # The same order of preference as in file(): the first suffix of SUFFIXES comes last and stays.
        for suffix in reversed(SUFFIXES):
            for number, file in enumerate(sorted(directory.glob(f"*{suffix}"))):
                if number < MAX_FILES and not file.name.startswith(".") and file.is_file():
                    yield file


SHIPPED = Library()
"""The shipped scenarios alone."""


def shipped() -> list[tuple[str, str]]:
    """Return the names of the shipped scenarios, each with the first comment line of its file."""
    return SHIPPED.listing()

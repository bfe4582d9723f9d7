"""A generated file as a value: where it stands, how its content is made, and whether it is current."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).absolute().parents[2]


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file of text.

    Attributes:
        name: path in the repository.
        make: returns its content, given the one it has (empty where it is missing).
    """

    name: str
    make: Callable[[str], str]

    def is_current(self, root: Path = ROOT) -> bool:
        """Tell whether it says what it should."""
        file = root / self.name
        return file.is_file() and (text := file.read_text(encoding="utf-8")) == self.make(text)

    def write(self, root: Path = ROOT) -> None:
        """Write it."""
        file = root / self.name
        text = file.read_text(encoding="utf-8") if file.is_file() else ""
        file.write_text(self.make(text), encoding="utf-8")

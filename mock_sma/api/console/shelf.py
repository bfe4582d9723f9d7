"""The library as one searches it: each scenario with what it is about and its tags."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from mock_sma.scenarios.library import first_comment

if TYPE_CHECKING:
    from pathlib import Path

    from mock_sma.scenarios import Library

TAGS = re.compile(r"^# tags: *(.+)$", re.MULTILINE | re.IGNORECASE)
"""The line that gives a scenario its tags, separated by commas."""

READ = 64 * 1024
"""Part of a file that is looked at [characters]."""


class Book(NamedTuple):
    """A scenario of the library."""

    name: str
    about: str
    tags: tuple[str, ...]

    def has(self, words: str) -> bool:
        """Tell whether each of some words stands in its name, its line or its tags."""
        text = f"{self.name} {self.about} {' '.join(self.tags)}".casefold()
        return all(word in text for word in words.casefold().split())


class Bookshelf:
    """What fits a search.

    Attributes:
        books: what fits, in order of their names.
        total: number of all.
        tags: all tags that there are, the most frequent first, each with its number.
    """

    def __init__(self, library: Library, words: str = "", tag: str = "") -> None:
        every = [_book(name, library.file(name)) for name in library.names()]
        self.books = [book for book in every if book.has(words) and (not tag or tag in book.tags)]
        self.total = len(every)
        counts: dict[str, int] = {}
        for each in (each for book in every for each in book.tags):
            counts[each] = counts.get(each, 0) + 1
        self.tags = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def _book(name: str, file: Path | None) -> Book:
    return Book(name, "", ()) if file is None else _read(name, file, file.stat().st_mtime_ns)


@lru_cache(2_000)
def _read(name: str, file: Path, changed: int) -> Book:  # noqa: ARG001 - a file that changed is read again
    about = first_comment(file)
    with file.open(encoding="utf-8", errors="replace") as stream:
        text = stream.read(READ)
    line = TAGS.search(text)
    given = [tag.strip() for tag in line[1].split(",")] if line is not None else []
    return Book(name, about, tuple(dict.fromkeys(filter(None, given))))

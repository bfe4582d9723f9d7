"""Scenario documents as somebody wrote them, comments and all, for who edits what runs."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakKeyDictionary

from mock_sma import scenarios  # its names one by one would load all that reads and writes documents
from mock_sma.errors import ScenarioError
from mock_sma.scenarios.library import SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mock_sma.sandbox.sandbox import Sandbox
    from mock_sma.scenarios import Library

KEPT = 12
"""Texts kept for a world: as many as its steps can be undone, and some more."""

LARGE = 256 * 1024
"""Length from which on a text is not kept."""


class Document(NamedTuple):
    """A scenario document.

    Attributes:
        form: ``yaml`` or ``json``.
    """

    text: str
    form: str = "yaml"


_KEPT: WeakKeyDictionary[Sandbox, list[Document]] = WeakKeyDictionary()


def keep(world: Sandbox, document: Document) -> None:
    """Keep the text of what a world runs now, unless it is a large one, which hardly anybody wrote by hand."""
    if len(document.text) > LARGE:
        return
    kept = _KEPT.setdefault(world, [])
    kept.append(document)
    del kept[:-KEPT]


def document_of(world: Sandbox, library: Library) -> Document:
    """Return the document of what a world runs: as it was written where that is known, else as it is dumped.

    Run in the same world, it begins as the world did, save where it names another start or seed than it was given.
    """
    for document in _written(world, library):
        with suppress(ScenarioError):
            if scenarios.parse_scenario(document.text, format=document.form, library=library) == world.scenario:
                return document
    return Document(str(scenarios.dump_scenario(world.recreating(), "yaml")))


def _written(world: Sandbox, library: Library) -> Iterator[Document]:
    yield from reversed(_KEPT.get(world, []))
    file = library.file(world.scenario.name)
    if file is not None:
        yield Document(file.read_text(encoding="utf-8", errors="replace"), SUFFIXES[file.suffix])

"""Scenarios of text and of mappings: read, composed, checked, built."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mock_sma.errors import Note, Problem, ScenarioError
from mock_sma.scenario_file.build import scenario_of
from mock_sma.scenario_file.read import read_mapping, read_text
from mock_sma.scenarios.compose import Composer, read_bytes
from mock_sma.scenarios.generate import generated
from mock_sma.scenarios.library import SHIPPED, SUFFIXES, Library, shipped_directory
from mock_sma.scenarios.parameters import filled
from mock_sma.scenarios.sense import oddities

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from mock_sma.domain.scenario import Scenario
    from mock_sma.scenario_file.source import Source


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Keep the cyclic collector from looking through what grows here again and again, and finds nothing to collect.

    For a written document of 2,000 plants that is three quarters of the time, for 10,000 generated ones two fifths.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@_collector_at_rest()
def read_document(document: dict[str, Any], library: Library, parameters: Mapping[str, Any] | None) -> Scenario:
    """Return the scenario of a mapping; see :func:`~mock_sma.scenarios.load.load_scenario`."""
    return _scenario(read_mapping(document), library, parameters=parameters)


@_collector_at_rest()
def read_file(
    path: Path,
    shown: str | None = None,
    *,
    parameters: Mapping[str, Any] | None = None,
    library: Library = SHIPPED,
    files: list[Path] | None = None,
) -> Scenario:
    """Return the scenario of a file, read and checked now; see :func:`~mock_sma.scenarios.load.load_file`."""
    kind = SUFFIXES.get(path.suffix.lower())
    file = shown or str(path)
    if kind is None:
        raise ScenarioError([Problem("a scenario file ends in .yaml, .yml or .json", file=file)])
    read: list[Path] = [] if files is None else files
    read.append(path)
    source = read_text(read_bytes(path), format=kind, file=file)
    source.directory = str(path.parent)
    return _scenario(source, library, read, parameters)


@_collector_at_rest()
def parse_scenario(
    text: str | bytes,
    *,
    format: str = "yaml",  # noqa: A002 - the word
    file: str | None = None,
    library: Library = SHIPPED,
) -> Scenario:
    """Return the scenario of a document in text.

    Args:
        text: at most 4 MiB of UTF-8.
        format: ``yaml`` or ``json``.
        file: name for messages.
        library: what ``extends`` may name; a document without a file names no other files.

    Raises:
        ScenarioError: it has mistakes.
    """
    return _scenario(_from_afar(read_text(text, format=format, file=file), library), library)


WISHES = frozenset({"name", "now", "seed"})
"""Keys of what looks like a wish for a known scenario with changes."""


@_collector_at_rest()
def parse_wish(text: str | bytes, *, format: str = "yaml", library: Library = SHIPPED) -> Scenario:  # noqa: A002
    """Return the scenario of a document, or the one it names: ``{"name": "ennexos"}`` and nothing else.

    Raises:
        ScenarioError: it has mistakes, or there is no such scenario.
    """
    source = _from_afar(read_text(text, format=format), library)
    value = source.value
    if not isinstance(value, dict) or not isinstance(value.get("name"), str) or not set(value) <= WISHES:
        return _scenario(source, library)
    path = library.file(value["name"])
    if len(value) > 1:
        if path is None:
            return _scenario(source, library)
        # As a document it would be a world without plants: hardly what was meant.
        text = f"runs {value['name']!r} only where it stands alone; beside other keys write 'extends' in its place"
        raise ScenarioError([source.problem(("name",), text)])
    if path is None:
        raise ScenarioError([source.problem(("name",), library.unknown(value["name"]))])
    return read_file(path, shown=path.name, library=library)


def _from_afar(source: Source, library: Library) -> Source:
    """Return a source that came without a file: it names rows in scenario folders only."""
    source.folders = (*library.directories, shipped_directory())
    return source


def _scenario(
    source: Source,
    library: Library,
    files: list[Path] | None = None,
    parameters: Mapping[str, Any] | None = None,
) -> Scenario:
    Composer(library, [] if files is None else files).compose(source)
    source.files = files
    source.value = filled(source, parameters)
    source.value = generated(source)
    scenario = scenario_of(source)
    odd = [Note(source.problem(path, message)) for path, message in oddities(scenario)]
    return replace(scenario, warnings=(*scenario.warnings, *odd))

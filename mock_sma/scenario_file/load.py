"""Loading scenarios: by name, from a file, from text, from a mapping."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from mock_sma.errors import Problem, ScenarioError, UsageError
from mock_sma.scenario_file.build import scenario_of
from mock_sma.scenario_file.extend import merge
from mock_sma.scenario_file.library import SHIPPED, SUFFIXES, Library
from mock_sma.scenario_file.read import MAX_SIZE, read_mapping, read_text
from mock_sma.scenario_file.validate import check_version

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mock_sma.domain.scenario import Scenario
    from mock_sma.scenario_file.source import Source

MAX_CHAIN = 8


def load_scenario(
    name: str | Path | Mapping[str, Any], *, library: Library = SHIPPED, files: list[Path] | None = None
) -> Scenario:
    """Return a scenario.

    Args:
        name: of a scenario in the library, a path of a YAML or JSON file, or a document as a mapping.
        library: the scenarios that can be named; by itself the shipped ones.
        files: takes the paths of all files that were read, also when they have mistakes.

    Raises:
        ScenarioError: the document has mistakes; all of them are named.
        UsageError: no such scenario or file.
    """
    if not isinstance(name, str | Path):
        return _scenario(read_mapping(dict(name)), library)
    inside = library.file(name) if isinstance(name, str) else None
    path = inside or Path(name)
    if not _is_file(path):
        names = library.names()
        if near := get_close_matches(str(name), names, 1, 0.6):
            raise UsageError(f"no scenario {str(name)!r}; did you mean {near[0]!r}?")
        raise UsageError(f"no scenario {str(name)!r}: it is neither a file nor one of {', '.join(names)}")
    return load_file(path, shown=path.name if inside else None, library=library, files=files)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # too long for a path, or with a NUL in it
        return False


def load_file(
    path: Path, shown: str | None = None, *, library: Library = SHIPPED, files: list[Path] | None = None
) -> Scenario:
    """Return the scenario of a file.

    Args:
        shown: name for messages; None: the path.
        library: what ``extends`` may name besides files beside this one.
        files: see :func:`load_scenario`.

    Raises:
        ScenarioError: it has mistakes, is too large or of another kind.
    """
    kind = SUFFIXES.get(path.suffix.lower())
    file = shown or str(path)
    if kind is None:
        raise ScenarioError([Problem("a scenario file ends in .yaml, .yml or .json", file=file)])
    read: list[Path] = [] if files is None else files
    read.append(path)
    source = read_text(_read(path), format=kind, file=file)
    source.directory = str(path.parent)
    return _scenario(source, library, read)


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
    return _scenario(read_text(text, format=format, file=file), library)


WISHES = frozenset({"name", "now", "seed"})
"""Keys of what looks like a wish for a known scenario with changes."""


def parse_wish(text: str | bytes, *, format: str = "yaml", library: Library = SHIPPED) -> Scenario:  # noqa: A002
    """Return the scenario of a document, or the one it names: ``{"name": "ennexos"}`` and nothing else.

    Raises:
        ScenarioError: it has mistakes, or there is no such scenario.
    """
    source = read_text(text, format=format)
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
    return load_file(path, shown=path.name, library=library)


def _scenario(source: Source, library: Library, files: list[Path] | None = None) -> Scenario:
    source.value = _extended(source, (), library, [] if files is None else files)
    return scenario_of(source)


def _extended(source: Source, chain: tuple[Path, ...], library: Library, files: list[Path]) -> dict[str, Any]:
    check_version(source)
    value: dict[str, Any] = source.value
    name = value.get("extends")
    if name is None:
        return value
    if not isinstance(name, str):
        source.add(("extends",), f"has to be the name of a scenario or file, not {name!r}")
        source.check()
    path = _base(source, name, library)
    if path in chain or len(chain) >= MAX_CHAIN:
        source.add(("extends",), f"{name!r} leads back to itself, or over more than {MAX_CHAIN} files")
        source.check()
    files.append(path)
    base = read_text(_read(path), format=SUFFIXES.get(path.suffix.lower(), "yaml"), file=path.name)
    base.directory = str(path.parent)
    base.value = _extended(base, (*chain, path), library, files)
    merge(base, source)
    return cast("dict[str, Any]", source.value)


def _base(source: Source, name: str, library: Library) -> Path:
    inside = library.file(name)
    # A scenario of a user that is called like the shipped one it extends means that one.
    if inside is not None and source.directory is not None and inside.parent == Path(source.directory):
        inside = SHIPPED.file(name) or inside
    if inside is not None:
        return inside.resolve()
    # A document that came over the network names scenarios only; it must not read our files.
    beside = Path(source.directory) if source.directory is not None else None
    path = (
        next((beside / f"{name}{end}" for end in ("", *SUFFIXES) if _is_file(beside / f"{name}{end}")), None)
        if beside
        else None
    )
    if path is None:
        source.add(("extends",), f"no scenario {name!r} to extend{library.unknown(name).partition(repr(name))[2]}")
        source.check()
    assert path is not None
    return path.resolve()


def _read(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(MAX_SIZE + 1)

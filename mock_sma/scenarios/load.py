"""Loading scenarios: by name, from a file, from a mapping."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mock_sma.errors import UsageError
from mock_sma.scenarios.library import SHIPPED, Library, is_file, shipped_directory
from mock_sma.scenarios.prepared import prepared

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mock_sma.domain.scenario import Scenario


def load_scenario(
    name: str | Path | Mapping[str, Any],
    *,
    parameters: Mapping[str, Any] | None = None,
    library: Library = SHIPPED,
    files: list[Path] | None = None,
) -> Scenario:
    """Return a scenario.

    Args:
        name: the name of a scenario in the library, a path of a YAML or JSON file, or a document as a mapping.
        parameters: values for the document's ``parameters``, in place of those that it gives by itself.
        library: the scenarios that can be named; by itself the shipped ones.
        files: takes the paths of all files that were read, also when they have mistakes.

    Raises:
        ScenarioError: the document has mistakes; all of them are named.
        UsageError: no such scenario or file.
    """
    if not isinstance(name, str | Path):
        from mock_sma.scenarios.parse import read_document  # noqa: PLC0415 - see load_file

        return read_document(dict(name), library, parameters)
    inside = library.file(name) if isinstance(name, str) else None
    path = inside or Path(name)
    if not is_file(path):
        names = library.names()
        if near := get_close_matches(str(name), names, 1, 0.6):
            raise UsageError(f"no scenario {str(name)!r}; did you mean {near[0]!r}?")
        raise UsageError(f"no scenario {str(name)!r}: it is neither a file nor one of {', '.join(names)}")
    shown = path.name if inside else None
    return load_file(path, shown=shown, parameters=parameters, library=library, files=files)


def load_file(
    path: Path,
    shown: str | None = None,
    *,
    parameters: Mapping[str, Any] | None = None,
    library: Library = SHIPPED,
    files: list[Path] | None = None,
) -> Scenario:
    """Return the scenario of a file.

    Args:
        shown: name for messages; None: the path.
        parameters: see :func:`load_scenario`.
        library: what ``extends`` may name besides files beside this one.
        files: see :func:`load_scenario`.

    Raises:
        ScenarioError: it has mistakes, is too large or of another kind.
    """
    if not parameters and path.parent == shipped_directory() and (known := prepared(path.name, path.read_bytes())):
        if files is not None:
            files.append(path)
        return known
    # What reads YAML and checks documents is half of a start, which needs none of it for a shipped scenario.
    from mock_sma.scenarios.parse import read_file  # noqa: PLC0415 - see above

    return read_file(path, shown, parameters=parameters, library=library, files=files)

"""Loading scenarios: by the name of a shipped one, from a file, from text, from a mapping."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mock_sma.errors import Problem, ScenarioError, UsageError
from mock_sma.scenario_file.build import Builder
from mock_sma.scenario_file.source import MAX_SIZE, read_mapping, read_text
from mock_sma.scenario_file.validate import document_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mock_sma.domain.scenario import Scenario
    from mock_sma.scenario_file.source import Source

SUFFIXES = {".yaml": "yaml", ".yml": "yaml", ".json": "json"}


def shipped_directory() -> Path:
    """Return the directory of the shipped scenarios, in a wheel or in a checkout."""
    package = Path(str(resources.files("mock_sma")))
    installed = package / "_scenarios"
    return installed if installed.is_dir() else package.parent / "scenarios"


def shipped() -> list[tuple[str, str]]:
    """Return the names of the shipped scenarios, each with the first comment line of its file."""
    result = []
    for file in sorted(shipped_directory().glob("*.yaml")):
        lines = file.read_text(encoding="utf-8").splitlines()
        comments = (line.lstrip("# ").strip() for line in lines if line.startswith("# "))
        text = next((text for text in comments if not text.startswith("yaml-language-server")), "")
        result.append((file.stem, text))
    return result


def load_scenario(name: str | Path | Mapping[str, Any]) -> Scenario:
    """Return a scenario.

    Args:
        name: of a shipped scenario, a path of a YAML or JSON file, or a document as a mapping.

    Raises:
        ScenarioError: the document has mistakes; all of them are named.
        UsageError: no such scenario or file.
    """
    if not isinstance(name, str | Path):
        return _scenario(read_mapping(dict(name)))
    inside = shipped_directory() / f"{name}.yaml"
    if isinstance(name, str) and "/" not in name and "\\" not in name and inside.is_file():
        return load_file(inside, shown=f"{name}.yaml")
    path = Path(name)
    if not path.is_file():
        names = ", ".join(known for known, _ in shipped())
        raise UsageError(f"no scenario {str(name)!r}: it is neither a file nor one of {names}")
    return load_file(path)


def load_file(path: Path, shown: str | None = None) -> Scenario:
    """Return the scenario of a file.

    Raises:
        ScenarioError: it has mistakes, is too large or of another kind.
    """
    kind = SUFFIXES.get(path.suffix.lower())
    file = shown or str(path)
    if kind is None:
        raise ScenarioError([Problem("a scenario file ends in .yaml, .yml or .json", file=file)])
    with path.open("rb") as stream:
        text = stream.read(MAX_SIZE + 1)
    return parse_scenario(text, format=kind, file=file)


def parse_scenario(text: str | bytes, *, format: str = "yaml", file: str | None = None) -> Scenario:  # noqa: A002
    """Return the scenario of a document in text.

    Args:
        text: at most 1 MiB of UTF-8.
        format: ``yaml`` or ``json``.
        file: name for messages.

    Raises:
        ScenarioError: it has mistakes.
    """
    return _scenario(read_text(text, format=format, file=file))


def _scenario(source: Source) -> Scenario:
    return Builder(source, document_of(source)).build()

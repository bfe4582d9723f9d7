"""Loading scenarios: by the name of a shipped one, from a file, from text, from a mapping."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mock_sma.domain.reading import nearest
from mock_sma.errors import Problem, ScenarioError, UsageError
from mock_sma.scenario_file.build import Builder
from mock_sma.scenario_file.extend import merged
from mock_sma.scenario_file.source import MAX_SIZE, read_mapping, read_text
from mock_sma.scenario_file.validate import check_version, document_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mock_sma.domain.scenario import Scenario
    from mock_sma.scenario_file.source import Source

MAX_CHAIN = 8
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
    source = read_text(_read(path), format=kind, file=file)
    source.directory = str(path.parent)
    return _scenario(source)


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
    source.value = _extended(source, ())
    return Builder(source, document_of(source)).build()


def _extended(source: Source, chain: tuple[Path, ...]) -> dict[str, Any]:
    check_version(source)
    value: dict[str, Any] = source.value
    name = value.get("extends")
    if name is None:
        return value
    if not isinstance(name, str):
        source.add(("extends",), f"has to be the name of a scenario or file, not {name!r}")
        source.check()
    path = _base(source, name)
    if path in chain or len(chain) >= MAX_CHAIN:
        source.add(("extends",), f"{name!r} leads back to itself, or over more than {MAX_CHAIN} files")
        source.check()
    base = read_text(_read(path), format=SUFFIXES.get(path.suffix.lower(), "yaml"), file=path.name)
    base.directory = str(path.parent)
    return merged(_extended(base, (*chain, path)), source)


def _base(source: Source, name: str) -> Path:
    inside = shipped_directory() / f"{name}.yaml"
    if inside.name == f"{name}.yaml" and inside.is_file():
        return inside
    # A document that came over the network names shipped scenarios only; it must not read our files.
    path = Path(source.directory) / name if source.directory is not None else None
    if path is None or not path.is_file():
        names = [known for known, _ in shipped()]
        source.add(("extends",), f"no scenario {name!r} to extend{nearest(name, names)}")
        source.check()
    return Path(path or name).resolve()


def _read(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(MAX_SIZE + 1)

"""The commands about scenario files: check, scenarios and init."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from mock_sma.cli.output import put, say
from mock_sma.domain.reading import nearest
from mock_sma.errors import MockSmaError, ScenarioError, UsageError
from mock_sma.scenarios import shipped, shipped_directory
from mock_sma.scenarios.load import load_file
from mock_sma.scenarios.schema import SCHEMA_FILE
from mock_sma.scenarios.starter import STARTER

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Iterable

INTERVAL = 0.5
"""Time between two looks of ``check --watch`` [s]."""


def add_check(check: ArgumentParser) -> None:
    """Add the options of the command check."""
    check.add_argument("files", metavar="FILE", nargs="+", help="scenario file to check")
    check.add_argument("--watch", action="store_true", help="check again whenever a file changes, until Ctrl-C")
    check.set_defaults(run=_check)


def add_scenarios(listing: ArgumentParser) -> None:
    """Add what runs the command scenarios."""
    listing.set_defaults(run=_scenarios)


def add_init(init: ArgumentParser) -> None:
    """Add the options of the command init."""
    init.add_argument("file", metavar="FILE", help="file to create; it must not exist yet")
    init.add_argument("--from", dest="base", metavar="NAME", help="copy this included scenario instead")
    init.set_defaults(run=_init)


def add_schema(schema: ArgumentParser) -> None:
    """Add the options of the command schema."""
    schema.add_argument("--out", metavar="FILE", help="write to this file instead of standard output")
    schema.set_defaults(run=_schema)


def _check(arguments: dict[str, object]) -> int:
    files = arguments["files"]
    assert isinstance(files, list)
    if arguments["watch"]:
        return _watch([str(file) for file in files])
    return max(_check_file(str(file), []) for file in files)


def _watch(files: list[str]) -> int:
    """Check files, and each again when it or a file that it extends or includes has changed, for ever."""
    stamps: dict[str, dict[Path, tuple[int, int] | None]] = {}
    while True:
        for file in files:
            before = stamps.get(file)
            if before is None or _stamps(before) != before:
                read = [Path(file)]
                # Before they are read: what changes meanwhile is found at the next look.
                seen = _stamps(before or read)
                _check_file(file, read)
                stamps[file] = {path: seen.get(path, _stamp(path)) for path in read}
        sys.stdout.flush()
        time.sleep(INTERVAL)


def _stamps(paths: Iterable[Path]) -> dict[Path, tuple[int, int] | None]:
    return {path: _stamp(path) for path in paths}


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


def _check_file(file: str, read: list[Path]) -> int:
    """Check a file and say what was found.

    Args:
        read: takes the paths of all files that were read.
    """
    try:
        scenario = load_file(Path(file), files=read)
    except ScenarioError as error:
        say(str(error))
        return 1
    except OSError as error:
        say(f"{file}: cannot be read: {error.strerror}")
        return 1
    for warning in scenario.warnings:
        say(warning)
    say(f"{file}: OK, {_count(len(scenario.plants), 'plant')}, {_count(len(scenario.users), 'user')}")
    return 0


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _scenarios(arguments: dict[str, object]) -> int:  # noqa: ARG001 - one form for all commands
    known = shipped()
    width = max(len(name) for name, _ in known)
    for name, about in known:
        say(f"{name:<{width}}  {about}")
    return 0


def _init(arguments: dict[str, object]) -> int:
    path = Path(str(arguments["file"]))
    base = arguments["base"]
    if path.suffix.lower() not in (".yaml", ".yml"):
        raise UsageError(f"{path}: the name of a scenario file ends in .yaml or .yml")
    text = STARTER if base is None else _copy_of(str(base))
    try:
        with path.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError:
        raise MockSmaError(f"{path} already exists; choose another name") from None
    schema = path.with_name(SCHEMA_FILE.name)
    if not schema.exists():
        schema.write_text(SCHEMA_FILE.read_text(encoding="utf-8"), encoding="utf-8")
    say(f"wrote {path}; edit it, then run: mock-sma serve --scenario {path}")
    return 0


def _schema(arguments: dict[str, object]) -> int:
    text = SCHEMA_FILE.read_text(encoding="utf-8")
    if arguments["out"] is None:
        put(text)
    else:
        Path(str(arguments["out"])).write_text(text, encoding="utf-8")
    return 0


def _copy_of(name: str) -> str:
    names = [known for known, _ in shipped()]
    if name not in names:
        raise UsageError(f"there is no included scenario {name!r}{nearest(name, names)}")
    text = (shipped_directory() / f"{name}.yaml").read_text(encoding="utf-8")
    return text.replace("$schema=schema/", "$schema=")  # beside the copy

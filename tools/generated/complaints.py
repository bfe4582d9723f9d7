"""The complaints about the broken scenarios, beside each of them: the texts that users see."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from mock_sma.errors import ScenarioError
from mock_sma.scenarios import parse_scenario
from tools.generated.file import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

FOLDER = "tests/scenario_file/broken"


def complaint(file: Path, _: str = "") -> str:
    """Return the error text of a broken scenario; empty when it loads."""
    try:
        parse_scenario(file.read_bytes(), format=file.suffix[1:], file=file.name)
    except ScenarioError as error:
        return f"{error}\n"
    return ""


def broken_files() -> list[Path]:
    """Return the broken scenarios."""
    return sorted(file for file in (ROOT / FOLDER).iterdir() if file.suffix in (".yaml", ".json"))


def makers() -> Iterator[tuple[str, Callable[[str], str]]]:
    """Yield the name of each broken scenario and what makes its complaint."""
    for file in broken_files():
        yield file.name, partial(complaint, file)

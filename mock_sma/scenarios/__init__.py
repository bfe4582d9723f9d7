"""Scenarios by name, file, text and mapping: bases, parts, parameters and portfolios worked in, and written back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.scenarios.library import Library, shipped, shipped_directory
from mock_sma.scenarios.load import load_file, load_scenario

if TYPE_CHECKING:
    from mock_sma.scenarios.dump import dump_scenario
    from mock_sma.scenarios.parse import parse_scenario, parse_wish

__all__ = [
    "Library",
    "dump_scenario",
    "load_file",
    "load_scenario",
    "parse_scenario",
    "parse_wish",
    "shipped",
    "shipped_directory",
]


def __getattr__(name: str) -> object:
    # Lazily, since a shipped scenario is loaded without what reads, checks and writes documents.
    if name == "dump_scenario":
        from mock_sma.scenarios.dump import dump_scenario  # noqa: PLC0415 - see above

        return dump_scenario
    if name in ("parse_scenario", "parse_wish"):
        from mock_sma.scenarios import parse  # noqa: PLC0415 - see above

        return getattr(parse, name)
    raise AttributeError(f"module 'mock_sma.scenarios' has no attribute {name!r}")

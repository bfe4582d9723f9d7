"""Scenarios by name, file, text and mapping: bases, parts, parameters and portfolios worked in, and written back."""

from __future__ import annotations

from mock_sma.scenarios.dump import dump_scenario
from mock_sma.scenarios.library import Library, shipped, shipped_directory
from mock_sma.scenarios.load import load_file, load_scenario, parse_scenario, parse_wish

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

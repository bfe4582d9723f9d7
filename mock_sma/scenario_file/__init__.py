"""Scenario files: YAML or JSON in, an immutable :class:`~mock_sma.domain.scenario.Scenario` out."""

from __future__ import annotations

from mock_sma.scenario_file.dump import dump_scenario
from mock_sma.scenario_file.library import Library, shipped, shipped_directory
from mock_sma.scenario_file.load import load_file, load_scenario, parse_scenario, parse_wish

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

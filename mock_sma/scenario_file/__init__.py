"""Scenario files: YAML or JSON in, an immutable :class:`~mock_sma.domain.scenario.Scenario` out."""

from __future__ import annotations

from mock_sma.scenario_file.load import load_file, load_scenario, parse_scenario, shipped

__all__ = ["load_file", "load_scenario", "parse_scenario", "shipped"]

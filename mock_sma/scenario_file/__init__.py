"""Scenario files: one plain YAML or JSON document in, an immutable :class:`~mock_sma.domain.scenario.Scenario` out."""

from __future__ import annotations

from importlib import import_module

MOVED = {
    "Library",
    "dump_scenario",
    "load_file",
    "load_scenario",
    "parse_scenario",
    "parse_wish",
    "shipped",
    "shipped_directory",
}
"""What 0.1 had here and :mod:`mock_sma.scenarios` has now; programs of its users import it from here."""


def __getattr__(name: str) -> object:
    if name in MOVED:
        return getattr(import_module("mock_sma.scenarios"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

"""Where 0.1 had :mod:`mock_sma.scenarios.builders`; programs of its users import it from here."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def __getattr__(name: str) -> Any:
    if name.startswith("_"):
        raise AttributeError(name)
    return getattr(import_module("mock_sma.scenarios.builders"), name)

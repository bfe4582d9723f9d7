"""Modules that take long to load, for the few tests that need them: not while all tests are collected."""

from __future__ import annotations

from importlib import import_module
from typing import Any


class Late:
    """A module that is loaded when something of it is used."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        if name[0] == "_" and name != "__file__":  # what pytest asks of every name in a module of tests
            raise AttributeError(name)
        return getattr(import_module(self._name), name)

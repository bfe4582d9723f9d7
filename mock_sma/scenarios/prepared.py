"""Shipped scenarios as values that have been checked before: a start need not load what reads and checks YAML.

``prepared.json`` is generated (``make generated``). It holds for each file what its text was, so that a file that has
been edited is read as any other.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

import orjson

from mock_sma.domain.scenario import Scenario

if TYPE_CHECKING:
    from collections.abc import Callable

FILE = Path(__file__).with_suffix(".json")

KIND = "="
"""Key of an object's kind: a class below ``mock_sma.domain``, or one of :data:`PLAIN`."""

PLAIN: dict[str, Callable[[Any], object]] = {
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "timedelta": lambda seconds: timedelta(seconds=seconds),
}


def mark(text: bytes) -> list[int]:
    """Return what tells a text from one that has been edited."""
    return [len(text), crc32(text)]


def prepared(name: str, text: bytes) -> Scenario | None:
    """Return the scenario of a shipped file; None: it has to be read.

    Args:
        name: of the file, without directory.
        text: what the file holds now.
    """
    kept = _kept().get(name)
    if kept is None or kept["mark"] != mark(text):
        return None
    with suppress(TypeError, AttributeError, ImportError, ValueError):  # made when a scenario had other parts
        scenario = _value(kept["scenario"])
        assert isinstance(scenario, Scenario)
        return scenario
    return None


@cache
def _kept() -> dict[str, Any]:
    return dict(orjson.loads(FILE.read_bytes())) if FILE.is_file() else {}


def _value(spelt: Any) -> Any:
    if isinstance(spelt, list):
        return tuple(map(_value, spelt))
    if not isinstance(spelt, dict):
        return spelt
    kind = spelt[KIND]
    if kind in PLAIN:
        return PLAIN[kind](spelt["value"])
    return _class(kind)(**{name: _value(item) for name, item in spelt.items() if name != KIND})


@cache
def _class(kind: str) -> type:
    module, _, name = kind.partition(":")
    found: type = getattr(import_module(f"mock_sma.domain.{module}"), name)
    return found

"""The shipped scenarios as values, for :mod:`mock_sma.scenarios.prepared`."""

from __future__ import annotations

import json
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING, Any

from mock_sma.scenarios.library import SHIPPED
from mock_sma.scenarios.parse import read_file
from mock_sma.scenarios.prepared import KIND, mark

if TYPE_CHECKING:
    from dataclasses import Field
    from pathlib import Path

MAX_SIZE = 100_000
"""Longest spelling; a scenario that is generated from a few lines would be longer than all the others together."""


def text() -> str:
    """Return the file: one line for each scenario."""
    lines = []
    for name in SHIPPED.names():
        file = SHIPPED.file(name)
        assert file is not None
        read: list[Path] = []
        scenario = read_file(file, shown=file.name, files=read)
        if len(read) > 1:  # another file may change, or another library have it
            continue
        kept = {"mark": mark(file.read_bytes()), "scenario": spelt(scenario)}
        line = f"{json.dumps(file.name)}: {json.dumps(kept, ensure_ascii=False, separators=(',', ':'))}"
        if len(line) <= MAX_SIZE:
            lines.append(line)
    return "{\n" + ",\n".join(lines) + "\n}\n"


def spelt(value: Any) -> Any:
    """Return a value of a scenario as JSON has it; what has its default is left out."""
    if isinstance(value, Enum):
        return {KIND: _kind(value), "value": value.value}
    if is_dataclass(value):
        shown = {item.name: getattr(value, item.name) for item in fields(value)}
        return {KIND: _kind(value)} | {
            item.name: spelt(shown[item.name]) for item in fields(value) if not _is_default(item, shown[item.name])
        }
    if isinstance(value, tuple):
        return [spelt(item) for item in value]
    if isinstance(value, timedelta):
        return {KIND: "timedelta", "value": value.total_seconds()}
    if isinstance(value, date):
        return {KIND: "datetime" if isinstance(value, datetime) else "date", "value": value.isoformat()}
    assert value is None or isinstance(value, str | int | float), f"no spelling for {value!r}"
    return value


def _kind(value: object) -> str:
    kind = type(value)
    return f"{kind.__module__.removeprefix('mock_sma.domain.')}:{kind.__qualname__}"


def _is_default(item: Field[Any], value: object) -> bool:
    default = item.default_factory() if item.default_factory is not MISSING else item.default
    return type(default) is type(value) and default == value

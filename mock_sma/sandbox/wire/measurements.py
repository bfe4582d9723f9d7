"""Measurements and logs on the wire (contract: MONITORING 2.5, 5)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import orjson

from mock_sma.sandbox.wire.devices import device_ref
from mock_sma.sandbox.wire.plants import plant_ref

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mock_sma.domain.device import Device
    from mock_sma.domain.plant import Plant
    from mock_sma.sandbox.monitoring.logbook import LogEntry
    from mock_sma.simulation.table import Table, Total


EMPTY_SET = b'"set":[]'
"""What the body of measurements holds where there is no row."""


def head(plant: Plant, device: Device | None) -> dict[str, Any]:
    """Return the envelope's first members."""
    opening: dict[str, Any] = {"plant": plant_ref(plant)}
    return opening | ({"device": device_ref(plant, device)} if device is not None else {})


def sets_body(plant: Plant, device: Device | None, sets: Sequence[str]) -> bytes:
    """Return a list of sets."""
    return orjson.dumps({**head(plant, device), "sets": list(sets)})


def measurement_body(plant: Plant, device: Device | None, set_type: str, table: Table, total: Total | None) -> bytes:
    """Return the rows of a set; absent scalars are left out, absent lists are ``[]`` (R27, R28)."""
    names = list(table.columns)
    columns = [table.columns[name] for name in names]
    rows: list[dict[str, Any]] = []
    for index, stamp in enumerate(table.stamps):
        row: dict[str, Any] = {"time": stamp}
        for name, cells in zip(names, columns, strict=True):
            cell = cells[index]
            if cell is not None:
                row[name] = cell
        for name, lists in table.indexed.items():
            row[name] = _indexed(lists[index])
        rows.append(row)
    body = {**head(plant, device), "setType": set_type, "resolution": table.resolution.value, "set": rows}
    if total is not None:
        body["total"] = {name: _indexed(value) if isinstance(value, list) else value for name, value in total.items()}
    return orjson.dumps(body)


def _indexed(values: Sequence[tuple[str, float]]) -> list[dict[str, Any]]:
    return [{"index": letter, "value": value} for letter, value in values]


def logs_body(plant: Plant, device: Device | None, entries: Sequence[LogEntry]) -> bytes:
    """Return log entries, newest first."""
    zone = ZoneInfo(plant.timezone)
    logs = [
        {
            "logId": entry.log_id,
            "timestamp": datetime.fromtimestamp(entry.at, zone).replace(tzinfo=None).isoformat(timespec="seconds"),
            "messageTagId": entry.message_tag,
            "message": entry.message,
            "level": entry.level,
            "occurrence": entry.occurrence,
            **({"deviceId": entry.device_id} if entry.device_id is not None else {}),
        }
        for entry in entries
    ]
    return orjson.dumps({**head(plant, device), "logs": logs})

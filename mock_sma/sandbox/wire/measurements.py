"""Measurements and logs on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import orjson

from mock_sma.sandbox.wire.devices import device_ref
from mock_sma.sandbox.wire.plants import plant_ref

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mock_sma.domain.catalogue import MeasurementSet
    from mock_sma.domain.device import Device
    from mock_sma.domain.logbook import LogEntry
    from mock_sma.domain.period import Resolution
    from mock_sma.domain.plant import Plant
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


def measurement_body(
    plant: Plant, device: Device | None, measurement_set: MeasurementSet, table: Table, total: Total | None
) -> bytes:
    """Return the rows of a set, their properties in the catalogue's order.

    Absent scalars are left out, absent lists are ``[]`` (R27, R28).
    """
    row = row_maker(measurement_set, table)
    body = {
        **head(plant, device),
        "setType": measurement_set.name,
        "resolution": table.resolution.value,
        "set": [row(index) for index in range(len(table.stamps))],
    }
    if total is not None:
        found = {item.name: total[item.name] for item in measurement_set.properties if item.name in total}
        body["total"] = {name: _indexed(value) if isinstance(value, list) else value for name, value in found.items()}
    return orjson.dumps(body)


def row_maker(measurement_set: MeasurementSet, table: Table) -> Callable[[int], dict[str, Any]]:
    """Return what makes one row of a table, by its place."""
    order = [item.name for item in measurement_set.properties]
    columns = [(name, _cells(table, name)) for name in order if name in table.columns or name in table.indexed]

    def make(index: int) -> dict[str, Any]:
        row: dict[str, Any] = {"time": table.stamps[index]}
        for name, cells in columns:
            cell = cells[index]
            if cell is not None:
                row[name] = cell
        return row

    return make


def opening_of(plant: Plant, measurement_set: MeasurementSet, resolution: Resolution) -> bytes:
    """Return the body of a plant's set as far as its first row."""
    opening = {**head(plant, None), "setType": measurement_set.name, "resolution": resolution.value}
    return orjson.dumps(opening)[:-1] + b',"set":['


def _cells(table: Table, name: str) -> Sequence[Any]:
    """Return a column as it is sent."""
    if name in table.columns:
        return table.columns[name]
    return [_indexed(values) for values in table.indexed[name]]


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

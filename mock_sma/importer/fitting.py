"""What traffic does not tell, fitted to its rows."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from mock_sma.domain.catalogue import ENERGY_AND_POWER_PV, ENERGY_BALANCE
from mock_sma.domain.period import Period
from mock_sma.importer.collected import number_of, plain
from mock_sma.importer.runs import SECONDS
from mock_sma.importer.spans import RowsKind

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from mock_sma.importer.clear_days import FittedGenerator
    from mock_sma.importer.collected import RecordedThing
    from mock_sma.witness.literals import Members

PV = ENERGY_AND_POWER_PV.properties[0].name

REACHED = 0.8
"""Share of its peak power that a generator reaches at noon of a clear day: warm modules, an inverter's losses."""


def fitted_peak(plant: RecordedThing) -> float:
    """Return the peak power of a plant's modules by the highest power that it has had [W]."""
    own = _values(plant, PV)
    devices = sum(max(_values(device, PV), default=0.0) for device in plant.devices.values())
    rated = sum(number_of(device.facts, "generatorPower") or 0.0 for device in plant.devices.values())
    highest = max(max(own, default=0.0), devices)
    return round(highest / REACHED, -1) or rated or 5_000.0


def fitted_to_clear_rows(thing: RecordedThing, zone: ZoneInfo, place: tuple[float, float]) -> FittedGenerator | None:
    """Return the generator that fits the clear rows of a plant or device; None: there are too few.

    Args:
        zone: of the plant.
        place: latitude and longitude [°].
    """
    from mock_sma.importer.clear_days import fitted_generator  # noqa: PLC0415 - NumPy, where there is something to fit

    for name in (ENERGY_AND_POWER_PV.name, ENERGY_BALANCE.name):
        recorded = thing.rows.get(name)
        spans = {} if recorded is None else recorded.spans.get(RowsKind(Period.DAY, is_energy=False), {})
        ends, powers = [], []
        for row in (row for _, span in sorted(spans.items()) for row in span.rows):
            power, end = number_of({PV: plain(row.get(PV))}, PV), _end(row, zone)
            if power is not None and end is not None:
                ends.append(end)
                powers.append(power)
        if recorded is not None and ends:
            found = fitted_generator(ends, SECONDS.get(recorded.resolution, 300), powers, *place)
            if found is not None:
                return found
    return None


def _end(row: Members, zone: ZoneInfo) -> int | None:
    try:
        return int(datetime.fromisoformat(str(row.get("time"))).replace(tzinfo=zone).timestamp())
    except (ValueError, OverflowError):
        return None


def _values(thing: RecordedThing, name: str) -> list[float]:
    names = (ENERGY_BALANCE.name, ENERGY_AND_POWER_PV.name)
    rows = (
        row
        for wanted in names
        if wanted in thing.rows
        for kind, row in thing.rows[wanted].rows(Period.DAY)
        if not kind.is_energy
    )
    found = (number_of({name: plain(row.get(name))}, name) for row in rows)
    return [value for value in found if value is not None]

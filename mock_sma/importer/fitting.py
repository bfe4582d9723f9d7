"""What traffic does not tell, fitted to its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.domain.catalogue import ENERGY_AND_POWER_PV, ENERGY_BALANCE
from mock_sma.domain.period import Period
from mock_sma.importer.collected import number_of, plain

if TYPE_CHECKING:
    from mock_sma.importer.collected import RecordedThing

PV = ENERGY_AND_POWER_PV.properties[0].name
USE = "totalConsumption"

REACHED = 0.8
"""Share of its peak power that a generator reaches at noon of a clear day: warm modules, an inverter's losses."""

HOURS = 8_766.0
"""Of a year."""


def fitted_peak(plant: RecordedThing) -> float:
    """Return the peak power of a plant's modules by the highest power that it has had [W]."""
    own = _values(plant, PV)
    devices = sum(max(_values(device, PV), default=0.0) for device in plant.devices.values())
    rated = sum(number_of(device.facts, "generatorPower") or 0.0 for device in plant.devices.values())
    highest = max(max(own, default=0.0), devices)
    return round(highest / REACHED, -1) or rated or 5_000.0


def fitted_load(plant: RecordedThing) -> float | None:
    """Return a year's consumption at the level of the recorded rows [Wh]; None: there are none."""
    values = _values(plant, USE)
    return round(sum(values) / len(values) * HOURS, -3) or None if values else None


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

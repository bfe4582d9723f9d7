"""What a client that has missed nothing would hold of a plant's day: what programs under test are compared with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

UNIT = "Wh"


@dataclass(frozen=True, slots=True, kw_only=True)
class Energies:
    """The energies of one plant or device on one local day.

    Each is the sum of the day's rows: ``Day`` with ``ReturnEnergyValues=true``. An input of an inverter is
    ``dcEnergyInput.A``. What no row has is left out (R27), so all is empty where there is no row (R28).

    Attributes:
        now: the energies of the rows that can be seen now [Wh], by property.
        final: the energies of the rows that there will be when everything has come [Wh].
    """

    now: Mapping[str, float]
    final: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth(Energies):
    """The energies of a plant on a local day, with those of its devices.

    Attributes:
        plant_id: as it is now.
        date: local date of the plant.
        final_at: from when on nothing changes any more, at the latest (aware).
        is_final: whether that is now or past.
        devices: by device id, in the order of the plant: also those that are gone, or are still to come (R30).
        unit: the unit of every energy.
    """

    plant_id: str
    date: date
    final_at: datetime
    is_final: bool
    devices: Mapping[str, Energies]
    unit: str = UNIT

"""A plant's entry in a scenario, from what traffic tells of it, and what had to be assumed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from mock_sma.domain.catalogue import ENERGY_BALANCE
from mock_sma.importer.collected import number_of, part_of
from mock_sma.importer.devices import SOLAR, entry_of, kind_of
from mock_sma.importer.fitting import fitted_peak
from mock_sma.importer.rows import commissioned_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mock_sma.importer.collected import RecordedThing
    from mock_sma.importer.names import Names

MINUTES = {"FiveMinutes": 5, "FifteenMinutes": 15, "OneHour": 60}
FIRST = "2020-01-01"


class PlantEntry:
    """The entry of a plant.

    Args:
        plant_id: its id.
        plant: what traffic tells.
        names: replaces names.

    Attributes:
        entry: keys of the scenario.
        notes: what traffic does not hold, in sentences.
    """

    def __init__(self, plant_id: str, plant: RecordedThing, names: Names) -> None:
        self._plant = plant
        self._names = names
        self.notes: list[str] = []
        facts = plant.facts
        name = names.of("Plant", str(facts.get("name") or plant_id))
        self.entry: dict[str, Any] = {"id": plant_id, "name": name}
        if facts.get("description") is not None:
            self.entry["description"] = facts.get("description") if names.keep else f"Description of {name}"
        self.entry["timezone"] = str(facts.get("timezone") or "Europe/Berlin")
        self._place()
        self._times()
        self._devices()

    @property
    def _installation(self) -> Mapping[str, Any]:
        return part_of(self._plant.facts, "installation") or self._plant.facts

    def _place(self) -> None:
        facts = self._plant.facts
        location = part_of(facts, "location") or facts
        address = part_of(location, "address")
        self.entry["currency"] = location.get("currencyCode3")
        latitude, longitude = number_of(address, "latitude"), number_of(address, "longitude")
        if latitude is None or longitude is None:
            self.notes.append("its place is not in the traffic; it lies in the middle of Germany")
        else:
            self.entry["latitude"], self.entry["longitude"] = map(self._names.coordinate, (latitude, longitude))
        kept = {key: address[name] for name, key in ADDRESS if name in address}
        if not self._names.keep:
            kept |= {key: text for key, text in SAMPLE.items() if key in kept}
        if kept:
            self.entry["address"] = kept

    def _times(self) -> None:
        things = [self._plant, *self._plant.devices.values()]
        words = [rows.resolution for thing in things for rows in thing.rows.values()]
        self.entry["resolution"] = next((MINUTES[word] for word in words if word in MINUTES), None)
        begun = commissioned_of(things, _date(self._installation.get("startUpUtc")))
        self.entry["commissioned"] = FIRST if begun is None else begun.isoformat()
        if self._plant.sets is not None or self._plant.rows:
            self.entry["measures_grid"] = ENERGY_BALANCE.name in {*(self._plant.sets or ()), *self._plant.rows}

    def _devices(self) -> None:
        plant, names = self._plant, self._names
        installation = self._installation
        entries = {name: entry_of(name, device, names) for name, device in plant.devices.items()}
        solar = [name for name, device in plant.devices.items() if kind_of(device) in SOLAR]
        active = [name for name in solar if plant.devices[name].facts.get("isActive", True)]
        peak = number_of(installation, "peakPower")
        if peak is None and solar:
            peak = fitted_peak(plant)
            self.notes.append(f"its peak power is not in the traffic; {peak:g} W is fitted to its rows")
        orientation = part_of(installation, "orientation")
        facing = {
            "azimuth": ((number_of(orientation, "azimuth") or 0.0) + 180.0) % 360.0,
            "tilt": number_of(orientation, "collectorSlope") or 30.0,
        }
        if solar and not orientation:
            self.notes.append("where its modules face is not in the traffic; they face south")
        weights = {name: _weight(plant.devices[name]) for name in solar}
        whole = sum(weights[name] for name in active) or 1.0
        for name in solar:
            power = (peak or 5_000.0) * weights[name] / whole
            entries[name]["arrays"] = [{"peak_power": round(power, 3) or 1.0, **facing}]
        self.entry["devices"] = list(entries.values())
        if not plant.devices:
            self.notes.append("its devices are not in the traffic")


def _date(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def _weight(device: RecordedThing) -> float:
    return number_of(device.facts, "generatorPowerDc") or number_of(device.facts, "generatorPower") or 1.0


ADDRESS = (
    ("country", "country"),
    ("federalState", "federal_state"),
    ("city", "city"),
    ("zipCode", "zip_code"),
    ("street", "street"),
    ("streetNo", "street_no"),
)
SAMPLE = {"city": "Musterstadt", "zip_code": "12345", "street": "Musterweg", "street_no": "1"}
"""What stands for the parts of an address that lead to a door."""

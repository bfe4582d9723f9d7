"""A plant's entry in a scenario, from what traffic tells of it, and what had to be assumed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from mock_sma.clock import YEARS
from mock_sma.domain.catalogue import ENERGY_AND_POWER_PV, ENERGY_BALANCE
from mock_sma.domain.device import DeviceKind
from mock_sma.importer.collected import number_of, part_of
from mock_sma.importer.devices import SOLAR, WORDS, entry_of, kind_of
from mock_sma.importer.fitting import fitted_peak, fitted_to_clear_rows
from mock_sma.importer.rows import commissioned_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mock_sma.importer.clear_days import FittedGenerator
    from mock_sma.importer.collected import RecordedThing
    from mock_sma.importer.names import Names

MINUTES = {"FiveMinutes": 5, "FifteenMinutes": 15, "OneHour": 60}
FIRST = "2020-01-01"
EARLIEST = 1980
"""Year before which no plant of a scenario begins; where nothing is known, some programs write the year 1, or 9999."""

ZONE = "Europe/Berlin"
"""The zone where none is told."""


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
        self.entry["timezone"] = self._zone(facts.get("timezone"))
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
        self._latitude, self._longitude = latitude, longitude
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
        entries = {name: entry_of(name, device, names) for name, device in plant.devices.items()}
        solar = [name for name, device in plant.devices.items() if kind_of(device) in SOLAR]
        active = [name for name in solar if plant.devices[name].facts.get("isActive", True)]
        weights = {name: _weight(plant.devices[name]) for name in solar}
        peak, facing = self._generator(solar, weights)
        whole = sum(weights[name] for name in active) or 1.0
        for name in solar:
            power = (peak or 5_000.0) * weights[name] / whole
            entries[name]["arrays"] = [{"peak_power": round(power, 3) or 1.0, **facing}]
        self.entry["devices"] = list(entries.values())
        if not solar and ENERGY_AND_POWER_PV.name in {*(plant.sets or ()), *plant.rows}:
            peak = peak or fitted_peak(plant)  # without an inverter nobody could ask for that set
        if not solar and peak and (not plant.devices or ENERGY_AND_POWER_PV.name in plant.rows):
            self.entry["devices"].append(self._stand_in(peak, facing))
            missing = "inverters" if plant.devices else "devices"
            self.notes.append(f"its {missing} are not in the traffic; one inverter of its power stands for them")
        elif not plant.devices:
            self.notes.append("its devices are not in the traffic")

    def _stand_in(self, peak: float, facing: dict[str, float]) -> dict[str, Any]:
        """Return an inverter of the power that the plant's installation tells."""
        ratings = {
            "generator_power": number_of(self._installation, "acNominalPower"),
            "generator_power_dc": number_of(self._installation, "dcPowerInputMax"),
        }
        name = self._names.of(WORDS[DeviceKind.SOLAR_INVERTER], self.entry["name"])
        kept = {key: value for key, value in ratings.items() if value}
        arrays = [{"peak_power": peak, **facing}]
        return {"kind": DeviceKind.SOLAR_INVERTER.value, "name": name, **kept, "arrays": arrays}

    def _generator(self, solar: list[str], weights: Mapping[str, float]) -> tuple[float | None, dict[str, float]]:
        """Return the peak power of all modules [W], and where they face: as told, or else fitted."""
        peak = number_of(self._installation, "peakPower")
        told = part_of(self._installation, "orientation")
        facing = {
            "azimuth": ((number_of(told, "azimuth") or 0.0) + 180.0) % 360.0,
            "tilt": number_of(told, "collectorSlope") or 30.0,
        }
        if not solar or (peak is not None and told):
            return peak, facing
        found, share = self._fit(solar, weights)
        if found is None:
            if peak is None:
                peak = fitted_peak(self._plant)
                self.notes.append(f"its peak power is not in the traffic; {peak:g} W is told by its highest rows")
            if not told:
                self.notes.append(
                    "where its modules face is not in the traffic, nor told by clear rows; they face south"
                )
            return peak, facing
        fitted = []
        if peak is None:
            peak = round(found.peak_power / share, -1)
            fitted.append(f"{peak:g} W of modules")
        if not told:
            facing = {"azimuth": found.azimuth, "tilt": found.tilt}
            fitted.append(f"an azimuth of {found.azimuth:g}°, a tilt of {found.tilt:g}°")
        self.notes.append(
            f"not in the traffic, but fitted to {found.rows} clear rows ({found.share:.0%} of the brightest), "
            f"which deviate by {found.deviation:.1%}: {', '.join(fitted)}"
        )
        return peak, facing

    def _zone(self, told: object) -> str:
        if told is None or _is_zone(told):
            return str(told or ZONE)
        self.notes.append(f"its time zone is told as {str(told)[:40]!r}, which is none; {ZONE} is taken")
        return ZONE

    def _fit(self, solar: list[str], weights: Mapping[str, float]) -> tuple[FittedGenerator | None, float]:
        """Return what fits the rows of the plant, or of an inverter, and which share of the modules that is."""
        place = (self._latitude, self._longitude)
        if place[0] is None or place[1] is None:
            return None, 1.0
        zone = ZoneInfo(self.entry["timezone"])
        things = [(self._plant, 1.0)]
        whole = sum(weights.values()) or 1.0
        things += [(self._plant.devices[name], weights[name] / whole) for name in solar]
        for thing, share in things:
            found = fitted_to_clear_rows(thing, zone, (place[0], place[1]))
            if found is not None:
                return found, share
        return None, 1.0


def _is_zone(name: object) -> bool:
    try:
        return isinstance(name, str) and ZoneInfo(name) is not None
    except (KeyError, ValueError, OSError):
        return False


def _date(value: object) -> date | None:
    try:
        day = date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
    return day if EARLIEST <= day.year < YEARS.stop else None


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

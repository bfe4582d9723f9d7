"""Measurement sets: their properties in the order of the wire, and units."""

from __future__ import annotations

from enum import StrEnum

from mock_sma.frozen import frozen


class Nature(StrEnum):
    """How a property behaves."""

    ENERGY = "energy"  # W in fine periods, Wh with ReturnEnergyValues and in coarse ones
    STATE = "state"  # mean or last value of an interval; not in coarse periods unless said
    RATE = "rate"  # 0..1, three decimals


@frozen
class Property:
    """One property of a set.

    Attributes:
        unit: the unit of its value in fine periods.
        indexed: a list of ``{"index": "A", "value": 1.0}`` (one per input); [] when absent, where a
            scalar would be left out (R27).
    """

    name: str
    unit: str
    nature: Nature = Nature.STATE
    indexed: bool = False


@frozen
class MeasurementSet:
    """A set: its wire name and its properties in order.

    Attributes:
        hourly_week: Week has a row for each hour, with whole watts, whatever the plant's resolution.
    """

    name: str
    properties: tuple[Property, ...]
    hourly_week: bool = False

    @property
    def has_energy(self) -> bool:
        """Whether ReturnEnergyValues changes anything."""
        return any(prop.nature is Nature.ENERGY for prop in self.properties)

    @property
    def has_power(self) -> bool:
        """Whether its energies come as powers in fine periods; EnergyDc's never do."""
        return any(prop.nature is Nature.ENERGY and prop.unit == "W" for prop in self.properties)


def _energy(*names: str) -> tuple[Property, ...]:
    return tuple(Property(name, "W", Nature.ENERGY) for name in names)


def _rates(*names: str) -> tuple[Property, ...]:
    return tuple(Property(name, "1", Nature.RATE) for name in names)


def _states(unit: str, *names: str, indexed: bool = False) -> tuple[Property, ...]:
    return tuple(Property(name, unit, Nature.STATE, indexed) for name in names)


ENERGY_BALANCE = MeasurementSet(
    "EnergyBalance",
    (
        *_energy("pvGeneration", "directConsumption", "totalConsumption", "batteryCharging", "batteryDischarging"),
        *_states("%", "batteryStateOfCharge"),
        *_energy("dieselGeneration", "combinedHeatAndPowerGeneration", "hydroGeneration"),
        *_energy("gridFeedIn", "gridConsumption", "totalGeneration", "selfConsumption"),
        *_rates("autarkyRate", "selfConsumptionRate"),
        *_energy("selfSupply"),
    ),
)

ENERGY_AND_POWER_PV = MeasurementSet("EnergyAndPowerPv", _energy("pvGeneration"))
PV_GENERATION = MeasurementSet("PvGeneration", _energy("pvGeneration"), hourly_week=True)
ENERGY_AND_POWER_CONSUMPTION = MeasurementSet("EnergyAndPowerConsumption", _energy("consumption"))
ENERGY_AND_POWER_IN_OUT = MeasurementSet("EnergyAndPowerInOut", _energy("gridFeedIn", "gridConsumption"))
ENERGY_AND_POWER_BATTERY = MeasurementSet(
    "EnergyAndPowerBattery",
    (
        *_energy("batteryCharging", "batteryDischarging"),
        *_states("%", "batteryStateOfCharge", "batteryStateOfHealth"),
        *_states("%", "batteryStateOfChargeArray", "batteryStateOfHealthArray", indexed=True),
        *_states("V", "batteryVoltage", indexed=True),
        *_states("A", "batteryCurrent", indexed=True),
        *_states("°C", "batteryTemperature", indexed=True),
        *_states("V", "currentBatteryChargingSetVoltage", indexed=True),
    ),
)
ENERGY_MIX = MeasurementSet(
    "EnergyMix",
    (*_rates("pvConsumptionRate", "batteryConsumptionRate", "gridConsumptionRate"), *_energy("totalConsumption")),
)
POWER_AC = MeasurementSet(
    "PowerAc",
    (
        *_states("V", "voltagePhaseA2B", "voltagePhaseB2C", "voltagePhaseC2A"),
        *_states("V", "voltagePhaseA", "voltagePhaseB", "voltagePhaseC"),
        *_states("A", "currentPhaseA", "currentPhaseB", "currentPhaseC"),
        *_states("W", "activePowerPhaseA", "activePowerPhaseB", "activePowerPhaseC", "activePower"),
        *_states("VAr", "reactivePowerPhaseA", "reactivePowerPhaseB", "reactivePowerPhaseC", "reactivePower"),
        *_states("VA", "apparentPowerPhaseA", "apparentPowerPhaseB", "apparentPowerPhaseC", "apparentPower"),
        *_states("Hz", "gridFrequency"),
        *_states("1", "displacementPowerFactor"),
    ),
)
POWER_DC = MeasurementSet(
    "PowerDc",
    (
        *_states("W", "dcPowerInput", indexed=True),
        *_states("V", "dcVoltageInput", indexed=True),
        *_states("A", "dcCurrentInput", indexed=True),
        *_states("Ohm", "isolationResistance"),
    ),
)
ENERGY_DC = MeasurementSet("EnergyDc", (Property("dcEnergyInput", "Wh", Nature.ENERGY, indexed=True),))
SENSOR = MeasurementSet(
    "Sensor",
    (
        *_states("W/m²", "externalInsolation"),
        *_states("°C", "ambientTemperature", "moduleTemperature"),
        *_states("m/s", "windSpeed"),
    ),
)
GRID_SETTINGS = MeasurementSet(
    "GridSettings", (*_states("W", "setPointFeedInPower"), *_states("VAr", "setPointReactivePower"))
)
"""Both names were seen in an answer; that they belong to this set is inferred, and their units are assumed."""

PLANT_SETS = (
    ENERGY_BALANCE,
    ENERGY_AND_POWER_PV,
    GRID_SETTINGS,
    ENERGY_AND_POWER_BATTERY,
    ENERGY_AND_POWER_CONSUMPTION,
    ENERGY_AND_POWER_IN_OUT,
)
"""Sets that may be asked for at plant level; which of them a plant offers is another matter (R24, R33)."""

DEVICE_SETS = (
    SENSOR,
    ENERGY_AND_POWER_BATTERY,
    ENERGY_AND_POWER_CONSUMPTION,
    ENERGY_AND_POWER_IN_OUT,
    ENERGY_AND_POWER_PV,
    ENERGY_MIX,
    POWER_DC,
    POWER_AC,
    ENERGY_DC,
)
BASIC_REPORTING_SETS = (PV_GENERATION,)

ALL_SETS = {item.name.lower(): item for item in (*PLANT_SETS, *DEVICE_SETS, *BASIC_REPORTING_SETS)}
"""Every set by its name in lower case; names match without regard to case."""

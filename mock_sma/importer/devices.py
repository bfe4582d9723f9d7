"""A device's entry in a scenario, from what traffic tells of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mock_sma.domain.catalogue import (
    DEVICE_SETS,
    ENERGY_AND_POWER_BATTERY,
    ENERGY_AND_POWER_CONSUMPTION,
    ENERGY_AND_POWER_IN_OUT,
    ENERGY_AND_POWER_PV,
    ENERGY_MIX,
    POWER_DC,
    SENSOR,
)
from mock_sma.domain.device import DeviceKind
from mock_sma.domain.instruments import GRID_METERED, SETS_BY_KIND
from mock_sma.importer.collected import part_of

if TYPE_CHECKING:
    from mock_sma.importer.collected import RecordedThing
    from mock_sma.importer.names import Names

SOLAR = (DeviceKind.SOLAR_INVERTER, DeviceKind.HYBRID_INVERTER)

WORDS = {
    DeviceKind.SOLAR_INVERTER: "Inverter",
    DeviceKind.HYBRID_INVERTER: "Hybrid inverter",
    DeviceKind.BATTERY_INVERTER: "Battery inverter",
    DeviceKind.GRID_METER: "Meter",
    DeviceKind.CONSUMER: "Consumer",
    DeviceKind.EV_CHARGER: "Charger",
    DeviceKind.SENSOR: SENSOR.name,
    DeviceKind.SATELLITE_SENSOR: "Satellite sensor",
    DeviceKind.DATA_MANAGER: "Manager",
}
"""What a device of a kind is called, with a number behind it."""

TAKEN_OVER = (
    ("type", "type"),
    ("product", "product"),
    ("productId", "product_id"),
    ("vendor", "vendor"),
    ("generatorPower", "generator_power"),
    ("generatorPowerDc", "generator_power_dc"),
    ("isActive", "is_active"),
    ("isSmartConnectedReady", "is_smart_connected_ready"),
    ("firmwareVersion", "firmware_version"),
    ("communicationProtocol", "communication_protocol"),
    ("isResetted", "is_resetted"),
)
"""Members that a scenario has keys for, with those keys."""

CHARGERS = ("EVC", "EV Charger", "SMA EV Charger", "SMA eCharger")
"""What the names of SMA's chargers begin with."""

SAMPLE_ADDRESS = "192.0.2.1"
"""Of a network for documentation (RFC 5737)."""


def kind_of(device: RecordedThing) -> DeviceKind:  # noqa: PLR0911 - a table
    """Return what a device is, told by its sets and, without any, by its type."""
    sets, facts = {*(device.sets or ()), *device.rows}, device.facts
    word = str(facts.get("type", "")).lower()
    has_pv = bool({POWER_DC.name, ENERGY_AND_POWER_PV.name} & sets)
    if ENERGY_AND_POWER_BATTERY.name in sets:
        return DeviceKind.HYBRID_INVERTER if has_pv else DeviceKind.BATTERY_INVERTER
    if has_pv:
        return DeviceKind.SOLAR_INVERTER
    if ENERGY_AND_POWER_IN_OUT.name in sets:
        return DeviceKind.GRID_METER
    if {ENERGY_AND_POWER_CONSUMPTION.name, ENERGY_MIX.name} & sets or facts.get("characteristic"):
        is_charger = str(facts.get("product", "")).startswith(CHARGERS)
        return DeviceKind.EV_CHARGER if is_charger else DeviceKind.CONSUMER
    if SENSOR.name in sets:
        return DeviceKind.SENSOR
    if device.sets is None and facts.get("generatorPower") and "inverter" in word:
        return DeviceKind.SOLAR_INVERTER
    if device.sets is None and "battery" in word:
        return DeviceKind.BATTERY_INVERTER
    return DeviceKind.SATELLITE_SENSOR if "sensor" in word and not facts.get("serial") else DeviceKind.DATA_MANAGER


def entry_of(device_id: str, device: RecordedThing, names: Names) -> dict[str, Any]:
    """Return the entry of a device, without its modules and rows."""
    facts, kind = device.facts, kind_of(device)
    entry: dict[str, Any] = {"kind": kind.value, "name": names.of(WORDS[kind], str(facts.get("name") or device_id))}
    entry["id"] = device_id
    entry |= {key: facts[name] for name, key in TAKEN_OVER if facts.get(name) is not None}
    if facts.get("serial") is not None:
        entry["serial"] = names.serial(str(facts.get("serial")))
    if facts.get("ipAddress") is not None:
        entry["ip_address"] = facts.get("ipAddress") if names.keep else SAMPLE_ADDRESS
    offered = SETS_BY_KIND.get(kind, ()) if device.sets is None else device.sets
    # What has rows is offered, whoever asked for the list or did not.
    if device.sets is not None or not set(device.rows) <= set(offered) - set(GRID_METERED):
        entry["sets"] = [name for name in dict.fromkeys((*offered, *device.rows)) if name in OFFERED]
    characteristic = part_of(facts, "characteristic")
    entry |= {key: characteristic[name] for name, key in CHARACTERISTIC if name in characteristic}
    entry |= {key: str(facts.get(name))[:10] for name, key in DATES if facts.get(name) is not None}
    return entry


OFFERED = frozenset(item.name for item in DEVICE_SETS)
"""Names of the sets that a device of a scenario can offer."""

CHARACTERISTIC = (("category", "category"), ("subCategory", "sub_category"))
DATES = (("startUpUtc", "start_up"), ("termOfGuarantee", "term_of_guarantee"))

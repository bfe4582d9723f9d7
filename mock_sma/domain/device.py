"""Devices of a plant and what they are made of."""

from __future__ import annotations

from dataclasses import fields
from enum import StrEnum
from operator import attrgetter
from typing import TYPE_CHECKING

from mock_sma.frozen import frozen

if TYPE_CHECKING:
    from datetime import date, datetime

    from mock_sma.domain.recording import Recording

SMA = "SMA Solar Technology AG"
"""Vendor of nearly every device in the recordings."""


class DeviceKind(StrEnum):
    """What a device is, as far as numbers and sets go. The wire's ``type`` is separate: it lies at times."""

    SOLAR_INVERTER = "solar-inverter"
    HYBRID_INVERTER = "hybrid-inverter"
    BATTERY_INVERTER = "battery-inverter"
    GRID_METER = "grid-meter"
    GAS_METER = "gas-meter"
    CONSUMER = "consumer"
    EV_CHARGER = "ev-charger"
    SENSOR = "sensor"
    SATELLITE_SENSOR = "satellite-sensor"
    DATA_MANAGER = "data-manager"
    HOME_MANAGER = "home-manager"
    CLUSTER_CONTROLLER = "cluster-controller"
    DIESEL_GENERATOR = "diesel-generator"
    CHP = "chp"
    HYDRO = "hydro"


@frozen(kw_only=True)
class Array:
    """One string of modules on one input of an inverter.

    Attributes:
        peak_power: DC power at standard test conditions [W].
        azimuth: direction it faces [° clockwise from north], 180 is south.
        tilt: slope from the horizontal [°].
    """

    peak_power: float
    azimuth: float = 180.0
    tilt: float = 30.0


@frozen(kw_only=True)
class Battery:
    """A battery behind a battery or hybrid inverter.

    Attributes:
        capacity: usable energy [Wh].
        max_charge: charging limit [W].
        max_discharge: discharging limit [W].
        round_trip_efficiency: AC to AC, 0 < value ≤ 1.
        nominal_voltage: the nominal voltage of the pack [V].
    """

    capacity: float
    max_charge: float
    max_discharge: float
    round_trip_efficiency: float = 0.9
    nominal_voltage: float = 51.2


class Charging(StrEnum):
    """When an electric car is charged."""

    EVENING = "evening"
    SURPLUS = "surplus"


@frozen(kw_only=True)
class Device:
    """A device as the portal knows it. Texts and numbers of the wire stand here as they are sent.

    Attributes:
        id: digits on ennexOS, GUID on Classic (R19).
        kind: what it measures and does.
        type: the wire's ``type`` text.
        product_id: SMA's product number.
        serial: None for a satellite sensor.
        generator_power: AC rating [W], only sent for solar inverters.
        generator_power_dc: DC rating [W].
        category: the category of a consumer (``Consumer``), with ``sub_category`` (``Dishwasher``).
        is_active: False after deactivation (R30), then with ``deactivated_at``.
        deactivated_at: aware instant.
        activated_at: first instant with data; None means the plant's commissioning.
        arrays: strings of modules, in the order of the inputs A, B, C …
        battery: the battery of a battery or hybrid inverter.
        annual_energy: the annual energy of a consumer, an EV charger or a further generator [Wh per year]; None: the
            simulation's default for that kind.
        rated_power: the rated power of a consumer, EV charger or further generator [W]; None: the simulation's default.
        charging: when an EV charger charges its car.
        data: rows that are served in the place of simulated ones, where they cover.
        sets: names of the sets it offers; None: what its instruments allow (R24, R33).
    """

    id: str
    name: str
    kind: DeviceKind
    type: str
    product: str
    product_id: int
    serial: str | None = None
    vendor: str = SMA
    generator_power: float | None = None
    generator_power_dc: float | None = None
    category: str | None = None
    sub_category: str | None = None
    is_active: bool = True
    deactivated_at: datetime | None = None
    activated_at: datetime | None = None
    arrays: tuple[Array, ...] = ()
    battery: Battery | None = None
    annual_energy: float | None = None
    rated_power: float | None = None
    charging: Charging = Charging.EVENING
    sets: tuple[str, ...] | None = None
    is_smart_connected_ready: bool | None = None
    ip_address: str | None = None
    firmware_version: str | None = None
    communication_protocol: str | None = None
    start_up: date | None = None
    is_resetted: bool | None = None
    term_of_guarantee: date | None = None
    data: tuple[Recording, ...] = ()

    @property
    def generates_pv(self) -> bool:
        """Whether it has a PV generator behind it."""
        return self.kind in (DeviceKind.SOLAR_INVERTER, DeviceKind.HYBRID_INVERTER) and bool(self.arrays)


_FACTS = [item.name for item in fields(Device) if item.name != "id"]
_facts_of = attrgetter(*_FACTS)
_PUT = [Device.__dict__[name].__set__ for name in _FACTS]
_put_id = Device.__dict__["id"].__set__


def numbered(device: Device, device_id: str) -> Device:
    """Return a device with another id; ``dataclasses.replace`` takes four times as long, which thousands feel."""
    other = object.__new__(Device)
    _put_id(other, device_id)
    for put, fact in zip(_PUT, _facts_of(device), strict=True):
        put(other, fact)
    return other

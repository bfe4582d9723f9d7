"""Plants: what stands on the roof and how it reports."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from mock_sma.domain.event import EventKind, PlantEvent
from mock_sma.domain.people import ADMINISTERING, Role
from mock_sma.frozen import frozen
from mock_sma.seeding import uuid_of

if TYPE_CHECKING:
    from datetime import date, datetime

    from mock_sma.domain.device import Device, DeviceKind
    from mock_sma.domain.people import PlantUser
    from mock_sma.domain.period import Span
    from mock_sma.domain.recording import Recording

COMMISSIONED, REPLACED, DEACTIVATED = 100_401, 100_402, 100_403
"""Message tags of what becomes of a device."""

CLASSIC_ID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
ENNEXOS_ID = re.compile(r"[0-9]{1,19}")


class Backend(StrEnum):
    """The portal that holds a plant; never a request parameter (R18)."""

    CLASSIC = "classic"
    ENNEXOS = "ennexos"


OWNER_ROLES = {Backend.CLASSIC: frozenset(Role), Backend.ENNEXOS: frozenset({Role.USER, Role.ADMIN})}
"""Roles that may carry the owner flag (R01)."""


class Gateway(StrEnum):
    """What uploads the data (R25)."""

    DATA_MANAGER = "data-manager"
    HOME_MANAGER = "home-manager"
    WEBCONNECT = "webconnect"
    CLUSTER_CONTROLLER = "cluster-controller"


class LoadKind(StrEnum):
    """Shape of a plant's consumption."""

    NONE = "none"
    HOUSEHOLD = "household"
    COMMERCIAL = "commercial"


@frozen(kw_only=True)
class Load:
    """Consumption on site, without consumers and chargers that are devices of their own.

    Attributes:
        annual_energy: without the heat pump [Wh per year].
        heat_pump: energy of a heat pump [Wh per year]; 0: there is none.
        holidays: country whose holidays count as Sundays (ISO 3166, two letters); None: the address's.
    """

    kind: LoadKind = LoadKind.HOUSEHOLD
    annual_energy: float = 4_000_000.0
    heat_pump: float = 0.0
    holidays: str | None = None


@frozen(kw_only=True)
class Normals:
    """A place's own climate, by month; empty: as the nearest sites have it.

    Attributes:
        irradiation: global horizontal [kWh/m² per month].
        temperature: mean of the air [°C].
    """

    irradiation: tuple[float, ...] = ()
    temperature: tuple[float, ...] = ()


@frozen(kw_only=True)
class Address:
    """Address as the portal shows it; absent members are not sent (R27)."""

    country: str | None = None
    federal_state: str | None = None
    city: str | None = None
    zip_code: str | None = None
    street: str | None = None
    street_no: str | None = None


@lru_cache(maxsize=4_096)
def _backend_of(plant_id: str) -> Backend:
    return Backend.ENNEXOS if ENNEXOS_ID.fullmatch(plant_id) else Backend.CLASSIC


@frozen(kw_only=True)
class Earlier:
    """What a plant's numbers were made of until a change; each attribute as :class:`Plant` has it.

    Attributes:
        until: aware instant of the change.
    """

    until: datetime
    latitude: float = 51.32
    longitude: float = 9.50
    elevation: float = 150.0
    weather: str | None = None
    climate: Normals | None = None
    resolution: int = 5
    measures_grid: bool = True
    load: Load = Load()
    missing_rows: float = 0.0
    devices: tuple[Device, ...] = ()


@frozen(kw_only=True)
class Plant:
    """A plant.

    Attributes:
        id: GUID for Classic, digits for ennexOS (R19): the form alone tells the backend.
        timezone: IANA name; all stamps on the wire are naive local ones of it.
        latitude: [°], north positive.
        longitude: [°], east positive.
        elevation: above sea [m].
        weather: name of a sky that all plants of that name are under, wherever they are; None: the one over its place.
        climate: normals of its place; None: those of the nearest sites.
        resolution: the resolution of Recent, Day and Week [min]: 5, 15 or 60 (R21, R22).
        earlier_resolution: the resolution of rows from before ``migrated_at`` [min]; None: as now.
        commissioned: local date of the first data.
        measures_grid: whether grid consumption and feed-in are metered, so that EnergyBalance exists (R24).
        load: consumption on site.
        missing_rows: share of rows that never arrive, of the plant and its devices alike [0..1].
        devices: in the order the API lists them.
        users: people with a part in it (R01).
        events: what happened, in any order.
        previous_ids: Classic ids that answer 308 since ``migrated_at``; maps plant and devices, old to new.
        co2_savings_factor: [g/kWh].
        data: rows that are served in the place of simulated ones, where they cover.
        earlier: what its numbers were made of before it was changed, in order of time.
    """

    id: str
    name: str
    timezone: str = "Europe/Berlin"
    description: str | None = None
    latitude: float = 51.32
    longitude: float = 9.50
    elevation: float = 150.0
    weather: str | None = None
    climate: Normals | None = None
    currency: str | None = "EUR"
    address: Address | None = None
    gateway: Gateway = Gateway.DATA_MANAGER
    professional_package: bool = False
    resolution: int = 5
    earlier_resolution: int | None = None
    commissioned: date
    measures_grid: bool = True
    load: Load = Load()
    missing_rows: float = 0.0
    devices: tuple[Device, ...] = ()
    users: tuple[PlantUser, ...] = ()
    events: tuple[PlantEvent, ...] = ()
    previous_ids: tuple[tuple[str, str], ...] = ()
    migrated_at: datetime | None = None
    co2_savings_factor: int | None = None
    data: tuple[Recording, ...] = ()
    earlier: tuple[Earlier, ...] = ()

    @property
    def backend(self) -> Backend:
        """Which portal the plant is in, told by the form of its id (R19)."""
        return _backend_of(self.id)

    def paces(self) -> list[tuple[datetime, int]]:
        """Return the resolutions that rows had before [min], each with the instant until which, in order of time."""
        found = [(item.until, item.resolution) for item in self.earlier]
        if self.earlier_resolution is not None and self.migrated_at is not None:
            found.append((self.migrated_at, self.earlier_resolution))
        return sorted(found)

    def minutes(self, span: Span) -> int:
        """Return the resolution of a fine span's rows [min]; what was there before a change stays as it was."""
        first = span.first
        if first is not None:
            zone = ZoneInfo(self.timezone)
            for until, minutes in self.paces():
                if span.ends_before(until.astimezone(zone).date()):
                    return minutes
        return self.resolution

    def first_id(self, own_id: str) -> str:
        """Return the id that this plant or a device of it had before its migration, or the one it has."""
        return next((old for old, new in self.previous_ids if new == own_id), own_id)

    @property
    def peak_power(self) -> float:
        """DC power of all modules that are there [W]; a deactivated device's are not (R30)."""
        return sum(array.peak_power for device in self.devices if device.is_active for array in device.arrays)

    @property
    def has_battery(self) -> bool:
        """Whether any device has a battery."""
        return any(device.battery is not None for device in self.devices)

    def has(self, kind: DeviceKind) -> bool:
        """Tell whether a device of ``kind`` belongs to the plant."""
        return any(device.kind is kind for device in self.devices)

    def device(self, device_id: str) -> Device | None:
        """Return the device with an id."""
        return next((item for item in self.devices if item.id == device_id), None)

    def history(self) -> tuple[PlantEvent, ...]:
        """Return its events, and what its devices' own dates tell: commissioning, replacement, deactivation.

        A device that comes as another goes replaces it (R30).
        """
        gone = {device.deactivated_at for device in self.devices} - {None}
        told: list[PlantEvent] = []
        for device in self.devices:
            if device.activated_at is not None:
                told.append(
                    _told(device, device.activated_at, REPLACED if device.activated_at in gone else COMMISSIONED)
                )
            if device.deactivated_at is not None:
                told.append(_told(device, device.deactivated_at, DEACTIVATED))
        return (*self.events, *told)

    def owners(self) -> tuple[PlantUser, ...]:
        """Return the people who carry the owner flag."""
        return tuple(user for user in self.users if user.owner)

    def may_be_administered_by(self, email: str) -> bool:
        """Tell whether a person may administer the plant's users: an administrator or an installer may (R02)."""
        key = email.casefold()
        return any(user.key == key and user.role in ADMINISTERING for user in self.users)


def own_device_id(plant_id: str, index: int, backend: Backend) -> str:
    """Return the id of a device that is given none, by its place in the plant."""
    if backend is Backend.ENNEXOS:
        return str(int(plant_id) + index + 1)
    return uuid_of(blake2b(f"{plant_id.lower()}/{index}".encode(), digest_size=16).digest())


def _told(device: Device, at: datetime, tag: int) -> PlantEvent:
    return PlantEvent(kind=EventKind.MESSAGE, start=at, end=at, device_id=device.id, message_tag=tag)

"""From a checked plant to a Plant, with the rules of ids, people and events (R01, R03, R19)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from mock_sma.domain.catalogue import DEVICE_SETS
from mock_sma.domain.device import Array, Battery, Device, DeviceKind
from mock_sma.domain.instruments import meters_grid
from mock_sma.domain.moment import is_after
from mock_sma.domain.people import PlantUser, Role
from mock_sma.domain.plant import (
    CLASSIC_ID,
    ENNEXOS_ID,
    OWNER_ROLES,
    Address,
    Backend,
    Earlier,
    Gateway,
    Load,
    Normals,
    Plant,
    own_device_id,
)
from mock_sma.domain.reading import nearest
from mock_sma.leaves import later
from mock_sma.scenario_file.build_events import check_places, event_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mock_sma.domain.event import PlantEvent
    from mock_sma.scenario_file.plant_document import DeviceDoc, LoadDoc, NormalsDoc, PlantDoc
    from mock_sma.scenario_file.source import Path, Source

recordings_of = later("scenarios.build_data", "recordings_of")

WIRE_TYPES = {
    DeviceKind.SOLAR_INVERTER: "Solar Inverters",
    DeviceKind.HYBRID_INVERTER: "Hybrid Inverter",
    DeviceKind.BATTERY_INVERTER: "Battery Inverter",
    DeviceKind.SENSOR: "Sensor technology",
    DeviceKind.SATELLITE_SENSOR: "Sensor technology",
}
"""The wire's ``type`` by kind where one is recorded or near; all else carries "Monitoring and control"."""


OWN_MINUTES = {Backend.ENNEXOS: 5, Backend.CLASSIC: 15}
"""Resolution where a document names none [min] (R22)."""

SET_NAMES = [item.name for item in DEVICE_SETS]
"""Sets that a device may offer."""


class PlantBuilder:
    """Builds plants and keeps account of the ids that are taken.

    Args:
        plants: all of the document, whose own ids are not given to devices that have none.
    """

    def __init__(self, source: Source, plants: Sequence[PlantDoc] = ()) -> None:
        self.source = source
        self.ids: set[str] = set()
        self._named = {plant.id for plant in plants}
        self._named.update(device.id for plant in plants for device in plant.devices if device.id is not None)
        self.zones: dict[str, bool] = {}
        self._facts: dict[int, tuple[DeviceDoc, dict[str, Any]]] = {}
        self._loads: dict[int, tuple[LoadDoc, Load]] = {}

    def plant(self, path: Path, doc: PlantDoc) -> Plant:
        """Return the plant of the document at ``path``; mistakes go into the source."""
        backend = self.backend((*path, "id"), doc.id)
        self.claim((*path, "id"), doc.id)
        if not self.zone_exists(doc.timezone):
            message = f"unknown time zone {doc.timezone!r}; IANA names look like Europe/Berlin"
            self.source.add((*path, "timezone"), message)
        devices = self._devices(path, doc, backend)
        self._check_previous((*path, "previous_ids"), doc, {doc.id, *(device.id for device in devices)})
        classic = backend is Backend.CLASSIC
        gateway = doc.gateway or (Gateway.WEBCONNECT if classic else Gateway.DATA_MANAGER)
        plant = Plant(
            id=doc.id,
            name=doc.name,
            timezone=doc.timezone,
            description=doc.description,
            latitude=doc.latitude,
            longitude=doc.longitude,
            elevation=doc.elevation,
            weather=doc.weather,
            climate=_normals(doc.climate),
            currency=doc.currency,
            address=Address(**vars(doc.address)) if doc.address else None,
            gateway=gateway,
            professional_package=doc.professional_package,
            resolution=doc.resolution or OWN_MINUTES[backend],
            earlier_resolution=doc.earlier_resolution,
            commissioned=doc.commissioned,
            measures_grid=meters_grid(gateway, devices) if doc.measures_grid is None else doc.measures_grid,
            load=self._load(doc.load),
            missing_rows=doc.missing_rows,
            devices=devices,
            users=self.plant_users(path, doc, backend),
            events=self.events(path, doc),
            previous_ids=tuple(doc.previous_ids.items()),
            migrated_at=doc.migrated_at,
            co2_savings_factor=doc.co2_savings_factor,
            earlier=self._earlier((*path, "earlier"), doc, backend, gateway) if doc.earlier else (),
        )
        check_places(self.source, path, plant)
        return self._with_data(path, doc, plant)

    def _with_data(self, path: Path, doc: PlantDoc, plant: Plant) -> Plant:
        """Return the plant with the rows that its document names; their times and sets are the plant's."""
        if not doc.data and not any(device.data for device in doc.devices):
            return plant
        if not self.zone_exists(plant.timezone):
            return plant  # that is told; the times of rows mean nothing there
        if doc.data:
            plant = replace(plant, data=recordings_of(self.source, (*path, "data"), doc.data, plant, None))
        devices = []
        for index, (own, device) in enumerate(zip(doc.devices, plant.devices, strict=True)):
            where = (*path, "devices", index, "data")
            if own.data and set(own.sets or ()).issubset(SET_NAMES):  # one that there is not has been told
                device = replace(device, data=recordings_of(self.source, where, own.data, plant, device))  # noqa: PLW2901
            devices.append(device)
        return replace(plant, devices=tuple(devices))

    def _earlier(self, path: Path, doc: PlantDoc, backend: Backend, gateway: Gateway) -> tuple[Earlier, ...]:
        found: list[Earlier] = []
        for number, item in enumerate(doc.earlier):
            for index, device in enumerate(item.devices):
                where = (*path, number, "devices", index)
                self._check_sets((*where, "sets"), device)
                if device.data:
                    self.source.add((*where, "data"), "rows of a device stand in the plant's own devices")
            if found and is_after(item.until, found[-1].until) is False:
                self.source.add((*path, number, "until"), "has to be later than the one before")
            devices = tuple(
                self._device(device, device.id or own_device_id(doc.id, index, backend), None, None)
                for index, device in enumerate(item.devices)
            )
            found.append(
                Earlier(
                    until=item.until,
                    latitude=item.latitude,
                    longitude=item.longitude,
                    elevation=item.elevation,
                    weather=item.weather,
                    climate=_normals(item.climate),
                    resolution=item.resolution or OWN_MINUTES[backend],
                    measures_grid=meters_grid(gateway, devices) if item.measures_grid is None else item.measures_grid,
                    load=self._load(item.load),
                    missing_rows=item.missing_rows,
                    devices=devices,
                )
            )
        return tuple(found)

    def _load(self, doc: LoadDoc) -> Load:
        # As devices, many plants share one.
        made = self._loads.get(id(doc))
        if made is None:
            made = self._loads[id(doc)] = doc, Load(**vars(doc))
        return made[1]

    def backend(self, path: Path, plant_id: str) -> Backend:
        """Return the backend that an id tells; one that tells none is a mistake (R19)."""
        if ENNEXOS_ID.fullmatch(plant_id):
            return Backend.ENNEXOS
        if not CLASSIC_ID.fullmatch(plant_id):
            message = f"{plant_id!r} is neither digits (ennexOS) nor a GUID of the form 8-4-4-4-12 (Classic)"
            self.source.add(path, message, "R19")
        return Backend.CLASSIC

    def zone_exists(self, name: str) -> bool:
        """Tell whether there is a time zone of that name."""
        if name not in self.zones:
            try:
                ZoneInfo(name)
            except (KeyError, OSError, ValueError):
                self.zones[name] = False
            else:
                self.zones[name] = True
        return self.zones[name]

    def claim(self, path: Path, given: str) -> None:
        """Take an id; where somebody has it, that is a mistake."""
        # ennexOS plants and devices share one id space.
        if given.lower() in self.ids:
            self.source.add(path, f"the id {given!r} is taken; plants and devices share one id space", "R19")
        self.ids.add(given.lower())

    def free_id(self, plant_id: str, index: int, backend: Backend) -> str:
        """Return an id for a device that is given none: that of its place in the plant, or the next free one."""
        while (found := own_device_id(plant_id, index, backend)) in self._named or found in self.ids:
            index += 1
        return found

    def _devices(self, path: Path, doc: PlantDoc, backend: Backend) -> tuple[Device, ...]:
        if len(doc.serials) > len(doc.devices):
            self.source.add((*path, "serials"), f"{len(doc.serials)} serials for {len(doc.devices)} devices")
        for old in doc.rename:
            if all(device.name != old for device in doc.devices):
                self.source.add((*path, "rename", old), f"no device of this plant is called {old!r}")
        result = []
        for index, device in enumerate(doc.devices):
            where = (*path, "devices", index)
            device_id = device.id or self.free_id(doc.id, index, backend)
            is_told = backend is Backend.CLASSIC and not CLASSIC_ID.fullmatch(doc.id)
            if device.id and not is_told and (backend is Backend.ENNEXOS) != bool(ENNEXOS_ID.fullmatch(device_id)):
                message = f"the id {device_id!r} does not fit the plant's backend ({backend})"
                self.source.add((*where, "id"), message, "R19")
            self.claim((*where, "id"), device_id)
            if device.sets:
                self._check_sets((*where, "sets"), device)
            serial = doc.serials[index] if index < len(doc.serials) else None
            result.append(self._device(device, device_id, doc.rename.get(device.name), serial))
        return tuple(result)

    def device(self, path: Path, doc: DeviceDoc) -> Device:
        """Return the device at ``path`` that is to be put into a plant; where it names no id it has an empty one."""
        self._check_sets((*path, "sets"), doc)
        if doc.data:
            message = "a device that comes later brings no rows; give it data in the plant, with activated_at"
            self.source.add((*path, "data"), message)
        return self._device(doc, doc.id or "", None, None)

    def _check_previous(self, path: Path, doc: PlantDoc, own: set[str]) -> None:
        for old, new in doc.previous_ids.items():
            if not CLASSIC_ID.fullmatch(old):
                self.source.add((*path, old), f"the old id {old!r} is not a GUID (Classic)", "R19")
            if new not in own:
                self.source.add((*path, old), f"{new!r} is neither this plant nor a device of it")
            self.claim((*path, old), old)

    def _check_sets(self, path: Path, doc: DeviceDoc) -> None:
        for number, name in enumerate(doc.sets or ()):
            if name not in SET_NAMES:
                self.source.add((*path, number), f"no set {name!r} of a device{nearest(name, SET_NAMES)}")

    def _device(self, doc: DeviceDoc, device_id: str, name: str | None, serial: str | None) -> Device:
        # Many plants share the documents of their devices, as those of generate do.
        made = self._facts.get(id(doc))
        if made is None:
            made = self._facts[id(doc)] = doc, _facts(doc)
        facts = made[1]
        if name or serial:
            facts = {**facts, "name": name or doc.name, "serial": serial or doc.serial}
        return Device(id=device_id, **facts)

    def events(self, path: Path, doc: PlantDoc) -> tuple[PlantEvent, ...]:
        """Return the events of the plant at ``path``."""
        return tuple(event_of(self.source, (*path, "events", index), event) for index, event in enumerate(doc.events))

    def plant_users(self, path: Path, doc: PlantDoc, backend: Backend) -> tuple[PlantUser, ...]:
        """Return the people of the plant at ``path``; who may not own it, or appears twice, is a mistake (R01, R03)."""
        users = [PlantUser(**item.model_dump()) for item in doc.users]
        if doc.owner is not None:
            users.append(PlantUser(email=doc.owner, role=Role.USER, owner=True))
        for index, user in enumerate(users):
            where = (*path, "users", index, "owner") if index < len(doc.users) else (*path, "owner")
            if user.owner and user.role not in OWNER_ROLES[backend]:
                message = (
                    f"on ennexOS only a standard user or an administrator may carry the owner flag, "
                    f"not a person with the role {user.role.value!r}"
                )
                self.source.add(where, message, "R01")
        seen: set[str] = set()
        for index, user in enumerate(users):
            if user.key in seen:
                where = (*path, "users", index, "email") if index < len(doc.users) else (*path, "owner")
                self.source.add(where, f"{user.email!r} appears twice on this plant; case does not count")
            seen.add(user.key)
        owners = sum(user.owner for user in users)
        if backend is Backend.CLASSIC and owners > 1:
            message = f"a Classic plant has one owner, not {owners}; ennexOS plants may have several"
            self.source.add((*path, "users"), message, "R03")
        return tuple(users)


def _normals(doc: NormalsDoc | None) -> Normals | None:
    return None if doc is None else Normals(**doc.model_dump())


def _facts(doc: DeviceDoc) -> dict[str, Any]:
    """Return the attributes of a document's device, without its id."""
    facts = doc.model_dump(exclude={"id", "arrays", "battery", "data", "product", "product_id", "type"})
    return {
        **facts,
        "type": doc.type or WIRE_TYPES.get(doc.kind, "Monitoring and control"),
        "product": doc.product or doc.name,
        "product_id": doc.product_id if doc.product_id is not None else 9999,
        "arrays": tuple(Array(**array.model_dump()) for array in doc.arrays),
        "battery": Battery(**doc.battery.model_dump()) if doc.battery else None,
    }

"""From a checked document to a Scenario, with the rules that no schema can hold (R01, R03, R05, R19)."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING
from uuid import UUID
from zoneinfo import ZoneInfo

from mock_sma.domain.device import Array, Battery, Device, DeviceKind
from mock_sma.domain.event import PlantEvent
from mock_sma.domain.people import Client, Flow, PlantUser, Role, User
from mock_sma.domain.plant import CLASSIC_ID, ENNEXOS_ID, Address, Backend, Gateway, Load, Plant
from mock_sma.domain.scenario import AutoAnswer, InitialConsent, Quota, Scenario, Switches, TimelineEntry

if TYPE_CHECKING:
    from mock_sma.scenario_file.document import ScenarioDoc
    from mock_sma.scenario_file.plant_document import DeviceDoc, PlantDoc
    from mock_sma.scenario_file.source import Path, Source

WIRE_TYPES = {
    DeviceKind.SOLAR_INVERTER: "Solar Inverters",
    DeviceKind.HYBRID_INVERTER: "Hybrid Inverter",
    DeviceKind.BATTERY_INVERTER: "Battery Inverter",
    DeviceKind.SENSOR: "Sensor technology",
    DeviceKind.SATELLITE_SENSOR: "Sensor technology",
}
"""The wire's ``type`` by kind where one is recorded or near; all else carries "Monitoring and control"."""

OWNER_ROLES = {
    Backend.CLASSIC: frozenset(Role),
    Backend.ENNEXOS: frozenset({Role.USER, Role.ADMIN}),
}
"""Roles that may carry the owner flag (R01)."""

DEMO_CLIENTS = (
    Client(id="demo_api", secret="demo_secret", name="Demo service"),  # noqa: S106 - published and fake
    Client(
        id="demo_app",
        secret="demo_secret",  # noqa: S106 - published and fake
        flow=Flow.CODE,
        redirect_uris=("http://localhost:8000/callback",),
        name="Demo app",
    ),
)
"""Clients of a scenario that names none."""


class Builder:
    """Builds one scenario; takes down every problem on the way."""

    def __init__(self, source: Source, document: ScenarioDoc) -> None:
        self.source = source
        self.document = document
        self.warnings: list[str] = []
        self.ids: dict[str, Path] = {}

    def build(self) -> Scenario:
        """Return the scenario.

        Raises:
            ScenarioError: with every broken rule.
        """
        doc = self.document
        clients = self._clients()
        users = self._users()
        plants = tuple(self._plant(index, plant) for index, plant in enumerate(doc.plants))
        self._references(plants, users, clients)
        self.source.check()
        return Scenario(
            name=doc.name,
            description=doc.description,
            profile=doc.profile,
            now=doc.now,
            seed=doc.seed,
            clients=clients,
            users=users,
            plants=plants,
            consents=tuple(
                InitialConsent(
                    email=item.email,
                    client_id=item.client_id,
                    state=item.state,
                    plants=item.plants,
                    scope=item.scope,
                    requested_at=item.requested_at,
                )
                for item in doc.consents
            ),
            auto_answers=tuple(
                AutoAnswer(
                    email=item.email,
                    answer=None if item.answer == "never" else item.answer,
                    after=item.after,
                    client_id=item.client_id,
                )
                for item in doc.auto_answers
            ),
            timeline=tuple(
                TimelineEntry(action=item.action, at=item.at, after=item.after, arguments=item.arguments)
                for item in doc.timeline
            ),
            quota=Quota(requests=doc.quota.requests, window=doc.quota.window) if doc.quota else None,
            faults=doc.faults,
            switches=Switches(**doc.switches.model_dump()),
            warnings=tuple(self.warnings),
        )

    def _clients(self) -> tuple[Client, ...]:
        seen: set[str] = set()
        for index, doc in enumerate(self.document.clients):
            if doc.id in seen:
                self.source.add(("clients", index, "id"), f"the client {doc.id!r} stands there twice")
            seen.add(doc.id)
            if doc.flow is Flow.CODE and not doc.redirect_uris:
                self.source.add(("clients", index), "a client of the code flow needs redirect_uris")
        return tuple(Client(**doc.model_dump()) for doc in self.document.clients) or DEMO_CLIENTS

    def _users(self) -> tuple[User, ...]:
        seen: set[str] = set()
        for index, doc in enumerate(self.document.users):
            key = doc.email.casefold()
            if key in seen:
                self.source.add(
                    ("users", index, "email"), f"{doc.email!r} stands there twice; case does not count"
                )
            seen.add(key)
            if doc.country is None:
                self.warnings.append(
                    f"{doc.email} has no country: the consent mail will be English, as for an account "
                    "whose registration left it out (R05)"
                )
        return tuple(User(**doc.model_dump()) for doc in self.document.users)

    # ---- plants ---------------------------------------------------------------------------------------

    def _plant(self, index: int, doc: PlantDoc) -> Plant:
        path: Path = ("plants", index)
        backend = self._backend((*path, "id"), doc.id)
        self._claim((*path, "id"), doc.id)
        try:
            ZoneInfo(doc.timezone)
        except (OSError, ValueError):
            message = f"unknown time zone {doc.timezone!r}; IANA names look like Europe/Berlin"
            self.source.add((*path, "timezone"), message)
        devices = self._devices(path, doc, backend)
        classic = backend is Backend.CLASSIC
        return Plant(
            id=doc.id,
            name=doc.name,
            timezone=doc.timezone,
            description=doc.description,
            latitude=doc.latitude,
            longitude=doc.longitude,
            elevation=doc.elevation,
            currency=doc.currency,
            address=Address(**doc.address.model_dump()) if doc.address else None,
            gateway=doc.gateway or (Gateway.WEBCONNECT if classic else Gateway.DATA_MANAGER),
            professional_package=doc.professional_package,
            resolution=doc.resolution or (15 if classic else 5),
            commissioned=doc.commissioned,
            measures_grid=doc.measures_grid,
            load=Load(**doc.load.model_dump()),
            devices=devices,
            users=self._plant_users(path, doc, backend),
            events=self._events(path, doc, {device.id for device in devices}),
            previous_ids=tuple(doc.previous_ids.items()),
            migrated_at=doc.migrated_at,
            co2_savings_factor=doc.co2_savings_factor,
        )

    def _backend(self, path: Path, plant_id: str) -> Backend:
        if ENNEXOS_ID.fullmatch(plant_id):
            return Backend.ENNEXOS
        if not CLASSIC_ID.fullmatch(plant_id):
            message = f"{plant_id!r} is neither digits (ennexOS) nor a GUID of the form 8-4-4-4-12 (Classic)"
            self.source.add(path, message, "R19")
        return Backend.CLASSIC

    def _claim(self, path: Path, given: str) -> None:
        # ennexOS plants and devices share one id space (contract: MONITORING 6).
        if given.lower() in self.ids:
            self.source.add(path, f"the id {given!r} is taken; plants and devices share one id space", "R19")
        self.ids[given.lower()] = path

    def _devices(self, path: Path, doc: PlantDoc, backend: Backend) -> tuple[Device, ...]:
        if len(doc.serials) > len(doc.devices):
            self.source.add((*path, "serials"), f"{len(doc.serials)} serials for {len(doc.devices)} devices")
        names = {device.name for device in doc.devices}
        for old in doc.rename:
            if old not in names:
                self.source.add((*path, "rename", old), f"no device of this plant is called {old!r}")
        result = []
        for index, device in enumerate(doc.devices):
            where = (*path, "devices", index)
            device_id = device.id or self._next_id(doc.id, index, backend)
            if (backend is Backend.ENNEXOS) != bool(ENNEXOS_ID.fullmatch(device_id)):
                message = f"the id {device_id!r} is not of the plant's backend ({backend})"
                self.source.add((*where, "id"), message, "R19")
            self._claim((*where, "id"), device_id)
            serial = doc.serials[index] if index < len(doc.serials) else None
            result.append(self._device(device, device_id, doc.rename.get(device.name), serial))
        return tuple(result)

    @staticmethod
    def _next_id(plant_id: str, index: int, backend: Backend) -> str:
        if backend is Backend.ENNEXOS:
            return str(int(plant_id) + index + 1)
        digest = hashlib.blake2b(f"{plant_id.lower()}/{index}".encode(), digest_size=16).digest()
        return str(UUID(bytes=digest, version=4))

    @staticmethod
    def _device(doc: DeviceDoc, device_id: str, name: str | None, serial: str | None) -> Device:
        facts = doc.model_dump(exclude={"id", "arrays", "battery", "product", "product_id", "type"})
        facts["name"] = name or doc.name
        facts["serial"] = serial or doc.serial
        return Device(
            **facts,
            id=device_id,
            type=doc.type or WIRE_TYPES.get(doc.kind, "Monitoring and control"),
            product=doc.product or doc.name,
            product_id=doc.product_id if doc.product_id is not None else 9999,
            arrays=tuple(Array(**array.model_dump()) for array in doc.arrays),
            battery=Battery(**doc.battery.model_dump()) if doc.battery else None,
        )

    def _plant_users(self, path: Path, doc: PlantDoc, backend: Backend) -> tuple[PlantUser, ...]:
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
        owners = sum(user.owner for user in users)
        if backend is Backend.CLASSIC and owners > 1:
            message = f"a Classic plant has one owner, not {owners}; ennexOS plants may have several"
            self.source.add((*path, "users"), message, "R03")
        return tuple(users)

    def _events(self, path: Path, doc: PlantDoc, devices: set[str]) -> tuple[PlantEvent, ...]:
        result = []
        for index, event in enumerate(doc.events):
            where = (*path, "events", index)
            if event.end is not None and event.end <= event.start:
                self.source.add((*where, "end"), "time goes backwards: the end is not after the start")
            if event.device is not None and event.device not in devices:
                self.source.add((*where, "device"), f"the plant has no device {event.device!r}")
            result.append(PlantEvent(device_id=event.device, **event.model_dump(exclude={"device"})))
        return tuple(result)

    # ---- references -----------------------------------------------------------------------------------

    def _references(
        self, plants: tuple[Plant, ...], users: tuple[User, ...], clients: tuple[Client, ...]
    ) -> None:
        people = {user.key for user in users}
        doc = self.document
        for index, plant in enumerate(plants):
            for number, user in enumerate(plant.users):
                given = number < len(doc.plants[index].users)
                where = ("users", number, "email") if given else ("owner",)
                self._person(("plants", index, *where), user.email, people)
        names = {client.id for client in clients}
        ids = {plant.id for plant in plants}
        for key in ("consents", "auto_answers"):
            for index, item in enumerate(getattr(doc, key)):
                self._person((key, index, "email"), item.email, people)
                if item.client_id is not None and item.client_id not in names:
                    message = f"no client {item.client_id!r}; this scenario has {', '.join(sorted(names))}"
                    self.source.add((key, index, "client_id"), message)
        for index, consent in enumerate(doc.consents):
            for plant_id in consent.plants or ():
                if plant_id not in ids:
                    self.source.add(("consents", index, "plants"), f"no plant {plant_id!r} in this scenario")

    def _person(self, path: Path, email: str, people: set[str]) -> None:
        if email.casefold() not in people:
            self.source.add(path, f"{email!r} is not among the users; add it there", "R01")

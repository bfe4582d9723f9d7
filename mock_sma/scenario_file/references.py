"""Everything a scenario mentions has to be there: people, plants, devices, clients."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from mock_sma.domain.actions import EVENT_KINDS, AddPlant
from mock_sma.domain.event import PlantEvent
from mock_sma.domain.plant import CLASSIC_ID, ENNEXOS_ID, OWNER_ROLES
from mock_sma.domain.reading import nearest
from mock_sma.domain.scenario import EVERY_OWNER, ConsentState
from mock_sma.errors import ScenarioError
from mock_sma.leaves import later
from mock_sma.scenario_file.persons import check_people
from mock_sma.scenario_file.plant_document import DeviceDoc
from mock_sma.scenario_file.plant_patch import DevicePatch, PlantPatch
from mock_sma.scenario_file.source import keys_of_path
from mock_sma.scenario_file.timeline_document import (
    AddDeviceDoc,
    AddPlantDoc,
    ChangeDeviceDoc,
    ChangeOwnerDoc,
    ChangePlantDoc,
    ChangeUserDoc,
    FaultDoc,
    GapDoc,
    MigrateDoc,
    ReplaceDeviceDoc,
    SetOwnerDoc,
)

if TYPE_CHECKING:
    from mock_sma.domain.changes import PlantChange
    from mock_sma.domain.plant import Plant
    from mock_sma.domain.scenario import Scenario
    from mock_sma.scenario_file.document import ConsentDoc, ScenarioDoc
    from mock_sma.scenario_file.plant_document import PlantDoc
    from mock_sma.scenario_file.source import Path, Source
    from mock_sma.scenario_file.timeline_document import TimelineDoc

misfits_of = later("mistakes.misfits", "misfits_of")


ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)
"""Stands for the time of a change that is only looked at."""


def check_references(source: Source, document: ScenarioDoc, scenario: Scenario, *, is_whole: bool) -> None:
    """Take down every mention of somebody or something that the scenario does not have.

    Where the document is not whole, nobody is told to own nothing: the owner may stand in what is missing.
    """
    check = _References(source, document, scenario)
    for index, doc in enumerate(document.plants):
        check.plant_users(("plants", index), doc)
    for index, consent in enumerate(document.consents):
        check.consent(("consents", index), consent)
        if is_whole:
            check.grantor(("consents", index), consent)
    for index, answer in enumerate(document.auto_answers):
        check.named(("auto_answers", index), answer)
    for index, entry in enumerate(document.timeline):
        check.entry(("timeline", index), entry)


class _References:
    def __init__(self, source: Source, document: ScenarioDoc, scenario: Scenario) -> None:
        self.source = source
        self.places = {plant.id: index for index, plant in reversed([*enumerate(document.plants)])}
        renamed = [entry.change.email for entry in document.timeline if isinstance(entry, ChangeUserDoc)]
        known = [*(user.email for user in scenario.users), *(email for email in renamed if email is not None)]
        self.people = {email.casefold(): email for email in known}
        self.users = {user.key: user for user in scenario.users}
        self.owners = {owner.key for plant in scenario.plants for owner in plant.owners()}
        self.clients = [client.id for client in scenario.clients]
        added = [entry.action.plant for entry in scenario.timeline if isinstance(entry.action, AddPlant)]
        plants = [*scenario.plants, *added]
        moved = [entry.to for entry in document.timeline if isinstance(entry, MigrateDoc)]
        self.plants: dict[str, Plant | None] = {item.id.lower(): item for item in plants}
        self.known_plants = [item.id for item in plants]
        self.plants.update(dict.fromkeys(moved))
        self.plant_of = {device.id.lower(): plant for plant in plants for device in plant.devices}
        self.devices = set(self.plant_of)
        self.taken = {*self.devices, *(item.id.lower() for item in plants)}
        new = [entry.to for entry in document.timeline if isinstance(entry, ReplaceDeviceDoc)]
        new += [entry.device.id for entry in document.timeline if isinstance(entry, AddDeviceDoc)]
        self.new = {name.lower() for name in new if name is not None}

    def person(self, path: Path, email: str) -> None:
        if email.casefold() not in self.people:
            known = list(self.people.values())
            hint = nearest(email, known) if known else ""
            self.source.add(path, f"{email!r} is not among the users; add it there{hint}")

    def plant_users(self, path: Path, doc: PlantDoc) -> None:
        check_people(self.source, path, doc, self.people)

    def plant(self, path: Path, plant_id: str) -> None:
        if plant_id.lower() not in self.plants:
            self.source.add(path, f"no plant {plant_id!r}{nearest(plant_id, self.known_plants)}")

    def consent(self, path: Path, doc: ConsentDoc) -> None:
        self.named(path, doc)
        for number, plant_id in enumerate(doc.plants or ()):
            self.plant((*path, "plants", number), plant_id)

    def grantor(self, path: Path, doc: ConsentDoc) -> None:
        """Check that who has answered could have done so."""
        user = self.users.get(doc.email.casefold())
        if user is None or doc.state in (ConsentState.PENDING, ConsentState.EXPIRED):
            return
        if not user.registered:
            message = f"{doc.email} never completed registration, so has answered nothing"
            self.source.add((*path, "state"), message, "R04")
        elif user.key not in self.owners and doc.state is not ConsentState.REJECTED:
            message = f"{doc.email} carries the owner flag of no plant at the start, so had none to open"
            self.source.add((*path, "email"), message, "R06")

    def named(self, path: Path, doc: object) -> None:
        """Check the keys ``email``, ``client_id``, ``plant`` and ``device`` where the model has them."""
        email, client_id = getattr(doc, "email", None), getattr(doc, "client_id", None)
        if email is not None and email != EVERY_OWNER:
            self.person((*path, "email"), email)
        if client_id is not None and client_id not in self.clients:
            self.source.add((*path, "client_id"), f"no client {client_id!r}{nearest(client_id, self.clients)}")
        plant = getattr(doc, "plant", None)
        if isinstance(plant, str):
            self.plant((*path, "plant"), plant)
        device = getattr(doc, "device", None)
        if isinstance(device, str):
            self.device((*path, "device"), device, plant if isinstance(plant, str) else None)

    def flag(self, path: Path, plant_id: str, email: str) -> None:
        """Check that a person may carry the owner flag that they are to get."""
        plant = self.plants.get(plant_id.lower())
        if plant is None:
            return
        user = next((item for item in plant.users if item.key == email.casefold()), None)
        if user is not None and user.role not in OWNER_ROLES[plant.backend]:
            message = f"{email} is {user.role.value} there: only a standard user or an administrator may own on ennexOS"
            self.source.add((*path, "email"), message, "R01")

    def device(self, path: Path, device_id: str, plant_id: str | None) -> None:
        plant = self.plants.get(plant_id.lower()) if plant_id is not None else None
        devices = {item.id.lower() for item in plant.devices} if plant is not None else self.devices
        if device_id.lower() not in devices | self.new:
            where = f" of plant {plant_id!r}" if plant is not None else ""
            self.source.add(path, f"no device {device_id!r}{where} in this scenario")

    def entry(self, path: Path, entry: TimelineDoc) -> None:
        """Check an entry of the timeline."""
        self.named(path, entry)
        match entry:
            case AddPlantDoc():
                self.plant_users((*path, "plant"), entry.plant)
            case ChangeOwnerDoc() | SetOwnerDoc() if getattr(entry, "owner", True):
                self.flag(path, entry.plant, entry.email)
            case ChangePlantDoc() | ChangeDeviceDoc():
                self.change((*path, "change"), entry)
            case GapDoc(device=str()) | FaultDoc():
                self.event(path, entry)
            case MigrateDoc():
                self.migration(path, entry)
            case ReplaceDeviceDoc(to=str() as new):
                self.new_device((*path, "to"), new)
            case AddDeviceDoc(device=DeviceDoc(id=str() as new)):
                self.new_device((*path, "device", "id"), new)

    def event(self, path: Path, doc: GapDoc | FaultDoc) -> None:
        """Check that a device which is there at the start can have what is to happen to it."""
        plant = self.plants.get(doc.plant.lower())
        device = str(doc.device).lower()
        own = next((item.id for item in plant.devices if item.id.lower() == device), None) if plant else None
        if plant is None or own is None:
            return  # not there, which has been told, or it comes into being on the way
        event = PlantEvent(kind=EVENT_KINDS[doc.action], start=ANY_TIME, device_id=own)
        for key, message in misfits_of(plant, event):
            self.source.add((*path, key), message)

    def migration(self, path: Path, doc: MigrateDoc) -> None:
        if not CLASSIC_ID.fullmatch(doc.plant):
            self.source.add((*path, "plant"), "only a Classic plant can migrate", "R19")
        if not ENNEXOS_ID.fullmatch(doc.to):
            self.source.add((*path, "to"), f"the new id {doc.to!r} has to be digits (ennexOS)", "R19")
        else:
            self.free((*path, "to"), doc.to)

    def change(self, path: Path, doc: ChangePlantDoc | ChangeDeviceDoc) -> None:
        """Check a change on the plant as it is at the start."""
        patch: PlantChange
        if isinstance(doc, ChangePlantDoc):
            plant, patch = self.plants.get(doc.plant.lower()), PlantPatch(doc.change)
        else:
            plant, patch = self.plant_of.get(doc.device.lower()), DevicePatch(doc.device, doc.change)
        if plant is None or self._is_told(plant.id):
            return  # it comes into being on the way, or has mistakes already
        try:
            patch.on(plant, self.people.values(), ANY_TIME)
        except ScenarioError as error:
            for item in error.problems:
                self.source.add((*path, *keys_of_path(item.path)), item.message, item.rule)

    def _is_told(self, plant_id: str) -> bool:
        """Tell whether a plant has mistakes of its own."""
        index = self.places.get(plant_id)
        return index is not None and self.source.has_mistakes(("plants", index))

    def new_device(self, path: Path, device_id: str) -> None:
        if not ENNEXOS_ID.fullmatch(device_id) and not CLASSIC_ID.fullmatch(device_id):
            self.source.add(path, f"{device_id!r} is neither digits (ennexOS) nor a GUID (Classic)", "R19")
        self.free(path, device_id)

    def free(self, path: Path, new_id: str) -> None:
        """Claim an id that comes into being on the way."""
        if new_id.lower() in self.taken:
            self.source.add(path, f"the id {new_id!r} is taken; plants and devices share one id space", "R19")
        self.taken.add(new_id.lower())

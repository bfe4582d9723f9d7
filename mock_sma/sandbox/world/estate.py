"""Plants and people of a running world: the scenario's values, and what has become of them since."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, Any

from mock_sma.domain.earlier import with_past
from mock_sma.domain.settling import settled_plant
from mock_sma.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from mock_sma.domain.device import Device
    from mock_sma.domain.people import User
    from mock_sma.domain.plant import Plant
    from mock_sma.domain.scenario import Scenario

_STAMPS = count(1_000_000)
"""Numbers of changes: none is used twice, so that a world put back to an earlier state finds no body of another one."""


@frozen
class Beginning:
    """Plants and devices by what they are looked up with, as they are when a world begins.

    Attributes:
        of: the plants it was made of.
    """

    of: tuple[Plant, ...]
    plants: dict[str, Plant]
    revisions: dict[str, int]
    ids: dict[str, str]
    devices: dict[str, tuple[str, int]]
    moved: dict[str, str]


_recent: dict[tuple[int, datetime | None], Beginning] = {}
"""Beginnings of late, by the identity of their plants, which each of them keeps alive, and their start: worlds of one
scenario share one, and a reset finds it again."""

MAX_RECENT = 8


class Estate:
    """All plants, devices and users of a world.

    Plants are immutable values; a change puts another value in a plant's place, gives ``version`` and
    the plant in ``revisions`` a number that was never used.

    Args:
        scenario: what it begins with.
        start: the start of the world, from which the spans of the scenario count.
    """

    def __init__(self, scenario: Scenario, start: datetime) -> None:
        self._start = start
        self.users: dict[str, User] = {user.key: user for user in scenario.users}
        self.version = 0
        self.plants: dict[str, Plant] = {}
        self.revisions: dict[str, int] = {}
        self._ids: dict[str, str] = {}
        self._devices: dict[str, tuple[str, int]] = {}
        self._moved: dict[str, str] = {}
        self._owned: dict[str, list[str]] = {}
        self._owned_at = -1
        name = id(scenario.plants)
        self._begin(_recent.get((name, None)) or _recent.get((name, start)) or self._first(scenario.plants))

    def _first(self, plants: tuple[Plant, ...]) -> Beginning:
        """Return the beginning with some plants, and keep it."""
        for plant in plants:
            self.put(plant)
        settled = all(self.plants.get(plant.id) is plant for plant in plants)
        tables = (self.plants, self.revisions, self._ids, self._devices, self._moved)
        beginning = Beginning(plants, *tables)
        if len(_recent) >= MAX_RECENT:
            _recent.clear()
        _recent[id(plants), None if settled else self._start] = beginning
        return beginning

    def _begin(self, beginning: Beginning) -> None:
        self.plants = dict(beginning.plants)
        self.revisions = dict(beginning.revisions)
        self._ids = dict(beginning.ids)
        self._devices = dict(beginning.devices)
        self._moved = dict(beginning.moved)
        self.version = len(beginning.of)

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        # Of another process, its last number may lie ahead.
        while next(_STAMPS) < self.version:
            pass

    def copy(self) -> Estate:
        """Return an estate of its own with the same plants and people."""
        other = copy(self)
        for name, value in vars(self).items():
            if isinstance(value, dict):
                setattr(other, name, dict(value))
        return other

    def put(self, plant: Plant) -> None:
        """Add a plant, or put it in the place of the one with its id; ids of devices that it lacks are free then."""
        plant = settled_plant(plant, self._start)
        before = self.plants.get(plant.id)
        if before is not None and before.devices != plant.devices:
            self._release(before.devices)
        self.plants[plant.id] = plant
        self._index(plant)

    def put_from(self, plant: Plant, at: datetime) -> None:
        """Put a plant in the place of the one with its id, whose numbers are what they were until ``at``."""
        self.put(with_past(self.plants[plant.id], settled_plant(plant, self._start), at))

    def _index(self, plant: Plant) -> None:
        self._ids[plant.id.lower()] = plant.id
        for index, device in enumerate(plant.devices):
            self._devices[device.id.lower()] = (plant.id, index)
        for old, new in plant.previous_ids:
            self._moved[old.lower()] = new
        self.version = self.revisions[plant.id] = next(_STAMPS)

    def change(self, plant_id: str, change: Callable[[Plant], Plant]) -> Plant:
        """Put ``change(plant)`` in the place of a plant and return it."""
        plant = change(self.plants[plant_id])
        self.put(plant)
        return self.plants[plant.id]

    def move(self, old_id: str, plant: Plant) -> None:
        """Put a plant with ids of its own in the place of the one with ``old_id``; the old ids are free then."""
        gone = self.plants[old_id]
        plant = settled_plant(plant, self._start)
        self._ids.pop(gone.id.lower(), None)
        self._release(gone.devices)
        self.plants = {new.id: new for new in (plant if item is gone else item for item in self.plants.values())}
        self._index(plant)

    def _release(self, devices: Iterable[Device]) -> None:
        for device in devices:
            self._devices.pop(device.id.lower(), None)

    def plant(self, plant_id: str) -> Plant | None:
        """Return a plant by its id; a GUID matches in any case."""
        return self.plants.get(plant_id) or self.plants.get(self._ids.get(plant_id.lower(), ""))

    def device(self, device_id: str) -> tuple[Plant, Device] | None:
        """Return a device with its plant by the device's id."""
        found = self._devices.get(device_id.lower())
        if found is None:
            return None
        plant = self.plants[found[0]]
        return plant, plant.devices[found[1]]

    def is_taken(self, any_id: str) -> bool:
        """Tell whether a plant or device has this id; they share one id space."""
        name = any_id.lower()
        return name in self._ids or name in self._devices

    def moved_to(self, old_id: str) -> str | None:
        """Return the new id of a plant or device that migrated away from ``old_id``, or None."""
        return self._moved.get(old_id.lower())

    def register(self, email: str) -> None:
        """Let an invited person complete registration (R04)."""
        key = email.casefold()
        self.users[key] = replace(self.users[key], registered=True)
        self.version = next(_STAMPS)

    def change_user(self, email: str, facts: Mapping[str, Any]) -> None:
        """Put other facts into an account; with another e-mail, its parts in plants go along."""
        key = email.casefold()
        changed = replace(self.users[key], **facts)
        people = [changed if user.key == key else user for user in self.users.values()]
        self.users.clear()  # others look into the same dictionary
        self.users.update({user.key: user for user in people})
        self.version = next(_STAMPS)
        if changed.key == key:
            return
        for plant in list(self.plants.values()):
            if any(user.key == key for user in plant.users):
                users = (replace(user, email=changed.email) if user.key == key else user for user in plant.users)
                self.put(replace(plant, users=tuple(users)))

    def set_owner(self, plant_id: str, email: str, *, owner: bool) -> Plant:
        """Set or take away the owner flag of a person who has a part in the plant."""
        key = email.casefold()
        return self.change(
            plant_id,
            lambda plant: replace(
                plant, users=tuple(replace(user, owner=owner) if user.key == key else user for user in plant.users)
            ),
        )

    def owned_by(self, email: str) -> tuple[str, ...]:
        """Return the ids of the plants where this person carries the owner flag now (R07, R10)."""
        if self._owned_at != self.version:
            self._owned, self._owned_at = self._by_owner(), self.version
        return tuple(self._owned.get(email.casefold(), ()))

    def _by_owner(self) -> dict[str, list[str]]:
        owned: dict[str, list[str]] = {}
        for plant in self.plants.values():
            for user in plant.users:
                if user.owner:
                    owned.setdefault(user.key, []).append(plant.id)
        return owned

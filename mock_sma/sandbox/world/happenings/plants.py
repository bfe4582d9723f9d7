"""Changes of plants and their people. Each either happens wholly, or raises and changes nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mock_sma.domain.people import PlantUser, Role
from mock_sma.domain.plant import OWNER_ROLES, Backend
from mock_sma.domain.reading import nearest
from mock_sma.errors import UnknownError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mock_sma.domain.device import Device
    from mock_sma.domain.plant import Plant
    from mock_sma.sandbox.world.estate import Estate


def plant_named(estate: Estate, plant_id: str) -> Plant:
    """Return a plant by its id, or by the one it had before its migration.

    Raises:
        UnknownError: there is none.
    """
    plant = estate.plant(plant_id) or estate.plant(estate.moved_to(plant_id) or "")
    if plant is None:
        raise UnknownError(f"no plant {plant_id!r}{nearest(plant_id, list(estate.plants))}")
    return plant


def device_named(estate: Estate, device_id: str) -> tuple[Plant, Device]:
    """Return a device with its plant; see :func:`plant_named`."""
    found = estate.device(device_id) or estate.device(estate.moved_to(device_id) or "")
    if found is None:
        raise UsageError(f"no device {device_id!r} in this world")
    return found


def add_plant(estate: Estate, plant: Plant) -> None:
    """Let a plant join the world; earlier consents do not cover it (R09).

    Raises:
        UsageError: one of its ids is taken.
    """
    check_free(estate, [plant.id, *(device.id for device in plant.devices)])
    estate.put(plant)


def check_free(estate: Estate, names: Iterable[str]) -> None:
    """Check that ids are free: plants and devices share one id space (R19).

    Raises:
        UsageError: one of them is taken.
    """
    for name in names:
        if estate.is_taken(name):
            raise UsageError(f"the id {name!r} is taken; plants and devices share one id space (R19)")


def set_owner(estate: Estate, plant_id: str, email: str, *, owner: bool) -> None:
    """Give a person the owner flag of a plant, or take it away (R10).

    A person without a part in the plant becomes a standard user of it.

    Raises:
        UsageError: no such plant or person, or the flag is not allowed (R01, R03).
    """
    plant = plant_named(estate, plant_id)
    key = person_named(estate, email)
    if owner and plant.backend is Backend.CLASSIC:
        others = [user.email for user in plant.owners() if user.key != key]
        if others:
            raise UsageError(f"a Classic plant has one owner, and {others[0]} owns {plant.id} (R03)")
    _put_flag(estate, plant, key, email, owner=owner, alone=False)


def change_owner(estate: Estate, plant_id: str, email: str) -> None:
    """Give the owner flag to one person and take it from all others (R06, R10); raises as :func:`set_owner`."""
    plant = plant_named(estate, plant_id)
    _put_flag(estate, plant, person_named(estate, email), email, owner=True, alone=True)


def person_named(estate: Estate, email: str) -> str:
    """Return a person's e-mail as it is compared.

    Raises:
        UsageError: nobody has it.
    """
    key = email.casefold()
    if key not in estate.users:
        known = [user.email for user in estate.users.values()]
        raise UsageError(f"no user {email!r}{nearest(email, known)}")
    return key


def _put_flag(estate: Estate, plant: Plant, key: str, email: str, *, owner: bool, alone: bool) -> None:
    users = plant.users
    if owner and all(user.key != key for user in users):
        users = (*users, PlantUser(email=email, role=Role.USER))
    for user in users:
        if owner and user.key == key and user.role not in OWNER_ROLES[plant.backend]:
            raise UsageError(
                f"{email} is {user.role.value} of {plant.id}; on ennexOS only a standard user or an "
                "administrator may carry the owner flag (R01)"
            )
    changed = tuple(
        replace(user, owner=owner) if user.key == key else replace(user, owner=user.owner and not alone)
        for user in users
    )
    estate.change(plant.id, lambda value: replace(value, users=changed))

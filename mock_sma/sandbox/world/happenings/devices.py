"""Devices that are taken out or replaced; their history stays (R30)."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID
from zoneinfo import ZoneInfo

from mock_sma.domain.instruments import with_devices
from mock_sma.domain.plant import CLASSIC_ID, ENNEXOS_ID, Backend
from mock_sma.errors import UsageError
from mock_sma.sandbox.world.happenings.plants import check_free, device_named, plant_named

if TYPE_CHECKING:
    from collections.abc import Container
    from datetime import date, datetime

    from mock_sma.domain.actions import AddDevice, ChangeDevice, ReplaceDevice
    from mock_sma.domain.device import Device
    from mock_sma.domain.plant import Plant
    from mock_sma.sandbox.world.estate import Estate


def deactivate_device(estate: Estate, device_id: str, at: datetime) -> None:
    """Take a device out: it leaves the lists, and its history stays (R30).

    Raises:
        UsageError: no such device, or it is deactivated already.
    """
    plant, device = device_named(estate, device_id)
    estate.put_from(_with(plant, _ended(device, at)), at)


def replace_device(estate: Estate, wanted: ReplaceDevice, at: datetime) -> None:
    """Take a device out and put one like it in its place, which begins where the old one ends.

    Raises:
        UsageError: no such device, it is deactivated already, or the new id is taken or of another backend.
    """
    plant, device = device_named(estate, wanted.device_id)
    old = _ended(device, at)
    new = replace(
        device,
        id=_checked_id(estate, plant, wanted.to),
        name=wanted.name or device.name,
        serial=wanted.serial,
        activated_at=at,
        start_up=_local_date(plant, at),
    )

    estate.put_from(replace(plant, devices=(*_with(plant, old).devices, new)), at)


def add_device(estate: Estate, wanted: AddDevice, at: datetime) -> None:
    """Put a device into a plant; it begins now unless it says when.

    Raises:
        UnknownError: no such plant.
        UsageError: its id is taken or of another backend.
    """
    plant = plant_named(estate, wanted.plant_id)
    new = replace(
        wanted.device,
        id=_checked_id(estate, plant, wanted.device.id or None),
        activated_at=wanted.device.activated_at or at,
        start_up=wanted.device.start_up or _local_date(plant, at),
    )
    estate.put_from(with_devices(plant, (*plant.devices, new)), at)


def change_device(estate: Estate, wanted: ChangeDevice, at: datetime) -> None:
    """Put what a change makes of a device in its place.

    Raises:
        UsageError: no such device.
        ScenarioError: the outcome breaks a rule, or the change has mistakes of form.
    """
    plant, _ = device_named(estate, wanted.device_id)
    people = [user.email for user in estate.users.values()]
    estate.put_from(wanted.change.on(plant, people, at), at)


def free_id(estate: Estate, plant_id: str, index: int, former: Container[str] = ()) -> str:
    """Return a device id for a plant that nobody has: the plant's own plus ``index``, or a later one.

    Args:
        former: ids in lower case that are not to be given again.
    """
    while True:
        found = _numbered(plant_id, index)
        if not estate.is_taken(found) and found not in former:
            return found
        index += 1


def _numbered(plant_id: str, index: int) -> str:
    if ENNEXOS_ID.fullmatch(plant_id):
        return str(int(plant_id) + index)
    digest = hashlib.blake2b(f"{plant_id.lower()}/{index}".encode(), digest_size=16).digest()
    return str(UUID(bytes=digest, version=4))


def _local_date(plant: Plant, at: datetime) -> date:
    return at.astimezone(ZoneInfo(plant.timezone)).date()


def _checked_id(estate: Estate, plant: Plant, wanted: str | None) -> str:
    if wanted is None:
        return free_id(estate, plant.id, len(plant.devices) + 1, former_ids(plant))
    form = ENNEXOS_ID if plant.backend is Backend.ENNEXOS else CLASSIC_ID
    if not form.fullmatch(wanted):
        raise UsageError(f"the id {wanted!r} does not fit the plant's backend ({plant.backend}) (R19)")
    check_free(estate, [wanted])
    return wanted


def _ended(device: Device, at: datetime) -> Device:
    if not device.is_active:
        raise UsageError(f"device {device.id} is deactivated already")
    return replace(device, is_active=False, deactivated_at=at)


def _with(plant: Plant, device: Device) -> Plant:
    devices = tuple(device if item.id == device.id else item for item in plant.devices)
    return replace(plant, devices=devices)


def former_ids(plant: Plant) -> set[str]:
    """Return the ids of devices, in lower case, that a plant's rows of before its changes are of."""
    return {device.id.lower() for was in plant.earlier for device in was.devices}

"""A plant moves from Sunny Portal Classic to ennexOS (R19; docs/decisions.md, Plants and devices)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mock_sma.domain.people import Role
from mock_sma.domain.plant import ENNEXOS_ID, OWNER_ROLES, Backend, Gateway
from mock_sma.errors import UsageError
from mock_sma.sandbox.world.happenings.devices import free_id
from mock_sma.sandbox.world.happenings.plants import check_free, plant_named

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from mock_sma.domain.consent import Consent
    from mock_sma.domain.device import Device
    from mock_sma.domain.people import PlantUser
    from mock_sma.domain.plant import Plant
    from mock_sma.sandbox.world.estate import Estate

ENNEXOS_ROLES = {Role.INSTALLER: Role.ADMIN, Role.GUEST: Role.USER}
"""What an owner becomes whose role may not carry the flag on ennexOS (R01; chosen)."""


def migrate(estate: Estate, consents: Iterable[Consent], plant_id: str, to: str, at: datetime) -> None:
    """Let a Classic plant go on under an ennexOS id, its devices too.

    The old ids answer 308 from now on, consents go on covering the plant, and it uploads as ennexOS does.

    Raises:
        UsageError: no such plant, it is on ennexOS already, or the new id is taken or none of ennexOS.
    """
    plant = plant_named(estate, plant_id)
    if plant.backend is not Backend.CLASSIC:
        raise UsageError(f"plant {plant.id} is on ennexOS already; only a Classic plant can migrate (R19)")
    if not ENNEXOS_ID.fullmatch(to):
        raise UsageError(f"the new id {to!r} has to be digits (ennexOS) (R19)")
    check_free(estate, [to])
    moves = _device_moves(estate, plant, to)
    estate.move(plant.id, _moved(plant, to, moves, at))
    for record in consents:
        record.plants = tuple(to if name == plant.id else name for name in record.plants)


def _device_moves(estate: Estate, plant: Plant, to: str) -> dict[str, str]:
    moves: dict[str, str] = {}
    last = to
    for device in plant.devices:
        last = free_id(estate, last, 1)
        moves[device.id] = last
    return moves


def _moved(plant: Plant, to: str, moves: Mapping[str, str], at: datetime) -> Plant:
    return replace(
        plant,
        id=to,
        devices=_renamed(plant.devices, moves),
        earlier=tuple(replace(item, devices=_renamed(item.devices, moves)) for item in plant.earlier),
        events=tuple(
            replace(event, device_id=moves[event.device_id]) if event.device_id is not None else event
            for event in plant.events
        ),
        users=tuple(_ennexos_user(user) for user in plant.users),
        gateway=Gateway.DATA_MANAGER,
        professional_package=False,
        resolution=5,
        earlier_resolution=plant.resolution,
        previous_ids=((plant.id, to), *moves.items()),
        migrated_at=at,
    )


def _renamed(devices: Iterable[Device], moves: Mapping[str, str]) -> tuple[Device, ...]:
    """Return devices with their new ids; one that is gone keeps its own."""
    return tuple(replace(device, id=moves.get(device.id, device.id)) for device in devices)


def _ennexos_user(user: PlantUser) -> PlantUser:
    if user.owner and user.role not in OWNER_ROLES[Backend.ENNEXOS]:
        return replace(user, role=ENNEXOS_ROLES[user.role])
    return user

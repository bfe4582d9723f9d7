"""What an owner sees of the permissions given and asked for (R07 to R10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.domain.transitions import ConsentEvent, access_to
from mock_sma.frozen import frozen
from mock_sma.pages.screen import Application, PlantLine, application

if TYPE_CHECKING:
    from mock_sma.domain.consent import Consent
    from mock_sma.domain.people import User
    from mock_sma.sandbox.world.world import World


@frozen
class Permission:
    """What one application may do.

    Attributes:
        scopes: the scopes of all consents that are in force.
        plants: the plants that they cover, also those not owned at the moment (R10).
        since: latest acceptance [s since the epoch].
    """

    app: Application
    scopes: tuple[str, ...]
    plants: tuple[PlantLine, ...]
    since: float


@frozen
class OpenRequest:
    """A request that waits for an answer."""

    id: str
    app: Application
    until: float


def permissions_of(world: World, user: User) -> list[Permission]:
    """Return the applications that a person has given access, in the order of the first consent."""
    by_client: dict[str, list[Consent]] = {}
    for record in world.consents.for_user(user.key):
        if record.in_force:
            by_client.setdefault(record.client_id, []).append(record)
    return [_permission(world, user, client_id, records) for client_id, records in by_client.items()]


def _permission(world: World, user: User, client_id: str, records: list[Consent]) -> Permission:
    covered = dict.fromkeys(plant_id for record in records for plant_id in record.plants)
    owned = set(world.estate.owned_by(user.email))
    plants = world.estate.plants
    return Permission(
        app=application(world.clients[client_id]),
        scopes=tuple(sorted({scope for record in records for scope in record.scopes})),
        plants=tuple(
            PlantLine(plant_id, plants[plant_id].name, access=access_to(covered=True, owned=plant_id in owned))
            for plant_id in covered
            if plant_id in plants
        ),
        since=max(change.at for record in records for change in record.history if change.event is ConsentEvent.ACCEPT),
    )


def requests_to(world: World, user: User) -> list[OpenRequest]:
    """Return the requests that a person can answer now."""
    return [
        OpenRequest(record.id, application(world.clients[record.client_id]), record.expires)
        for record in world.consents.for_user(user.key)
        if record.can(ConsentEvent.ACCEPT) and record.answerable
    ]

"""Changes of a plant as a whole, and what a person may do to one (R02, R19)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.domain import actions as act
from mock_sma.domain.authority import check_administers, check_part, is_person
from mock_sma.errors import ForbiddenError
from mock_sma.sandbox.world.happenings.plants import check_free, device_named, plant_named

if TYPE_CHECKING:
    from datetime import datetime

    from mock_sma.domain.actions import Action
    from mock_sma.domain.plant import Plant
    from mock_sma.sandbox.world.estate import Estate

ADMINISTERING = (act.SetOwner, act.ChangeOwner)
"""Actions that change who is what on a plant."""


def check_may(estate: Estate, action: Action, by: str) -> None:
    """Check that who does something may do it: a person only what is theirs, mock-sma's own hands everything.

    Raises:
        ForbiddenError: the person may not (R02).
        UnknownError: no such plant.
        UsageError: no such device.
    """
    if not is_person(by) or isinstance(action, act.ChangePlant):  # which is judged by its outcome
        return
    if isinstance(action, act.ConsentAction | act.RegisterUser | act.ChangeUser):
        if action.email.casefold() != by.casefold():
            raise ForbiddenError(f"{by[:100]} cannot act on behalf of {action.email[:100]}")
        return
    plant = _plant_of(estate, action)
    if plant is None:
        raise ForbiddenError(f"{by[:100]} cannot do that: it does not concern a plant")
    if isinstance(action, ADMINISTERING):
        check_administers(plant, by)
    check_part(plant, by)


def _plant_of(estate: Estate, action: Action) -> Plant | None:
    plant_id, device_id = getattr(action, "plant_id", None), getattr(action, "device_id", None)
    if plant_id is not None:
        return plant_named(estate, plant_id)
    return None if device_id is None else device_named(estate, device_id)[0]


def change_plant(estate: Estate, action: act.ChangePlant, at: datetime, by: str) -> None:
    """Put what a change makes of a plant in its place.

    Raises:
        UnknownError: no such plant.
        ScenarioError: the outcome breaks a rule (R01, R03), or the change has mistakes of form.
        ForbiddenError: it changes users, and the person is neither administrator nor installer (R02), or the
            person has no part in the plant.
        UsageError: a new id is taken (R19).
    """
    plant = plant_named(estate, action.plant_id)
    changed = action.change.on(plant, [user.email for user in estate.users.values()], at)
    if is_person(by):
        if changed.users != plant.users:
            check_administers(plant, by)
        check_part(plant, by)
    own = {name.lower() for name in _ids(plant)}
    check_free(estate, [name for name in _ids(changed) if name.lower() not in own])
    estate.put_from(changed, at)


def _ids(plant: Plant) -> list[str]:
    return [plant.id, *(device.id for device in plant.devices), *(old for old, _ in plant.previous_ids)]

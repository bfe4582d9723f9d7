"""A plant as it will have been: with all that the timeline still holds for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mock_sma.domain import actions as act
from mock_sma.errors import MockSmaError
from mock_sma.sandbox.world.happenings.model import change_model
from mock_sma.sandbox.world.happenings.plants import plant_named

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mock_sma.domain.actions import Action
    from mock_sma.domain.plant import Plant
    from mock_sma.sandbox.world.estate import Estate


class Outlook(NamedTuple):
    """What becomes of a plant.

    Attributes:
        plant: after all that is to come.
        restated: when the last of it happens that may change the past [s since the epoch]; None: none may.
    """

    plant: Plant
    restated: float | None = None


def outlook(estate: Estate, plant: Plant, coming: Iterable[tuple[float, Action]], by: str) -> Outlook:
    """Return what some actions to come make of a plant; the estate itself stays as it is."""
    future, found = estate.copy(), Outlook(plant)
    for at, action in coming:
        try:
            change_model(future, action, at, by)
        except MockSmaError:
            continue  # as it will be refused when its time has come
        changed = plant_named(future, found.plant.id)
        if changed != found.plant:
            found = Outlook(changed, at if _may_restate(action) else found.restated)
    return found


def _may_restate(action: Action) -> bool:
    """Tell whether an action may change what was before it: most begin or end something when they happen."""
    match action:
        case act.ChangePlant() | act.ChangeDevice() | act.AddPlant():
            return True
        case act.StartEvent():
            return action.start is not None
        case act.AddDevice():
            return action.device.activated_at is not None
    return False

"""Actions that change plants and devices: what numbers, lists and logs follow from."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from mock_sma.domain import actions as act
from mock_sma.sandbox.world.happenings.changes import change_plant
from mock_sma.sandbox.world.happenings.devices import add_device, change_device, deactivate_device, replace_device
from mock_sma.sandbox.world.happenings.events import add_event, end_events
from mock_sma.sandbox.world.happenings.migration import migrate
from mock_sma.sandbox.world.happenings.plants import add_plant

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mock_sma.domain.actions import Action
    from mock_sma.domain.consent import Consent
    from mock_sma.sandbox.world.estate import Estate

MODEL_ACTIONS = (
    act.AddPlant,
    act.ChangePlant,
    act.AddDevice,
    act.ChangeDevice,
    act.StartEvent,
    act.EndEvents,
    act.Migrate,
    act.DeactivateDevice,
    act.ReplaceDevice,
)
"""All that :func:`change_model` carries out."""


def change_model(estate: Estate, action: Action, at: float, by: str, consents: Iterable[Consent] = ()) -> None:
    """Carry out one of :data:`MODEL_ACTIONS`.

    Args:
        at: when it happens [s since the epoch].
        by: who wants it.
        consents: those that go on covering a plant that migrates.

    Raises:
        UsageError: the world does not allow it.
        ScenarioError: the outcome breaks a rule.
    """
    instant = datetime.fromtimestamp(at, UTC)
    match action:
        case act.AddPlant():
            add_plant(estate, action.plant)
        case act.ChangePlant():
            change_plant(estate, action, instant, by)
        case act.AddDevice():
            add_device(estate, action, instant)
        case act.ChangeDevice():
            change_device(estate, action, instant)
        case act.StartEvent():
            add_event(estate, action, instant)
        case act.EndEvents():
            end_events(estate, action, instant)
        case act.Migrate():
            migrate(estate, consents, action.plant_id, action.to, instant)
        case act.DeactivateDevice():
            deactivate_device(estate, action.device_id, instant)
        case act.ReplaceDevice():
            replace_device(estate, action, instant)

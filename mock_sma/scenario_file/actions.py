"""From the entries of a timeline to typed actions, and back to the keys that an entry has."""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import TYPE_CHECKING, Any

from mock_sma.domain import timeline as act
from mock_sma.domain.fault_document import document_of
from mock_sma.domain.quota import Quota
from mock_sma.scenario_file import timeline_document as doc

if TYPE_CHECKING:
    from collections.abc import Callable

    from mock_sma.domain.faults import FaultRule
    from mock_sma.domain.plant import Plant

PLAIN: dict[type[doc.HappeningDoc], Callable[..., act.Action]] = {
    doc.SetOwnerDoc: act.SetOwner,
    doc.ChangeOwnerDoc: act.ChangeOwner,
    doc.RegisterUserDoc: act.RegisterUser,
    doc.RestoreDoc: act.EndEvents,
    doc.MigrateDoc: act.Migrate,
    doc.DeactivateDeviceDoc: act.DeactivateDevice,
    doc.ReplaceDeviceDoc: act.ReplaceDevice,
    doc.ClearFaultsDoc: act.ClearFaults,
}
"""Actions whose keys are the model's."""

KEYS = {"plant": "plant_id", "device": "device_id"}
"""Keys that are another word in Python: there a plant is more than its id."""

WORDS = {attribute: key for key, attribute in KEYS.items()}


def action_of(entry: doc.HappeningDoc, *, plant: Plant | None = None, rule: FaultRule | None = None) -> act.Action:
    """Return the action of a checked entry.

    Args:
        plant: the one that ``add_plant`` describes.
        rule: the one that ``add_fault`` describes.
    """
    given = {KEYS.get(name, name): getattr(entry, name) for name in type(entry).model_fields if name not in _WHEN}
    plain = PLAIN.get(type(entry))
    if plain is not None:
        return plain(**given)
    match entry:
        case doc.ConsentActionDoc():
            return act.ConsentAction(event=entry.action, **given)
        case doc.GapDoc() | doc.FaultDoc():
            return act.StartEvent(kind=act.EVENT_KINDS[entry.action], **given)
        case doc.ChangeQuotaDoc():
            return act.ChangeQuota(quota=None if entry.requests is None else Quota(**given))
        case doc.AddPlantDoc() if plant is not None:
            return act.AddPlant(plant=plant)
        case doc.AddFaultDoc() if rule is not None:
            return act.AddFault(rule=rule)
    raise AssertionError(entry)


def keys_of(action: act.Action) -> dict[str, Any]:
    """Return the keys of an action beside its name, those left out that are as the language has them by itself."""
    match action:
        case act.ChangeQuota():
            return {} if action.quota is None else _set(action.quota)
        case act.AddFault():
            return {"rule": document_of(action.rule)}
        case _:
            return _set(action, but=("event", "kind"))


_WHEN = ("at", "after", "every", "until", "times", "action")


def _set(value: Any, but: tuple[str, ...] = ()) -> dict[str, Any]:
    given = ((field, getattr(value, field.name)) for field in fields(value) if field.name not in but)
    return {WORDS.get(field.name, field.name): item for field, item in given if _is_set(field.default, item)}


def _is_set(default: object, value: object) -> bool:
    return default is MISSING or value != default

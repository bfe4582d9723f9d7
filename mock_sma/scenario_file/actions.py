"""From the entries of a timeline to typed actions, and back to the keys that an entry has."""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import TYPE_CHECKING, Any

from mock_sma.domain import actions as act
from mock_sma.domain.quota import Quota
from mock_sma.leaves import later
from mock_sma.scenario_file import timeline_document as doc
from mock_sma.scenario_file.plant_patch import DevicePatch, PlantPatch

if TYPE_CHECKING:
    from collections.abc import Callable

document_of = later("fault_rules.document", "document_of")


Keys = dict[str, Any]

MAKERS: dict[type[doc.HappeningDoc], Callable[[Any, Keys], act.Action]] = {
    doc.ConsentActionDoc: lambda entry, keys: act.ConsentAction(event=entry.action, **keys),
    doc.ChangePlantDoc: lambda entry, _: act.ChangePlant(plant_id=entry.plant, change=PlantPatch(entry.change)),
    doc.ChangeDeviceDoc: lambda entry, _: act.ChangeDevice(
        device_id=entry.device, change=DevicePatch(entry.device, entry.change)
    ),
    doc.SetOwnerDoc: lambda _, keys: act.SetOwner(**keys),
    doc.ChangeOwnerDoc: lambda _, keys: act.ChangeOwner(**keys),
    doc.RegisterUserDoc: lambda _, keys: act.RegisterUser(**keys),
    doc.ChangeUserDoc: lambda entry, _: act.ChangeUser(
        email=entry.email, change=entry.change.model_dump(exclude_unset=True)
    ),
    doc.GapDoc: lambda entry, keys: act.StartEvent(kind=act.EVENT_KINDS[entry.action], **keys),
    doc.FaultDoc: lambda entry, keys: act.StartEvent(kind=act.EVENT_KINDS[entry.action], **keys),
    doc.RestoreDoc: lambda _, keys: act.EndEvents(**keys),
    doc.MigrateDoc: lambda _, keys: act.Migrate(**keys),
    doc.DeactivateDeviceDoc: lambda _, keys: act.DeactivateDevice(**keys),
    doc.ReplaceDeviceDoc: lambda _, keys: act.ReplaceDevice(**keys),
    doc.ChangeQuotaDoc: lambda entry, _: act.ChangeQuota(quota=_quota(entry), client_id=entry.client_id),
    doc.ClearFaultsDoc: lambda _, keys: act.ClearFaults(**keys),
}
"""How an action is made of a checked entry and its keys; ``add_…`` holds parts that are built with a plant's rules."""

RENAMED = {"plant": "plant_id", "device": "device_id"}
"""Keys that are another word in Python: there a plant is more than its id."""

WORDS = {attribute: key for key, attribute in RENAMED.items()}


def action_of(entry: doc.HappeningDoc) -> act.Action:
    """Return the action of a checked entry whose kind is in :data:`MAKERS`."""
    fields = (name for name in type(entry).model_fields if name not in _WHEN)
    return MAKERS[type(entry)](entry, {RENAMED.get(name, name): getattr(entry, name) for name in fields})


def keys_of(action: act.Action) -> dict[str, Any]:
    """Return the keys of an action beside its name, those left out that are as the language has them by itself."""
    match action:
        case act.ChangeQuota():
            limit = {} if action.quota is None else _set(action.quota)
            return limit if action.client_id is None else {**limit, "client_id": action.client_id}
        case act.ChangePlant(change=PlantPatch(document=document)):
            return {"plant": action.plant_id, "change": document}
        case act.ChangeDevice(change=DevicePatch(document=document)):
            return {"device": action.device_id, "change": document}
        case act.AddFault():
            return {"rule": document_of(action.rule)}
        case _:
            return _set(action, but=("event", "kind"))


_WHEN = ("at", "after", "every", "until", "times", "action")


def _quota(entry: doc.ChangeQuotaDoc) -> Quota | None:
    return None if entry.requests is None else Quota(requests=entry.requests, window=entry.window)


def _set(value: Any, but: tuple[str, ...] = ()) -> dict[str, Any]:
    given = ((field, getattr(value, field.name)) for field in fields(value) if field.name not in but)
    return {WORDS.get(field.name, field.name): item for field, item in given if _is_set(field.default, item)}


def _is_set(default: object, value: object) -> bool:
    return default is MISSING or value != default

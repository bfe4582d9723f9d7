"""Happenings in words: what it is, and what a client notices of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mock_sma.api.console.fault_words import title_of
from mock_sma.domain import actions as act
from mock_sma.domain.event import EventKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mock_sma.domain.actions import Action
    from mock_sma.domain.event import PlantEvent
    from mock_sma.domain.plant import Plant


class Sentence(NamedTuple):
    """A happening in words: what it is, and what a client notices of it."""

    what: str
    effect: str


CONSENTS = {
    "accept": Sentence("{who} permits {client}", "The plants that they own now open to it (R07)."),
    "reject": Sentence("{who} declines {client}", "Nothing opens; the client may ask again (R16)."),
    "revoke": Sentence(
        "{who} takes the permission of {client} back",
        "Their plants close to it at once, whatever token it holds; it has to ask again (R08).",
    ),
    "expire": Sentence(
        "The request to {who} runs out", "Nobody can answer it any more; {client} has to ask again (R04)."
    ),
}

EVENTS = {
    EventKind.GAP: Sentence(
        "{plant} does not communicate", "Rows are missing; the first one after it carries the energy (R29)."
    ),
    EventKind.MISSING_ROWS: Sentence("{plant} loses single rows", "Rows are missing here and there (R29)."),
    EventKind.LATE_DATA: Sentence("Data of {plant} are held up", "Rows of this span arrive later, all at once (R20)."),
    EventKind.DEVICE_FAULT: Sentence(
        "{plant} has a faulty device", "It stands still: status, logs and energy show it."
    ),
    EventKind.DERATING: Sentence("{plant} is derated", "An inverter is limited; the energy above its limit is lost."),
    EventKind.GRID_OUTAGE: Sentence(
        "{plant} has no grid", "No import and no export; inverters stop without a battery."
    ),
    EventKind.FEED_IN_LIMIT: Sentence("The feed-in of {plant} is limited", "The grid takes no more than the limit."),
    EventKind.SNOW: Sentence("Snow lies on {plant}", "The modules get less light, or none."),
    EventKind.FIRST_READING_SPIKE: Sentence("{plant} reports a whole counter", "One row is far too high."),
    EventKind.COUNTER_RESTART: Sentence("A counter of {plant} begins anew", "One row is far too low."),
    EventKind.DUPLICATE_ROWS: Sentence("{plant} sends rows twice", "Day and Week hold rows with the same time."),
    EventKind.VALUE: Sentence("{plant} reports wrong values", "A property is not what was measured."),
    EventKind.MESSAGE: Sentence("{plant} writes a log entry", "Logs show it; the numbers stay as they are."),
}


def told_event(event: PlantEvent, plant: Plant) -> Sentence:
    """Return an event of a plant in words."""
    names = {device.id: device.name for device in plant.devices}
    what, effect = EVENTS[event.kind]
    where = f"{names[event.device_id]} of {plant.name}" if event.device_id in names else plant.name
    return Sentence(what.format(plant=where), effect)


def told_consent(event: str, who: str, client: str) -> Sentence:
    """Return what happens to a consent in words."""
    what, effect = CONSENTS[event]
    return Sentence(what.format(who=who, client=client), effect.format(who=who, client=client))


def told(action: Action, plants: Mapping[str, Plant]) -> Sentence:  # noqa: C901, PLR0911, PLR0912 - a table
    """Return an action in words.

    Args:
        plants: those of the world, for their names.
    """

    def name(plant_id: str) -> str:
        return plants[plant_id].name if plant_id in plants else f"plant {plant_id}"

    def device(device_id: str) -> str:
        found = ((item.name, plant.name) for plant in plants.values() for item in plant.devices if item.id == device_id)
        return next((f"{own} of {of}" for own, of in found), f"Device {device_id}")

    match action:
        case act.ConsentAction():
            return told_consent(action.event, action.email, action.client_id or "every client")
        case act.AddPlant():
            return Sentence(f"{action.plant.name} joins", "Consents given before do not cover it: ask again (R09).")
        case act.ChangePlant():
            return Sentence(f"{name(action.plant_id)} changes", f"Other from then on: {', '.join(action.change.keys)}.")
        case act.AddDevice():
            return Sentence(
                f"{name(action.plant_id)} gets {action.device.name}", "It is listed and counts from then on."
            )
        case act.ChangeDevice():
            changed = ", ".join(action.change.keys)
            return Sentence(f"{device(action.device_id)} changes", f"Other from then on: {changed}.")
        case act.SetOwner() if action.owner:
            what = f"{action.email} becomes an owner of {name(action.plant_id)}"
            return Sentence(what, "Their consents may cover it from then on (R07, R10).")
        case act.SetOwner():
            what = f"{action.email} owns {name(action.plant_id)} no more"
            return Sentence(what, "Their consents do not open it any more (R10).")
        case act.ChangeOwner():
            what = f"{name(action.plant_id)} goes to {action.email}"
            return Sentence(what, "Consents of those who owned it before do not open it any more (R10).")
        case act.RegisterUser():
            return Sentence(
                f"{action.email} completes the registration", "A request made from then on can be answered (R04)."
            )
        case act.ChangeUser():
            return Sentence(
                f"The account of {action.email} changes", f"Other from then on: {', '.join(action.change)}."
            )
        case act.StartEvent():
            plant = name(action.plant_id)
            what, effect = EVENTS[action.kind]
            return Sentence(what.format(plant=device(action.device_id) if action.device_id else plant), effect)
        case act.EndEvents():
            where = device(action.device_id) if action.device_id else name(action.plant_id)
            return Sentence(f"{where} is well again", "Gaps and faults under way end.")
        case act.Migrate():
            what = f"{name(action.plant_id)} moves to ennexOS"
            return Sentence(what, f"It is {action.to} from then on; the old id leads there with 308 (R19).")
        case act.DeactivateDevice():
            return Sentence(f"{device(action.device_id)} is taken out", "Its history stays (R30).")
        case act.ReplaceDevice():
            return Sentence(f"{device(action.device_id)} is replaced", "The history of the old one stays (R30).")
        case act.ChangeQuota():
            who = action.client_id or "everybody"
            if action.quota is None:
                return Sentence(f"No quota for {who}", "Nobody is answered 429 for it (R17).")
            limit = f"{action.quota.requests} requests in {action.quota.window:g} s"
            return Sentence(f"Another quota for {who}", f"{limit}; what is over it is answered 429 (R17).")
        case act.AddFault():
            return Sentence(
                f"A fault comes into force: {title_of(action.rule.effect)}", "Requests that match go wrong."
            )
        case act.RemoveFault():
            return Sentence(f"The fault {action.fault_id} is lifted", "Requests are answered as usual again.")
        case act.ClearFaults():
            return Sentence("All faults are lifted", "Requests are answered as usual again.")

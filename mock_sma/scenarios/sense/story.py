"""Timelines, consents and people that lead to nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.domain.actions import (
    AddDevice,
    AddFault,
    AddPlant,
    ClearFaults,
    ConsentAction,
    DeactivateDevice,
    EndEvents,
    Migrate,
    RegisterUser,
    ReplaceDevice,
    StartEvent,
)
from mock_sma.domain.moment import from_start, is_after, settled
from mock_sma.domain.scenario import EVERY_OWNER, ConsentState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from mock_sma.domain.actions import Action
    from mock_sma.domain.scenario import Scenario
    from mock_sma.domain.timeline import TimelineEntry
    from mock_sma.scenario_file.source import Path

OPEN = {"revoke": ConsentState.ACCEPTED, "expire": ConsentState.PENDING}
"""The state that a consent has before an action makes sense."""

REMEDIES = {
    "revoke": "nobody has given by then what is to be revoked; give it in consents, or accept before",
    "expire": "no request waits then that could expire; put a Pending one into consents",
}


def odd_story(scenario: Scenario) -> Iterator[tuple[Path, str]]:
    """Yield what makes little sense in what happens and in who answers: the path, and a sentence."""
    yield from _timeline(scenario)
    yield from _answers(scenario)
    if scenario.now is None:
        return
    for index, plant in enumerate(scenario.plants):
        if plant.commissioned > scenario.now.date():
            begins = f"the plant is commissioned after the scenario begins on {scenario.now.date()}"
            yield ("plants", index, "commissioned"), f"{begins}, so it has no data until then; move one of them"


def _timeline(scenario: Scenario) -> Iterator[tuple[Path, str]]:
    for index, entry in enumerate(scenario.timeline):
        action, path = entry.action, ("timeline", index)
        match action:
            case ConsentAction(event="revoke" | "expire") if not _is_open(scenario, entry, action):
                yield path, REMEDIES[action.event]
            case EndEvents() if not _under_way(scenario, entry, action):
                yield path, f"no gap or fault of plant {action.plant_id} is under way then; nothing is restored"
            case ClearFaults() if not scenario.faults and not _before(scenario, entry, _is_fault):
                yield path, "no fault rule is in force then; leave it out, or add one before"
            case RegisterUser() if _is_registered(scenario, action.email):
                yield (*path, "email"), f"{action.email} is registered from the start; say registered: false there"
        first = entry.at if entry.at is not None else from_start(entry.after) if entry.after is not None else None
        repeat = entry.repeat
        if repeat is not None and repeat.times != 1 and (why := _only_once(action)):
            yield (*path, "every"), f"{why}, so it happens once and then changes nothing; leave 'every' out"
        if repeat is not None and repeat.until is not None and first is not None and is_after(first, repeat.until):
            yield (*path, "until"), "is over before the first time, so it never happens; move one of them"


def _only_once(action: Action) -> str | None:
    """Return why an action can happen no second time, or None."""
    match action:
        case AddPlant():
            return f"plant {action.plant.id} is there from then on"
        case AddDevice() if action.device.id:
            return f"device {action.device.id} is there from then on"
        case ReplaceDevice() | DeactivateDevice():
            return f"device {action.device_id} is gone from then on"
        case Migrate():
            return "a plant migrates once"
        case RegisterUser():
            return f"{action.email} registers once"
    return None


def _is_open(scenario: Scenario, entry: TimelineEntry, action: ConsentAction) -> bool:
    """Tell whether a consent may be in the state that an action needs."""
    email, wanted = action.email.casefold(), OPEN[action.event]
    if any(
        consent.state is wanted
        and consent.email.casefold() in (email, EVERY_OWNER)
        and _same(consent.client_id, action.client_id)
        for consent in scenario.consents
    ):
        return True
    if action.event == "revoke" and any(
        answer.email.casefold() == email and answer.answer == "accept" for answer in scenario.auto_answers
    ):
        return True
    renamed = any(type(other.action).__name__ == "ChangeUser" for other in scenario.timeline)

    def gives(other: Action) -> bool:
        return isinstance(other, ConsentAction) and other.event == "accept" and other.email.casefold() == email

    return renamed or (action.event == "revoke" and _before(scenario, entry, gives))


def _same(one: str | None, other: str | None) -> bool:
    return one is None or other is None or one == other


def _under_way(scenario: Scenario, entry: TimelineEntry, action: EndEvents) -> bool:
    plants = [plant for plant in scenario.plants if plant.id.lower() == action.plant_id.lower()]
    if not plants or any(plant.events for plant in plants):
        return True  # comes on the way, or has events of its own

    def begins(other: Action) -> bool:
        return isinstance(other, StartEvent) and other.plant_id.lower() == action.plant_id.lower()

    return _before(scenario, entry, begins)


def _before(scenario: Scenario, entry: TimelineEntry, fits: Callable[[Action], bool]) -> bool:
    """Tell whether something that fits may happen no later than an entry."""
    mine = _when(entry, scenario.now)
    for other in scenario.timeline:
        if other is not entry and fits(other.action):
            theirs = _when(other, scenario.now)
            if mine is None or theirs is None or is_after(theirs, mine) is not True or other.repeat or entry.repeat:
                return True
    return False


def _when(entry: TimelineEntry, now: datetime | None) -> datetime | None:
    moment = entry.at if entry.at is not None else from_start(entry.after) if entry.after is not None else None
    return moment if now is None or moment is None else settled(moment, now)


def _is_fault(action: Action) -> bool:
    return isinstance(action, AddFault)


def _is_registered(scenario: Scenario, email: str) -> bool:
    return any(user.key == email.casefold() and user.registered for user in scenario.users)


def _answers(scenario: Scenario) -> Iterator[tuple[Path, str]]:
    registers = {entry.action.email.casefold() for entry in scenario.timeline if isinstance(entry.action, RegisterUser)}
    users = {user.key: user for user in scenario.users}
    for index, answer in enumerate(scenario.auto_answers):
        user, path = users.get(answer.email.casefold()), ("auto_answers", index)
        if user is not None and not user.registered and answer.answer and user.key not in registers:
            yield (*path, "email"), f"{answer.email} never completes registration, so cannot answer (R04)"
    for index, email in _twice(answer.email for answer in scenario.auto_answers if answer.client_id is None):
        yield ("auto_answers", index), f"{email} has an answer already, and only the first counts; leave one out"
    for index, consent in enumerate(scenario.consents):
        if consent.plants == ():
            yield ("consents", index, "plants"), "covers no plant; leave the key out for all that the owner owns (R07)"


def _twice(emails: Iterable[str]) -> Iterator[tuple[int, str]]:
    seen: set[str] = set()
    for index, email in enumerate(emails):
        if email.casefold() in seen:
            yield index, email
        seen.add(email.casefold())

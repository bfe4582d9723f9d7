"""A scenario whose clients are its world's own: by a client's id alone a request finds its world."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from mock_sma.domain.actions import AddFault, ChangeQuota, ConsentAction
from mock_sma.domain.faults import FaultRule
from mock_sma.domain.scenario import AutoAnswer
from mock_sma.domain.timeline import TimelineEntry
from mock_sma.seeding import key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mock_sma.domain.actions import Action
    from mock_sma.domain.faults import FaultMatch
    from mock_sma.domain.people import Client
    from mock_sma.domain.scenario import InitialConsent, Scenario

    Named = TypeVar("Named", InitialConsent, AutoAnswer, ConsentAction, ChangeQuota, FaultMatch)


def with_own_clients(scenario: Scenario, world: str, seed: int) -> Scenario:
    """Return the scenario with ids ``demo_api-WORLD`` and secrets of their own, wherever clients are named.

    A client that has the world's ending already stays as it is, so that doing it twice changes nothing.
    """
    ending = f"-{world}"
    names = {client.id: client.id + ending for client in scenario.clients if not client.id.endswith(ending)}
    if not names:
        return scenario
    return replace(
        scenario,
        clients=tuple(_client(client, names, world, seed) for client in scenario.clients),
        consents=tuple(_renamed(item, names) for item in scenario.consents),
        auto_answers=tuple(_renamed(item, names) for item in scenario.auto_answers),
        timeline=tuple(_entry(item, names) for item in scenario.timeline),
        faults=tuple(_rule(item, names) for item in scenario.faults),
    )


def renamed(value: object, names: Mapping[str, str]) -> object:
    """Return an immutable value of a world with other ids of clients in it; what names none stays as it is."""
    if isinstance(value, TimelineEntry):
        return _entry(value, names)
    if isinstance(value, FaultRule):
        return _rule(value, names)
    return _renamed(value, names) if isinstance(value, AutoAnswer) else value


def _client(client: Client, names: Mapping[str, str], world: str, seed: int) -> Client:
    if client.id not in names:
        return client
    secret = "".join(f"{key(seed, world, client.id, 'secret', part):016x}" for part in range(2))
    # On the consent screen it is the same application in every world.
    return replace(client, id=names[client.id], secret=secret, name=client.name or client.id)


def _renamed(item: Named, names: Mapping[str, str]) -> Named:
    return item if item.client_id is None else replace(item, client_id=names.get(item.client_id, item.client_id))


def _entry(entry: TimelineEntry, names: Mapping[str, str]) -> TimelineEntry:
    action = entry.action
    if isinstance(action, ConsentAction):
        renamed: Action = _renamed(action, names)
    elif isinstance(action, ChangeQuota):
        renamed = _renamed(action, names)
    elif isinstance(action, AddFault):
        renamed = replace(action, rule=_rule(action.rule, names))
    else:
        return entry
    return replace(entry, action=renamed)


def _rule(rule: FaultRule, names: Mapping[str, str]) -> FaultRule:
    return replace(rule, match=_renamed(rule.match, names))

"""A scenario whose clients are its world's own: by a client's id alone a request finds its world."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from mock_sma.seeding import key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mock_sma.domain.people import Client
    from mock_sma.domain.scenario import AutoAnswer, InitialConsent, Scenario, TimelineEntry

    Named = TypeVar("Named", InitialConsent, AutoAnswer)


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


def _client(client: Client, names: Mapping[str, str], world: str, seed: int) -> Client:
    if client.id not in names:
        return client
    secret = "".join(f"{key(seed, world, client.id, 'secret', part):016x}" for part in range(2))
    # On the consent screen it is the same application in every world.
    return replace(client, id=names[client.id], secret=secret, name=client.name or client.id)


def _renamed(item: Named, names: Mapping[str, str]) -> Named:
    return item if item.client_id is None else replace(item, client_id=names.get(item.client_id, item.client_id))


def _entry(entry: TimelineEntry, names: Mapping[str, str]) -> TimelineEntry:
    arguments = dict(entry.arguments)
    if isinstance(client_id := arguments.get("client_id"), str):
        arguments["client_id"] = names.get(client_id, client_id)
    if isinstance(rule := arguments.get("rule"), dict):
        arguments["rule"] = _rule(rule, names)
    return replace(entry, arguments=arguments) if arguments != entry.arguments else entry


def _rule(rule: Mapping[str, object], names: Mapping[str, str]) -> Mapping[str, object]:
    match = rule.get("match")
    if not isinstance(match, dict) or match.get("client_id") not in names:
        return rule
    return {**rule, "match": {**match, "client_id": names[match["client_id"]]}}

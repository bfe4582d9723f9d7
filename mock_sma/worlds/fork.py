"""What stands in a fork where something of its world stood: its own credentials, ids and time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mock_sma.domain.people import Client
from mock_sma.domain.scenario import Scenario
from mock_sma.sandbox.world.mailbox import Mail
from mock_sma.worlds.own_clients import renamed

if TYPE_CHECKING:
    from collections.abc import Mapping


class Replacements:
    """Finds what stands in a fork in the place of what the world it came from shared with its books.

    Args:
        scenario: the scenario of the fork, with clients of its own.
        parts: objects of the fork, by the id of the world's object that each stands for.
        clients: ids of clients in the fork, by those in the world.
        consents: ids of consents, likewise.
    """

    def __init__(
        self,
        scenario: Scenario,
        parts: Mapping[int, object],
        clients: Mapping[str, str],
        consents: Mapping[str, str],
    ) -> None:
        self._scenario = scenario
        self._parts = parts
        self._clients = clients
        self._consents = consents
        self._by_id = {client.id: client for client in scenario.clients}

    def of(self, item: object) -> object:
        """Return what stands in the place of one thing; itself where it is the same in both worlds."""
        if isinstance(item, str):
            return self._clients.get(item) or self._consents[item]
        if isinstance(item, Client):
            return self._by_id[self._clients[item.id]]
        if isinstance(item, Scenario):
            return self._scenario
        if isinstance(item, Mail):
            return self._mail(item)
        return self._parts[id(item)] if id(item) in self._parts else renamed(item, self._clients)

    def _mail(self, mail: Mail) -> Mail:
        old, new = mail.consent_id, self._consents.get(mail.consent_id, mail.consent_id)
        return replace(mail, consent_id=new, link=mail.link.replace(old, new), body=mail.body.replace(old, new))

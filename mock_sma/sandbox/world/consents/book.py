"""A world's consents with the verbs of tests, timeline and control API."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from mock_sma.domain.actions import ConsentAction
from mock_sma.domain.scenario import ConsentState
from mock_sma.domain.transitions import ConsentEvent, TransitionError, states_before
from mock_sma.errors import ConflictError, UnknownError, UsageError
from mock_sma.sandbox.world.consents.hidden import reason_of
from mock_sma.sandbox.world.consents.permitted import Permissions
from mock_sma.sandbox.world.consents.records import ConsentRecords

if TYPE_CHECKING:
    from collections.abc import Callable

    from mock_sma.domain.consent import Consent
    from mock_sma.domain.plant import Plant
    from mock_sma.domain.scenario import AutoAnswer, Scenario
    from mock_sma.sandbox.access import Access
    from mock_sma.sandbox.world.consents.hidden import Hidden
    from mock_sma.sandbox.world.consents.permitted import Permitted
    from mock_sma.sandbox.world.estate import Estate
    from mock_sma.sandbox.world.journal import Journal
    from mock_sma.sandbox.world.sessions import SessionBook
    from mock_sma.sandbox.world.timekeeper import Timekeeper
    from mock_sma.seeding import Identifiers

SHOWN = 10
"""People whom a complaint names."""


class ConsentBook(ConsentRecords):
    """All consents of a world, answered by hand, and what they open.

    Args:
        by_hand: carries out an answer that somebody wants, and takes it down as a happening.
    """

    def __init__(
        self,
        scenario: Scenario,
        *,
        timekeeper: Timekeeper,
        estate: Estate,
        identifiers: Identifiers,
        journal: Journal,
        sessions: SessionBook,
        by_hand: Callable[[ConsentAction], list[Consent]],
    ) -> None:
        super().__init__(
            scenario, timekeeper=timekeeper, estate=estate, identifiers=identifiers, journal=journal, sessions=sessions
        )
        self._by_hand = by_hand
        self._auto_answers = scenario.auto_answers
        self._permissions = Permissions(estate, self)

    def permitted(self, access: Access) -> Permitted:
        """Return the plants a token may see now; see :class:`Permissions`."""
        return self._permissions.permitted(access)

    def hidden(self, access: Access) -> list[Hidden]:
        """Return the plants that a token may not see now, by the reason; see :class:`Permissions`."""
        return self._permissions.hidden(access)

    def why_hidden(self, access: Access, plant: Plant) -> str:
        """Return why a plant is closed to a token: for whose lack of permission."""
        return reason_of(self._estate, self, access, plant)

    def answer_by_itself(self, record: Consent, now: float) -> None:
        """Let the owner answer as the scenario's ``auto_answers`` say."""
        rule = self._auto_answer(record)
        if rule is None or rule.answer is None or len(record.history) > 1:
            return
        answer = partial(self._answered_by_itself, record, ConsentEvent(rule.answer))
        self._timekeeper.agenda.add(now + rule.after.total_seconds(), answer)

    def to_come(self, record: Consent) -> list[tuple[float, ConsentEvent]]:
        """Return what happens next to a request where nobody answers it, with its time [s since the epoch]."""
        if record.state is not ConsentState.PENDING:
            return []
        rule, asked = self._auto_answer(record), record.history[0]
        ends = [(record.expires, ConsentEvent.EXPIRE)]
        if rule is not None and rule.answer is not None and asked.by == "client" and record.answerable:
            ends.append((asked.at + rule.after.total_seconds(), ConsentEvent(rule.answer)))
        return [min(ends)]

    def _auto_answer(self, record: Consent) -> AutoAnswer | None:
        return next(
            (
                item
                for item in self._auto_answers
                if item.email.casefold() == record.key and item.client_id in (None, record.client_id)
            ),
            None,
        )

    def _answered_by_itself(self, record: Consent, event: ConsentEvent, at: float) -> None:
        # The owner may have answered by hand meanwhile, or may have nothing to permit.
        if record.can(event):
            with suppress(TransitionError):
                self.happen(record, event, at, "owner")

    def rename(self, old: str, new: str) -> None:
        """Know a person by another e-mail; what was asked and answered stays."""
        super().rename(old, new)
        self._auto_answers = tuple(
            replace(item, email=new) if item.email.casefold() == old else item for item in self._auto_answers
        )

    def accept(self, email: str, client_id: str | None = None) -> list[Consent]:
        """Let the owner permit; without an earlier request the consent is created.

        Args:
            email: the e-mail address of the owner.
            client_id: the id of one client; None: every client that has asked, or every client where none has.

        Raises:
            UnknownError: nobody here has this e-mail.
            ConflictError: the person never registered (R04), owns nothing (R06), or has nothing to answer.
            UsageError: no such client.
        """
        return self._answer(email, client_id, ConsentEvent.ACCEPT)

    def reject(self, email: str, client_id: str | None = None) -> list[Consent]:
        """Let the owner decline; without an earlier request one is created."""
        return self._answer(email, client_id, ConsentEvent.REJECT)

    def revoke(self, email: str, client_id: str | None = None) -> list[Consent]:
        """Let the owner withdraw what was accepted (R08)."""
        return self._answer(email, client_id, ConsentEvent.REVOKE)

    def expire(self, email: str, client_id: str | None = None) -> list[Consent]:
        """Let pending requests run out now."""
        return self._answer(email, client_id, ConsentEvent.EXPIRE)

    def _answer(self, email: str, client_id: str | None, event: ConsentEvent) -> list[Consent]:
        return self._by_hand(ConsentAction(event=event.value, email=email, client_id=client_id))

    def answer(self, email: str, client_id: str | None, event: ConsentEvent, now: float, *, by: str) -> list[Consent]:
        """Do what the verbs ask for, at a given time [s since the epoch]; raises as they do."""
        clients = self._clients_for(email, client_id, event)
        records = [item for name in clients for item in self.answerable(name, email, event)]
        if not records:
            self._check_known(email)
            if event in (ConsentEvent.ACCEPT, ConsentEvent.REJECT):
                records = self._ask_first(clients, email, now, by)
        if not records:
            raise ConflictError(self._nothing_to(event, email, client_id))
        try:
            for record in records:
                self.happen(record, event, now, by)
        except TransitionError as error:
            raise ConflictError(str(error)) from None
        return records

    def _clients_for(self, email: str, client_id: str | None, event: ConsentEvent) -> list[str]:
        clients = self._clients
        if client_id is not None:
            if client_id not in clients:
                raise UsageError(f"no client {client_id!r}; this world has {', '.join(clients)}")
            return [client_id]
        asking = [name for name in clients if self.answerable(name, email, event)]
        return asking or list(clients)

    def _ask_first(self, clients: list[str], email: str, now: float, by: str) -> list[Consent]:
        self._check_person(email)
        opened = []
        for name in clients:
            client = self._clients[name]
            record, _ = self.request(client, email, frozenset(client.scopes), now, by=by)
            if record.state is ConsentState.PENDING:
                opened.append(record)
        if not opened:
            raise ConflictError(f"{email} has accepted already, and owns no plant outside that consent")
        return opened

    def _check_known(self, email: str) -> None:
        users = self._estate.users
        # Whoever was asked is known here, with an account or without.
        if email.casefold() not in users and not self.for_user(email.casefold()):
            known = ", ".join([person.email for person in users.values()][:SHOWN]) or "nobody"
            more = f" and {len(users) - SHOWN} more" if len(users) > SHOWN else ""
            raise UnknownError(f"no user {email[:100]!r}; this world has {known}{more}")

    def _check_person(self, email: str) -> None:
        user = self._estate.users.get(email.casefold())
        if user is None or not user.registered:
            raise ConflictError(f"{email} never completed registration, so cannot answer (R04)")
        if not self._estate.owned_by(email):
            raise ConflictError(f"{email} owns no plant, so there is nothing to share (R06)")

    def _nothing_to(self, event: ConsentEvent, email: str, client_id: str | None) -> str:
        state = " or ".join(name.lower() for name in states_before(event))
        client = f" of client {client_id!r}" if client_id else ""
        return f"nothing to {event}: {email} has no {state} consent{client}"

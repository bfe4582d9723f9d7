"""The consents of a world: requests, and what became of them (R04 to R11)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from mock_sma.domain.consent import PENDING_FOR, Consent, plants_of
from mock_sma.domain.moment import settled
from mock_sma.domain.people import MONITORING_SCOPE, Flow
from mock_sma.domain.scenario import ConsentState
from mock_sma.domain.transitions import Condition, ConsentEvent, events_to, transition
from mock_sma.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mock_sma.domain.people import Client
    from mock_sma.domain.scenario import InitialConsent, Scenario
    from mock_sma.sandbox.world.estate import Estate
    from mock_sma.sandbox.world.journal import Journal
    from mock_sma.sandbox.world.sessions import SessionBook
    from mock_sma.sandbox.world.timekeeper import Timekeeper
    from mock_sma.seeding import Identifiers

MAX_CONSENTS = 20_000


class ConsentRecords:
    """All consents of a world: asking, answering, finding.

    Args:
        scenario: with the consents it begins with, and the clients.
        timekeeper: the timekeeper of the world; requests expire by themselves.
        estate: with the plants that are owned.
        identifiers: the identifiers of the world.
        journal: the journal whose number of exchanges orders what one instant holds.
        sessions: the sessions that end with a consent.
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
    ) -> None:
        self._timekeeper = timekeeper
        self._estate = estate
        self._identifiers = identifiers
        self._journal = journal
        self._sessions = sessions
        self._clients = {client.id: client for client in scenario.clients}
        self._records: dict[tuple[str, str], list[Consent]] = {}
        self._by_id: dict[str, Consent] = {}
        self.version = 0
        self._granted: dict[tuple[str, str | None], tuple[Consent, ...]] = {}
        self._granted_at = 0
        for initial in scenario.consents:
            self._begin_with(initial)

    def __iter__(self) -> Iterator[Consent]:
        return iter([record for records in self._records.values() for record in records])

    def __len__(self) -> int:
        return len(self._by_id)

    # ---- asking ---------------------------------------------------------------------------------------

    def find(self, consent_id: str) -> Consent | None:
        """Return a record by its id, or None."""
        return self._by_id.get(consent_id)

    def latest(self, client_id: str, email: str, scopes: frozenset[str] | None = None) -> Consent | None:
        """Return the newest record of a client for a person (and these scopes), or None."""
        records = self._records.get((client_id, email.casefold()), ())
        return next((item for item in reversed(records) if scopes is None or item.scopes == scopes), None)

    def current(self, client_id: str, email: str, scopes: frozenset[str]) -> Consent | None:
        """Return the record that speaks for a client's standing with a person now, or None.

        That is a pending one; else an accepted one that covers all plants; else the newest.
        """
        latest = self.latest(client_id, email, scopes)
        if latest is None or latest.state is ConsentState.PENDING:
            return latest
        accepted = self._accepted(client_id, email, scopes)
        return accepted[-1] if accepted and not self._uncovered(accepted, email) else latest

    def request(
        self, client: Client, email: str, scopes: frozenset[str], now: float, *, by: str = "client"
    ) -> tuple[Consent, bool]:
        """Ask for consent; idempotent while one is pending, or accepted and complete (R09).

        Returns:
            The record to answer with, and whether it is new.
        """
        current = self.current(client.id, email, scopes)
        uncovered = self._uncovered(self._accepted(client.id, email, scopes), email)
        coverage = Condition.NOT_COVERED if uncovered else Condition.COVERED
        state = None if current is None else current.state
        row = transition(state, ConsentEvent.REQUEST, frozenset({coverage}))
        if current is not None and not row.new:
            return current, False
        return self._open(client, email, scopes, now, by=by), True

    def _uncovered(self, accepted: Iterable[Consent], email: str) -> set[str]:
        return set(self._estate.owned_by(email)) - plants_of(accepted)

    def covered(self, client_id: str, email: str, scopes: frozenset[str]) -> set[str]:
        """Return the ids of the plants that a person's consents to a client for these scopes cover now."""
        return plants_of(self._accepted(client_id, email, scopes))

    def _accepted(self, client_id: str, email: str, scopes: frozenset[str] | None = None) -> list[Consent]:
        return [
            record
            for record in self._records.get((client_id, email.casefold()), ())
            if record.in_force and (scopes is None or record.scopes == scopes)
        ]

    def _open(self, client: Client, email: str, scopes: frozenset[str], now: float, *, by: str) -> Consent:
        if len(self) >= MAX_CONSENTS:
            raise UsageError(f"{MAX_CONSENTS} consents exist, which is the limit; POST /_mock/reset removes them")
        user = self._estate.users.get(email.casefold())
        latest = self.latest(client.id, email)
        record = Consent(
            id=self._identifiers.uuid("consent"),
            client_id=client.id,
            email=latest.email if latest is not None else email,
            scopes=scopes,
            flow=client.flow.value,
            answerable=user is not None and user.registered,
            expires=now + PENDING_FOR,
        )
        record.move(transition(None, ConsentEvent.REQUEST, frozenset()), now, by, self._journal.total)
        self.put(record)
        return record

    def put(self, record: Consent) -> None:
        """Add a record that was made already."""
        self._records.setdefault((record.client_id, record.key), []).append(record)
        self._by_id[record.id] = record
        self.version += 1
        if record.can(ConsentEvent.EXPIRE):
            self._timekeeper.agenda.add(record.expires, partial(self._expire, record))

    def put_back(self, records: Iterable[Consent]) -> None:
        """Have these records and no others."""
        self._records.clear()
        self._by_id.clear()
        self.version += 1
        for record in records:
            self.put(record)

    def _expire(self, record: Consent, at: float) -> None:
        if record.can(ConsentEvent.EXPIRE):
            self.happen(record, ConsentEvent.EXPIRE, at, "time")

    # ---- answering ------------------------------------------------------------------------------------

    def happen(self, record: Consent, event: ConsentEvent, at: float, by: str) -> None:
        """Let an event happen to a record.

        Raises:
            TransitionError: its state does not allow it, or nobody can answer it (R04), or the person owns
                no plant (R06).
        """
        owned = self._estate.owned_by(record.email)
        holds = {Condition.REGISTERED} if record.answerable else set()
        if owned:
            holds.add(Condition.OWNS)
        row = transition(record.state, event, frozenset(holds), record.email)
        if event is ConsentEvent.ACCEPT:
            record.plants = owned
        record.move(row, at, by, self._journal.total)
        self.version += 1
        if event is ConsentEvent.REVOKE:
            self._sessions.end_of_user(record.client_id, record.key)

    def answerable(self, client_id: str, email: str, event: ConsentEvent) -> list[Consent]:
        """Return the records of a client and person that ``event`` would move."""
        records = self._records.get((client_id, email.casefold()), ())
        return [record for record in records if record.can(event)]

    def granted(self, client_id: str, user: str | None) -> tuple[Consent, ...]:
        """Return the consents in force that open monitoring data to a client (and person)."""
        if self._granted_at != self.version:
            self._granted.clear()
            self._granted_at = self.version
        found = self._granted.get((client_id, user))
        if found is None:  # it is asked for each plant that is closed, and there may be many consents
            found = self._granted[client_id, user] = tuple(
                record
                for (name, key), records in self._records.items()
                if name == client_id and (user is None or key == user)
                for record in records
                if record.in_force and MONITORING_SCOPE in record.scopes
            )
        return found

    def covers_user(self, client_id: str, user: str, scopes: frozenset[str]) -> bool:
        """Tell whether a person's consent to a client for these scopes is in force."""
        return bool(self._accepted(client_id, user, scopes))

    def for_user(self, user: str) -> list[Consent]:
        """Return all consents a person was asked for."""
        return [record for record in self if record.key == user]

    def rename(self, old: str, new: str) -> None:
        """Know a person by another e-mail."""
        for client_id, key in list(self._records):
            if key == old:
                records = self._records.pop((client_id, key))
                for record in records:
                    record.email = new
                # A request for the new e-mail may have come before there was an account with it.
                known = self._records.setdefault((client_id, new.casefold()), [])
                known[:] = sorted([*known, *records], key=lambda record: record.history[0].at)
        self.version += 1

    # ---- the beginning --------------------------------------------------------------------------------

    def _begin_with(self, initial: InitialConsent) -> None:
        names = [initial.client_id] if initial.client_id else list(self._clients)
        for name in names:
            client = self._clients[name]
            if initial.client_id is None and client.flow is not Flow.CUSTOM:
                continue
            start = self._timekeeper.start
            at = settled(initial.requested_at or start, start).timestamp()
            scopes = frozenset((initial.scope or " ".join(client.scopes)).split())
            record = self._open(client, initial.email, scopes, at, by="scenario")
            self._bring_to(record, initial, at)

    def _bring_to(self, record: Consent, initial: InitialConsent, at: float) -> None:
        for event in events_to(initial.state):
            self.happen(record, event, record.expires if event is ConsentEvent.EXPIRE else at, "scenario")
        if initial.plants is not None and record.state is not ConsentState.PENDING:
            record.plants = initial.plants

"""The consents of a world: who may see what, asked anew at each request (R07 to R12)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mock_sma.domain.consent import PENDING_FOR, Consent, ConsentEvent, TransitionError
from mock_sma.domain.people import MONITORING_SCOPE, Flow
from mock_sma.domain.scenario import ConsentState
from mock_sma.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mock_sma.domain.people import Client
    from mock_sma.domain.plant import Plant
    from mock_sma.domain.scenario import InitialConsent
    from mock_sma.sandbox.operation import Access
    from mock_sma.sandbox.sandbox import Sandbox

MAX_CONSENTS = 20_000


@dataclass(frozen=True, slots=True)
class Permitted:
    """What a token may see now.

    Attributes:
        plants: in the order of the estate.
        ids: of these plants.
    """

    plants: tuple[Plant, ...]
    ids: frozenset[str]


class ConsentBook:
    """All consents of a world, and the questions that are asked of them."""

    def __init__(self, world: Sandbox) -> None:
        self._world = world
        self._records: dict[tuple[str, str], list[Consent]] = {}
        self._count = 0
        self.version = 0
        self._permitted: dict[object, Permitted] = {}
        self._permitted_at = (-1, -1)
        for initial in world.scenario.consents:
            self._begin_with(initial)

    def __iter__(self) -> Iterator[Consent]:
        return iter([record for records in self._records.values() for record in records])

    def __len__(self) -> int:
        return self._count

    # ---- asking ---------------------------------------------------------------------------------------

    def latest(self, client_id: str, email: str, scopes: frozenset[str] | None = None) -> Consent | None:
        """Return the newest record of a client for a person (and these scopes), or None."""
        records = self._records.get((client_id, email.casefold()), ())
        return next((item for item in reversed(records) if scopes is None or item.scopes == scopes), None)

    def request(
        self, client: Client, email: str, scopes: frozenset[str], now: float, *, by: str = "client"
    ) -> tuple[Consent, bool]:
        """Ask for consent; idempotent while one is pending, or accepted and complete (R09; AUTH 4.2).

        Returns:
            The record to answer with, and whether it is new.
        """
        latest = self.latest(client.id, email, scopes)
        if latest is not None and latest.state is ConsentState.PENDING:
            return latest, False
        accepted = self._accepted(client.id, email, scopes)
        if accepted and not self._uncovered(accepted, email):
            return accepted[-1], False
        return self._open(client, email, scopes, now, by=by), True

    def _uncovered(self, accepted: Iterable[Consent], email: str) -> set[str]:
        covered = {plant for record in accepted for plant in record.plants}
        return set(self._world.estate.owned_by(email)) - covered

    def _accepted(self, client_id: str, email: str, scopes: frozenset[str] | None = None) -> list[Consent]:
        return [
            record
            for record in self._records.get((client_id, email.casefold()), ())
            if record.state is ConsentState.ACCEPTED and (scopes is None or record.scopes == scopes)
        ]

    def _open(self, client: Client, email: str, scopes: frozenset[str], now: float, *, by: str) -> Consent:
        world = self._world
        if self._count >= MAX_CONSENTS:
            raise UsageError(f"a world holds {MAX_CONSENTS} consents at most; reset it")
        user = world.estate.users.get(email.casefold())
        latest = self.latest(client.id, email)
        record = Consent(
            id=world.identifiers.uuid("consent"),
            client_id=client.id,
            email=latest.email if latest is not None else email,
            scopes=scopes,
            flow=client.flow.value,
            answerable=user is not None and user.registered,
            expires=now + PENDING_FOR,
        )
        record.happen(ConsentEvent.REQUEST, now, by)
        self._records.setdefault((client.id, record.key), []).append(record)
        self._count += 1
        self.version += 1
        world.agenda.add(record.expires, lambda at: self._expire(record, at))
        return record

    def _expire(self, record: Consent, at: float) -> None:
        if record.state is ConsentState.PENDING:
            self.happen(record, ConsentEvent.EXPIRE, at, "time")

    # ---- answering ------------------------------------------------------------------------------------

    def happen(self, record: Consent, event: ConsentEvent, at: float, by: str) -> None:
        """Let an event happen to a record.

        Raises:
            TransitionError: its state does not allow it, or nobody can accept it (R04), or the person owns
                no plant (R06).
        """
        if event is ConsentEvent.ACCEPT:
            record.plants = self._granted(record)
        record.happen(event, at, by)
        self.version += 1
        if event is ConsentEvent.REVOKE:
            self._world.sessions.end_of_user(record.client_id, record.key)

    def _granted(self, record: Consent) -> tuple[str, ...]:
        if not record.answerable:
            raise TransitionError(
                f"nobody can accept it: {record.email} was not registered when it was requested (R04)"
            )
        plants = self._world.estate.owned_by(record.email)
        if not plants:
            raise TransitionError(f"{record.email} carries the owner flag of no plant, so has none to open (R06)")
        return plants if record.state is ConsentState.PENDING else record.plants

    def answerable(self, client_id: str, email: str, event: ConsentEvent) -> list[Consent]:
        """Return the records of a client and person that ``event`` would move."""
        wanted = ConsentState.ACCEPTED if event is ConsentEvent.REVOKE else ConsentState.PENDING
        records = self._records.get((client_id, email.casefold()), ())
        return [record for record in records if record.state is wanted]

    # ---- verbs for tests and the control API ----------------------------------------------------------

    def accept(self, email: str, client_id: str | None = None) -> list[Consent]:
        """Let the owner permit; without an earlier request the consent is created.

        Args:
            email: of the owner.
            client_id: of one client; None: every client that has asked, or every client where none has.

        Raises:
            UsageError: the person is unknown, unregistered (R04) or owns nothing (R06).
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
        with self._world.lock:
            self._world.catch_up()
            return self.answer(email, client_id, event, self._world.clock.time(), by="control")

    def answer(self, email: str, client_id: str | None, event: ConsentEvent, now: float, *, by: str) -> list[Consent]:
        """Do what the verbs do, at a given time [s since the epoch]; raises as they do."""
        clients = self._clients_for(email, client_id, event)
        records = [item for name in clients for item in self.answerable(name, email, event)]
        if not records and event in (ConsentEvent.ACCEPT, ConsentEvent.REJECT):
            records = self._ask_first(clients, email, now, by)
        if not records:
            raise UsageError(self._nothing_to(event, email, client_id))
        try:
            for record in records:
                self.happen(record, event, now, by)
        except TransitionError as error:
            raise UsageError(str(error)) from None
        return records

    def _clients_for(self, email: str, client_id: str | None, event: ConsentEvent) -> list[str]:
        clients = self._world.clients
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
            client = self._world.clients[name]
            record, _ = self.request(client, email, frozenset(client.scopes), now, by=by)
            if record.state is ConsentState.PENDING:
                opened.append(record)
        if not opened:
            raise UsageError(f"{email} has accepted already, and owns no plant outside that consent")
        return opened

    def _check_person(self, email: str) -> None:
        user = self._world.estate.users.get(email.casefold())
        if user is None:
            known = ", ".join(person.email for person in self._world.estate.users.values())
            raise UsageError(f"no user {email!r}; this world has {known}")
        if not user.registered:
            raise UsageError(f"{email} never completed registration, so cannot answer (R04)")
        if not self._world.estate.owned_by(email):
            raise UsageError(f"{email} carries the owner flag of no plant, so has none to open (R06)")

    def _nothing_to(self, event: ConsentEvent, email: str, client_id: str | None) -> str:
        state = "accepted" if event is ConsentEvent.REVOKE else "pending"
        client = f" of client {client_id!r}" if client_id else ""
        return f"nothing to {event}: {email} has no {state} consent{client}"

    # ---- seeing ---------------------------------------------------------------------------------------

    def permitted(self, access: Access) -> Permitted:
        """Return the plants a token may see now: consented, and still owned by who consented (R07 to R12)."""
        versions = (self.version, self._world.estate.version)
        if versions != self._permitted_at:
            self._permitted.clear()
            self._permitted_at = versions
        key = (access.client_id, access.user, access.scopes)
        found = self._permitted.get(key)
        if found is None:
            found = self._permitted[key] = self._find_permitted(access)
        return found

    def _find_permitted(self, access: Access) -> Permitted:
        ids: set[str] = set()
        estate = self._world.estate
        if MONITORING_SCOPE in access.scopes:
            for record in self.granted(access.client_id, access.user):
                ids.update(set(record.plants) & set(estate.owned_by(record.email)))
        plants = tuple(plant for plant in estate.plants.values() if plant.id in ids)
        return Permitted(plants, frozenset(ids))

    def granted(self, client_id: str, user: str | None) -> list[Consent]:
        """Return the accepted consents that open monitoring data to a client (and person)."""
        return [
            record
            for (name, key), records in self._records.items()
            if name == client_id and (user is None or key == user)
            for record in records
            if record.state is ConsentState.ACCEPTED and MONITORING_SCOPE in record.scopes
        ]

    def covers_user(self, client_id: str, user: str) -> bool:
        """Tell whether a person's consent for a client is in force."""
        return bool(self._accepted(client_id, user))

    def for_user(self, user: str) -> list[Consent]:
        """Return all consents a person was asked for."""
        return [record for record in self if record.key == user]

    # ---- the beginning --------------------------------------------------------------------------------

    def _begin_with(self, initial: InitialConsent) -> None:
        world = self._world
        names = [initial.client_id] if initial.client_id else list(world.clients)
        for name in names:
            client = world.clients[name]
            if initial.client_id is None and client.flow is not Flow.CUSTOM:
                continue
            at = initial.requested_at.timestamp() if initial.requested_at else world.started
            scopes = frozenset((initial.scope or " ".join(client.scopes)).split())
            record = self._open(client, initial.email, scopes, at, by="scenario")
            self._bring_to(record, initial, at)

    def _bring_to(self, record: Consent, initial: InitialConsent, at: float) -> None:
        path = {
            ConsentState.PENDING: (),
            ConsentState.ACCEPTED: (ConsentEvent.ACCEPT,),
            ConsentState.REJECTED: (ConsentEvent.REJECT,),
            ConsentState.EXPIRED: (ConsentEvent.EXPIRE,),
            ConsentState.REVOKED: (ConsentEvent.ACCEPT, ConsentEvent.REVOKE),
        }[initial.state]
        for event in path:
            self.happen(record, event, record.expires if event is ConsentEvent.EXPIRE else at, "scenario")
        if initial.plants is not None and record.state is not ConsentState.PENDING:
            record.plants = initial.plants

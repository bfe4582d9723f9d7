"""Clock, consents, faults and mailbox of a world elsewhere: the verbs of a world of this process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, overload

from mock_sma.domain.consent import ConsentChange
from mock_sma.domain.faults import FaultRule
from mock_sma.domain.scenario import ConsentState
from mock_sma.domain.transitions import ConsentEvent
from mock_sma.fault_rules.document import document_of, rule_of
from mock_sma.sandbox.world.mailbox import Mail

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import timedelta

    from mock_sma.control import ControlClient, models


def _epoch(instant: str) -> float:
    return datetime.fromisoformat(instant).timestamp()


class RemoteClock:
    """A world's time; see :class:`mock_sma.clock.Clock`."""

    def __init__(self, control: ControlClient) -> None:
        self._control = control

    def now(self) -> datetime:
        """Return the emulated time."""
        return datetime.fromisoformat(self.isoformat())

    def time(self) -> float:
        """Return the emulated time [s since the epoch]."""
        return self.now().timestamp()

    def isoformat(self) -> str:
        """Return the emulated time as ISO 8601 text with the offset of Europe/Berlin."""
        return self._control.clock()["now"]

    @property
    def frozen(self) -> bool:
        """Whether time stands still."""
        return self._control.clock()["frozen"]

    @property
    def rate(self) -> float:
        """Emulated seconds per real second while not frozen."""
        return self._control.clock()["rate"]

    def advance(
        self,
        delta: timedelta | float | None = None,
        *,
        seconds: float = 0.0,
        minutes: float = 0.0,
        hours: float = 0.0,
        days: float = 0.0,
    ) -> None:
        """Move forward."""
        self._control.advance(delta, seconds=seconds, minutes=minutes, hours=hours, days=days)

    def set(self, now: datetime | str) -> None:
        """Jump to ``now``."""
        self._control.set_clock(now=now)

    def set_rate(self, rate: float) -> None:
        """Run at ``rate`` emulated seconds per second; 0 freezes."""
        self._control.set_clock(rate=rate)

    def freeze(self, now: datetime | str | None = None) -> None:
        """Stop the clock, at ``now`` when given."""
        self._control.set_clock(frozen=True, now=now)

    def unfreeze(self) -> None:
        """Let the clock run on."""
        self._control.set_clock(frozen=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteConsent:
    """A consent as the control API tells it; see :class:`mock_sma.domain.consent.Consent`."""

    id: str
    email: str
    client_id: str
    state: ConsentState
    plants: tuple[str, ...]
    history: tuple[ConsentChange, ...]

    @classmethod
    def of(cls, record: models.ConsentRecord) -> RemoteConsent:
        """Return what a record says."""
        history = [
            ConsentChange(_epoch(item["at"]), ConsentEvent(item["event"]), ConsentState(item["state"]), item["by"])
            for item in record["history"]
        ]
        return cls(
            id=record["id"],
            email=record["loginHint"],
            client_id=record["client_id"],
            state=ConsentState(record["state"]),
            plants=tuple(record["plants"]),
            history=tuple(history),
        )


class RemoteConsents:
    """A world's consents."""

    def __init__(self, control: ControlClient) -> None:
        self._control = control

    def accept(self, email: str, client_id: str | None = None) -> list[RemoteConsent]:
        """Let the owner permit; without an earlier request the consent is created."""
        return _consents(self._control.accept(email, client_id))

    def reject(self, email: str, client_id: str | None = None) -> list[RemoteConsent]:
        """Let the owner decline."""
        return _consents(self._control.reject(email, client_id))

    def revoke(self, email: str, client_id: str | None = None) -> list[RemoteConsent]:
        """Let the owner withdraw what was accepted (R08)."""
        return _consents(self._control.revoke(email, client_id))

    def expire(self, email: str, client_id: str | None = None) -> list[RemoteConsent]:
        """Let pending requests run out now."""
        return _consents(self._control.expire(email, client_id))

    def __iter__(self) -> Iterator[RemoteConsent]:
        return iter(_consents(self._control.consents()))

    def __len__(self) -> int:
        return len(self._control.consents())


def _consents(records: list[models.ConsentRecord]) -> list[RemoteConsent]:
    return [RemoteConsent.of(record) for record in records]


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteFault:
    """A rule in force as the control API tells it; see :class:`mock_sma.sandbox.world.faults.Fault`."""

    id: str
    rule: FaultRule
    hits: int
    remaining: int | None

    @classmethod
    def of(cls, record: models.FaultRecord) -> RemoteFault:
        """Return what a record says."""
        own = ("id", "hits", "remaining")
        rule = rule_of({name: value for name, value in record.items() if name not in own})
        return cls(id=record["id"], rule=rule, hits=record["hits"], remaining=record["remaining"])


class RemoteFaults:
    """A world's fault rules."""

    def __init__(self, control: ControlClient) -> None:
        self._control = control

    def add(self, rule: FaultRule | Mapping[str, object]) -> RemoteFault:
        """Bring a rule into force and return it with its ``id``."""
        document = document_of(rule) if isinstance(rule, FaultRule) else rule
        return RemoteFault.of(self._control.add_fault(document))

    def remove(self, fault_id: str) -> None:
        """Take one rule back."""
        self._control.remove_fault(fault_id)

    def clear(self) -> None:
        """Take all rules back."""
        self._control.clear_faults()

    def __iter__(self) -> Iterator[RemoteFault]:
        return iter([RemoteFault.of(record) for record in self._control.faults()])

    def __len__(self) -> int:
        return len(self._control.faults())


class RemoteMailbox(Sequence[Mail]):
    """The mails of a world, oldest first."""

    def __init__(self, control: ControlClient) -> None:
        self._control = control

    def clear(self) -> None:
        """Forget all mails."""
        self._control.clear_mailbox()

    @overload
    def __getitem__(self, index: int) -> Mail: ...
    @overload
    def __getitem__(self, index: slice) -> list[Mail]: ...
    def __getitem__(self, index: int | slice) -> Mail | list[Mail]:
        return list(self)[index]

    def __iter__(self) -> Iterator[Mail]:
        return iter([_mail(record) for record in self._control.mailbox()])

    def __len__(self) -> int:
        return len(self._control.mailbox())


def _mail(record: models.MailRecord) -> Mail:
    return Mail(
        to=record["to"],
        language=record["language"],
        subject=record["subject"],
        body=record["body"],
        link=record["link"],
        sent_at=_epoch(record["sent_at"]),
        consent_id=record["link"].rpartition("/")[2],
    )

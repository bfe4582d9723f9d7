"""Clock, consents, faults and mailbox of a world elsewhere: the verbs of a world of this process."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from mock_sma.clock import seconds_of
from mock_sma.sandbox.world.mailbox import Mail

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import timedelta

    from mock_sma.testing.remote.line import Channel


class RemoteClock:
    """A world's time; see :class:`mock_sma.clock.Clock`."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def now(self) -> datetime:
        """Return the emulated time."""
        return datetime.fromisoformat(self.isoformat())

    def time(self) -> float:
        """Return the emulated time [s since the epoch]."""
        return self.now().timestamp()

    def isoformat(self) -> str:
        """Return the emulated time as ISO 8601 text with the offset of Europe/Berlin."""
        return str(self._channel("GET", "/clock")["now"])

    @property
    def frozen(self) -> bool:
        """Whether time stands still."""
        return bool(self._channel("GET", "/clock")["frozen"])

    @property
    def rate(self) -> float:
        """Emulated seconds per real second while not frozen."""
        return float(self._channel("GET", "/clock")["rate"])

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
        span = seconds_of(delta, seconds, minutes, hours, days)
        self._channel("POST", "/clock/advance", {"seconds": span})

    def set(self, now: datetime | str) -> None:
        """Jump to ``now``."""
        self._channel("PUT", "/clock", {"now": _text(now)})

    def set_rate(self, rate: float) -> None:
        """Run at ``rate`` emulated seconds per second; 0 freezes."""
        self._channel("PUT", "/clock", {"rate": rate})

    def freeze(self, now: datetime | str | None = None) -> None:
        """Stop the clock, at ``now`` when given."""
        self._channel("PUT", "/clock", {"frozen": True} | ({} if now is None else {"now": _text(now)}))

    def unfreeze(self) -> None:
        """Let the clock run on."""
        self._channel("PUT", "/clock", {"frozen": False})


def _text(now: datetime | str) -> str:
    return now if isinstance(now, str) else now.isoformat()


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteConsent:
    """A consent as the control API tells it.

    Attributes:
        history: changes with ``at``, ``event``, ``state`` and ``by``.
    """

    id: str
    email: str
    client_id: str
    state: str
    plants: tuple[str, ...]
    history: tuple[Mapping[str, Any], ...]


class RemoteConsents:
    """A world's consents."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def accept(self, email: str, client_id: str | None = None) -> list[RemoteConsent]:
        """Let the owner permit; without an earlier request the consent is created."""
        return self._answer("accept", email, client_id)

    def reject(self, email: str, client_id: str | None = None) -> list[RemoteConsent]:
        """Let the owner decline."""
        return self._answer("reject", email, client_id)

    def revoke(self, email: str, client_id: str | None = None) -> list[RemoteConsent]:
        """Let the owner withdraw what was accepted (R08)."""
        return self._answer("revoke", email, client_id)

    def expire(self, email: str, client_id: str | None = None) -> list[RemoteConsent]:
        """Let pending requests run out now."""
        return self._answer("expire", email, client_id)

    def _answer(self, verb: str, email: str, client_id: str | None) -> list[RemoteConsent]:
        which = None if client_id is None else {"client_id": client_id}
        return [_consent(item) for item in self._channel("POST", f"/consents/{quote(email, safe='@')}/{verb}", which)]

    def __iter__(self) -> Iterator[RemoteConsent]:
        return iter([_consent(item) for item in self._channel("GET", "/consents")])

    def __len__(self) -> int:
        return len(self._channel("GET", "/consents"))


def _consent(item: Mapping[str, Any]) -> RemoteConsent:
    return RemoteConsent(
        id=item["id"],
        email=item["loginHint"],
        client_id=item["client_id"],
        state=item["state"],
        plants=tuple(item["plants"]),
        history=tuple(item["history"]),
    )


class RemoteFaults:
    """A world's fault rules, as the control API shows them."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def add(self, rule: Mapping[str, Any]) -> dict[str, Any]:
        """Bring a rule into force and return it with its ``id``."""
        added: dict[str, Any] = self._channel("POST", "/faults", dict(rule))
        return added

    def remove(self, fault_id: str) -> None:
        """Take one rule back."""
        self._channel("DELETE", f"/faults/{quote(fault_id, safe='')}")

    def clear(self) -> None:
        """Take all rules back."""
        self._channel("DELETE", "/faults")

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self._channel("GET", "/faults"))

    def __len__(self) -> int:
        return len(self._channel("GET", "/faults"))


class RemoteMailbox:
    """The mails of a world, oldest first."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def _mails(self) -> list[Mail]:
        return [
            Mail(
                **{name: item[name] for name in ("to", "language", "subject", "body", "link")},
                sent_at=datetime.fromisoformat(item["sent_at"]).timestamp(),
                consent_id=item["link"].rpartition("/")[2],
            )
            for item in self._channel("GET", "/mailbox")
        ]

    def clear(self) -> None:
        """Forget all mails."""
        self._channel("DELETE", "/mailbox")

    def __getitem__(self, index: int) -> Mail:
        return self._mails()[index]

    def __iter__(self) -> Iterator[Mail]:
        return iter(self._mails())

    def __len__(self) -> int:
        return len(self._mails())

"""A scenario: everything a world starts from, as one immutable value."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum
from typing import TYPE_CHECKING

from mock_sma.frozen import frozen

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from mock_sma.domain.faults import FaultRule
    from mock_sma.domain.people import Client, User
    from mock_sma.domain.plant import Plant
    from mock_sma.domain.quota import Quota
    from mock_sma.domain.timeline import TimelineEntry
    from mock_sma.errors import Note


class Profile(StrEnum):
    """The time and place a world copies (R17, R26)."""

    SANDBOX = "sandbox"
    PRODUCTION_2020 = "production-2020"
    PRODUCTION_2025 = "production-2025"


class RefreshReuse(StrEnum):
    """What happens to a used refresh token (docs/decisions.md, Tokens)."""

    GRACE = "grace"  # refused once the newer one has been used
    STRICT = "strict"  # refused at once
    ALLOWED = "allowed"  # never refused


class LoginHintPolicy(StrEnum):
    """Answer to bc-authorize for an e-mail nobody has (docs/decisions.md, Consent)."""

    PENDING = "pending"
    NOT_FOUND = "not_found"


class DstFold(StrEnum):
    """What is sent for the repeated hour of an autumn day (docs/decisions.md, Measurements)."""

    DUPLICATE = "duplicate"
    FIRST = "first"
    LAST = "last"
    SUM = "sum"


@frozen(kw_only=True)
class Switches:
    """Choices where the evidence is thin; each is an ``assumed`` row of the ledger."""

    sandbox_token_alias: bool = True
    refresh_reuse: RefreshReuse = RefreshReuse.GRACE
    unknown_login_hint: LoginHintPolicy = LoginHintPolicy.PENDING
    simulate_on_production: bool = True
    forbidden_as: int = 403
    unknown_as: int = 501
    dst_fold: DstFold = DstFold.DUPLICATE
    retry_after: bool = True
    classic_log_ids: bool = False


class ConsentState(StrEnum):
    """States as the wire spells them."""

    PENDING = "Pending"
    ACCEPTED = "Accepted"
    REJECTED = "Rejected"
    EXPIRED = "Expired"
    REVOKED = "Revoked"


EVERY_OWNER = "*"


@frozen(kw_only=True)
class InitialConsent:
    """A consent that exists when the world begins.

    Attributes:
        email: the e-mail address of the owner; :data:`EVERY_OWNER`: each owner whom no other consent to that client
            names.
        share: the share of those owners, where it is for every owner.
        client_id: whom it is given to; None: every client of the scenario.
        plants: ids it covers; None: all that the owner owns at the start (R07).
        requested_at: instant of the request; None: the world's start.
    """

    email: str
    share: float = 1.0
    client_id: str | None = None
    state: ConsentState = ConsentState.ACCEPTED
    plants: tuple[str, ...] | None = None
    scope: str | None = None
    requested_at: datetime | None = None


@frozen(kw_only=True)
class AutoAnswer:
    """How an owner answers requests by themselves.

    Attributes:
        answer: ``accept`` or ``reject``; None: never answers.
        after: time between request and answer.
    """

    email: str
    answer: str | None
    after: timedelta
    client_id: str | None = None


@frozen(kw_only=True)
class Scenario:
    """A world's beginning. Equal scenarios make equal worlds.

    Attributes:
        now: start of the clock; None: the system's time.
        seed: the seed of all random numbers; None: the caller's or the default one.
        timeline: what happens by itself.
        faults: rules in force from the start.
        warnings: notes of the check that do not prevent its use; not compared.
    """

    name: str
    description: str = ""
    profile: Profile = Profile.SANDBOX
    now: datetime | None = None
    seed: int | None = None
    clients: tuple[Client, ...] = ()
    users: tuple[User, ...] = ()
    plants: tuple[Plant, ...] = ()
    consents: tuple[InitialConsent, ...] = ()
    auto_answers: tuple[AutoAnswer, ...] = ()
    timeline: tuple[TimelineEntry, ...] = ()
    quota: Quota | None = None
    faults: tuple[FaultRule, ...] = ()
    switches: Switches = Switches()
    warnings: tuple[Note, ...] = field(default=(), compare=False)

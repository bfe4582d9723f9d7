"""Fault rules: which requests go wrong, how, how often and when (docs/control.md, Faults)."""

from __future__ import annotations

from enum import StrEnum
from math import inf
from typing import TYPE_CHECKING

from mock_sma.frozen import frozen

if TYPE_CHECKING:
    from datetime import datetime

    from mock_sma.domain.json_patch import PatchOperation
    from mock_sma.domain.recurrence import Repeat


class FaultKind(StrEnum):
    """What breaks below HTTP, in WireMock's words."""

    CONNECTION_RESET = "connection_reset"
    EMPTY_RESPONSE = "empty_response"
    TRUNCATED_BODY = "truncated_body"
    MALFORMED_JSON = "malformed_json"
    SLOW_BODY = "slow_body"
    WRONG_CONTENT_LENGTH = "wrong_content_length"


class Distribution(StrEnum):
    """Shape of a random delay."""

    FIXED = "fixed"
    UNIFORM = "uniform"
    LOGNORMAL = "lognormal"


DELAY_KEYS = {
    Distribution.FIXED: ("seconds",),
    Distribution.UNIFORM: ("lower", "upper"),
    Distribution.LOGNORMAL: ("median", "sigma"),
}
"""Numbers of each distribution: all in seconds but ``sigma``, which has no unit."""

MAX_DELAY = 3600.0

MICROSECOND = 1e-6
"""Shortest time that a datetime can tell [s]."""


@frozen(kw_only=True)
class Delay:
    """Time an answer is held back.

    Attributes:
        parameters: ``(seconds,)``, ``(lower, upper)`` or ``(median, sigma)`` by the distribution [s].
    """

    distribution: Distribution = Distribution.FIXED
    parameters: tuple[float, ...]


@frozen(kw_only=True)
class FaultMatch:
    """The requests a rule is about; None matches all.

    Texts may hold ``*`` for any run of characters, and match without regard to case.

    Attributes:
        method: in capitals.
        path: without the query, in any layout.
        query: parameters that the query has; a value of None: one that it has not.
        body: a pattern of the whole body, or members that the body (JSON or a form) has, each with its value.
    """

    method: str | None = None
    path: str | None = None
    client_id: str | None = None
    query: tuple[tuple[str, str | None], ...] = ()
    body: object = None


@frozen(kw_only=True)
class Edit:
    """What becomes of the real answer.

    Attributes:
        headers: put over the answer's; a value of None takes one away.
        merge: a merge patch of the JSON body (RFC 7396); None: none.
        patch: operations on the JSON body (RFC 6902), which can also set null and double rows.
    """

    headers: tuple[tuple[str, str | None], ...] = ()
    merge: object = None
    patch: tuple[PatchOperation, ...] = ()


@frozen(kw_only=True)
class FaultEffect:
    """What happens; a delay may stand beside any other effect.

    Attributes:
        status: answered in place of the real one, with ``body`` (text or JSON value) and ``headers``.
        expire_token: the token counts as expired: 401.
        quota_exhausted: the quota counts as spent: 429.
        html_504: the gateway's HTML page with status 504.
        edit: the real answer, changed.
    """

    status: int | None = None
    body: object = None
    headers: tuple[tuple[str, str], ...] = ()
    delay: Delay | None = None
    fault: FaultKind | None = None
    expire_token: bool = False
    quota_exhausted: bool = False
    html_504: bool = False
    edit: Edit | None = None

    @property
    def only_delays(self) -> bool:
        """Whether the answer itself stays as it is."""
        return all(getattr(self, name) in (None, False) for name in EXCLUSIVE)


EXCLUSIVE = ("status", "fault", "edit", "expire_token", "quota_exhausted", "html_504")
"""Effects of which a rule has one at most."""


@frozen(kw_only=True)
class Schedule:
    """Span of the emulator's clock in which a rule is in force; None is open.

    Attributes:
        repeat: the span comes again and again; it has a start and an end then.
    """

    start: datetime | None = None
    end: datetime | None = None
    repeat: Repeat | None = None

    def holds(self, now: datetime) -> bool:
        """Tell whether ``now`` lies in the span, or in one of its repetitions."""
        if self.start is not None and now < self.start:
            return False
        if self.end is None or now < self.end:
            return True
        if self.repeat is None or self.start is None:
            return False
        length = (self.end - self.start).total_seconds()
        low, high = now.timestamp() - length, now.timestamp()
        starts = self.repeat.starts(self.start, low, high + MICROSECOND)
        return any(low < begins.timestamp() for _, begins in starts)

    def stays_until(self, now: float) -> float:
        """Return a time before which :meth:`holds` says the same as now [s since the epoch]; now: none is known."""
        if self.repeat is not None:
            return now
        edges = (edge.timestamp() - MICROSECOND for edge in (self.start, self.end) if edge is not None)
        return min((edge for edge in edges if edge + 2 * MICROSECOND > now), default=inf)


@frozen(kw_only=True)
class FaultRule:
    """One rule.

    Attributes:
        times: after that many hits the rule is spent; None: never.
        after: requests that fit and pass first: 2 strikes the third.
        probability: share of the matching requests that are hit, 0 to 1.
    """

    effect: FaultEffect
    match: FaultMatch = FaultMatch()
    times: int | None = None
    after: int = 0
    probability: float = 1.0
    schedule: Schedule | None = None

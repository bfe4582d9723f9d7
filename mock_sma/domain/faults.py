"""Fault rules: which requests go wrong, how, how often and when (docs/control.md, Faults)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from mock_sma.domain.reading import Reader
from mock_sma.errors import ScenarioError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay:
    """Time an answer is held back.

    Attributes:
        parameters: ``(seconds,)``, ``(lower, upper)`` or ``(median, sigma)`` by the distribution [s].
    """

    distribution: Distribution = Distribution.FIXED
    parameters: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultMatch:
    """The requests a rule is about; None matches all.

    Attributes:
        method: in capitals.
        path: exact, or a pattern with ``*``; without the query, without regard to case.
    """

    method: str | None = None
    path: str | None = None
    client_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultEffect:
    """What happens; a delay may stand beside any other effect.

    Attributes:
        status: answered in place of the real one, with ``body`` (text or JSON value) and ``headers``.
        expire_token: the token counts as expired: 401.
        quota_exhausted: the quota counts as spent: 429.
        html_504: the gateway's HTML page with status 504.
    """

    status: int | None = None
    body: object = None
    headers: tuple[tuple[str, str], ...] = ()
    delay: Delay | None = None
    fault: FaultKind | None = None
    expire_token: bool = False
    quota_exhausted: bool = False
    html_504: bool = False

    @property
    def only_delays(self) -> bool:
        """Whether the answer itself stays as it is."""
        return (
            self.status is None
            and self.fault is None
            and not (self.expire_token or self.quota_exhausted or self.html_504)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Span of the emulator's clock in which a rule is in force; None is open."""

    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultRule:
    """One rule.

    Attributes:
        times: after that many hits the rule is spent; None: never.
        probability: share of the matching requests that are hit, 0 to 1.
    """

    effect: FaultEffect
    match: FaultMatch = FaultMatch()
    times: int | None = None
    probability: float = 1.0
    schedule: Schedule | None = None

    @classmethod
    def from_document(cls, document: Mapping[str, object], path: str = "") -> FaultRule:
        """Return the rule of a JSON object in the form of ``POST /_mock/faults``.

        Args:
            document: keys ``match``, ``effect``, ``times``, ``probability``, ``schedule``.
            path: key path of the object, for messages.

        Raises:
            ScenarioError: with every mistake in it.
        """
        reader = Reader(path)
        rule = _rule(reader, document)
        if reader.problems or rule is None:
            raise ScenarioError(reader.problems)
        return rule


FRAMING = frozenset({"connection", "content-length", "transfer-encoding", "upgrade"})
"""Headers that say where an answer ends: the server writes them."""

MAX_PATTERN = 1_000
"""Characters of a path's pattern."""

_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e\xa0-\xff]{0,4000}")

EXCLUSIVE = ("status", "fault", "expire_token", "quota_exhausted", "html_504")
"""Effects of which a rule has one at most."""


def _rule(reader: Reader, document: object) -> FaultRule | None:
    fields = reader.mapping(document, "", ("match", "effect", "times", "probability", "schedule"), ("effect",))
    if fields is None:
        return None
    effect = _effect(reader, fields.get("effect")) if "effect" in fields else None
    match = _match(reader, fields.get("match", {}))
    times = reader.integer(fields.get("times"), "times", 1, 1_000_000)
    probability = reader.number(fields.get("probability", 1.0), "probability", 0.0, 1.0)
    schedule = _schedule(reader, fields["schedule"]) if fields.get("schedule") is not None else None
    if effect is None or match is None or probability is None:
        return None
    return FaultRule(effect=effect, match=match, times=times, probability=probability, schedule=schedule)


def _match(reader: Reader, document: object) -> FaultMatch | None:
    fields = reader.mapping(document, "match", ("method", "path", "client_id"))
    if fields is None:
        return None
    method = reader.text(fields.get("method"), "match.method")
    return FaultMatch(
        method=method.upper() if method else None,
        path=_path(reader, fields.get("path")),
        client_id=reader.text(fields.get("client_id"), "match.client_id"),
    )


def _path(reader: Reader, value: object) -> str | None:
    path = reader.text(value, "match.path")
    if path is None:
        return None
    if len(path) > MAX_PATTERN:
        reader.add("match.path", f"has {MAX_PATTERN} characters at most")
    elif not path.startswith(("/", "*")):
        reader.add("match.path", f"has to begin with '/' or '*', not {path[:40]!r}")
    elif "?" in path:
        reader.add("match.path", "is compared without the query; leave out '?' and what follows it")
    return path


def _effect(reader: Reader, document: object) -> FaultEffect | None:
    known = ("status", "body", "headers", "delay", "fault", "expire_token", "quota_exhausted", "html_504")
    fields = reader.mapping(document, "effect", known)
    if fields is None:
        return None
    flags = {
        name: reader.flag(fields.get(name, False), f"effect.{name}")
        for name in ("expire_token", "quota_exhausted", "html_504")
    }
    chosen = [name for name in EXCLUSIVE if fields.get(name) not in (None, False)]
    if len(chosen) > 1:
        reader.add("effect", f"{' and '.join(chosen)} exclude one another; make two rules of them")
    if not chosen and fields.get("delay") is None:
        reader.add("effect", f"says nothing; name one of {', '.join(EXCLUSIVE)} or delay")
    for name in ("body", "headers"):
        if name in fields and fields.get("status") is None:
            reader.add(f"effect.{name}", "belongs to status, which is missing")
    return FaultEffect(
        status=reader.integer(fields.get("status"), "effect.status", 200, 599),
        body=fields.get("body"),
        headers=_headers(reader, fields.get("headers", {})),
        delay=_delay(reader, fields.get("delay")),
        fault=reader.word(FaultKind, fields.get("fault"), "effect.fault"),
        **flags,
    )


def _headers(reader: Reader, document: object) -> tuple[tuple[str, str], ...]:
    fields = reader.mapping(document, "effect.headers", None) or {}
    result = []
    for name, value in fields.items():
        text = str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
        if not _HEADER_NAME.fullmatch(name):
            reader.add(f"effect.headers.{name[:40]}", "is no name of a header")
        elif name.lower() in FRAMING:
            reader.add(f"effect.headers.{name}", "is the server's own; use the fault wrong_content_length")
        elif not isinstance(text, str) or not _HEADER_VALUE.fullmatch(text):
            reader.add(f"effect.headers.{name}", "has to be one line of text")
        else:
            result.append((name, text))
    return tuple(result)


def _delay(reader: Reader, document: object) -> Delay | None:
    if document is None:
        return None
    if isinstance(document, int | float) and not isinstance(document, bool):
        seconds = reader.number(document, "effect.delay", 0.0, MAX_DELAY)
        return None if seconds is None else Delay(parameters=(seconds,))
    names = [name for keys in DELAY_KEYS.values() for name in keys]
    fields = reader.mapping(document, "effect.delay", ("distribution", *names), ("distribution",))
    if fields is None or "distribution" not in fields:
        return None
    kind = reader.word(Distribution, fields["distribution"], "effect.delay.distribution")
    if kind is None:
        return None
    return _distribution(reader, kind, fields)


def _distribution(reader: Reader, kind: Distribution, fields: Mapping[str, object]) -> Delay | None:
    wanted = DELAY_KEYS[kind]
    for name in fields:
        if name not in (*wanted, "distribution"):
            reader.add(f"effect.delay.{name}", f"is no number of {kind.value!r}; it has {', '.join(wanted)}")
    numbers: list[float] = []
    for name in wanted:
        if name not in fields:
            reader.add("effect.delay", f"the key {name!r} of {kind.value!r} is missing")
            continue
        value = reader.number(fields[name], f"effect.delay.{name}", 0.0, MAX_DELAY)
        if value is not None:
            numbers.append(value)
    if len(numbers) < len(wanted):
        return None
    if kind is Distribution.UNIFORM and numbers[1] < numbers[0]:
        reader.add("effect.delay.upper", f"{numbers[1]} is less than lower, {numbers[0]}")
    return Delay(distribution=kind, parameters=tuple(numbers))


def _schedule(reader: Reader, document: object) -> Schedule | None:
    fields = reader.mapping(document, "schedule", ("from", "until"))
    if fields is None:
        return None
    start = reader.instant(fields.get("from"), "schedule.from")
    end = reader.instant(fields.get("until"), "schedule.until")
    if start is not None and end is not None and end <= start:
        reader.add("schedule.until", "time goes backwards: until is not after from")
    return Schedule(start=start, end=end)

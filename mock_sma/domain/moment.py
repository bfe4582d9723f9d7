"""Times that a scenario names: absolute ones, and spans from the world's start.

When a world starts is known only when it does. Until then a span stands in the place of a time as a datetime in
the zone :data:`FROM_START`, so that whatever holds a time holds a span as well; :func:`settled` makes a time of it.

>>> from datetime import UTC
>>> settled(moment_of("+2h"), datetime(2025, 6, 15, 12, tzinfo=UTC)).isoformat()
'2025-06-15T14:00:00+00:00'
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, tzinfo


class _FromStart(tzinfo):
    """Marks a span; it has no place on the clock, and compares with no time in any sense."""

    def utcoffset(self, when: datetime | None) -> timedelta:  # noqa: ARG002 - the base class's form
        return timedelta()

    def dst(self, when: datetime | None) -> timedelta:  # noqa: ARG002
        return timedelta()

    def tzname(self, when: datetime | None) -> str:  # noqa: ARG002
        return "from the start"

    def __reduce__(self) -> str:
        return "FROM_START"  # a copy is the same one


FROM_START = _FromStart()
_ZERO = datetime(5000, 1, 1, tzinfo=FROM_START)

LONGEST = timedelta(days=36_525)
"""Longest span from a start, before or after it."""

_SPAN = re.compile(
    r"(?P<sign>[+-]?)P(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d{1,6})?)S)?)?"
)
"""ISO 8601-1, 5.5.2.4, without years and months, whose length differs."""

_SHORT = re.compile(
    r"(?P<sign>[+-])(?:(?P<weeks>\d+)w)?(?:(?P<days>\d+)d)?"
    r"(?:(?P<hours>\d+)h)?(?:(?P<minutes>\d+)m(?:in)?)?(?:(?P<seconds>\d+(?:\.\d{1,6})?)s)?"
)

OFFSET_PATTERN = r"^([+-]?P[0-9WDTHMS.]+|[+-]([0-9.]+(w|d|h|m|min|s))+)$"
"""How the JSON Schema tells a span from a time."""

LENGTH_PATTERN = r"^\+?(P[0-9WDTHMS.]+|([0-9.]+(w|d|h|m|min|s))+)$"
"""The same for a span that has no direction."""


def from_start(span: timedelta) -> datetime:
    """Return a span from the world's start as it stands in the place of a time."""
    return _ZERO + span


def is_from_start(moment: datetime | None) -> bool:
    """Tell whether a moment is a span from the world's start; none is not."""
    return moment is not None and isinstance(moment.tzinfo, _FromStart)


def span_of(moment: datetime) -> timedelta:
    """Return the span that a moment of :data:`FROM_START` is."""
    return moment - _ZERO


def settled(moment: datetime, start: datetime) -> datetime:
    """Return the time that a moment is in a world that starts at ``start``."""
    return start + span_of(moment) if is_from_start(moment) else moment


def is_after(later: datetime, earlier: datetime) -> bool | None:
    """Tell whether one moment is after another one; None: one is a time and the other a span, so who knows."""
    return None if is_from_start(later) != is_from_start(earlier) else later > earlier


def parse_span(text: str) -> timedelta | None:
    """Return the span that a text such as ``P1D``, ``-PT2H``, ``+2h`` or ``+1d12h`` is, or None."""
    found = _SPAN.fullmatch(text) or _SHORT.fullmatch(text)
    if found is None or not text[-1].isalpha() or text[-1] in "PT":
        return None
    given = {name: float(value) for name, value in found.groupdict(default="0").items() if name != "sign"}
    try:
        span = timedelta(**given)
    except OverflowError:
        return None
    return -span if found["sign"] == "-" else span


def parse_length(text: str) -> timedelta | None:
    """Return the span that a text is, a sign or none before it: ``PT5M``, ``5m``, ``1d12h``; None: it is none."""
    return parse_span(text) or parse_span(f"+{text}")


def moment_of(text: str) -> datetime | None:
    """Return the moment that a text is: a time with its offset, or a span from the world's start; None: neither."""
    span = parse_span(text)
    if span is not None:
        return from_start(span) if abs(span) <= LONGEST else None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return None if moment.tzinfo is None else moment


def span_text(span: timedelta) -> str:
    """Return a span as ISO 8601 has it, to be read by :func:`parse_span` again."""
    sign, rest = ("-", -span) if span < timedelta() else ("", span)
    hours, seconds = divmod(rest.seconds, 3_600)
    minutes, seconds = divmod(seconds, 60)
    fraction = f".{rest.microseconds:06}".rstrip("0") if rest.microseconds else ""
    days = f"{rest.days}D" if rest.days else ""
    parts = ((f"{hours}H", hours), (f"{minutes}M", minutes), (f"{seconds}{fraction}S", rest.microseconds or seconds))
    time = "".join(text for text, amount in parts if amount)
    if not days and not time:
        return "PT0S"
    return f"{sign}P{days}{'T' if time else ''}{time}"


def moment_text(moment: datetime) -> str:
    """Return a moment as :func:`moment_of` reads it."""
    return span_text(span_of(moment)) if is_from_start(moment) else moment.isoformat()

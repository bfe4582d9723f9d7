"""Fault rules as the objects that files and the control API write: from an object to a rule, and back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from mock_sma.domain.faults import FaultMatch, FaultRule, Schedule
from mock_sma.domain.moment import from_start, is_after, moment_text, span_text
from mock_sma.domain.reading import Reader
from mock_sma.domain.recurrence import SHORTEST, Repeat
from mock_sma.errors import ScenarioError
from mock_sma.fault_rules.effect_document import effect_document, effect_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

MAX_PATTERN = 1_000
"""Characters of a pattern."""

MAX_TIMES = 1_000_000
"""Most requests that a rule counts."""

MATCH_KEYS = ("method", "path", "client_id", "query", "body")
KEYS = ("match", "effect", "times", "after", "probability", "schedule")


def rule_of(document: Mapping[str, object], path: str = "") -> FaultRule:
    """Return the rule of a JSON object in the form of ``POST /_mock/faults``.

    Args:
        document: keys ``match``, ``effect``, ``times``, ``after``, ``probability``, ``schedule``.
        path: key path of the object, for messages.

    Raises:
        ScenarioError: with every mistake in it.
    """
    reader = Reader(path)
    rule = _rule(reader, document)
    if reader.problems or rule is None:
        raise ScenarioError(reader.problems)
    return rule


def document_of(rule: FaultRule) -> dict[str, object]:
    """Return the object that :func:`rule_of` makes an equal rule of; what is not set is left out."""
    document: dict[str, object] = {
        "match": _match_document(rule.match),
        "effect": effect_document(rule.effect),
        "probability": rule.probability,
    }
    if rule.times is not None:
        document["times"] = rule.times
    if rule.after:
        document["after"] = rule.after
    if rule.schedule is not None:
        document["schedule"] = _schedule_document(rule.schedule)
    return document


def _rule(reader: Reader, document: object) -> FaultRule | None:
    fields = reader.mapping(document, "", KEYS, ("effect",))
    if fields is None:
        return None
    effect = effect_of(reader, fields.get("effect")) if "effect" in fields else None
    match = _match(reader, fields.get("match", {}))
    times = reader.integer(fields.get("times"), "times", 1, MAX_TIMES)
    after = reader.integer(fields.get("after", 0), "after", 0, MAX_TIMES)
    probability = reader.number(fields.get("probability", 1.0), "probability", 0.0, 1.0)
    schedule = _schedule(reader, fields["schedule"]) if fields.get("schedule") is not None else None
    if effect is None or match is None or probability is None:
        return None
    return FaultRule(
        effect=effect, match=match, times=times, after=after or 0, probability=probability, schedule=schedule
    )


def _match(reader: Reader, document: object) -> FaultMatch | None:
    fields = reader.mapping(document, "match", MATCH_KEYS)
    if fields is None:
        return None
    method = reader.text(fields.get("method"), "match.method")
    return FaultMatch(
        method=method.upper() if method else None,
        path=_path(reader, fields.get("path")),
        client_id=reader.text(fields.get("client_id"), "match.client_id"),
        query=_query(reader, fields.get("query", {})),
        body=_body(reader, fields.get("body")),
    )


def _path(reader: Reader, value: object) -> str | None:
    path = _pattern(reader, value, "match.path")
    if path is None:
        return None
    if not path.startswith(("/", "*")):
        reader.add("match.path", f"has to begin with '/' or '*', not {path[:40]!r}")
    elif "?" in path:
        reader.add("match.path", "is compared without the query; write it as 'query', such as {Date: 2025-06-15}")
    return path


def _pattern(reader: Reader, value: object, path: str) -> str | None:
    text = reader.text(value, path)
    if text is not None and len(text) > MAX_PATTERN:
        reader.add(path, f"has {MAX_PATTERN} characters at most")
    return text


def _query(reader: Reader, document: object) -> tuple[tuple[str, str | None], ...]:
    fields = reader.mapping(document, "match.query", None) or {}
    return tuple((name, _parameter(reader, value, f"match.query.{name}")) for name, value in fields.items())


def _parameter(reader: Reader, value: object, path: str) -> str | None:
    if isinstance(value, bool):
        return str(value).lower()
    return _pattern(reader, str(value) if isinstance(value, int | float) else value, path)


def _body(reader: Reader, value: object) -> object:
    if value is None or isinstance(value, dict):
        return value
    return _pattern(reader, value, "match.body")


def _match_document(match: FaultMatch) -> dict[str, object]:
    return _given(
        method=match.method,
        path=match.path,
        client_id=match.client_id,
        query=dict(match.query) or None,
        body=match.body,
    )


# ---- Schedules ------------------------------------------------------------------------------------------------

SCHEDULE_KEYS = ("from", "until", "duration", "every", "times")


def _schedule(reader: Reader, document: object) -> Schedule | None:
    fields = reader.mapping(document, "schedule", SCHEDULE_KEYS)
    if fields is None:
        return None
    start = reader.moment(fields.get("from"), "schedule.from")
    until = reader.moment(fields.get("until"), "schedule.until")
    duration = reader.span(fields.get("duration"), "schedule.duration", timedelta(seconds=1))
    if start is not None and until is not None and is_after(until, start) is False:
        reader.add("schedule.until", "time goes backwards: until is not after from")
    if fields.get("every") is not None:
        return _repeated(reader, fields, start or from_start(timedelta()), until, duration)
    if fields.get("times") is not None:
        reader.add("schedule.times", "belongs to 'every'; how often a rule strikes is 'times' beside 'schedule'")
    if duration is None:
        return Schedule(start=start, end=until)
    if until is not None:
        reader.add("schedule.duration", "give until or duration, not both")
    start = start or from_start(timedelta())
    return Schedule(start=start, end=start + duration)


def _repeated(
    reader: Reader, fields: Mapping[str, object], start: datetime, until: datetime | None, duration: timedelta | None
) -> Schedule | None:
    every = reader.span(fields["every"], "schedule.every", SHORTEST)
    times = reader.integer(fields.get("times"), "schedule.times", 1, MAX_TIMES)
    if until is not None and times is not None:
        reader.add("schedule.times", "give until or times, not both")
    if duration is None:
        reader.add("schedule", "'every' needs the key 'duration': for how long each time")
    if every is None or duration is None:
        return None
    if duration > every:
        reader.add("schedule.duration", "is longer than every; leave 'every' out, and the rule always holds")
    return Schedule(start=start, end=start + duration, repeat=Repeat(every=every, until=until, times=times))


def _schedule_document(schedule: Schedule) -> dict[str, object]:
    start, end, repeat = schedule.start, schedule.end, schedule.repeat
    if repeat is None or start is None or end is None:
        return _given(**{"from": _moment(start), "until": _moment(end)})
    return _given(
        **{"from": _moment(start)},
        duration=span_text(end - start),
        every=span_text(repeat.every),
        until=_moment(repeat.until),
        times=repeat.times,
    )


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment_text(moment)


def _given(**values: object) -> dict[str, object]:
    return {name: value for name, value in values.items() if value is not None}

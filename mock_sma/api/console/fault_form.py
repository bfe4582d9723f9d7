"""The form of a fault: from what one wants to what a rule says, and which requests that is about."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from mock_sma.api.console.fields import instant_of, number_of
from mock_sma.domain.moment import span_text
from mock_sma.errors import UsageError
from mock_sma.sandbox.hosts import Api
from mock_sma.sandbox.paths import PathPattern

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mock_sma.sandbox.sandbox import Sandbox
    from mock_sma.sandbox.table.operation import Operation

SWITCHES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "expire-token": ("Token expired", "401, as if the token had run out", {"expire_token": True}),
    "quota": ("Quota spent", "429 with Retry-After", {"quota_exhausted": True}),
    "status-500": ("Internal error", "500", {"status": 500}),
    "status-503": ("Unavailable", "503 with Retry-After: 60", {"status": 503, "headers": {"Retry-After": "60"}}),
    "html-504": ("Gateway timeout", "504 with the gateway's HTML page", {"html_504": True}),
    "delay": ("Slow answer", "held back for 5 seconds", {"delay": 5}),
    "connection-reset": ("Connection reset", "the connection breaks off", {"fault": "connection_reset"}),
    "empty-response": ("Empty response", "closed without an answer", {"fault": "empty_response"}),
    "truncated-body": ("Truncated body", "ends in the middle", {"fault": "truncated_body"}),
    "malformed-json": ("Malformed JSON", "complete, but not JSON", {"fault": "malformed_json"}),
    "slow-body": ("Slow body", "comes in drops", {"fault": "slow_body"}),
    "wrong-content-length": ("Wrong length", "Content-Length says another number", {"fault": "wrong_content_length"}),
}
"""Effects by their name in the form: title, explanation, effect in the words of ``POST /_mock/faults``."""

FIELDS = ("effect", "times", "method", "client_id", "percent", "path", "from", "hours")
REPORTING = "/basicreporting"
MINUTES = "%Y-%m-%dT%H:%M"


class Intent(NamedTuple):
    """What somebody wants to try.

    Attributes:
        words: as one says it.
        fields: of the form.
        days, hour: when it begins, counted from the emulated day; None: at once.
    """

    words: str
    fields: Mapping[str, str]
    days: int | None = None
    hour: int = 0


INTENTS = {
    "gateway": Intent(
        "The gateway is down for an hour from tomorrow 02:00", {"effect": "html-504", "hours": "1"}, 1, 2
    ),
    "breaks": Intent("Each tenth answer breaks off", {"effect": "connection-reset", "percent": "10"}),
    "slow": Intent("Answers are slow for the next two hours", {"effect": "delay", "hours": "2"}, 0),
    "quota": Intent("The quota is spent for five minutes", {"effect": "quota", "hours": "0.083"}, 0),
    "token": Intent("The next three calls find their token expired", {"effect": "expire-token", "times": "3"}),
    "down": Intent("The plant list is down until I say so", {"effect": "status-503", "path": "/v1/plants"}),
}
"""What the form is filled in with at a click."""


def filled(intent: str, now: datetime) -> dict[str, str]:
    """Return the fields of an intent; of none what the form begins with.

    Args:
        now: emulated time in Europe/Berlin.
    """
    fields = dict.fromkeys(FIELDS, "") | {"percent": "100"}
    found = INTENTS.get(intent)
    if found is None:
        return fields | {"effect": next(iter(SWITCHES)), "times": "3"}
    if found.days is not None:
        begins = now if found.days == 0 else now.replace(hour=found.hour, minute=0) + timedelta(days=found.days)
        fields["from"] = f"{begins:{MINUTES}}"
    return {**fields, **found.fields}


def rule_from(fields: Mapping[str, str]) -> dict[str, Any]:
    """Return the rule that a form asks for, in the words of ``POST /_mock/faults``.

    Raises:
        UsageError: a field is none of what it can be.
    """
    name = fields["effect"]
    if name not in SWITCHES:
        raise UsageError(f"There is no switch {name[:40]!r}; there are {', '.join(SWITCHES)}.")
    match = {key: fields[key] for key in ("method", "path", "client_id") if fields[key]}
    rule: dict[str, Any] = {"match": match, "effect": SWITCHES[name][2]}
    if fields["times"]:
        rule["times"] = number_of(fields["times"])
    if fields["percent"] not in ("", "100"):
        rule["probability"] = number_of(fields["percent"]) / 100
    if fields["from"] or fields["hours"]:
        rule["schedule"] = _schedule(fields["from"], fields["hours"])
    return rule


def _schedule(begins: str, hours: str) -> dict[str, str]:
    schedule = {"from": instant_of(begins).isoformat() if begins else "+0s"}
    if hours:
        length = number_of(hours)
        if not 0 < length <= 8_760:
            raise UsageError("A fault lasts more than 0 and at most 8760 hours.")
        schedule["duration"] = span_text(timedelta(seconds=round(3_600 * length)))
    return schedule


class Preview(NamedTuple):
    """Which requests a rule is about.

    Attributes:
        operations: those of the API that it can match.
        matched: requests of the journal that it would have matched, of so many.
    """

    operations: list[Operation]
    matched: int
    looked_at: int


def preview(world: Sandbox, fields: Mapping[str, str]) -> Preview:
    """Return which operations, and which requests of the journal, the form's fields match."""
    pattern = PathPattern(fields["path"]) if fields["path"] else None
    method, client = fields["method"], fields["client_id"]

    def fits(asked: str, path: str, host: str = "") -> bool:
        return method in ("", asked) and (pattern is None or pattern.matches(path, host))

    paths = ((item, REPORTING * (item.api is Api.BASIC_REPORTING) + item.path) for item in world.operations)
    operations = [item for item, path in paths if fits(item.method, _sample(path, fields["path"]))]
    calls = list(world.requests.without_assets())
    matched = [item for item in calls if fits(item.method, item.path, item.host) and client in ("", item.client_id)]
    return Preview(operations, len(matched), len(calls))


def _sample(template: str, wanted: str) -> str:
    """Return a path of an operation, with the wanted path's own words in the place of parameters."""
    parts, own = template.split("/"), wanted.removeprefix("/monitoring").split("/")
    if len(parts) != len(own):
        own = ["x"] * len(parts)
    return "/".join(
        mine.replace("*", "x") if part.startswith("{") else part for part, mine in zip(parts, own, strict=True)
    )

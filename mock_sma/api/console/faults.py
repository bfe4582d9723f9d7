"""Fault switches: what goes wrong, for which requests, how often."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from mock_sma.api.console.fault_words import scope_of, title_of
from mock_sma.api.console.page import page
from mock_sma.domain import actions as act
from mock_sma.domain.fault_document import rule_of
from mock_sma.errors import ScenarioError, UsageError

if TYPE_CHECKING:
    from starlette.responses import Response

    from mock_sma.api.console.visit import Visit

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

METHODS = ("GET", "POST", "PUT", "DELETE")


async def show(visit: Visit) -> Response:
    """Show the switches and the rules in force."""
    return _page(visit)


def _page(visit: Visit, *, document: str = "", problems: list[str] | None = None, code: int = 200) -> Response:
    faults = visit.world.faults
    return page(
        visit,
        "faults",
        code=code,
        switches=SWITCHES,
        methods=METHODS,
        rules=[(fault, title_of(fault.rule.effect), scope_of(fault)) for fault in faults],
        document=document,
        problems=problems or [],
    )


async def change(visit: Visit) -> Response:
    """Switch a fault on, bring a rule into force, take one back, or all."""
    match visit.field("do"):
        case "clear":
            visit.carry_out(act.ClearFaults())
            return visit.back("faults-off")
        case "remove":
            visit.carry_out(act.RemoveFault(fault_id=visit.field("id")))
            return visit.back("fault-off")
        case "switch":
            return _add(visit, _switched(visit), document="")
        case "rule":
            document = visit.field("document")
            try:
                return _add(visit, json.loads(document), document=document)
            except ValueError as error:
                return _page(visit, document=document, problems=[f"no JSON: {error}"], code=422)
        case _:
            raise UsageError("A fault can be switched on, removed and cleared.")


def _add(visit: Visit, rule: dict[str, Any], *, document: str) -> Response:
    try:
        visit.carry_out(act.AddFault(rule=rule_of(rule)))
    except ScenarioError as error:
        return _page(visit, document=document, problems=[str(item) for item in error.problems], code=422)
    return visit.back("fault-on")


def _switched(visit: Visit) -> dict[str, Any]:
    name = visit.field("effect")
    if name not in SWITCHES:
        raise UsageError(f"There is no switch {name[:40]!r}; there are {', '.join(SWITCHES)}.")
    given = {key: visit.field(key) for key in ("method", "path", "client_id")}
    rule: dict[str, Any] = {
        "match": {key: value for key, value in given.items() if value},
        "effect": SWITCHES[name][2],
    }
    times, percent = visit.field("times"), visit.field("percent", "100")
    if times:
        rule["times"] = _number(times)
    if percent not in ("", "100"):
        rule["probability"] = _number(percent) / 100
    return rule


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise UsageError(f"{text[:40]!r} is not a number.") from None
    return int(value) if value.is_integer() else value

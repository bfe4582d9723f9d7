"""Fault switches: what goes wrong, for which requests, how often."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from mock_sma.api.console.fault_form import FIELDS, INTENTS, SWITCHES, filled, preview, rule_from
from mock_sma.api.console.fault_words import scope_of, title_of, turn_of
from mock_sma.api.console.page import page
from mock_sma.api.console.zones import BERLIN
from mock_sma.domain import actions as act
from mock_sma.errors import ScenarioError, UsageError
from mock_sma.fault_rules.document import rule_of

if TYPE_CHECKING:
    from starlette.responses import Response

    from mock_sma.api.console.visit import Visit

METHODS = ("GET", "POST", "PUT", "DELETE")


async def show(visit: Visit) -> Response:
    """Show the form, what it is about, and the rules in force."""
    return _page(visit)


def _page(visit: Visit, *, document: str = "", problems: list[str] | None = None, code: int = 200) -> Response:
    world = visit.world
    now = datetime.fromtimestamp(world.clock.time(), BERLIN)
    fields = filled(visit.query("intent"), now)
    fields |= {name: visit.request.query_params[name] for name in FIELDS if name in visit.request.query_params}
    return page(
        visit,
        "faults",
        code=code,
        switches=SWITCHES,
        methods=METHODS,
        intents={visit.link("faults", intent=name): item.words for name, item in INTENTS.items()},
        fields=fields,
        preview=preview(world, fields),
        rules=[(fault, title_of(fault.rule.effect), scope_of(fault), turn_of(fault, now)) for fault in world.faults],
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
    return rule_from({name: visit.field(name, "100" if name == "percent" else "") for name in FIELDS})

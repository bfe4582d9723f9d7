"""An exchange held against what the emulator answers to the same question."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote

from mock_sma.domain.catalogue import ALL_SETS
from mock_sma.domain.period import Period, Resolution, parse_period
from mock_sma.openapi.facts import Fact, parameter_fact, status_fact
from mock_sma.sandbox.hosts import LOCAL, SMA_HOSTS, Api
from mock_sma.sandbox.table.operations import OPERATIONS
from mock_sma.sandbox.table.router import router_of
from mock_sma.sandbox.wire.models.oauth import ApiErrorBody, OAuthErrorBody, TokenBody
from mock_sma.witness.bodies import Bodies
from mock_sma.witness.evidence import Evidence, Shapes
from mock_sma.witness.literals import Members, read

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic import BaseModel

    from mock_sma.archive.exchange import ArchivedExchange
    from mock_sma.fidelity.ledger import Ledger
    from mock_sma.sandbox.table.operation import Operation

STEPS = {
    60: Resolution.ONE_MINUTE,
    300: Resolution.FIVE_MINUTES,
    900: Resolution.FIFTEEN_MINUTES,
    3_600: Resolution.ONE_HOUR,
}
JSON = "application/json; charset=utf-8"
TROUBLE = 500
"""Statuses from here on are a server's trouble, which says nothing of the API."""
OTHERS = (304, 407)
"""Statuses that a browser's cache has asked for, and that a proxy answers: neither says anything of the API."""


def judge(exchanges: Iterable[ArchivedExchange], ledger: Ledger) -> Evidence:
    """Return what exchanges say of the rows of a ledger."""
    evidence = Evidence(ledger)
    for exchange in exchanges:
        _judge_one(exchange, evidence)
    return evidence


def asked_of(exchange: ArchivedExchange) -> tuple[Operation, dict[str, str]] | None:
    """Return the operation that was asked, with the parameters of its path; None: none of the API's."""
    layout = SMA_HOSTS.get(exchange.host) or (LOCAL if _is_local(exchange.host) else None)
    if layout is None:
        return None
    try:
        match = router_of(layout, OPERATIONS).match(exchange.path)
    except ValueError:
        return None
    operation = None if match is None else match.operations.get(exchange.method)
    if match is None or operation is None or operation.api in (Api.PAGES, Api.PORTAL, Api.DOCUMENTS):
        return None
    return operation, match.params


def _is_local(host: str) -> bool:
    """Tell whether a host is no public one: an emulator's, or a test's."""
    return "." not in host or host.replace(".", "").isdigit() or host.endswith((".test", ".localhost", ".internal"))


def _judge_one(exchange: ArchivedExchange, evidence: Evidence) -> None:
    asked = asked_of(exchange)
    # A browser writes 0 where no answer came.
    if asked is None or not 100 <= exchange.status < TROUBLE or exchange.status in OTHERS:
        evidence.others += 1
        return
    evidence.exchanges += 1
    operation, params = asked
    try:
        value = read(exchange.body) if exchange.body else None
        is_json = True
    except ValueError:
        value, is_json = None, False
    is_success = exchange.status < 300
    if not _judge_status(exchange, operation, value, evidence):
        return
    if is_success:
        _judge_parameters(exchange, operation, params, evidence)
    _judge_headers(exchange, operation, evidence)
    if not exchange.has_body:
        return
    if not is_json:
        if operation.answer is not None and is_success:
            shapes = Shapes("a body of JSON", "a body that is no JSON", operation.id)
            evidence.refute(Fact("operation", (operation.id,)), shapes)
        return
    _judge_body(exchange, operation, params, value, evidence)


def _judge_body(
    exchange: ArchivedExchange, operation: Operation, params: dict[str, str], value: Any, evidence: Evidence
) -> None:
    is_success = exchange.status < 300
    wanted = ALL_SETS.get(params.get("setType", "").lower())
    bodies = Bodies(evidence, operation.id, wanted)
    if not is_success:
        if value is not None and exchange.status >= 400:
            bodies.hold(value, OAuthErrorBody if operation.api is Api.AUTH else ApiErrorBody)
    elif operation.answer is not None:
        if bodies.hold(value, operation.answer):
            evidence.confirm(Fact("operation", (operation.id,)))
            _judge_rows(value, wanted, params, operation, evidence)
        else:
            shapes = Shapes("an object", "another kind of body", operation.id)
            evidence.refute(Fact("operation", (operation.id,)), shapes)


def _judge_status(exchange: ArchivedExchange, operation: Operation, value: Any, evidence: Evidence) -> bool:
    """Hold a status against those that are known, and against the body; tell whether the rest can be judged by it."""
    status, is_error = exchange.status, exchange.status >= 400
    errors = [code for code in operation.errors if code >= 400]
    if operation.answer is not None:
        is_answer, is_fault = _fits(value, operation.answer), _fits(value, ApiErrorBody, OAuthErrorBody)
        if is_fault not in (is_answer, is_error):  # a status of one kind, with a body of the other
            ours = "the status of an error" if is_fault else f"status {operation.status}"
            shapes = Shapes(f"{ours} with such a body", f"status {status}", operation.id)
            evidence.refute(status_fact(operation, operation.status), shapes)
            return False
    told = value.get("code") if is_error and _fits(value, ApiErrorBody) else None
    if str(told) in map(str, errors) and str(told) != str(status):  # an error's body names its status
        shapes = Shapes(f"status {told} with such a body", f"status {status}", operation.id)
        evidence.refute(status_fact(operation, int(str(told))), shapes)
        return False
    if status in (operation.status, *operation.errors):
        evidence.confirm(status_fact(operation, status))
        return True
    near = errors if is_error else [operation.status]
    meant = min(near or [operation.status], key=lambda code: abs(code - status))
    evidence.refute(status_fact(operation, meant), Shapes(f"status {meant}", f"status {status}", operation.id))
    return not is_error


def _fits(value: Any, *models: type[BaseModel]) -> bool:
    """Tell whether a body has all that a model requires, and something of it at all."""
    if not isinstance(value, Members):
        return False
    names = {name for name, _ in value}
    return any(
        names & {field.alias or name for name, field in model.model_fields.items()}
        and names >= {field.alias or name for name, field in model.model_fields.items() if field.is_required()}
        for model in models
    )


def _judge_parameters(
    exchange: ArchivedExchange, operation: Operation, params: dict[str, str], evidence: Evidence
) -> None:
    known = {item.name.lower(): item.name for item in operation.query}
    for name, _ in parse_qsl(exchange.query, keep_blank_values=True):
        if name.lower() in known:
            evidence.confirm(parameter_fact(operation, known[name.lower()]))
    for name in params:
        evidence.confirm(parameter_fact(operation, name))


def _judge_headers(exchange: ArchivedExchange, operation: Operation, evidence: Evidence) -> None:
    """Hold the headers that the API's clients read: an answer's type, where a plant has gone, how to log in."""
    kind = exchange.header("content-type")
    if exchange.status == 308 and not exchange.header("location"):
        shapes = Shapes("a header Location", "no such header", operation.id)
        evidence.refute(status_fact(operation, 308), shapes)
    for name in _wanted_headers(exchange.status, operation):
        if exchange.headers and exchange.header(name) is None:
            shapes = Shapes(f"a header {name}", "no such header", operation.id)
            evidence.refute(status_fact(operation, exchange.status), shapes)
    if operation.answer is None or not exchange.body or not exchange.headers or 300 <= exchange.status < 400:
        return
    expected = "application/json" if operation.api is Api.AUTH else JSON
    if kind is None:
        shapes = Shapes("a header content-type", "no such header", operation.id)
        evidence.refute(Fact("operation", (operation.id,)), shapes)
    elif _plain(kind) not in (_plain(JSON), "application/json"):  # a charset may be left out: JSON has one (RFC 8259)
        found = _plain(kind) if _plain(kind) in KINDS else "another type"
        evidence.refute(
            Fact("operation", (operation.id,)),
            Shapes(f"content-type {expected}", f"content-type {found}", operation.id),
        )


def _wanted_headers(status: int, operation: Operation) -> tuple[str, ...]:
    """Return the headers that are due: where a token is missing (RFC 9110, 11.6.1), and given (RFC 6749, 5.1)."""
    if status == 401 and operation.api is not Api.AUTH:
        return ("www-authenticate",)
    return ("cache-control",) if operation.answer is TokenBody and status == operation.status else ()


KINDS = frozenset(
    {
        "application/json",
        "application/json;charset=utf-8",
        "application/problem+json",
        "application/problem+json;charset=utf-8",
        "text/json",
        "text/html",
        "text/plain",
        "text/html;charset=utf-8",
        "text/plain;charset=utf-8",
    }
)
"""Types that may be named: any other one may hold anything."""


def _plain(kind: str) -> str:
    return kind.replace(" ", "").replace('"', "").lower()


def _judge_rows(value: Any, wanted: Any, params: dict[str, str], operation: Operation, evidence: Evidence) -> None:
    """Take down set, period and the sets that are offered, and hold the intervals of rows against their word."""
    sets = value.get("sets")
    if isinstance(sets, list):
        for name in sets:
            if isinstance(name, str) and name.lower() in ALL_SETS:
                evidence.confirm(Fact("set", (ALL_SETS[name.lower()].name,)))
    rows = value.get("set")
    period = parse_period(unquote(params.get("period", "")))
    if wanted is None or period is None or not isinstance(rows, list):
        return
    evidence.confirm(Fact("word", (f"Period.{period.value}",)))
    if value.get("setType") == wanted.name:
        evidence.confirm(Fact("set", (wanted.name,)))
    elif type(value.get("setType")) is str:  # another type is another row's
        evidence.refute(Fact("set", (wanted.name,)), Shapes(f"setType {wanted.name}", "another setType", operation.id))
    if period in (Period.DAY, Period.WEEK):
        _judge_interval(rows, value.get("resolution"), operation, evidence)


def _judge_interval(rows: list[Any], resolution: Any, operation: Operation, evidence: Evidence) -> None:
    word = next((item for item in Resolution if item.value == resolution), None)
    stamps = [row.get("time") for row in rows if isinstance(row, Members)]
    try:
        times = [datetime.fromisoformat(stamp) for stamp in stamps if isinstance(stamp, str)]
        steps = [int((later - earlier).total_seconds()) for earlier, later in pairwise(times)]
    except (TypeError, ValueError):
        return
    apart = min((step for step in steps if step > 0), default=0)
    found = STEPS.get(apart)
    if word is None or word not in STEPS.values() or not apart or word is found:
        return
    # A gap makes an interval longer, never shorter.
    named = next(seconds for seconds, item in STEPS.items() if item is word)
    if apart % named:
        theirs = f"rows {apart} seconds apart" if found else "rows at another interval"
        evidence.refute(
            Fact("word", (f"Resolution.{word.value}",)), Shapes(f"rows {named} seconds apart", theirs, operation.id)
        )

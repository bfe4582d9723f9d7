"""Each member, type, order, number format, status and header of many answers changed: its row is refuted, no other."""

from __future__ import annotations

import json
import os
from copy import deepcopy
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from mock_sma.archive.exchange import ArchivedExchange
from mock_sma.fidelity import load_ledger
from mock_sma.sandbox.table.operations import OPERATIONS
from mock_sma.witness.evidence import RowVerdict
from mock_sma.witness.judge import asked_of, judge
from mock_sma.witness.literals import Members, Number, read
from tests.sandbox_helpers import ask, make, tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mock_sma.sandbox.sandbox import Sandbox

EACH = int(os.environ.get("MOCK_SMA_TEST_EACH_MUTATION", "11"))
"""One of so many changes is tried; 1 by hand: all."""

PLACES = (
    "/v1/plants?WithStatus=true&WithInstallation=true&WithLocation=true",
    "/v1/plants/2100",
    "/v1/plants/2100/status",
    "/v1/plants/2100/capabilities",
    "/v1/plants/2100/devices?WithStatus=true",
    "/v1/plants/2100/devices/lean",
    "/v1/plants/2100/logs?From=2025-06-01&To=2025-06-15",
    "/v1/plants/2100/measurements/sets",
    "/v1/devices/2101",
    "/v1/devices/2102",
    "/v1/plants/2100/measurements/sets/EnergyBalance/Day?Date=2025-06-10&WithTotal=true",
    "/v1/plants/2100/measurements/sets/EnergyBalance/Month?Date=2025-05",
    "/v1/devices/2101/measurements/sets/PowerDc/Day?Date=2025-06-10",
    "/v1/devices/2101/measurements/sets/PowerAc/Day?Date=2025-06-10",
    "/v1/devices/2102/measurements/sets/EnergyAndPowerBattery/Day?Date=2025-06-10",
    "/oauth2/v2/bc-authorize/owner@example.org",
)


PLANT, DEVICE = "monitoring/{version}/plants/2100", "monitoring/v1/devices/2101"
ELSEWHERE = (
    *(
        f"GET /{path}".format(version=version)
        for version in ("v1", "v2")
        for path in (
            "monitoring/{version}/plants",
            PLANT,
            f"{PLANT}/status",
            f"{PLANT}/installation",
            f"{PLANT}/location",
            f"{PLANT}/capabilities",
            f"{PLANT}/devices",
            f"{PLANT}/devices/lean",
            f"{PLANT}/measurements/sets",
            f"{PLANT}/measurements/sets/EnergyBalance/Day?Date=2025-06-10",
            f"{PLANT}/logs?From=2025-06-01&To=2025-06-15",
            "monitoring/{version}/plants/9999",
        )
    ),
    f"GET /{DEVICE}",
    f"GET /{DEVICE}/lean",
    f"GET /{DEVICE}/status",
    f"GET /{DEVICE}/measurements/sets",
    f"GET /{DEVICE}/measurements/sets/EnergyAndPowerPv/Day?Date=2025-06-10",
    f"GET /{DEVICE}/logs?From=2025-06-01&To=2025-06-15",
    "GET /basicreporting/v1/plants",
    "GET /basicreporting/v1/plants/2100",
    "GET /basicreporting/v1/plants/2100/measurements/sets/PvGeneration/Month?Date=2025-05",
    "POST /oauth2/v2/bc-authorize",
    "PUT /oauth2/v2/bc-authorize/owner@example.org/status",
    "PUT /oauth2/v2/bc-authorize/owner@example.org/state",
    "ANYBODY /monitoring/v1/plants",
    "ANYBODY /oauth2/v2/bc-authorize/owner@example.org",
)
"""Questions of all other operations, and some that are refused; of their changes fewer are tried."""


@cache
def answered() -> tuple[ArchivedExchange, ...]:
    return exchanges(f"GET {path}" for path in PLACES)


@cache
def answered_elsewhere() -> tuple[ArchivedExchange, ...]:
    return exchanges(ELSEWHERE)


def exchanges(questions: Iterable[str]) -> tuple[ArchivedExchange, ...]:
    """Return the answers to questions, after that to the question for a token."""
    world = make("ennexos")
    bearer = tokens(world)["access_token"]
    for method, path in map(str.split, questions):
        if method == "ANYBODY":
            ask(world, "GET", path)
        else:
            ask(world, method, path, bearer=bearer, **SENT.get(method, {}))
    return tuple(archived(world))


SENT: dict[str, dict[str, Any]] = {
    "POST": {"json": {"loginHint": "owner@example.org"}},
    "PUT": {"json": {"state": "Accepted"}},
}


def archived(world: Sandbox) -> Iterator[ArchivedExchange]:
    for entry in list(world.requests):
        body = read(entry.response_body)
        rows = body.get("set")
        if rows is not None and len(rows) > 150:
            del rows[150:], rows[:147]  # some at noon say as much as all
        headers = tuple((name.decode(), value.decode()) for name, value in entry.headers)
        url = f"https://localhost{entry.path}" + (f"?{entry.query}" if entry.query else "")
        yield ArchivedExchange(method=entry.method, url=url, status=entry.status, headers=headers, body=spelt(body))


def spelt(value: Any) -> bytes:
    return _spelt(value).encode()


def _spelt(value: Any) -> str:
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, Members):
        return "{" + ",".join(f"{json.dumps(name)}:{_spelt(item)}" for name, item in value) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_spelt, value)) + "]"
    return json.dumps(value)


def refuted(exchange: ArchivedExchange) -> list[str]:
    return list(judge([exchange], load_ledger()).names(RowVerdict.REFUTED))


def objects(value: Any) -> Iterator[Members]:
    if isinstance(value, Members):
        yield value
        for _, item in value:
            yield from objects(item)
    elif isinstance(value, list):
        for item in value[:2]:
            yield from objects(item)


def changes(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield other kinds of a value, each with a word."""
    yield "null", None
    if isinstance(value, Number):
        yield "a text", str(value) + " "
        yield "other digits", Number(str(value).partition(".")[0] if "." in value else f"{value}.0")
        yield "an exponent", Number("1.5E+3")
    else:
        yield "a number", Number("5")
        yield "a list or object", Members() if isinstance(value, list) and not isinstance(value, Members) else []


def changed_bodies(exchange: ArchivedExchange, begin: int, each: int) -> Iterator[tuple[str, str, Any]]:
    """Yield one of so many changed bodies, each with the member that was changed and how."""
    body = read(exchange.body)
    words = ("renamed", "renamed anew", "moved")
    possible = (
        (number, place, change)
        for number, held in enumerate(objects(body))
        for place, (_, value) in enumerate(held)
        for change in (*changes(value), *((word, None) for word in words))
    )
    for count, (number, place, (word, other)) in enumerate(possible):
        if (count + begin) % each:
            continue
        copy = deepcopy(body)
        target = list(objects(copy))[number]
        name, value = target[place]
        if word == "renamed":
            target[place] = (name[:-1] + ("q" if name[-1] != "q" else "z"), value)
        elif word == "renamed anew":
            target[place] = ("whatever", value)
        elif word == "moved":
            if not 0 < place < len(target) - 1 or len(target) < 4:
                continue
            target.insert(0, target.pop(place)) if place > 1 else target.append(target.pop(place))
        else:
            target[place] = (name, other)
        yield name, word, copy


def test_the_answers_of_all_operations_are_changed() -> None:
    asked = {found[0].id for each in (*answered(), *answered_elsewhere()) if (found := asked_of(each)) is not None}
    assert asked == {operation.id for operation in OPERATIONS if operation.answer is not None}
    assert [exchange.status for exchange in answered()] == [200] * (len(PLACES) + 1)
    assert {exchange.status for exchange in answered_elsewhere()} == {200, 201, 401, 404}


@pytest.mark.slow
@pytest.mark.parametrize("place", range(len(PLACES) + 1))
def test_a_change_of_a_member_refutes_its_row_and_no_other(place: int) -> None:
    hold_changes(answered()[place], place, EACH)


@pytest.mark.slow
def test_a_change_of_a_member_refutes_its_row_at_every_operation() -> None:
    for number, exchange in enumerate(answered_elsewhere()[1:]):
        hold_changes(exchange, number, 4 * EACH)


def hold_changes(exchange: ArchivedExchange, begin: int, each: int) -> None:
    assert refuted(exchange) == []
    for name, word, body in changed_bodies(exchange, begin, each):
        rows = refuted(replace(exchange, body=spelt(body)))
        told = rows[0].rpartition(".")[2].replace("_", "-") if len(rows) == 1 else None
        # Of a name that is like nothing, it cannot be told which of several that may be absent was meant.
        is_new = word == "renamed anew" and len(rows) == 1
        assert told == name.replace("_", "-") or is_new, (exchange.url, name, word, rows)


@pytest.mark.slow
@pytest.mark.parametrize("status", [200, 201, 203, 204, 400, 401, 403, 404, 410, 418, 429])
def test_another_status_refutes_a_status_and_nothing_else(status: int) -> None:
    for exchange in (*answered()[status % 3 :: 3], *answered_elsewhere()[status % 3 :: 3]):
        if exchange.status != status:
            (row,) = refuted(replace(exchange, status=status))
            assert row.startswith("status."), (exchange.url, exchange.status)
    fault = replace(answered()[1], body=b'{"message":"Unauthorized","code":"401"}', headers=())
    assert refuted(replace(fault, status=401)) == []
    assert refuted(fault) == ["status.monitoring.200"]


@pytest.mark.parametrize("kind", ["text/html", "application/json; charset=iso-8859-1", "application/xml", None])
def test_another_type_of_answers_refutes_their_operation(kind: str | None) -> None:
    for exchange in (*answered()[::4], *answered_elsewhere()[::4]):
        kept = tuple(pair for pair in exchange.headers if pair[0].lower() != "content-type")
        headers = kept if kind is None else (*kept, ("Content-Type", kind))
        (row,) = refuted(replace(exchange, headers=headers))
        assert row.startswith("operation.")


def test_a_header_that_is_due_refutes_the_status_that_lacks_it() -> None:
    token, refusals = answered()[0], [each for each in answered_elsewhere() if each.status == 401]
    for exchange, name in ((token, "cache-control"), *((each, "www-authenticate") for each in refusals)):
        kept = tuple(pair for pair in exchange.headers if pair[0].lower() != name)
        assert kept != exchange.headers
        (row,) = refuted(replace(exchange, headers=kept))
        assert row.endswith(f".{exchange.status}")
    assert len(refusals) == 2

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
from mock_sma.witness.evidence import RowVerdict
from mock_sma.witness.judge import judge
from mock_sma.witness.literals import Members, Number, read
from tests.sandbox_helpers import ask, make, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

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


@cache
def answered() -> tuple[ArchivedExchange, ...]:
    world = make("ennexos")
    bearer = tokens(world)["access_token"]
    for path in PLACES:
        assert ask(world, "GET", path, bearer=bearer).status == 200
    found = []
    for entry in list(world.requests):
        body = read(entry.response_body)
        rows = body.get("set")
        if rows is not None:
            del rows[150:], rows[:147]  # some at noon say as much as all
        headers = tuple((name.decode(), value.decode()) for name, value in entry.headers)
        url = f"https://localhost{entry.path}" + (f"?{entry.query}" if entry.query else "")
        found.append(ArchivedExchange(method=entry.method, url=url, status=200, headers=headers, body=spelt(body)))
    return tuple(found)


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


def changed_bodies(exchange: ArchivedExchange) -> Iterator[tuple[str, str, Any]]:
    """Yield changed bodies, each with the member that was changed and how."""
    body = read(exchange.body)
    for number, held in enumerate(objects(body)):
        for place, (name, value) in enumerate(held):
            for word, other in [*changes(value), ("renamed", None), ("renamed anew", None), ("moved", None)]:
                copy = deepcopy(body)
                target = list(objects(copy))[number]
                if word == "renamed":
                    target[place] = (name[:-1] + ("q" if name[-1] != "q" else "z"), value)
                elif word == "renamed anew":
                    target[place] = ("whatever", value)
                elif word == "moved":
                    if not 0 < place < len(held) - 1 or len(held) < 4:
                        continue
                    target.insert(0, target.pop(place)) if place > 1 else target.append(target.pop(place))
                else:
                    target[place] = (name, other)
                yield name, word, copy


@pytest.mark.parametrize("place", range(len(PLACES) + 1))
def test_a_change_of_a_member_refutes_its_row_and_no_other(place: int) -> None:
    exchange = answered()[place]
    assert refuted(exchange) == []
    for number, (name, word, body) in enumerate(changed_bodies(exchange)):
        if (number + place) % EACH:
            continue
        rows = refuted(replace(exchange, body=spelt(body)))
        told = rows[0].rpartition(".")[2].replace("_", "-") if len(rows) == 1 else None
        # Of a name that is like nothing, it cannot be told which of several that may be absent was meant.
        is_new = word == "renamed anew" and len(rows) == 1
        assert told == name.replace("_", "-") or is_new, (name, word, rows)


@pytest.mark.parametrize("status", [201, 203, 204, 400, 401, 403, 404, 410, 418, 429])
def test_another_status_refutes_a_status_and_nothing_else(status: int) -> None:
    for exchange in answered()[status % 3 :: 3]:
        (row,) = refuted(replace(exchange, status=status))
        assert row.startswith("status.")
    fault = replace(answered()[1], body=b'{"message":"Unauthorized","code":"401"}')
    assert refuted(replace(fault, status=401)) == []
    assert refuted(fault) == ["status.monitoring.200"]


@pytest.mark.parametrize("kind", ["text/html", "application/json; charset=iso-8859-1", "application/xml", None])
def test_another_type_of_answers_refutes_their_operation(kind: str | None) -> None:
    for exchange in answered()[::4]:
        kept = tuple(pair for pair in exchange.headers if pair[0].lower() != "content-type")
        headers = kept if kind is None else (*kept, ("Content-Type", kind))
        (row,) = refuted(replace(exchange, headers=headers))
        assert row.startswith("operation.")

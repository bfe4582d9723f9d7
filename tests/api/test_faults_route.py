"""``/_mock/faults``: use, misuse and many at once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from mock_sma import Sandbox, load_scenario
from mock_sma.api.app import App
from mock_sma.domain.actions import AddFault
from mock_sma.domain.faults import FaultEffect, FaultRule
from mock_sma.domain.timeline import TimelineEntry
from mock_sma.worlds.worlds import Worlds
from tests.facts import NOW
from tests.sandbox_helpers import make


def client(app: App | None = None) -> httpx.AsyncClient:
    shell = httpx.ASGITransport(app or App(Worlds(make())))
    return httpx.AsyncClient(transport=shell, base_url="http://127.0.0.1:8080")


async def test_rules_are_added_listed_read_and_taken_back() -> None:
    rule = {"match": {"path": "/v1/plants"}, "effect": {"status": 503}, "times": 3, "probability": 1.0}
    async with client() as http:
        added = await http.post("/_mock/faults", json=rule)
        assert (added.status_code, added.json()) == (201, {"id": "fault-1", "hits": 0, "remaining": 3} | rule)
        assert (await http.get("/v1/plants")).status_code == 503
        assert (await http.get("/_mock/faults")).json() == [added.json() | {"hits": 1, "remaining": 2}]
        assert (await http.get("/_mock/faults/fault-1")).json()["hits"] == 1
        second = (await http.post("/_mock/faults", json={"effect": {"delay": 0}})).json()
        assert (second["id"], second["match"], second["remaining"]) == ("fault-2", {}, None)
        assert (await http.delete("/_mock/faults/fault-1")).status_code == 204
        assert (await http.get("/v1/plants")).status_code == 401
        assert (await http.delete("/_mock/faults")).status_code == 204
        assert (await http.get("/_mock/faults")).json() == []


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "text"),
    [
        ("GET", "/fault-9", None, 404, "no fault rule 'fault-9'"),
        ("DELETE", "/fault-9", None, 404, "there are: none"),
        ("POST", "", {"effect": {"status": 99}}, 422, "effect.status: has to be a whole number between 200 and 599"),
        ("POST", "", {"effect": {"fault": "reset"}, "tmies": 1}, 422, "did you mean 'times'"),
        ("POST", "", [], 422, "has to be a JSON object"),
        ("POST", "", None, 422, "a JSON body is missing"),
        ("POST", "", {"effect": {"status": 500, "headers": {"Content-Length": "3"}}}, 422, "server's own"),
        ("POST", "", {"effect": {"status": 500, "headers": {"a b": "3"}}}, 422, "not a header name"),
        ("PUT", "", {}, 405, "/_mock/faults does not take PUT"),
    ],
)
async def test_misuse_is_refused_and_changes_nothing(method: str, path: str, body: Any, status: int, text: str) -> None:
    async with client() as http:
        answer = await http.request(method, "/_mock/faults" + path, json=body)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
        assert text in answer.json()["detail"]
        assert (await http.get("/_mock/faults")).json() == []


@pytest.mark.slow
async def test_many_at_once_get_an_id_each_and_times_are_exact() -> None:
    async with client() as http:
        rule = {"match": {"path": "/v1/plants"}, "effect": {"status": 503}, "times": 1}
        added = await asyncio.gather(*(http.post("/_mock/faults", json=rule) for _ in range(20)))
        assert len({answer.json()["id"] for answer in added}) == 20
        answers = await asyncio.gather(*(http.get("/v1/plants") for _ in range(40)))
        statuses = [answer.status_code for answer in answers]
        assert (statuses.count(503), statuses.count(401)) == (20, 20)


async def test_what_a_running_clock_has_brought_about_is_seen_without_a_request_before() -> None:
    rule = FaultRule(effect=FaultEffect(status=503))
    entry = TimelineEntry(action=AddFault(rule=rule), after=timedelta(seconds=1))
    world = Sandbox(replace(load_scenario("sandbox"), timeline=(entry,)), now=NOW, rate=1_000_000)
    async with client(App(Worlds(world))) as http:
        assert (await http.get("/_mock/clock")).json()["rate"] == 1_000_000
        assert len((await http.get("/_mock/faults")).json()) == 1

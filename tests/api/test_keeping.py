"""Answers of the control API while a state cannot be kept: a problem that says why."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import httpx

from mock_sma import Sandbox, load_scenario
from mock_sma.api.app import App
from mock_sma.errors import StateError
from mock_sma.worlds.worlds import Worlds

if TYPE_CHECKING:
    from mock_sma.api.keeping import Hold
    from mock_sma.sandbox.exchange import Reply, Request

FULL = StateError("the disk is full; make room")


class Full:
    """Keeps nothing: what is changed is found out too late, as it is for the first change on a full disk."""

    def __init__(self, *, knows: bool) -> None:
        self.knows = knows

    def check(self, method: str) -> None:
        if self.knows and method != "GET":
            raise FULL

    def handle(self, world: Sandbox, request: Request) -> tuple[Reply, Hold | None]:
        return world.handle(request), self.changed(None)

    def changed(self, name: str | None) -> Hold | None:  # noqa: ARG002 - whatever it is
        hold: Hold = asyncio.get_running_loop().create_future()
        hold.set_result(FULL)
        return hold

    def pending(self) -> Hold | None:
        return None


async def ask(keeper: Full, method: str, path: str) -> httpx.Response:
    app = App(Worlds(Sandbox(load_scenario("sandbox"))), keeper=keeper)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
        return await client.request(method, path)


def test_a_change_that_cannot_be_kept_is_a_problem_with_its_reason() -> None:
    for knows in (False, True):
        answer = asyncio.run(ask(Full(knows=knows), "POST", "/_mock/reset"))
        assert answer.status_code == 503
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["detail"] == str(FULL)


def test_what_changes_nothing_is_answered() -> None:
    assert asyncio.run(ask(Full(knows=True), "GET", "/_mock/health")).status_code == 200


def test_a_client_of_the_vendor_is_told_in_plain_text() -> None:
    answer = asyncio.run(ask(Full(knows=False), "POST", "/oauth2/token"))
    assert (answer.status_code, answer.text) == (503, f"mock-sma: {FULL}\n")

"""Attacks on the control API: each is refused, changes nothing, and leaves it answering."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from mock_sma.api.admission import MAX_BODY
from mock_sma.api.app import App
from mock_sma.worlds.worlds import Worlds
from tests.api.attacks import JSON, LOCAL, TABLE, Row, digest
from tests.api.test_attacks_in_bytes import BYTES
from tests.sandbox_helpers import make


@pytest.fixture(scope="module")
def app() -> App:
    return App(Worlds(make()))


@pytest.fixture(scope="module")
def locked() -> App:
    return App(Worlds(make()), token="s3cret")


@pytest.mark.parametrize("row", TABLE, ids=[row[0] for row in TABLE])
async def test_attack(row: Row, app: App) -> None:
    _, method, path, headers, body, statuses = row
    worlds = app.worlds
    world = worlds.default
    before = digest(world)
    shell = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=shell, base_url=f"http://{LOCAL}") as http:
        request = http.build_request(method, f"http://{LOCAL}{path}", headers=headers, content=body)
        request.headers.pop("content-type") if headers.get("content-type") == "" else None
        answer = await http.send(request)
        assert answer.status_code in statuses, answer.text[:500]
        assert digest(world) == before
        assert len(worlds) == 1
        assert not [name for name in answer.headers if name.startswith("access-control-")]
        assert "root:" not in answer.text
        assert (await http.get("/_mock/health")).status_code == 200


TOKENS = [
    "",
    "x",
    "Bearer",
    "Bearer ",
    "Bearer wrong",
    "bearer s3cret ",
    "Basic s3cret",
    "Bearer s3cre",
    "Bearer s3cret1",
    "Bearer S3CRET",
    "Bearer s3cret\u00e9",
    "Bearer s3cret, Bearer s3cret",
    "Token s3cret",
]


@pytest.mark.parametrize("given", [token for token in TOKENS if token != "bearer s3cret "])
async def test_attack_on_the_control_token(given: str, locked: App) -> None:
    shell = httpx.ASGITransport(locked)
    async with httpx.AsyncClient(transport=shell, base_url=f"http://{LOCAL}") as http:
        for path in (
            "/_mock/health",
            "/_mock/worlds/default/clock",
            "/portal/mailbox",
            "/PORTAL/mailbox",
            "/%5Fmock/clock",
        ):
            answer = await http.get(path, headers={"authorization": given.encode("utf-8")})
            assert answer.status_code == 401, path


async def test_what_is_allowed_stays_allowed(app: App) -> None:
    shell = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=shell, base_url=f"http://{LOCAL}") as http:
        own = {"origin": f"http://{LOCAL}", "sec-fetch-site": "same-origin", "sec-fetch-mode": "cors"}
        assert (await http.post("/_mock/reset", headers=own)).status_code == 204
        link = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
        assert (await http.get("/_mock/health", headers=link)).status_code == 200
        for host in ("localhost", "localhost:8080", "a.localhost", "[::1]:8080", "10.0.0.7:8080"):
            assert (await http.get("/_mock/health", headers={"host": host})).status_code == 200


async def test_two_hosts_are_one_too_many(app: App) -> None:
    shell = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=shell, base_url=f"http://{LOCAL}") as http:
        request = httpx.Request(
            "GET", f"http://{LOCAL}/_mock/health", headers=[("host", "evil.example"), ("host", LOCAL)]
        )
        assert (await http.send(request)).status_code == 400


async def test_a_body_that_grows_without_a_length_is_cut_off(app: App) -> None:
    async def endless() -> Any:
        for _ in range(MAX_BODY // 65_536 + 2):
            yield b" " * 65_536

    shell = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=shell, base_url=f"http://{LOCAL}") as http:
        answer = await http.post("/_mock/faults", content=endless(), headers=JSON)
        assert answer.status_code == 413


def test_there_are_at_least_80_cases() -> None:
    assert len(TABLE) + len(BYTES) + len(TOKENS) >= 80

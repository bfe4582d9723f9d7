"""The console's API pages: Swagger UI, ledger, and the code flow from end to end."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlencode

import pytest

from mock_sma import Sandbox, load_scenario
from tests.api.console.browser import browser
from tests.facts import OWNER
from tests.sandbox_helpers import make


@pytest.mark.slow
async def test_swagger_page_has_the_client_filled_in_and_loads_from_here_only() -> None:
    async with browser(make()) as visitor:
        page = await visitor.get("/_mock/console/api/try", client="demo_app")
        assert 'data-client="demo_app" data-secret="demo_secret"' in page.text
        assert "script-src 'self'; style-src 'self' 'unsafe-inline';" in page.headers["content-security-policy"]
        for address in re.findall(r'<(?:script|link)[^>]+(?:src|href)="([^"]+)"', page.text):
            assert (await visitor.get(address)).status_code == 200
        assert "demo_api" in (await visitor.get("/_mock/console/api/try", client="nobody")).text


@pytest.mark.slow
async def test_ledger_is_searched() -> None:
    async with browser(make()) as visitor:
        page = await visitor.get("/_mock/console/fidelity", q="logid")
        assert "logId" in page.text
        rows = (await visitor.get("/_mock/console/fidelity", standing="assumed", kind="switch")).text
        assert "dst_fold" in rows
        assert ">documented</span>" not in rows
        every = (await visitor.get("/_mock/console/fidelity", standing="x", kind="y")).text
        assert ">documented</span>" in every


@pytest.mark.slow
async def test_code_flow_goes_from_the_button_to_plants() -> None:
    world = make()
    world.consents.accept(OWNER, "demo_app")
    async with browser(world) as visitor:
        page = await visitor.get("/_mock/console/code-flow")
        address = unescape(re.findall(r'class="button primary" href="([^"]+)"', page.text)[0])
        login = await visitor.get(address)
        assert login.status_code == 200
        fields = {name: unescape(value) for name, value in re.findall(r'name="([^"]+)" value="([^"]*)"', login.text)}
        action = unescape(re.findall(r'<form[^>]+action="([^"]+)"', login.text)[0])
        fields |= {"username": OWNER, "password": "MyPass123!"}
        back = await visitor.http.post(action, data=fields, follow_redirects=True)
        assert back.url.path == "/_mock/console/callback"
        assert "Exchange it" in back.text
        code = back.url.params["code"]
        done = await visitor.post("/_mock/console/", "callback", code=code, client_id="demo_app")
        assert "access_token" in done.text
        assert "&#34;plantId&#34;: &#34;13&#34;" in done.text
        again = await visitor.post("/_mock/console/", "callback", code=code, client_id="demo_app")
        assert "invalid_grant" in again.text


@pytest.mark.slow
async def test_exchange_survives_a_fault_and_a_client_that_is_gone() -> None:
    world = make()
    async with browser(world) as visitor:
        for fault in (
            {"fault": "malformed_json"},
            {"status": 200, "body": [1]},
            {"status": 200, "body": {"access_token": 1}},
        ):
            world.faults.add({"effect": fault, "times": 1})
            page = await visitor.post("/_mock/console/", "callback", code="x", client_id="demo_app")
            assert (page.status_code, "GET /monitoring" in page.text) == (200, False)
        gone = await visitor.post("/_mock/console/", "callback", code="x", client_id="nobody")
        assert gone.status_code == 409


async def test_callback_throws_away_what_nobody_asked_for() -> None:
    async with browser(make()) as visitor:
        (seal,) = set(
            re.findall(r"state=([0-9a-f]{16})\.demo_app", (await visitor.get("/_mock/console/code-flow")).text)
        )
        for state in ("", "wrong.demo_app", f"{seal}.nobody"):
            page = await visitor.get("/_mock/console/callback", state=state, code="<b>")
            assert (page.status_code, "discard the answer" in page.text) == (400, True)
            assert "<b>" not in page.text
        page = await visitor.get("/_mock/console/callback", state=f"{seal}.demo_app", error="access_denied")
        assert (page.status_code, "No code came" in page.text) == (200, True)


@pytest.mark.parametrize(
    ("uri", "status"),
    [
        ("http://127.0.0.1:8080/_mock/console/callback", 200),
        ("http://127.0.0.1:8080/_mock/worlds/gw0/console/callback", 200),
        ("http://127.0.0.1:9/_mock/console/callback", 400),
        ("http://127.0.0.1:8080.evil.example/_mock/console/callback", 400),
        ("http://127.0.0.1:8080/_mock/console/callback/x", 400),
        ("http://127.0.0.1:8080/_mock/console/callback?x=1", 400),
        ("https://127.0.0.1:8080/_mock/console/callback", 400),
    ],
)
async def test_only_this_servers_own_callback_page_is_accepted_beside_the_registered_ones(
    uri: str, status: int
) -> None:
    async with browser(make()) as visitor:
        query = {"response_type": "code", "client_id": "demo_app", "redirect_uri": uri, "scope": "monitoringApi:read"}
        assert (await visitor.get(f"/oauth2/auth?{urlencode(query)}")).status_code == status


async def test_worlds_without_clients_say_so() -> None:
    world = Sandbox(load_scenario({"version": 1, "name": "bare", "clients": []}))
    async with browser(world) as visitor:
        for path, words in (("api", "no client"), ("api/try", "no client"), ("code-flow", "no client")):
            page = await visitor.get(f"/_mock/console/{path}")
            assert (page.status_code, words in page.text) == (200, True)

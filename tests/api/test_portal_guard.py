"""The portal over HTTP: guarded as the control API is; the code flow's pages are for everybody."""

from __future__ import annotations

import re
from html import escape, unescape
from typing import Any

import httpx
import pytest

from mock_sma.api.app import App
from mock_sma.api.login import COOKIE
from mock_sma.worlds.worlds import Worlds
from tests.page_helpers import authorize_path
from tests.sandbox_helpers import make


def client(base: str = "http://127.0.0.1:8080", **options: Any) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(App(Worlds(make()), **options)), base_url=base)


@pytest.mark.parametrize("path", ["/portal/mailbox", "/Portal/Mailbox/", "/%70ortal/mailbox", "/portal"])
@pytest.mark.parametrize(("host", "admitted"), [("localhost:8080", True), ("evil.example", False)])
async def test_portal_answers_to_names_of_this_machine_only(path: str, host: str, admitted: bool) -> None:
    async with client() as http:
        answer = await http.get(path, headers={"host": host})
        assert (answer.status_code in (200, 303)) is admitted
        assert (answer.status_code == 403) is not admitted


async def test_portal_refuses_forms_of_another_origin() -> None:
    async with client() as http:
        answer = await http.post("/portal/login", headers={"origin": "http://evil.example"})
        assert answer.status_code == 403


async def test_portal_wants_the_control_token_or_the_consoles_login() -> None:
    async with client("http://anywhere.example", token="s3cret") as http:
        assert (await http.get("/portal/mailbox")).status_code == 401
        bearer = {"authorization": "Bearer s3cret"}
        assert (await http.get("/portal/mailbox", headers=bearer)).status_code == 200
        app: App = http._transport.app  # type: ignore[attr-defined]
        guarded = await app.prepare()
        cookie = {"cookie": f"{COOKIE}={guarded.guard.login.cookie}"}
        assert (await http.get("/portal/mailbox", headers=cookie)).status_code == 200
        assert (await http.get(authorize_path())).status_code == 200


PAGE = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.mark.parametrize("path", ["/portal", "/portal/mailbox?to=owner%40example.org", "/Portal/Mailbox/"])
async def test_browser_without_the_token_is_led_to_the_consoles_login_and_back(path: str) -> None:
    async with client(token="s3cret") as http:
        answer = await http.get(path, headers=PAGE)
        assert answer.status_code == 303
        login = await http.get(answer.headers["location"], headers=PAGE)
        assert (login.status_code, "Control token" in login.text) == (401, True)
        form = {name: unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', login.text)}
        assert form["back"] == path
        wrong = await http.post("/_mock/console/login", data=form | {"token": "guess"})
        assert (wrong.status_code, f'value="{escape(path)}"' in wrong.text) == (401, True)
        inside = await http.post("/_mock/console/login", data=form | {"token": "s3cret"})
        assert (inside.status_code, inside.headers["location"]) == (303, path)
        assert (await http.get(path, headers=PAGE)).status_code in (200, 303)


async def test_programs_and_forms_without_the_token_are_refused_as_before() -> None:
    async with client(token="s3cret") as http:
        for headers in ({}, {"accept": "*/*"}, {"accept": "application/json"}):
            answer = await http.get("/portal/mailbox", headers=headers)
            assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
        assert (await http.post("/portal/login", headers=PAGE)).status_code == 401


async def test_code_flow_is_open_to_every_host_name() -> None:
    async with client("http://emulator.example") as http:
        assert (await http.get(authorize_path())).status_code == 200

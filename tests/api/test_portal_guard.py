"""The portal over HTTP: guarded as the control API is; the code flow's pages are for everybody."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from mock_sma.api.app import App
from mock_sma.api.login import COOKIE
from mock_sma.sandbox.worlds import Worlds
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


async def test_code_flow_is_open_to_every_host_name() -> None:
    async with client("http://emulator.example") as http:
        assert (await http.get(authorize_path())).status_code == 200

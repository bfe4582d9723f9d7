"""The console's frame and its first page."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from mock_sma import load_scenario
from mock_sma.sandbox.sandbox import Sandbox
from tests.api.console.browser import browser, code_of
from tests.sandbox_helpers import make
from tests.server_process import environment, get, serve

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest.fixture
def world() -> Sandbox:
    return make()


async def test_start_page_names_addresses_clients_logins_and_time(world: Sandbox) -> None:
    async with browser(world) as visitor:
        page = await visitor.get("/_mock/console/")
        for wanted in ("/oauth2/token", "/monitoring/v1", "demo_api", "demo_app", "demo_secret", "MyPass123!"):
            assert wanted in page.text
        assert "15 Jun 2025 12:00:00" in page.text
        assert page.headers["cache-control"] == "no-store"
        assert page.headers["referrer-policy"] == "same-origin"


async def test_no_page_holds_inline_script_style_or_foreign_address(world: Sandbox) -> None:
    async with browser(world) as visitor:
        page = await visitor.get("/_mock/console/")
        policy = page.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
        assert "unsafe" not in policy
        assert not re.search(r"<script(?![^>]* src=)|<style|\son[a-z]+=|\sstyle=", page.text)
        loaded = re.findall(r'<(?:script|link|img)[^>]+(?:src|href)="([^"]+)"', page.text)
        assert len(loaded) >= 4
        for address in loaded:
            assert address.startswith("/_mock/console/static/")
            file = await visitor.get(address)
            assert file.status_code == 200
            assert "immutable" in file.headers["cache-control"]
            assert file.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("fields", "now", "frozen"),
    [
        ({"do": "advance", "seconds": "300"}, "2025-06-15T12:05:00", True),
        ({"do": "advance", "seconds": "86400"}, "2025-06-16T12:00:00", True),
        ({"do": "jump", "now": "2025-01-31T08:30"}, "2025-01-31T08:30:00", True),
        ({"do": "run"}, "2025-06-15T12:00:0", False),
        ({"do": "rate", "rate": "0.5"}, "2025-06-15T12:00:0", False),
    ],
)
async def test_clock_moves_by_form(world: Sandbox, fields: dict[str, str], now: str, frozen: bool) -> None:
    async with browser(world) as visitor:
        page = await visitor.post("/_mock/console/", "clock", **fields)
        assert "The clock is set." in page.text
        assert world.clock.isoformat().startswith(now)
        assert world.clock.frozen is frozen
        assert ("frozen</span>" in page.text) is frozen


async def test_clock_freezes_by_form() -> None:
    world = make(rate=1.0)
    async with browser(world) as visitor:
        await visitor.post("/_mock/console/", "clock", do="freeze")
        assert world.clock.frozen


@pytest.mark.parametrize(
    "fields",
    [
        {"do": "stop"},
        {"do": "advance", "seconds": "soon"},
        {"do": "advance", "seconds": "-1"},
        {"do": "rate", "rate": "nan"},
        {"do": "jump", "now": "noon"},
        {"do": "jump", "now": "3000-01-01T00:00"},
    ],
)
async def test_impossible_clock_is_refused_in_words(world: Sandbox, fields: dict[str, str]) -> None:
    async with browser(world) as visitor:
        page = await visitor.post("/_mock/console/", "clock", **fields)
        assert page.status_code == 409
        assert 'role="alert"' in page.text
        assert world.clock.isoformat().startswith("2025-06-15T12:00:00")


@pytest.mark.slow
async def test_reset_puts_the_world_back(world: Sandbox) -> None:
    async with browser(world) as visitor:
        await visitor.post("/_mock/console/", "clock", do="advance", seconds="300")
        page = await visitor.post("/_mock/console/", "reset", sure="yes")
        assert "back at its beginning" in page.text
        assert world.clock.isoformat().startswith("2025-06-15T12:00:00")


async def test_form_without_the_pages_secret_changes_nothing(world: Sandbox) -> None:
    async with browser(world) as visitor:
        for csrf in ("", "wrong"):
            form = {"csrf": csrf, "do": "advance", "seconds": "300"}
            answer = await visitor.http.post("/_mock/console/clock", data=form)
            assert (answer.status_code, "older than the server" in answer.text) == (403, True)
        assert world.clock.isoformat().startswith("2025-06-15T12:00:00")
        for path, methods in (("clock", "POST"), ("consents", "GET, HEAD, POST")):
            answer = await visitor.http.put(f"/_mock/console/{path}")
            assert (answer.status_code, answer.headers["allow"]) == (405, methods)


@pytest.mark.slow
async def test_forms_without_a_size_or_too_large_are_not_read(world: Sandbox) -> None:
    async def endless() -> AsyncIterator[bytes]:
        yield b"do=run"

    async with browser(world) as visitor:
        for path in ("clock", "login"):
            address = f"/_mock/console/{path}"
            headers = {"content-type": "application/x-www-form-urlencoded"}
            assert (await visitor.http.post(address, content=endless(), headers=headers)).status_code == 411
            large = b"x=" + b"%20" * 4_000_000
            assert (await visitor.http.post(address, content=large, headers=headers)).status_code == 413


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example/", "/_mock/consoleX", "/_mock/console/\\x"])
async def test_form_leads_back_into_the_console_only(world: Sandbox, back: str) -> None:
    async with browser(world) as visitor:
        form = {"csrf": await visitor.csrf("/_mock/console/"), "do": "run", "back": back}
        answer = await visitor.http.post("/_mock/console/clock", data=form)
        assert (answer.status_code, answer.headers["location"]) == (303, "/_mock/console/?done=clock")


async def test_missing_pages_and_worlds_say_so_in_the_frame(world: Sandbox) -> None:
    async with browser(world) as visitor:
        for path, words in (("/nothing", "no such page"), ("/static/nothing.js", "no such page")):
            answer = await visitor.get(f"/_mock/console{path}")
            assert (answer.status_code, words in answer.text) == (404, True)
        answer = await visitor.get("/_mock/worlds/nowhere/console/")
        assert (answer.status_code, "no world &#39;nowhere&#39;" in answer.text) == (404, True)
        assert (await visitor.http.get("/_mock/console")).headers["location"] == "/_mock/console/"


async def test_theme_of_the_cookie_is_kept_and_nothing_else_of_it(world: Sandbox) -> None:
    async with browser(world) as visitor:
        for cookie, wanted in (("dark", ' data-theme="dark"'), ("light", ' data-theme="light"'), ('x"y', "")):
            page = await visitor.http.get("/_mock/console/", headers={"cookie": f"mock_sma_theme={cookie}"})
            assert f'<html lang="en"{wanted}>' in page.text


async def test_world_without_users_and_clients_has_a_start_page() -> None:
    world = Sandbox(load_scenario({"version": 1, "name": "bare", "clients": [], "plants": []}))
    async with browser(world) as visitor:
        page = await visitor.get("/_mock/console/")
        assert page.status_code == 200
        assert "no users" in page.text


class TestToken:
    """A server with a control token."""

    async def test_pages_ask_for_it_and_give_a_cookie(self, world: Sandbox) -> None:
        async with browser(world, token="s3cret") as visitor:
            page = await visitor.get("/_mock/console/")
            assert (page.status_code, "Control token" in page.text, "demo_secret" in page.text) == (401, True, False)
            wrong = await visitor.post("/_mock/console/", "login", token="guess")
            assert (wrong.status_code, "not the control token" in wrong.text) == (401, True)
            page = await visitor.post("/_mock/console/", "login", token="s3cret")
            assert (page.status_code, "demo_secret" in page.text) == (200, True)
            assert (await visitor.get("/_mock/clock")).status_code == 200
            await visitor.post("/_mock/console/", "logout")
            assert (await visitor.get("/_mock/clock")).status_code == 401

    async def test_cookie_is_out_of_reach_of_scripts_and_other_sites(self, world: Sandbox) -> None:
        async with browser(world, token="s3cret") as visitor:
            csrf = await visitor.csrf("/_mock/console/")
            answer = await visitor.http.post("/_mock/console/login", data={"csrf": csrf, "token": "s3cret"})
            cookie = answer.headers["set-cookie"].lower()
            assert "httponly" in cookie
            assert "samesite=strict" in cookie
            assert "s3cret" not in cookie

    @pytest.mark.slow
    async def test_cookie_changes_nothing_without_the_pages_origin(self, world: Sandbox) -> None:
        async with browser(world, token="s3cret") as visitor:
            await visitor.post("/_mock/console/", "login", token="s3cret")
            assert (await visitor.http.post("/_mock/reset")).status_code == 401
            own = {"origin": "http://127.0.0.1:8080"}
            assert (await visitor.http.post("/_mock/reset", headers=own)).status_code == 204
            foreign = {"origin": "http://evil.example"}
            assert (await visitor.http.post("/_mock/reset", headers=foreign)).status_code == 403

    async def test_forms_are_refused_until_then(self, world: Sandbox) -> None:
        async with browser(world, token="s3cret") as visitor:
            csrf = await visitor.csrf("/_mock/console/")
            form = {"csrf": csrf, "do": "advance", "seconds": "300"}
            assert (await visitor.http.post("/_mock/console/clock", data=form)).status_code == 401
            assert world.clock.isoformat().startswith("2025-06-15T12:00:00")

    async def test_nonsense_in_the_cookie_is_no_login(self, world: Sandbox) -> None:
        async with browser(world, token="s3cret") as visitor:
            for cookie in ("mock_sma_console=", "mock_sma_console=ü", '"; =;', "a[b]=c; mock_sma_console=x"):
                answer = await visitor.http.get("/_mock/clock", headers={"cookie": cookie.encode()})
                assert answer.status_code == 401

    async def test_no_login_leads_out_of_the_console(self, world: Sandbox) -> None:
        async with browser(world, token="s3cret") as visitor:
            csrf = await visitor.csrf("/_mock/console/")
            for back in ("https://evil.example/", "/_mock/console/login", ""):
                form = {"csrf": csrf, "token": "s3cret", "back": back}
                answer = await visitor.http.post("/_mock/console/login", data=form)
                assert answer.headers["location"] == "/_mock/console/"


@pytest.mark.slow
def test_snippets_run_as_they_stand() -> None:
    with serve() as (_, ready):
        page = get(f"{ready['url']}/_mock/console/").text
        for command in (["/bin/bash", "-euc", code_of(page, "curl")], [sys.executable, "-c", code_of(page, "python")]):
            result = subprocess.run(
                command, capture_output=True, text=True, timeout=30, check=False, env=environment(no_proxy="*")
            )
            assert result.returncode == 0, result.stderr
            assert result.stdout.count('"plantId"') == 9

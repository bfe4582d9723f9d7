"""Every page of the console: axe-core finds nothing serious in both themes, and a phone shows it whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser_helpers import PHONE, WIDE, new_world, serious_violations, shoot, too_wide
from tests.facts import HOUSEHOLDER
from tests.sandbox_helpers import BC, ask, tokens
from tests.server_process import serve

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from mock_sma.sandbox.sandbox import Sandbox
    from mock_sma.testing.live import LiveServer
    from tests.browser.conftest import OpenPage

pytestmark = pytest.mark.browser

PAGES = {
    "start": "",
    "timeline": "timeline",
    "tour": "tour",
    "plants": "plants",
    "plant-day": "plants/2100?date=2025-06-12",
    "plant-week": "plants/2100?period=Week&date=2025-06-09",
    "plant-compare": "compare?a=2100&b=2200&date=2025-06-12",
    "truth": "plants/2100/truth?date=2025-06-13",
    "plant-month": "plants/2100?period=Month&date=2025-05",
    "plant-year": "plants/2100?period=Year&date=2024",
    "device": "plants/2100/devices/2101?set=PowerAc&date=2025-06-12",
    "consents": "consents",
    "mailbox": "mailbox",
    "requests": "requests",
    "request": "requests/{request}",
    "session": "session",
    "client": "client",
    "scenarios": "scenarios?edit=ennexos",
    "faults": "faults",
    "api": "api",
    "swagger": "api/try",
    "ledger": "fidelity?kind=switch",
    "code-flow": "code-flow",
    "callback": "callback?code=c&state=s",
    "worlds": "worlds",
    "missing": "no-such-page",
}


@pytest.fixture
def busy(served: LiveServer) -> Sandbox:
    """A world in which every page has something to show."""
    world = new_world("ennexos", now="2025-06-13T12:00:00+02:00")
    served.serve(world)
    bearer = tokens(world)["access_token"]
    host = {"host": served.url.removeprefix("http://")}
    world.consents.revoke(HOUSEHOLDER)
    ask(world, "POST", BC, json={"loginHint": HOUSEHOLDER}, bearer=bearer, headers=host)
    ask(world, "GET", "/monitoring/v1/plants/2100/measurements/sets/EnergyBalance/Day?Date=2025-06-12", bearer=bearer)
    for path in ("/v1/plants?Sort=name", "/v1/plants/2100/measurements/sets/Nothing/Recent", "/v1/plants/99"):
        ask(world, "GET", path, bearer=bearer)
    world.faults.add({"effect": {"status": 503}, "match": {"path": "/v1/plants"}, "times": 3})
    return world


def settle(page: Page, name: str) -> None:
    """Wait until the scripts of a page have drawn."""
    if name.startswith(("plant-", "device")):
        page.locator(".plot canvas").first.wait_for()
    if name == "swagger":
        page.locator(".opblock").first.wait_for()


def details_open(page: Page) -> None:
    page.evaluate("for (const item of document.querySelectorAll('details:not([name])')) item.open = true")
    for raw in page.locator("details[data-load] pre").all():  # what these hold comes when they are opened
        raw.wait_for()


@pytest.mark.parametrize(("scheme", "width"), [("light", WIDE), ("dark", PHONE)])
def test_pages_are_accessible_and_fit(
    busy: Sandbox, served: LiveServer, open_page: OpenPage, scheme: str, width: int
) -> None:
    page = open_page(scheme=scheme, width=width)
    found: dict[str, object] = {}
    for name, path in PAGES.items():
        page.goto(f"{served.url}/_mock/console/{path.format(request=busy.requests[-1].id)}")
        settle(page, name)
        shoot(page, f"console-{name}-{scheme}-{width}")
        if name == "swagger":
            # The library's own markup is its makers'; what is around it is ours.
            page.evaluate("document.getElementById('swagger').replaceChildren()")
        details_open(page)
        if wrong := serious_violations(page):
            found[name] = wrong
        if pixels := too_wide(page):
            found[f"{name} too wide"] = pixels
    assert found == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_control_token_opens_console_and_portal(open_page: OpenPage, scheme: str) -> None:
    with serve("--control-token", "s3cret", "--scenario", "ennexos") as (_, ready):
        page = open_page(scheme=scheme)
        page.goto(f"{ready['url']}/_mock/console/consents")
        shoot(page, f"console-login-{scheme}-{WIDE}")
        assert serious_violations(page) == []
        for token, seen in (("guess", "That is not the control token."), ("s3cret", "Consents")):
            page.get_by_label("Control token").fill(token)
            page.get_by_role("button", name="Log in").click()
            page.get_by_text(seen).first.wait_for()
        page.get_by_role("heading", name="Consents", level=1).wait_for()
        page.get_by_role("button", name=f"Revoke the consent of {HOUSEHOLDER}").click()
        page.get_by_text("The consent is revoked.").wait_for()
        assert page.evaluate("document.cookie") == ""
        assert page.goto(f"{ready['url']}/portal/third-party-apps").status == 200  # type: ignore[union-attr]
        page.goto(f"{ready['url']}/_mock/console/")
        page.get_by_role("button", name="Log out").click()
        page.get_by_label("Control token").wait_for()


def test_everything_is_reached_by_keyboard(busy: Sandbox, served: LiveServer, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{served.url}/_mock/console/plants/2100?date=2025-06-12")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.getAttribute('role') ?? document.activeElement.tagName"))
    assert {"A", "BUTTON", "INPUT", "SUMMARY", "slider"} <= reached

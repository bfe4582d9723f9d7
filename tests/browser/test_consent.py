"""The owner's way in Chromium: both flows, both languages, permitting, declining, revoking, reading the mail."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from playwright.sync_api import expect

from mock_sma.domain.scenario import ConsentState
from tests.browser_helpers import PHONE, serious_violations, shoot, too_wide
from tests.facts import OWNER
from tests.sandbox_helpers import BC, ask, content, tokens

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from mock_sma.sandbox.sandbox import Sandbox
    from mock_sma.testing.live import LiveServer
    from tests.browser.conftest import OpenPage

pytestmark = pytest.mark.browser

WORDS = {
    "en-GB": {"login": "Log in", "accept": "Permit", "decline": "Decline", "revoke": "Revoke access", "mail": "Open"},
    "de-DE": {
        "login": "Anmelden",
        "accept": "Erlauben",
        "decline": "Ablehnen",
        "revoke": "Zugriff widerrufen",
        "mail": "Anfrage öffnen",
    },
}
BOTH = pytest.mark.parametrize("locale", WORDS)


def authorize(served: LiveServer, callback: str, **more: str) -> str:
    query = {"client_id": "demo_app", "response_type": "code", "redirect_uri": callback, "state": "s1"} | more
    return f"{served.url}/oauth2/auth?{urlencode(query)}"


def log_in(page: Page, locale: str) -> None:
    page.get_by_role("textbox").first.fill(OWNER)
    page.locator("input[name=password]").fill("MyPass123!")
    with page.expect_navigation():
        page.get_by_role("button", name=WORDS[locale]["login"]).click()


def parameters(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def invite(world: Sandbox, origin: str) -> None:
    """Let the custom flow's client ask over the real server's origin."""
    bearer = tokens(world)["access_token"]
    host = {"host": urlsplit(origin).netloc}
    assert ask(world, "POST", BC, json={"loginHint": OWNER}, bearer=bearer, headers=host).status == 201


@BOTH
@pytest.mark.parametrize("javascript", [True, False])
def test_code_flow_permits(
    open_page: OpenPage, served: LiveServer, application: str, locale: str, javascript: bool
) -> None:
    page = open_page(locale=locale, javascript=javascript)
    page.goto(authorize(served, application))
    log_in(page, locale)
    page.get_by_role("button", name=WORDS[locale]["accept"]).click()
    page.wait_for_url(f"{application}?*")
    assert page.get_by_role("heading").inner_text() == "Back in the application"
    answer = parameters(page)
    assert answer["state"] == ["s1"]
    form = {"grant_type": "authorization_code", "code": answer["code"][0], "redirect_uri": application}
    reply = httpx.post(
        f"{served.url}/oauth2/token", data=form, auth=("demo_app", "demo_secret"), trust_env=False, timeout=60
    )
    bearer = {"authorization": f"Bearer {reply.json()['access_token']}"}
    plants = httpx.get(f"{served.url}/v1/plants", headers=bearer, trust_env=False, timeout=60).json()["plants"]
    assert len(plants) == 9


@BOTH
def test_code_flow_declines_after_a_wrong_password(
    open_page: OpenPage, served: LiveServer, application: str, locale: str
) -> None:
    page = open_page(locale=locale)
    page.goto(authorize(served, application))
    page.get_by_role("textbox").first.fill(OWNER)
    page.locator("input[name=password]").fill("wrong")
    with page.expect_navigation():
        page.get_by_role("button", name=WORDS[locale]["login"]).click()
    expect(page.get_by_role("alert")).to_be_visible()
    log_in(page, locale)
    page.get_by_role("button", name=WORDS[locale]["decline"]).click()
    page.wait_for_url(f"{application}?*")
    assert parameters(page) == {"error": ["access_denied"], "state": ["s1"]}
    assert [record.state for record in served.sandbox.consents] == [ConsentState.REJECTED]


@BOTH
def test_custom_flow_mail_is_read_followed_accepted_and_revoked(
    open_page: OpenPage, served: LiveServer, locale: str
) -> None:
    world = served.sandbox
    invite(world, served.url)
    bearer = tokens(world)["access_token"]
    page = open_page(locale=locale)
    page.goto(f"{served.url}/portal/mailbox")
    page.get_by_role("link", name=WORDS[locale]["mail"]).click()
    log_in(page, locale)
    expect(page.get_by_text("Demo service", exact=True)).to_be_visible()
    page.get_by_role("button", name=WORDS[locale]["accept"]).click()
    expect(page.get_by_role("status")).to_be_visible()
    assert len(content(ask(world, "GET", "/v1/plants", bearer=bearer))["plants"]) == 9
    page.goto(f"{served.url}/portal/third-party-apps")
    page.get_by_role("button", name=WORDS[locale]["revoke"]).click()
    expect(page.get_by_role("status")).to_be_visible()
    assert content(ask(world, "GET", "/v1/plants", bearer=bearer)) == {"plants": []}
    assert [record.state for record in world.consents] == [ConsentState.REVOKED]


@BOTH
def test_custom_flow_is_declined(open_page: OpenPage, served: LiveServer, locale: str) -> None:
    invite(served.sandbox, served.url)
    page = open_page(locale=locale)
    page.goto(served.sandbox.mailbox[-1].link)
    log_in(page, locale)
    page.get_by_role("button", name=WORDS[locale]["decline"]).click()
    expect(page.get_by_role("status")).to_be_visible()
    assert [record.state for record in served.sandbox.consents] == [ConsentState.REJECTED]


def test_language_is_changed_by_a_link_and_stays(open_page: OpenPage, served: LiveServer, application: str) -> None:
    page = open_page(locale="en-GB")
    page.goto(authorize(served, application))
    page.get_by_role("link", name="Deutsch").click()
    expect(page.locator("html")).to_have_attribute("lang", "de")
    log_in(page, "de-DE")
    expect(page.get_by_role("button", name="Erlauben")).to_be_visible()


def test_keyboard_alone_is_enough(open_page: OpenPage, served: LiveServer, application: str) -> None:
    page = open_page()
    page.goto(authorize(served, application))
    page.keyboard.press("Tab")
    assert page.locator(":focus").get_attribute("class") == "skip"
    page.locator("input[name=username]").focus()
    page.keyboard.type(OWNER)
    page.keyboard.press("Tab")
    page.keyboard.type("MyPass123!")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Permit").press("Enter")
    page.wait_for_url(f"{application}?*")
    assert "code" in parameters(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, PHONE])
def test_no_page_has_a_serious_accessibility_violation_or_scrolls_sideways(
    open_page: OpenPage, served: LiveServer, application: str, scheme: str, width: int
) -> None:
    world = served.sandbox
    world.estate.set_owner("13", OWNER, owner=False)
    world.consents.accept(OWNER, "demo_app")
    world.consents.accept(OWNER, "demo_api")
    world.estate.set_owner("13", OWNER, owner=True)
    world.estate.set_owner("24", OWNER, owner=False)
    invite(world, served.url)
    page = open_page(scheme=scheme, width=width, locale="de-DE" if width == PHONE else "en-GB")
    seen: list[str] = []

    def look(name: str) -> None:
        shoot(page, f"{name}-{scheme}-{width}")
        seen.append(name)
        assert (serious_violations(page), too_wide(page)) == ([], 0), name

    page.goto(authorize(served, application, client_id="nobody"))
    look("error")
    page.goto(f"{served.url}/portal/mailbox")
    look("mailbox")
    page.goto(authorize(served, application))
    page.locator("summary").click()
    look("login")
    page.locator("input[name=username]").fill(OWNER)
    page.locator("input[name=password]").fill("wrong")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    look("login-wrong")
    page.locator("input[name=password]").fill("MyPass123!")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    look("consent")
    page.goto(f"{served.url}/portal/third-party-apps")
    look("apps")
    with page.expect_navigation():
        page.locator("button[value=revoke]").last.click()
    look("revoked")
    page.goto(world.mailbox[-1].link)
    look("consent-by-mail")
    with page.expect_navigation():
        page.locator("button[value=accept]").click()
    look("outcome")
    for plant in world.estate.owned_by(OWNER):
        world.estate.set_owner(plant, OWNER, owner=False)
    world.consents.revoke(OWNER, "demo_api")
    page.goto(authorize(served, application, prompt="consent"))
    look("no-plants")
    assert len(seen) == 10

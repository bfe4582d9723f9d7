"""The tour and a fault by intent in Chromium, on a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest
from playwright.sync_api import expect

from tests.browser_helpers import PHONE, serious_violations, shoot, too_wide
from tests.facts import OWNER
from tests.sandbox_helpers import ask, tokens

if TYPE_CHECKING:
    from mock_sma.testing.live import LiveServer
    from tests.browser.conftest import OpenPage

pytestmark = pytest.mark.browser


def test_tour_goes_on_with_the_client_to_the_revoked_consent(served: LiveServer, open_page: OpenPage) -> None:
    page = open_page(width=PHONE)
    page.goto(f"{served.url}/_mock/console/")
    page.get_by_role("link", name="Take the tour").click()
    shoot(page, f"console-tour-light-{PHONE}")
    assert (serious_violations(page), too_wide(page)) == ([], 0)
    snippets = page.locator("#stages > li").first
    for language in ("Python", "Node", "Java", "Go", "PHP", "curl"):
        snippets.get_by_text(language, exact=True).click()
        expect(snippets.locator("pre:visible")).to_have_count(1)
        assert served.url in snippets.locator("pre:visible").inner_text()
    steps = page.locator("#stages > li.done")
    expect(steps).to_have_count(0)
    bearer = tokens(served.sandbox)["access_token"]
    httpx.get(f"{served.url}/v1/plants", headers={"authorization": f"Bearer {bearer}"}, trust_env=False, timeout=30)
    expect(steps).to_have_count(2)
    page.get_by_role("button", name=f"Permit it as {OWNER}").click()
    page.get_by_text("The consent is accepted.").wait_for()
    ask(served.sandbox, "GET", "/v1/plants", bearer=bearer)
    page.reload()
    expect(steps).to_have_count(4)
    page.get_by_role("button", name=f"Revoke it as {OWNER}").click()
    page.get_by_text("The consent is revoked.").wait_for()
    ask(served.sandbox, "GET", "/v1/plants", bearer=bearer)
    page.reload()
    expect(steps).to_have_count(5)


def test_fault_by_intent_says_what_it_matches_and_counts_down(served: LiveServer, open_page: OpenPage) -> None:
    served.sandbox.clock.set_rate(60)
    page = open_page(width=PHONE)
    page.goto(f"{served.url}/_mock/console/faults")
    page.get_by_role("link", name="The gateway is down for an hour from tomorrow 02:00").click()
    page.get_by_role("button", name="Switch on").click()
    waiting = page.get_by_role("row", name="gateway").or_(page.locator("tbody tr")).first
    expect(waiting).to_contain_text("begins in 13 h")
    assert page.get_by_text("1 fault on:").count() == 0, "it is not on yet"
    page.get_by_role("button", name="Remove all").click()
    page.get_by_role("link", name="The plant list is down").click()
    page.get_by_text("It can strike 1 of").wait_for()
    page.get_by_label("Path, * for anything").fill("/v1/plants/13")
    page.get_by_text("Which operations").click()
    page.get_by_text("GET /v1/plants/{plantId}").wait_for()
    page.get_by_label("hours", exact=False).fill("2")
    page.get_by_role("button", name="Switch on").click()
    left = page.locator("[data-until]")
    before = left.inner_text()
    expect(left).not_to_have_text(before)
    assert (serious_violations(page), too_wide(page)) == ([], 0)

"""The console's forms in Chromium, without JavaScript: each thing that can be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from mock_sma.testing.live import LiveServer
    from tests.browser.conftest import OpenPage

pytestmark = pytest.mark.browser


def test_forms_work_without_javascript(served: LiveServer, open_page: OpenPage) -> None:
    page = open_page(javascript=False)

    def opened(path: str = "") -> None:
        page.goto(f"{served.url}/_mock/console/{path}")

    def press(name: str, said: str) -> None:
        page.locator("main").get_by_role("button", name=name).first.click()
        page.get_by_role("status").filter(has_text=said).wait_for()

    opened()
    press("+5 min", "The clock is set.")
    page.get_by_role("link", name="Plants").click()
    page.get_by_role("searchbox").fill("13")
    page.get_by_role("searchbox").press("Enter")
    assert page.locator("tbody tr").count() < 9
    page.get_by_role("link", name="TestPlant9").or_(page.locator("tbody th a")).first.click()
    press("Start it", "It has happened; numbers, status and logs follow.")
    press("Remove as owner", "The owner flag is changed.")
    opened("timeline")
    press("Save", "The world is saved.")
    opened("consents")
    press("Reject", "The consent is rejected.")
    opened("faults")
    press("Switch on", "The fault is on.")
    press("Remove all", "All faults are off.")
    opened("requests")
    press("Clear all", "All requests are forgotten.")
    opened("worlds")
    page.get_by_role("button", name="Create and open it").click()
    page.get_by_title("Choose another world").wait_for()
    opened()
    page.get_by_role("button", name="Reset the world").click()
    page.get_by_role("heading", name="What is lost").wait_for()
    press("Reset the world", "The world is back at its beginning.")

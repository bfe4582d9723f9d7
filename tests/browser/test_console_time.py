"""Time in Chromium: a step to the next happening, the line for now, undoing, and the question before loading."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser_helpers import PHONE, serious_violations, shoot, too_wide
from tests.sandbox_helpers import tokens

if TYPE_CHECKING:
    from mock_sma.testing.live import LiveServer
    from tests.browser.conftest import OpenPage

pytestmark = pytest.mark.browser


def test_time_is_stepped_dragged_and_undone_on_a_phone(served: LiveServer, open_page: OpenPage) -> None:
    world = served.sandbox
    tokens(world)
    before = world.clock.time()
    page = open_page(width=PHONE)
    page.goto(f"{served.url}/_mock/console/timeline")
    shoot(page, f"console-timeline-light-{PHONE}")
    assert (serious_violations(page), too_wide(page)) == ([], 0)
    page.get_by_role("button", name="Step to the next thing that happens").click()
    page.get_by_role("status").get_by_text("The access token of demo_api expires.").wait_for()
    assert world.clock.time() == before + 300
    line = page.get_by_role("slider", name="Now, to be dragged forward")
    line.scroll_into_view_if_needed()
    box = line.bounding_box()
    assert box is not None
    # From the line to the end of the axis: the refresh token expires on the way.
    page.mouse.move(box["x"] + 0.25 * box["width"], box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.95 * box["width"], box["y"] + box["height"] / 2, steps=4)
    expect(page.locator("[data-on-the-way]")).to_contain_text("The refresh token of demo_api expires")
    page.mouse.up()
    page.get_by_text("The clock is set.").wait_for()
    assert world.clock.time() > before + 1_800
    for seconds in (300, 0):
        page.locator("summary.clock").click()
        page.get_by_role("button", name="Undo the last step").click()
        page.get_by_text("The last step is undone.").wait_for()
        assert world.clock.time() == before + seconds


def test_a_world_is_saved_put_back_and_forked_from_the_header_of_any_page(
    served: LiveServer, open_page: OpenPage
) -> None:
    world = served.sandbox
    before = world.clock.time()
    page = open_page(width=PHONE)
    page.goto(f"{served.url}/_mock/console/faults")
    header = page.locator("header")

    def press(name: str, said: str) -> None:
        header.locator("summary.clock").click()
        header.get_by_role("button", name=name, exact=True).click()
        page.get_by_role("status").get_by_text(said).wait_for()

    header.locator("summary.clock").click()
    header.get_by_label("Rate").fill("0.5")
    header.get_by_role("button", name="Set").click()
    page.get_by_role("status").get_by_text("The clock is set.").wait_for()
    assert (world.clock.rate, world.clock.frozen) == (0.5, False)
    press("Freeze", "The clock is set.")
    press("Save the world", "The world is saved.")
    press("+1 h", "The clock is set.")
    page.get_by_role("button", name="Undo: back to").click()
    page.get_by_role("status").get_by_text("The last step is undone.").wait_for()
    assert before <= world.clock.time() < before + 60
    press("+1 day", "The clock is set.")
    header.locator("summary.clock").click()
    header.get_by_role("link", name="Save points").click()
    page.get_by_role("button", name="Go back to savepoint-1").click()
    page.get_by_role("status").get_by_text("The world is as it was at the save point.").wait_for()
    assert before <= world.clock.time() < before + 60
    page.get_by_role("button", name="Forget savepoint-1").click()
    page.get_by_role("status").get_by_text("The save point is forgotten.").wait_for()
    press("Fork the world", "This is the fork; it goes its own way from here.")
    assert "/_mock/worlds/" in page.url
    assert too_wide(page) == 0
    press("+1 h", "The clock is set.")
    assert world.clock.time() < before + 60, "the first world stays where it is"


def test_loading_asks_first_with_and_without_javascript(served: LiveServer, open_page: OpenPage) -> None:
    asked: list[str] = []
    page = open_page()
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.goto(f"{served.url}/_mock/console/scenarios")
    page.get_by_role("button", name="Load gap-week").click()
    assert "Run gap-week from its beginning in place of sandbox?" in asked[0]
    assert "all tokens and logins" in asked[0]
    assert served.sandbox.scenario.name == "sandbox"
    page = open_page(javascript=False)
    page.goto(f"{served.url}/_mock/console/scenarios")
    page.get_by_role("button", name="Load gap-week").click()
    page.get_by_role("heading", name="What is lost").wait_for()
    page.get_by_role("button", name="Run it").click()
    page.get_by_text("runs from its beginning").wait_for()
    page.locator("summary.clock").click()
    page.get_by_role("button", name="Undo the last step").click()
    page.get_by_text("The last step is undone.").wait_for()
    assert served.sandbox.scenario.name == "sandbox"
    page.goto(f"{served.url}/_mock/console/timeline")
    page.get_by_role("button", name="Move the clock there").click()
    page.get_by_text("The clock is set.").wait_for()

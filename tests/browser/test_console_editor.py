"""The scenario editor in Chromium: words of the language, the day while typing, the way out by keyboard, its weight."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser_helpers import PHONE, serious_violations, shoot, too_wide, write

if TYPE_CHECKING:
    from playwright.sync_api import Page, Response

    from mock_sma.testing.live import LiveServer
    from tests.browser.conftest import OpenPage

pytestmark = pytest.mark.browser

MOST = 400_000
"""Size of the editor's page with all that it loads, unpacked [bytes]."""


@pytest.fixture
def answers() -> list[Response]:
    return []


@pytest.fixture
def page(served: LiveServer, open_page: OpenPage, answers: list[Response]) -> Page:
    """The editor with the scenario gap-week on a phone."""
    page = open_page(width=PHONE, scheme="dark")

    def heard(answer: Response) -> None:
        answers.append(answer)

    page.on("response", heard)
    page.goto(f"{served.url}/_mock/console/scenarios?edit=gap-week")
    page.locator(".cm-content").wait_for()
    return page


def test_it_is_light_accessible_and_left_by_keyboard(page: Page, answers: list[Response]) -> None:
    page.wait_for_load_state("networkidle")
    assert sum(len(answer.body()) for answer in answers) < MOST
    assert (serious_violations(page), too_wide(page)) == ([], 0)
    editor = page.locator(".cm-content")
    editor.focus()
    page.keyboard.press("Tab")
    expect(editor).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(editor).not_to_be_focused()


def test_keys_and_words_are_offered_and_explained(page: Page) -> None:
    key = page.locator(".cm-line").filter(has_text="profile:").get_by_text("profile")
    key.scroll_into_view_if_needed()
    box = key.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 3, box["y"] + 3)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    meaning = page.locator(".cm-tooltip .meaning")
    expect(meaning).to_contain_text("What the server stands for")
    box = meaning.bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= PHONE
    # Who has no pointer puts the cursor on it.
    key.click()
    expect(page.locator("[data-meaning]")).to_contain_text("production-2025")
    page.locator(".cm-content").focus()
    page.keyboard.press("Control+End")
    page.keyboard.type("timel")
    page.get_by_role("option", name="timeline").wait_for()
    page.keyboard.press("Enter")
    page.keyboard.type("\n- at: 2025-03-13T12:00:00+01:00\nact")
    page.get_by_role("option", name="action").wait_for()
    page.keyboard.press("Enter")
    page.keyboard.type("set_o")
    page.get_by_role("option", name="set_owner").wait_for()
    shoot(page, f"console-editor-words-dark-{PHONE}")
    page.keyboard.press("Enter")
    expect(page.locator(".said")).to_contain_text(["missing"])
    # The key's own line, not the dash's: what is offered there belongs to set_owner alone.
    page.keyboard.type("\nown")
    page.get_by_role("option", name="owner").wait_for()
    assert page.get_by_role("option").count() == 1
    page.keyboard.press("Escape")


def test_a_new_line_stands_where_one_expects_it_and_warnings_at_theirs(page: Page) -> None:
    assert page.locator(".cm-lineNumbers").is_visible()
    expect(page.locator(".tok-key").first).to_have_css("color", "rgb(124, 188, 255)")
    plant = "{id: 1, name: one, template: household, owner: o@x.org, timezone: Pacific/Auckland}"
    write(page, f"version: 1\nname: warned\nusers:\n  - {{email: o@x.org}}\nplants:\n  - {plant}")
    said = page.locator(".cm-line.wrong.warning .said").filter(has_text="from where the zone Pacific/Auckland lies")
    said.wait_for()
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    page.keyboard.type("- id: 2")
    page.keyboard.press("Enter")
    page.keyboard.type("name: two")
    page.keyboard.press("Escape")
    assert page.locator("#text").input_value().endswith("}\n  - id: 2\n    name: two")


def test_the_day_follows_what_is_typed(page: Page) -> None:
    picture = page.get_by_role("img", name="Sonnenhof: at most")
    picture.wait_for()
    text = page.locator("#text").input_value()
    write(page, text.replace("commissioned: 2021-05-01", "commissioned: 2025-06-01"))
    page.get_by_text("No data on this day.").wait_for()
    write(page, text)
    picture.wait_for()
    page.get_by_label("Day").fill("2025-03-08")
    page.get_by_role("heading", name="Saturday 08 March 2025").wait_for()
    page.get_by_text("No data on this day.").wait_for()


def test_without_javascript_the_text_is_checked_and_run(served: LiveServer, open_page: OpenPage) -> None:
    page = open_page(javascript=False)
    page.goto(f"{served.url}/_mock/console/scenarios?edit=running")
    area = page.get_by_label("Scenario document")
    text = area.input_value()
    assert text.startswith("# SMA's sandbox")
    area.fill("version: 1\nnam: mine\n")
    page.get_by_role("button", name="Check").click()
    page.get_by_text("Refused; the running world stays").wait_for()
    area.fill(text.replace("name: sandbox", "name: mine", 1))
    page.get_by_role("button", name="Run it").click()
    page.get_by_role("heading", name="Running: mine").wait_for()
    page.get_by_role("link", name="Edit the running scenario").click()
    assert page.get_by_label("Scenario document").input_value() == text.replace("name: sandbox", "name: mine", 1)


def test_the_library_is_searched_by_words_and_tags(served: LiveServer, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{served.url}/_mock/console/scenarios")
    page.get_by_role("searchbox").press_sequentially("r29")
    expect(page.locator("#library tbody tr")).to_have_count(1)
    page.get_by_role("link", name="gaps and late data").click()
    expect(page.locator("#library caption")).to_contain_text("4 of 30 scenarios")

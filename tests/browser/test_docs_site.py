"""The documentation's site in a browser, opened from a folder: as somebody does who has run ``make docs``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser_helpers import PHONE, serious_violations, shoot, too_wide
from tests.docs.site import build

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browser.conftest import OpenPage

pytestmark = pytest.mark.browser

PAGES = ("index.html", "consent.html", "testing.html")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("site"))


@pytest.fixture
def read(site: Path, open_page: OpenPage) -> Iterator[Callable[..., Page]]:
    """Opens a page of the site; what it asks of anything but the folder makes the test fail, as errors do."""
    wrong: list[str] = []

    def opened(name: str = "index.html", **options: object) -> Page:
        page = open_page(**options)  # type: ignore[arg-type]
        page.on("request", lambda asked: asked.url.startswith((site.as_uri(), "data:")) or wrong.append(asked.url))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto((site / name).as_uri())
        return page

    yield opened
    assert wrong == []


def test_the_search_finds_a_section_by_keyboard(read: Callable[..., Page]) -> None:
    page = read()
    page.keyboard.press("/")
    page.keyboard.type("revoked consent")
    found = page.locator("#found [role=option]")
    found.first.wait_for()
    assert "survives a revoked consent" in found.first.inner_text()
    assert page.locator("mark").count() > 1
    page.keyboard.press("ArrowDown")
    assert found.first.get_attribute("aria-selected") == "true"
    assert page.get_by_role("combobox").get_attribute("aria-activedescendant") == "found-0"
    page.keyboard.press("Enter")
    page.wait_for_url("**/testing.html#how-do-i-test-that-my-client-survives-a-revoked-consent")


def test_the_search_says_when_nothing_is_found_and_takes_any_text(read: Callable[..., Page]) -> None:
    page = read("scenarios.html")
    field = page.get_by_role("combobox")
    field.fill("zzzyx <b>+*:~^")
    page.get_by_text("Nothing is found for “zzzyx <b>+*:~^”.").wait_for()
    field.press("Escape")
    assert page.locator("#found").is_hidden()
    field.fill("Date")
    page.locator("#found [role=option]").first.click()
    page.wait_for_url("**#*")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_pages_can_be_read_by_everybody(read: Callable[..., Page], name: str, scheme: str) -> None:
    page = read(name, scheme=scheme)
    shoot(page, f"docs-{name.removesuffix('.html')}-{scheme}")
    assert serious_violations(page) == []


@pytest.mark.parametrize("name", PAGES)
def test_pages_fit_a_phone(read: Callable[..., Page], name: str) -> None:
    page = read(name, width=PHONE)
    assert too_wide(page) == 0
    page.get_by_text("Pages", exact=True).click()
    page.get_by_role("link", name="In your tests", exact=True).first.click()
    page.wait_for_url("**/testing.html")


def test_diagrams_are_there_without_a_script(read: Callable[..., Page]) -> None:
    page = read("consent.html", javascript=False)
    assert page.locator("figure.diagram svg").count() == 4
    assert page.locator("figure.diagram").first.get_by_text("Pending", exact=True).is_visible()


def test_light_and_dark_are_the_readers_choice(read: Callable[..., Page]) -> None:
    page = read("index.html", scheme="light")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_role("button", name="Change between light and dark").click()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light
    page.reload()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light


def test_code_can_be_copied(read: Callable[..., Page]) -> None:
    page = read("index.html")
    page.evaluate("navigator.clipboard.writeText = async (text) => { window.copied = text; }")
    block = page.locator(".code").first
    block.hover()
    block.get_by_role("button").click()
    assert "make serve" in page.evaluate("window.copied")

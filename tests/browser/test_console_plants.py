"""Plants and devices of the console in Chromium: looked for, and read by set and span."""

from __future__ import annotations

import itertools
import json
import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from mock_sma.domain.actions import StartEvent
from mock_sma.domain.event import EventKind
from tests.browser_helpers import PHONE, five_minutes, new_world, too_wide

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from mock_sma.testing.live import LiveServer
    from tests.browser.conftest import OpenPage


pytestmark = pytest.mark.browser


def test_plant_is_searched_for_and_its_day_read(served: LiveServer, visit: Callable[..., Page]) -> None:
    served.serve(new_world("big-portfolio"))
    page = visit("plants")
    name = page.locator("tbody th a").nth(3).inner_text()
    page.get_by_role("searchbox").press_sequentially(name)
    expect(page.locator("tbody tr")).not_to_have_count(50)
    page.get_by_role("link", name=name, exact=True).click()
    page.get_by_role("heading", name=name, level=1).wait_for()
    page.locator(".plot canvas").first.wait_for()


def test_chart_is_read_by_keyboard_table_json_and_request(served: LiveServer, visit: Callable[..., Page]) -> None:
    five_minutes(served)
    page = visit("plants/2100?date=2025-06-12")
    chart = page.get_by_role("slider", name="Consumption by source")
    chart.focus()
    for key in ("ArrowRight", "End", "ArrowLeft", "PageUp", "Home"):
        chart.press(key)
    assert chart.get_attribute("aria-valuenow") == "0"
    assert chart.get_attribute("aria-valuetext", timeout=1_000).startswith("00:05: Direct consumption")  # type: ignore[union-attr]
    figure = page.locator("figure").first
    figure.locator("summary", has_text="Data table").click()
    assert figure.locator("tbody tr").count() == 288
    with page.expect_download() as saved:
        figure.get_by_role("link", name="CSV").click()
    assert saved.value.path().read_text("utf-8").startswith("time (Europe/Berlin),")
    figure.locator("summary", has_text="Raw JSON").click()
    figure.locator("[data-load] pre:not([hidden])").wait_for()
    shown = json.loads(figure.locator("[data-load] code").inner_text())
    assert len(shown["set"]) == 288
    figure.locator("summary", has_text="Copy as request").click()
    for key, language in (("python", "Python"), ("requests", "requests"), ("fetch", "JavaScript"), ("curl", "curl")):
        figure.get_by_text(language, exact=True).click()
        text = figure.locator(f"code[data-language={key}]")
        expect(text).to_be_visible()
        assert "/sets/EnergyBalance/Day?Date=2025-06-12" in text.inner_text()
    assert figure.get_by_text("12:00 to 14:00: derating to 50% of Inverter").is_visible()


def test_a_portfolio_is_read_worst_first_and_two_of_it_compared_on_a_phone(
    served: LiveServer, open_page: OpenPage
) -> None:
    world = five_minutes(served)
    world.happenings.carry_out(StartEvent(kind=EventKind.DEVICE_FAULT, plant_id="2200", device_id="2201"))
    world.clock.advance(minutes=30)
    page = open_page(width=PHONE)
    page.goto(f"{served.url}/_mock/console/plants")
    page.get_by_label("Order").select_option("worst")
    expect(page.locator("tbody th a").first).to_have_text("Werkhalle Sued")
    assert page.locator(".states a").count() == 2
    page.get_by_role("link", name="Werkhalle Sued", exact=True).click()
    page.get_by_role("link", name="What a client can have of this day").click()
    page.get_by_text("Not everything has come yet").wait_for()
    page.get_by_role("link", name="← Werkhalle Sued").click()
    page.get_by_role("link", name="Compare it with another plant or day").click()
    page.get_by_role("group", name="With").get_by_label("Plant").select_option("Sonnenhof")
    page.get_by_role("button", name="Compare").click()
    for name in ("Werkhalle Sued", "Sonnenhof"):
        page.locator(".legend").first.get_by_text(name).wait_for()
    page.locator(".plot canvas").nth(1).wait_for()
    assert too_wide(page) == 0
    page.get_by_role("group", name="With").get_by_label("Plant").select_option("Werkhalle Sued")
    page.get_by_role("group", name="With").get_by_label("Date").fill("2025-06-12")
    page.get_by_role("button", name="Compare").click()
    page.locator(".legend").first.get_by_text("Werkhalle Sued, 2025-06-12").wait_for()
    page.locator("summary", has_text="Data table").first.click()
    with page.expect_download() as saved:
        page.get_by_role("link", name="CSV").first.click()
    assert "Werkhalle Sued, 2025-06-12" in saved.value.path().read_text("utf-8").splitlines()[0]


def test_span_changes_and_keeps_its_place(served: LiveServer, visit: Callable[..., Page]) -> None:
    five_minutes(served)
    page = visit("plants/2100?date=2025-05-31")
    for name, date in (("Week", "2025-05-31"), ("Month", "2025-05"), ("Year", "2025"), ("Total", "")):
        page.get_by_role("navigation", name="Period").get_by_role("link", name=name).click()
        page.locator(f"a[aria-current=true]:text-is('{name}')").wait_for()
        page.locator(".plot canvas").first.wait_for()
        assert f"date={date}" in page.url or not date
        boxes = [plot.bounding_box() for plot in page.locator(".plot").all()]
        assert len({(box["y"], box["height"]) for box in boxes if box is not None}) == 1, "they stand in one line"
    page.goto(f"{served.url}/_mock/console/plants/2100?period=Month&date=2025-05")
    page.get_by_role("link", name="Earlier").click()
    expect(page).to_have_url(re.compile("date=2025-04"))


def test_device_is_seen_by_set_on_ennexos(served: LiveServer, visit: Callable[..., Page]) -> None:
    five_minutes(served)
    page = visit("plants/2100")
    page.get_by_role("link", name="PowerAc").first.click()
    page.locator("a[aria-current=true]:text-is('PowerAc')").wait_for()
    page.locator(".plot canvas").nth(2).wait_for()
    assert "/plants/2100/devices/2101" in page.url


DRAWN = """window.drawn = [];
const { fillText } = CanvasRenderingContext2D.prototype;
CanvasRenderingContext2D.prototype.fillText = function (text, x, ...rest) {
  const width = this.measureText(text).width;
  window.drawn.push([text, x - width * { right: 1, center: 0.5 }[this.textAlign] || 0]);
  return fillText.call(this, text, x, ...rest);
};"""


def test_axes_name_their_zone_repeat_no_label_and_cut_none(served: LiveServer, open_page: OpenPage) -> None:
    page = open_page(width=PHONE, scheme="dark")
    page.add_init_script(DRAWN)
    for scenario, path, zone in (
        ("polar-night", "plants/2100?date=2024-12-20", "Europe/Oslo"),
        ("ennexos", "plants/2200?period=Year&date=2024", "Europe/Berlin"),
    ):
        served.serve(new_world(scenario, now=None))
        page.goto(f"{served.url}/_mock/console/{path}")
        page.locator(".plot canvas").first.wait_for()
        drawn = page.evaluate("drawn")
        texts = [text for text, _ in drawn]
        begins = [number for number, text in enumerate(texts) if text == zone]
        for first, second in itertools.pairwise(begins):
            labels = texts[first:second]
            assert len(labels) == len(set(labels)), "no label stands twice at the axes of a chart"
        assert min(left for _, left in drawn) >= 0, "no label is cut off"
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(15, 20, 27)"

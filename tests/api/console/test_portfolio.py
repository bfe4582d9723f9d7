"""The console's plants beside each other: CSV, comparison, states, truth, long spans, units."""

from __future__ import annotations

import csv
import io
import json
import re
from html import unescape
from threading import Thread
from typing import Any

import pytest

from mock_sma.api.console.numbers import Numbers, plant_charts, span_of
from mock_sma.api.console.portfolio import ClientView, views_of
from mock_sma.api.console.units import prefix_of, tiles
from mock_sma.domain.actions import StartEvent
from mock_sma.domain.event import EventKind
from tests.api.console.browser import browser, code_of
from tests.findings.bad_clients import BAD
from tests.sandbox_helpers import ask, make, tokens

DAY = "2025-06-12"


def charts(page: str) -> list[dict[str, Any]]:
    found = re.findall(r'<script type="application/json">(.*?)</script>', page, re.DOTALL)
    return [json.loads(unescape(text)) for text in found]


@pytest.mark.slow
async def test_csv_holds_the_numbers_of_the_chart() -> None:
    async with browser(make("ennexos", now="2025-06-13T12:00:00+02:00")) as visitor:
        path = "/_mock/console/plants/2100"
        page = await visitor.get(path, date=DAY)
        (address,) = {unescape(found) for found in re.findall(r'href="([^"]*/csv[^"]*chart=generation)"', page.text)}
        answer = await visitor.get(address)
        assert answer.headers["content-type"].startswith("text/csv")
        rows = list(csv.reader(io.StringIO(answer.text)))
        assert rows[0][0] == "time (Europe/Berlin)"
        assert rows[0][-1] == "batteryStateOfCharge [%]"
        assert len(rows) == 1 + 288
        (_, drawn) = charts(page.text)
        assert [float(row[1]) for row in rows[1:]] == drawn["series"][0]["values"]
        device = await visitor.get(f"{path}/devices/2101/csv", set="PowerAc", date=DAY)
        assert device.text.startswith("time (Europe/Berlin),")
        assert (await visitor.get(f"{path}/csv", date=DAY, chart="none")).status_code == 404
        assert "period=Week&amp;date=2025-06-07" in page.text, "a week that is not over leads to the one until today"
        older = await visitor.get(path, date="2025-06-01")
        assert "period=Week&amp;date=2025-06-01" in older.text
        assert "data-language=" in page.text
        assert len(ids := re.findall(r'\bid="([^"]+)"', page.text)) == len(set(ids))


@pytest.mark.slow
async def test_week_has_each_interval_of_seven_days_with_its_date() -> None:
    async with browser(make("ennexos", now="2025-04-10T12:00:00+02:00")) as visitor:
        page = await visitor.get("/_mock/console/plants/2100", period="Week", date="2025-03-24")
        (chart, _) = charts(page.text)
        assert len(chart["places"]) == (7 * 24 - 1) * 12
        assert (chart["labels"][0], chart["labels"][-1]) == ("Mon 24 Mar 00:05", "Sun 30 Mar 24:00")
        assert [label for _, label in chart["ticks"]][:2] == ["Mon 24", "Tue 25"]
        assert chart["zone"] == "Europe/Berlin"
        assert "date=2025-03-17" in page.text
        assert "date=2025-03-31" in page.text


@pytest.mark.slow
@pytest.mark.parametrize(("period", "date"), [("Month", "2025-06"), ("Year", "2025"), ("Total", "")])
async def test_silence_is_marked_in_long_spans(period: str, date: str) -> None:
    world = make("ennexos", now="2025-06-01T12:00:00+02:00")
    world.happenings.carry_out(StartEvent(kind=EventKind.GAP, plant_id="2100"))
    world.clock.advance(days=20)
    plant = world.estate.plants["2100"]
    numbers = await Numbers.of(world, plant, None, "EnergyBalance", span_of(period, date, plant, world.clock.time()))
    marks = [mark for mark in plant_charts(numbers)[0].marks if mark.kind == "gap"]
    assert marks[0].text == "01 Jun 2025 12:00 on: gap" or "no rows" in marks[0].text
    assert any("gap" in mark.text for mark in marks)
    assert all(mark.start < mark.end for mark in marks)


@pytest.mark.slow
async def test_zeros_and_megawatt_hours_share_one_unit() -> None:
    assert prefix_of([0, None]).name == ""
    assert prefix_of([999.0]).name == ""
    assert prefix_of([1e6, 3.0]).name == "M"
    large = {"totalGeneration": 2.5e6, "gridFeedIn": 40_000.0, "autarkyRate": 0.5}
    assert tiles(large) == [("Generation", "2.50", "MWh"), ("Feed-in", "0.04", "MWh"), ("Autarky", "50.0", "%")]
    world = make("ennexos", now="2025-06-13T12:00:00+02:00")
    async with browser(world) as visitor:
        page = await visitor.get("/_mock/console/plants/2200", period="Year", date="2024")
        units = set(re.findall(r"<small>(\w+Wh)</small>", page.text))
        assert units == {chart["axis"] for chart in charts(page.text)} == {"MWh"}


@pytest.mark.slow
async def test_two_days_and_two_plants_are_compared() -> None:
    async with browser(make("ennexos", now="2025-06-13T12:00:00+02:00")) as visitor:
        days = await visitor.get("/_mock/console/compare", a="2100", date=DAY, other="2025-06-11")
        (generation, _) = charts(days.text)
        assert [item["label"] for item in generation["series"]] == ["Sonnenhof, 2025-06-12", "Sonnenhof, 2025-06-11"]
        assert generation["series"][0]["values"] != generation["series"][1]["values"]
        plants = await visitor.get("/_mock/console/compare", a="2100", b="2200", date="2025-06", period="Month")
        assert [item["label"] for item in charts(plants.text)[1]["series"]][1] == "Werkhalle Sued, 2025-06"
        assert (await visitor.get("/_mock/console/compare", a="nope")).status_code == 404
        (address,) = {unescape(found) for found in re.findall(r'href="([^"]*csv=generation)"', days.text)}
        rows = list(csv.reader(io.StringIO((await visitor.get(address)).text)))
        assert [name.rpartition(", ")[2] for name in rows[0][1:]] == [f"{DAY} [W]", "2025-06-11 [W]"]
        assert len(rows) == 1 + 288
        asked = [
            unescape(text) for text in re.findall(r'<code data-language="curl">(.*?)</code>', days.text, re.DOTALL)
        ]
        assert [f"Date={date}" in text for text, date in zip(asked, (DAY, "2025-06-11") * 2, strict=True)] == [True] * 4


async def test_plants_are_summed_mapped_and_sorted_worst_first() -> None:
    world = make("ennexos", now="2025-06-13T12:00:00+02:00")
    world.happenings.carry_out(StartEvent(kind=EventKind.GRID_OUTAGE, plant_id="2200"))
    async with browser(world) as visitor:
        page = (await visitor.get("/_mock/console/plants", order="worst")).text
        assert "113.6 <small>kWp</small>" in page
        assert page.index('class="state-ok"') < page.index('class="state-error"') or "state-error" in page
        names = re.findall(r'<th scope="row"><a href="[^"]*">([^<]*)</a>', page)
        assert names == ["Werkhalle Sued", "Sonnenhof"]


@pytest.mark.slow
async def test_r20_truth_says_what_is_still_to_come() -> None:
    async with browser(make("ennexos", now="2025-06-13T12:00:00+02:00")) as visitor:
        today = await visitor.get("/_mock/console/plants/2100/truth", date="2025-06-13")
        assert "Not everything has come yet" in today.text
        assert re.search(r'data-label="Still to come">[1-9]', today.text)
        past = await visitor.get("/_mock/console/plants/2100/truth", date="2025-06-11")
        assert "Everything has come" in past.text
        none = await visitor.get("/_mock/console/plants/2100/truth", date="2019-01-01")
        assert "nothing of this day" in none.text


@pytest.mark.slow
async def test_r26_request_says_the_same_of_rows_as_the_page() -> None:
    world = make()
    world.consents.accept("apiTestUser@apiSandbox.com")
    bearer = tokens(world)["access_token"]
    ask(world, "GET", "/monitoring/v1/plants/13/measurements/sets/EnergyBalance/Day?Date=2025-06-14", bearer=bearer)
    assert "this plant has a row every 15 min" in str(world.requests[-1].why)
    async with browser(world) as visitor:
        assert "a row every 15 min, uploaded every 5 min" in (await visitor.get("/_mock/console/plants/13")).text


@pytest.mark.slow
async def test_requests_are_filtered_by_finding_and_login_addresses_folded() -> None:
    world = BAD["unknown-set"]()
    ask(world, "GET", f"/oauth2/auth?client_id=demo_app&state={'s' * 60}")
    (finding, *_) = [item for item in world.findings if item.entries]
    async with browser(world) as visitor:
        page = (await visitor.get("/_mock/console/requests")).text
        assert ">/oauth2/auth?…</a>" in page
        chosen = (await visitor.get("/_mock/console/requests", finding=finding.id)).text
        shown = set(re.findall(r"requests/([0-9a-f]{16})", chosen))
        assert shown == set(finding.entries)


@pytest.mark.slow
async def test_snippet_for_requests_is_python() -> None:
    async with browser(make()) as visitor:
        text = code_of((await visitor.get("/_mock/console/")).text, "requests")
        compile(text, "snippet", "exec")
        assert "import requests" in text
        assert "httpx" not in text


def test_what_clients_see_is_told_when_nobody_changes_the_world() -> None:
    world, found = make(), list[ClientView]()
    thread = Thread(target=lambda: found.extend(views_of(world)), daemon=True)
    with world.lock:
        thread.start()
        thread.join(0.05)
        assert not found
    thread.join(20)
    assert [view.client for view in found] == ["demo_api"]

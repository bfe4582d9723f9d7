"""The console's plants: list, a plant's spans, devices by the rule of the portals' addresses."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest

from mock_sma import load_scenario
from mock_sma.sandbox.exchange import Request
from mock_sma.sandbox.sandbox import Sandbox
from tests.api.console.browser import Browser, browser, code_of
from tests.facts import HOUSEHOLDER
from tests.sandbox_helpers import make, tokens

pytestmark = pytest.mark.slow

CLASSIC = "11111111-aaaa-4bbb-8ccc-000000000001"


def charts(page: str) -> list[dict[str, Any]]:
    found = re.findall(r'<script type="application/json">(.*?)</script>', page, re.DOTALL)
    return [json.loads(unescape(item)) for item in found]


def marks(chart: dict[str, Any], kind: str) -> list[str]:
    return [mark["text"] for mark in chart["marks"] if mark["kind"] == kind]


async def names(visitor: Browser, **query: str) -> list[str]:
    page = await visitor.get("/_mock/console/plants", **query)
    return [unescape(name) for name in re.findall(r'<th scope="row"><a href="[^"]+">([^<]+)</a>', page.text)]


async def test_plants_are_found_by_name_id_owner_and_portal() -> None:
    world = make("portfolio")
    async with browser(world) as visitor:
        every = await names(visitor)
        assert len(every) == len(world.estate.plants)
        plant = next(iter(world.estate.plants.values()))
        assert plant.name in await names(visitor, q=plant.name[:6].upper())
        assert await names(visitor, q=plant.id) == [plant.name]
        owner = plant.owners()[0].email
        owned = [world.estate.plants[item].name for item in world.estate.owned_by(owner)]
        assert await names(visitor, q=owner) == owned
        split = await names(visitor, backend="classic"), await names(visitor, backend="ennexos")
        assert all(split)
        assert sorted(split[0] + split[1]) == sorted(every)
        assert "No plant matches “&lt;b&gt;”" in (await visitor.get("/_mock/console/plants", q="<b>")).text


async def test_five_hundred_plants_come_in_pages() -> None:
    async with browser(make("big-portfolio")) as visitor:
        first, second = await names(visitor), await names(visitor, page="2")
        assert (len(first), len(second)) == (50, 50)
        assert first != second
        assert await names(visitor, page="999") == await names(visitor, page="10")
        assert await names(visitor, page="-1") == first
        assert "500 plants, page 1 of 10" in (await visitor.get("/_mock/console/plants")).text


async def test_day_shows_sources_uses_and_the_battery_as_the_api_sends_them() -> None:
    world = make("ennexos", now="2025-06-13T12:00:00+02:00")
    async with browser(world) as visitor:
        page = (await visitor.get("/_mock/console/plants/2100", date="2025-06-12")).text
        consumption, generation = charts(page)
        raw = (await visitor.get("/_mock/console/plants/2100/raw", period="Day", date="2025-06-12")).json()
    assert [item["key"] for item in consumption["series"]] == [
        "directConsumption",
        "batteryDischarging",
        "gridConsumption",
    ]
    assert [item["key"] for item in generation["series"]] == ["directConsumption", "batteryCharging", "gridFeedIn"]
    assert generation["line"]["key"] == "batteryStateOfCharge"
    assert len(raw["set"]) == len(consumption["places"]) == 288
    for chart in (consumption, generation):
        for series in chart["series"]:
            assert series["values"] == [row[series["key"]] for row in raw["set"]]
    assert marks(consumption, "event") == ["12:00 to 14:00: derating to 50% of Inverter"]
    assert consumption["labels"][0] == "00:05"
    assert consumption["labels"][-1] == "24:00"


async def test_raw_json_is_what_the_client_gets() -> None:
    world = make("ennexos", now="2025-06-13T12:00:00+02:00")
    bearer = tokens(world)["access_token"].encode()
    for period, date in (("Day", "2025-06-12"), ("Month", "2025-06"), ("Year", "2025")):
        path = f"/monitoring/v1/plants/2100/measurements/sets/EnergyBalance/{period}"
        query = f"Date={date}" if date else ""
        reply = world.handle(Request("GET", path, query, {b"authorization": b"Bearer " + bearer}))
        async with browser(world) as visitor:
            raw = await visitor.get("/_mock/console/plants/2100/raw", period=period, date=date)
            assert raw.content == reply.body
            page = (await visitor.get("/_mock/console/plants/2100", period=period, date=date)).text
            assert path + (f"?{query}" if query else "") in code_of(page, "curl")


@pytest.mark.parametrize(
    ("period", "date", "places", "unit"),
    [
        ("Month", "2025-06", 30, "Wh"),
        ("Year", "2025", 12, "Wh"),
        ("Total", "", 5, "Wh"),
        ("Month", "2024-02", 29, "Wh"),
    ],
)
async def test_longer_spans_have_a_place_for_each_part(period: str, date: str, places: int, unit: str) -> None:
    async with browser(make("ennexos")) as visitor:
        page = await visitor.get("/_mock/console/plants/2100", period=period, date=date)
        chart = charts(page.text)[0]
        assert (len(chart["places"]), chart["unit"], chart["bars"]) == (places, unit, True)
        assert ('rel="next"' in page.text) is (period != "Total")


@pytest.mark.parametrize(
    ("now", "date", "count", "word"),
    [
        ("2025-10-27T12:00:00+01:00", "2025-10-26", 300, "02:00 comes twice: the clock goes back"),
        ("2025-04-01T12:00:00+02:00", "2025-03-30", 276, "the clock goes forward to 03:00"),
    ],
)
async def test_days_of_the_time_change_have_their_own_length(now: str, date: str, count: int, word: str) -> None:
    async with browser(make("ennexos", now=now)) as visitor:
        chart = charts((await visitor.get("/_mock/console/plants/2100", date=date)).text)[0]
        assert len(chart["places"]) == count
        assert marks(chart, "dst") == [word]
        assert marks(chart, "gap") == []
        twice = [label for label in chart["labels"] if "st)" in label or "nd)" in label]
        assert len(twice) == (24 if count == 300 else 0)
        assert len({tuple(tick) for tick in chart["ticks"]}) == len(chart["ticks"])


async def test_silence_is_marked_and_what_is_ahead_too() -> None:
    scenario = {
        "version": 1,
        "name": "gap",
        "users": [{"email": "o@example.org"}],
        "plants": [
            {
                "id": 2100,
                "name": "<Haus>",
                "template": "household-battery",
                "owner": "o@example.org",
                "events": [
                    {"kind": "gap", "start": "2025-06-12T10:00:00+02:00", "end": "2025-06-12T11:30:00+02:00"},
                    {"kind": "message", "start": "2025-06-12T07:00:00+02:00", "level": "Info"},
                ],
            }
        ],
    }
    world = Sandbox(load_scenario(scenario), now="2025-06-12T15:00:00+02:00")
    async with browser(world) as visitor:
        page = await visitor.get("/_mock/console/plants/2100", date="2025-06-12")
        chart = charts(page.text)[0]
        assert marks(chart, "gap") == ["10:00 to 11:30: gap; the next row carries its energy"]
        assert marks(chart, "event") == ["07:00: log entry"]
        assert marks(chart, "ahead")[0].endswith("no data yet; it is uploaded and processed first")
        assert chart["series"][0]["values"].count(None) == 18
        assert "<Haus>" not in page.text
        assert "&lt;Haus&gt;" in page.text


async def test_r24_plant_without_grid_meter_shows_generation_only() -> None:
    async with browser(make("pv-only", now="2025-06-13T12:00:00+02:00")) as visitor:
        world_page = await visitor.get("/_mock/console/plants")
        path = re.findall(r'href="(/_mock/console/plants/[^"?]+)"', world_page.text)[0]
        page = (await visitor.get(path, date="2025-06-12")).text
        (chart,) = charts(page)
        assert [item["key"] for item in chart["series"]] == ["pvGeneration"]
        assert marks(chart, "gap") == []


async def test_plant_without_instruments_says_so() -> None:
    plant = {"id": 1, "name": "bare", "measures_grid": False, "devices": []}
    world = Sandbox(load_scenario({"version": 1, "name": "bare", "plants": [plant]}))
    async with browser(world) as visitor:
        page = await visitor.get("/_mock/console/plants/1")
        assert (page.status_code, "nothing to draw" in page.text) == (200, True)
        assert (await visitor.get("/_mock/console/plants/1/raw")).status_code == 404


async def test_r32_device_pages_exist_on_ennexos_only() -> None:
    async with browser(make("ennexos", now="2025-06-13T12:00:00+02:00")) as visitor:
        page = await visitor.get("/_mock/console/plants/2100/devices/2101", date="2025-06-12")
        assert [chart["series"][0]["key"] for chart in charts(page.text)] == ["pvGeneration"]
        raw = await visitor.get(
            "/_mock/console/plants/2100/devices/2101/raw", set="energyandpowerpv", date="2025-06-12"
        )
        assert raw.json()["device"]["deviceId"] == "2101"
        wrong = await visitor.get("/_mock/console/plants/2100/devices/2101/raw", set="Sensor")
        assert (wrong.status_code, "EnergyAndPowerPv" in wrong.text) == (404, True)
        missing = await visitor.get("/_mock/console/plants/2100/devices/9")
        assert (missing.status_code, "no device" in missing.text) == (404, True)
        battery = await visitor.get("/_mock/console/plants/2100/devices/2102", date="2025-06-12")
        assert {chart["unit"] for chart in charts(battery.text)} >= {"W", "%"}
    async with browser(make("classic")) as visitor:
        page = await visitor.get(f"/_mock/console/plants/{CLASSIC}")
        assert f"plants/{CLASSIC}/devices/" not in page.text
        device = re.findall(r'data-label="Id"><code>([^<]+)', page.text)[0]
        answer = await visitor.get(f"/_mock/console/plants/{CLASSIC}/devices/{device}")
        assert (answer.status_code, ">R32</a>)" in answer.text) == (404, True)


async def test_device_without_instruments_says_so() -> None:
    async with browser(make()) as visitor:
        page = await visitor.get("/_mock/console/plants/13")
        devices = re.findall(r'href="(/_mock/console/plants/13/devices/\d+)"', page.text)
        texts = [(await visitor.get(path)).text for path in devices]
        assert any("no instruments" in text for text in texts)


async def test_migrated_plant_leads_to_its_new_page() -> None:
    world = make("migration", now="2026-06-01T12:00:00+02:00")
    plant = next(plant for plant in world.estate.plants.values() if plant.previous_ids)
    old = plant.previous_ids[0][0]
    async with browser(world) as visitor:
        answer = await visitor.http.get(f"/_mock/console/plants/{old}")
        assert (answer.status_code, answer.headers["location"]) == (308, f"/_mock/console/plants/{plant.id}")
        assert (await visitor.get("/_mock/console/plants/404")).status_code == 404


@pytest.mark.parametrize("period", ["Day", "month", "YEAR", "Never"])
async def test_any_date_leads_to_a_page(period: str) -> None:
    async with browser(make("pv-only")) as visitor:
        path = re.findall(r'href="(/_mock/console/plants/[^"?]+)"', (await visitor.get("/_mock/console/plants")).text)[
            0
        ]
        for date in ("", "nonsense", "2025-02-30", "0001-01-01", "9999-12-31", "<b>", "2025-13", "2025-06-12T00:00"):
            page = await visitor.get(path, period=period, date=date)
            assert (page.status_code, len(charts(page.text)), "<b>" in page.text) == (200, 1, False)


async def test_gap_begins_at_the_plants_page_and_ends_there() -> None:
    world = make("ennexos", now="2025-06-12T10:00:00+02:00")
    page = "/_mock/console/plants/2100"
    async with browser(world) as visitor:
        answer = await visitor.post(page, "plants/2100/events", kind="gap", hours="2")
        assert "It has happened" in answer.text
        assert "CommunicationMonitoringFault" in answer.text
        await visitor.post(page, "plants/2100/events", kind="device-fault", device="2101", hours="")
        world.clock.advance(hours=1)
        answer = await visitor.post(page, "plants/2100/events", kind="end")
        assert ">Ok</span>" in answer.text
        for wrong in ({"kind": "x"}, {"kind": "gap", "hours": "soon"}, {"kind": "gap", "hours": "-1"}):
            assert (await visitor.post(page, "plants/2100/events", **wrong)).status_code == 409
        assert (await visitor.post(page, "plants/404/events", kind="gap")).status_code == 404


async def test_r10_owner_flag_is_taken_and_given_back() -> None:
    world = make("ennexos")
    page = "/_mock/console/plants/2100"
    async with browser(world) as visitor:
        fields = {"email": "Owner@example.org", "owner": "no"}
        answer = await visitor.post(page, "plants/2100/owner", **fields)
        assert "The owner flag is changed." in answer.text
        assert world.estate.owned_by(HOUSEHOLDER) == ("2200",)
        await visitor.post(page, "plants/2100/owner", **(fields | {"owner": "yes"}))
        assert world.estate.owned_by(HOUSEHOLDER) == ("2100", "2200")
        assert (await visitor.post(page, "plants/404/owner", **fields)).status_code == 404


async def test_days_before_the_first_data_are_no_gap_and_energies_share_the_prefix_of_the_chart() -> None:
    world = make("ennexos", now="2025-06-12T15:00:00+02:00")
    begun = world.estate.plants["2100"].commissioned
    async with browser(world) as visitor:
        page = await visitor.get(
            "/_mock/console/plants/2100", period="Week", date=(begun - timedelta(days=2)).isoformat()
        )
        chart = charts(page.text)[0]
        assert marks(chart, "gap") == []
        assert marks(chart, "ahead") == [f"the plant has data from {begun:%d %b %Y} on"]
        assert set(re.findall(r"<small>(\w*)Wh</small>", page.text)) == {chart["axis"].removesuffix("W")}
        older = await visitor.get("/_mock/console/plants/2100", date="2001-01-01")
        assert "No rows in this span." in older.text
        assert "carries its energy" not in older.text

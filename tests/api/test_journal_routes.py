"""``/_mock/requests``: filters, pages of it, and its export as HTTP Archive and JSON lines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from mock_sma.api.app import App
from mock_sma.worlds.worlds import Worlds
from tests.sandbox_helpers import CLIENT, make

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    shell = httpx.ASGITransport(App(Worlds(make())))
    async with httpx.AsyncClient(transport=shell, base_url="http://127.0.0.1:8080") as client:
        form = {"grant_type": "client_credentials"} | CLIENT
        token = (await client.post("/oauth2/token", data=form)).json()["access_token"]
        bearer = {"authorization": f"Bearer {token}"}
        await client.get("/v1/plants?Filter=x", headers=bearer)
        await client.get("/MONITORING/v1/plants/13", headers=bearer)
        await client.get("/v1/plants/13/logs")
        await client.post("/oauth2/v2/bc-authorize", json={"loginHint": "a@b.example"}, headers=bearer)
        yield client


async def paths(http: httpx.AsyncClient, **filters: Any) -> list[str]:
    return [item["path"] for item in (await http.get("/_mock/requests", params=filters)).json()]


async def test_filters_alone_and_together(http: httpx.AsyncClient) -> None:
    assert len(await paths(http)) == 5
    assert await paths(http, status=401) == ["/v1/plants/13/logs"]
    assert await paths(http, method="post") == ["/oauth2/v2/bc-authorize", "/oauth2/token"]
    assert await paths(http, path="/v1/plants/13") == ["/MONITORING/v1/plants/13"]
    assert await paths(http, path="/v1/plants*") == ["/v1/plants/13/logs", "/MONITORING/v1/plants/13", "/v1/plants"]
    assert len(await paths(http, client_id="demo_api")) == 4
    assert await paths(http, client_id="demo_api", path="*", limit=1) == ["/oauth2/v2/bc-authorize"]
    assert await paths(http, status=200, client_id="nobody") == []


@pytest.mark.slow
async def test_since_an_id_only_later_ones(http: httpx.AsyncClient) -> None:
    newest_first = (await http.get("/_mock/requests")).json()
    since = newest_first[2]["id"]
    assert await paths(http, since=since) == ["/oauth2/v2/bc-authorize", "/v1/plants/13/logs"]
    assert await paths(http, since=since, status=401) == ["/v1/plants/13/logs"]
    assert await paths(http, since=newest_first[0]["id"]) == []
    assert len(await paths(http, since="forgotten")) == 5


@pytest.mark.slow
async def test_what_browsers_fetch_for_pages_is_left_out_unless_it_is_asked_for(http: httpx.AsyncClient) -> None:
    calls = await paths(http)
    page = ["/monitoring/index.html", "/monitoring/swagger/v1/swagger.json"]
    fetched = ["/monitoring/swagger-ui.css", "/basicreporting/favicon-32x32.png", "/monitoring/swagger-ui.css.map"]
    for path in [*page, *fetched, "/portal/Font.WOFF2"]:
        await http.get(path)
    assert await paths(http) == [*reversed(page), *calls]
    assert await paths(http, assets=True, limit=4) == ["/portal/Font.WOFF2", *reversed(fetched)]
    assert await paths(http, limit=1) == page[1:]
    since = (await http.get("/_mock/requests", params={"assets": "true", "limit": 2})).json()[1]["id"]
    await http.get("/v1/css")
    assert await paths(http, since=since) == ["/v1/css"]
    har = (await http.get("/_mock/requests.har")).json()["log"]["entries"]
    assert [entry["request"]["url"] for entry in har if ".css" in entry["request"]["url"]] == []
    report = (await http.get("/_mock/report")).text
    assert ("/monitoring/index.html" in report, "swagger-ui.css" in report) == (True, False)


async def test_a_call_of_the_api_is_no_asset_whatever_its_path_ends_in(http: httpx.AsyncClient) -> None:
    for method, path in (("GET", "/v1/plants/chart.js"), ("POST", "/monitoring/style.css")):
        await http.request(method, path)
    assert (await paths(http, limit=2)) == ["/monitoring/style.css", "/v1/plants/chart.js"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "query", ["limit=0", "assets=perhaps", "limit=2001", "status=many", "format=xml", "statsu=200"]
)
async def test_filters_that_cannot_be_are_refused(http: httpx.AsyncClient, query: str) -> None:
    answer = await http.get(f"/_mock/requests?{query}")
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")


@pytest.mark.parametrize(
    "path", ["/_mock/requests.har", "/_mock/requests?format=har", "/_mock/worlds/default/requests.har"]
)
async def test_the_archive_is_oldest_first_and_without_secrets(http: httpx.AsyncClient, path: str) -> None:
    answer = await http.get(path)
    assert "mock-sma.har" in answer.headers["content-disposition"]
    log = answer.json()["log"]
    assert (log["version"], log["creator"]["name"]) == ("1.2", "mock-sma")
    first, second = log["entries"][:2]
    assert first["request"]["url"] == "http://127.0.0.1:8080/oauth2/token"
    assert first["request"]["postData"]["mimeType"] == "application/x-www-form-urlencoded"
    assert second["request"]["queryString"] == [{"name": "Filter", "value": "x"}]
    assert "plants" in second["response"]["content"]["text"]
    assert second["response"]["content"]["mimeType"] == "application/json; charset=utf-8"
    assert "are hidden" in second["comment"]
    assert log["entries"][-1]["request"]["postData"]["mimeType"] == "application/json"
    for item in log["entries"]:
        assert set(item) >= {"startedDateTime", "time", "request", "response", "cache", "timings"}
        assert item["request"]["headersSize"] == item["response"]["headersSize"] == -1
    assert "demo_secret" not in answer.text
    assert "eyJ" not in answer.text


async def test_json_lines_are_oldest_first_one_object_each(http: httpx.AsyncClient) -> None:
    answer = await http.get("/_mock/requests?format=jsonl&limit=2")
    assert answer.headers["content-type"] == "application/x-ndjson"
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert [line["path"] for line in lines] == ["/v1/plants/13/logs", "/oauth2/v2/bc-authorize"]
    assert lines[1]["request_body"] == '{"loginHint":"a@b.example"}'

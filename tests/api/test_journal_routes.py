"""``/_mock/requests``: filters, pages of it, and its export as HTTP Archive and JSON lines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from mock_sma.api.app import App
from mock_sma.sandbox.worlds import Worlds
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


async def test_since_an_id_only_later_ones(http: httpx.AsyncClient) -> None:
    newest_first = (await http.get("/_mock/requests")).json()
    since = newest_first[2]["id"]
    assert await paths(http, since=since) == ["/oauth2/v2/bc-authorize", "/v1/plants/13/logs"]
    assert await paths(http, since=since, status=401) == ["/v1/plants/13/logs"]
    assert await paths(http, since=newest_first[0]["id"]) == []
    assert len(await paths(http, since="forgotten")) == 5


@pytest.mark.parametrize("query", ["limit=0", "limit=2001", "status=many", "format=xml", "statsu=200"])
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

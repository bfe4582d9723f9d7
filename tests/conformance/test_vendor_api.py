"""What is promised of the vendor side: layouts, pages, documents, ids of requests."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.facts import OWNER

if TYPE_CHECKING:
    from tests.conformance.conftest import Server

AUTH = {
    "client_id": "demo_app",
    "response_type": "code",
    "redirect_uri": "http://localhost:8000/callback",
    "state": "s-1",
}


def field(page: str, name: str) -> str:
    found = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
    assert found, name
    value = re.search(r'value="([^"]*)"', found.group(0))
    return value.group(1) if value else ""


def form(page: httpx.Response) -> tuple[str, dict[str, str]]:
    action = re.search(r'<form[^>]*action="([^"]*)"', page.text)
    hidden = re.findall(r'<input[^>]*type="hidden"[^>]*>', page.text)
    fields = {}
    for item in hidden:
        name = re.search(r'name="([^"]*)"', item)
        value = re.search(r'value="([^"]*)"', item)
        assert name
        fields[name.group(1)] = (value.group(1) if value else "").replace("&amp;", "&")
    target = action.group(1).replace("&amp;", "&") if action else ""
    return str(page.url.join(target)), fields


@pytest.mark.slow
@pytest.mark.parametrize("decision", ["accept", "decline"])
def test_code_flow_through_plain_forms(server: Server, decision: str) -> None:
    with httpx.Client(base_url=server.url, trust_env=False, timeout=30, follow_redirects=True) as browser:
        login = browser.get("/oauth2/auth", params=AUTH)
        assert login.status_code == 200
        assert 'name="username"' in login.text
        assert 'name="password"' in login.text
        target, fields = form(login)
        consent = browser.post(target, data={**fields, "username": OWNER, "password": "MyPass123!"})
        assert 'name="decision"' in consent.text
        target, fields = form(consent)
        browser.follow_redirects = False
        answer = browser.post(target, data={**fields, "decision": decision})
        while answer.is_redirect and not answer.headers["location"].startswith("http://localhost:8000"):
            answer = browser.get(answer.headers["location"])
    assert answer.is_redirect
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    assert query["state"] == ["s-1"]
    if decision == "decline":
        assert query["error"] == ["access_denied"]
        return
    exchange = {
        "grant_type": "authorization_code",
        "code": query["code"][0],
        "client_id": "demo_app",
        "client_secret": "demo_secret",
        "redirect_uri": AUTH["redirect_uri"],
    }
    tokens = server.http.post("/oauth2/token", data=exchange)
    assert tokens.status_code == 200, tokens.text
    assert list(tokens.json()) == [
        "access_token",
        "expires_in",
        "refresh_expires_in",
        "refresh_token",
        "token_type",
        "not-before-policy",
        "session_state",
        "scope",
    ]
    assert len(server.get("/v1/plants", tokens.json()["access_token"]).json()["plants"]) == 9


@pytest.mark.parametrize("wrong", [{"client_id": "nobody"}, {"redirect_uri": "http://evil.example/callback"}])
def test_wrong_requests_are_never_redirected(server: Server, wrong: dict[str, str]) -> None:
    answer = server.http.get("/oauth2/auth", params={**AUTH, **wrong})
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("text/html")
    assert "location" not in answer.headers


@pytest.mark.parametrize("path", ["/portal/third-party-apps", "/portal/mailbox"])
def test_owners_pages_exist(server: Server, path: str) -> None:
    answer = server.http.get(path, follow_redirects=True)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")


@pytest.mark.slow
def test_swagger_is_served_without_another_host(server: Server) -> None:
    page = server.http.get("/monitoring/index.html")
    assert page.status_code == 200
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page.text)
    for asset in re.findall(r'(?:src|href)="([^"#]+)"', page.text):
        assert server.http.get(str(page.url.join(asset))).status_code == 200, asset
    document = server.http.get("/monitoring/swagger/v1/swagger.json").json()
    assert document["openapi"].startswith("3.")


@pytest.mark.parametrize("path", ["/monitoring/v1/plants", "/v1/plants", "/v2/plants", "/basicreporting/v1/plants"])
def test_layouts_side_by_side_carry_a_request_id(server: Server, path: str) -> None:
    answer = server.get(path)
    assert answer.json() == {"plants": []}
    found = server.http.get(f"/_mock/requests/{answer.headers['x-mock-sma-request-id']}")
    assert found.json()["path"] == path


def test_rate_limited_allows_1500_requests_and_says_so(server: Server) -> None:
    server.load("rate-limited")
    document = server.http.get("/_mock/scenario", params={"format": "document"}).json()
    assert document["quota"]["requests"] == 1500


def test_migration_answers_308(server: Server) -> None:
    token = server.load("migration")
    document = server.http.get("/_mock/scenario", params={"format": "document"}).json()
    old = re.findall(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", str(document))[0]
    answer = server.get(f"/v1/plants/{old}?WithTotal=true", token)
    assert (answer.status_code, answer.content) == (308, b"")
    assert answer.headers["location"].endswith("?WithTotal=true")
    assert server.get(answer.headers["location"], token).status_code == 200

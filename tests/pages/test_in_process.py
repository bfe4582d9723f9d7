"""Pages in process: an httpx client with cookies walks both flows on SMA's host names."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest

from mock_sma.testing import router
from tests.facts import LOGIN, OWNER
from tests.page_helpers import CALLBACK
from tests.sandbox_helpers import APP, make

HOSTS = [
    ("https://auth.smaapis.de", "https://monitoring.smaapis.de/v1"),
    ("https://sandbox-auth.smaapis.de", "https://sandbox.smaapis.de/monitoring/v1"),
]


def send(client: httpx.Client, page: httpx.Response, **fields: str) -> httpx.Response:
    """Send the first form of a page."""
    action = unescape(re.findall(r'action="([^"]*)"', page.text)[0])
    csrf = re.findall(r'name="csrf" value="([^"]*)"', page.text)[0]
    return client.post(page.url.join(action), data={**fields, "csrf": csrf}, headers={"referer": str(page.url)})


@pytest.mark.parametrize(("auth", "api"), HOSTS)
def test_r15_code_flow_through_respx_on_smas_hosts(auth: str, api: str) -> None:
    query = {"client_id": "demo_app", "response_type": "code", "redirect_uri": CALLBACK, "state": "s"}
    with router(make()), httpx.Client() as client:
        page = client.get(f"{auth}/oauth2/auth?{urlencode(query)}")
        assert "Secure" in page.headers["set-cookie"]
        answer = send(client, page, **LOGIN)
        assert answer.status_code == 303
        page = client.get(answer.headers["location"] if answer.next_request is None else answer.next_request.url)
        answer = send(client, page, decision="accept")
        code = parse_qs(urlsplit(answer.headers["location"]).query)["code"][0]
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, **APP}
        bearer = {"authorization": f"Bearer {client.post(f'{auth}/oauth2/token', data=form).json()['access_token']}"}
        assert len(client.get(f"{api}/plants", headers=bearer).json()["plants"]) == 9


@pytest.mark.parametrize("host", ["https://async-auth.smaapis.de", "https://sandbox.smaapis.de"])
def test_r14_mails_link_works_in_process_on_the_host_that_was_asked(host: str) -> None:
    world = make()
    form = {"grant_type": "client_credentials", "client_id": "demo_api", "client_secret": "demo_secret"}
    with router(world), httpx.Client(follow_redirects=True) as client:
        token = client.post("https://auth.smaapis.de/oauth2/token", data=form).json()["access_token"]
        bearer = {"authorization": f"Bearer {token}"}
        client.post(f"{host}/oauth2/v2/bc-authorize", json={"loginHint": OWNER}, headers=bearer)
        assert world.mailbox[-1].link.startswith(host)
        page = client.get(world.mailbox[-1].link)
        assert page.url.path == "/portal/login"
        page = send(client, page, **LOGIN)
        page = send(client, page, decision="accept")
        assert page.status_code == 200
        state = client.get(f"{host}/oauth2/v2/bc-authorize/{OWNER}", headers=bearer).json()["state"]
        assert state == "Accepted"

"""Swagger UI in Chromium: it comes up without another host, authorizes, and sends a request."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.facts import OWNER

if TYPE_CHECKING:
    from mock_sma.testing.live import LiveServer
    from tests.browser.conftest import OpenPage

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("root", ["/monitoring", "/basicreporting"])
def test_it_shows_the_operations_and_asks_no_other_host(open_page: OpenPage, served: LiveServer, root: str) -> None:
    page = open_page()
    asked: list[str] = []
    trouble: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: trouble.append(message.text) if message.type == "error" else None)
    page.goto(f"{served.url}{root}/index.html")
    page.locator(".opblock").first.wait_for()
    assert page.locator(".opblock").count() > 5
    foreign = [url for url in asked if not url.startswith((served.url, "data:"))]
    assert (foreign, trouble) == ([], [])


def test_authorize_gets_a_token_with_which_try_it_out_answers(open_page: OpenPage, served: LiveServer) -> None:
    served.sandbox.consents.accept(OWNER, "demo_api")
    page = open_page()
    page.goto(f"{served.url}/monitoring/index.html")
    page.locator(".auth-wrapper .authorize").click()
    form = page.locator(".auth-container", has_text="clientCredentials")
    assert form.locator("#client_id_clientCredentials").input_value() == "demo_api"
    form.locator("#client_secret_clientCredentials").fill("demo_secret")
    form.get_by_role("button", name="Apply given OAuth2 credentials").click()
    form.get_by_text("Logout").wait_for()
    page.locator(".modal-ux .close-modal").click()
    operation = page.locator("#operations-monitoring-getPlants")
    operation.locator(".opblock-summary-control").click()
    operation.get_by_role("button", name="Try it out").click()
    operation.get_by_role("button", name="Execute").click()
    body = operation.locator(".live-responses-table .response-col_description .microlight, .live-responses-table pre")
    body.first.wait_for()
    assert "TestPlant9" in operation.locator(".live-responses-table").inner_text()

"""The page on the client in Chromium, with and without JavaScript: from a finding to its request and to a test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser_helpers import PHONE, too_wide
from tests.findings.bad_clients import BAD

if TYPE_CHECKING:
    from mock_sma.testing.live import LiveServer
    from tests.browser.conftest import OpenPage

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("javascript", [True, False])
def test_findings_and_situations_lead_on(served: LiveServer, open_page: OpenPage, javascript: bool) -> None:
    served.serve(BAD["unknown-set"]())
    page = open_page(javascript=javascript, width=PHONE)
    page.goto(f"{served.url}/_mock/console/")
    page.get_by_role("link", name="Your client").click()
    finding = page.locator("#unknown-set")
    finding.get_by_role("link", name="GET /v1/plants").first.click()
    page.get_by_role("heading", name="Findings that rest on it").wait_for()
    page.locator("section", has_text="Findings that rest on it").get_by_role("link").click()
    finding.get_by_text("A test for it").click()
    finding.get_by_text("def test_my_client_has_no_unknown_set").wait_for()
    page.get_by_role("link", name="Requests", exact=True).click()
    page.get_by_label("Finding").select_option("unknown-set")
    page.get_by_role("button", name="Filter").click()
    page.get_by_text("Requests: 1, newest first").wait_for()
    for name, begins in (("HAR", b'{"log"'), ("Capsule", b"{")):
        with page.expect_download() as saved:
            page.get_by_role("link", name=name, exact=True).click()
        assert saved.value.path().read_bytes().lstrip().startswith(begins)
    page.get_by_role("link", name="Waterfall").click()
    page.get_by_role("region", name="Waterfall").get_by_role("link", name="GET /v1/plants").first.wait_for()
    assert too_wide(page) == 0
    page.get_by_role("link", name="Your client").click()
    page.get_by_role("link", name="set-unknown met").click()
    row = page.locator("#situation-set-unknown")
    row.get_by_text("Requests", exact=True).click()
    assert row.get_by_role("link", name="GET /v1/plants").count() == 1
    never = page.locator("#situation-migrated")
    assert never.get_by_text("never", exact=True).is_visible()
    never.get_by_text("A test that meets it").click()
    never.get_by_text("def test_my_client_meets_migrated").wait_for()
    assert too_wide(page) == 0
    never.get_by_role("link", name="migration").click()
    page.get_by_role("heading", name="Edit migration", exact=True).wait_for()

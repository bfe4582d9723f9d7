"""The browser, the server and axe-core work together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser_helpers import serious_violations

if TYPE_CHECKING:
    from mock_sma.testing.live import LiveServer
    from tests.browser.conftest import OpenPage

pytestmark = pytest.mark.browser


def test_a_page_is_shown_and_axe_looks_at_it(open_page: OpenPage, served: LiveServer) -> None:
    page = open_page()
    page.goto(f"{served.url}/_mock/console/")
    assert "mock-sma" in page.title()
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x>')")
    assert any(line.startswith("image-alt") for line in serious_violations(page))

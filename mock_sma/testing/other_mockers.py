"""Mockers of other plugins that would answer SMA's hosts before the world does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.errors import UsageError

if TYPE_CHECKING:
    import pytest

ASKED = "https://sandbox.smaapis.de/monitoring/v1/plants"

HTTPX_MOCK = (
    "the fixture httpx_mock (pytest-httpx) answers SMA's hosts too: no request of httpx would reach this test's world. "
    'Leave them out by @pytest.mark.httpx_mock(should_mock=lambda request: "smaapis.de" not in request.url.host), on '
    "the test or as pytestmark; or mock other hosts by sma_mock.router instead"
)
HTTPX2_MOCK = (
    "the fixture httpx2_mock (pytest-httpx2) and sma_mock both answer httpx2. Mock the other hosts by sma_mock.router, "
    "which answers httpx and httpx2, or take sma_hosts in place of sma_mock"
)


def refuse_others(item: pytest.Item, wants: str) -> None:
    """Refuse a test whose requests would not come to its world.

    Args:
        item: the test.
        wants: the fixture of ours: ``sma_mock`` or ``sma_hosts``.

    Raises:
        UsageError: says which fixture it is, and what to do.
    """
    asked = getattr(item, "fixturenames", ())
    if "httpx_mock" in asked and _is_taken(item):
        raise UsageError(f"{wants}: {HTTPX_MOCK}")
    if "httpx2_mock" in asked and wants == "sma_mock":
        raise UsageError(f"{wants}: {HTTPX2_MOCK}")


def _is_taken(item: pytest.Item) -> bool:
    """Tell whether pytest-httpx answers SMA's hosts in a test; of its markers the closest one wins."""
    options = {
        key: value for marker in reversed(list(item.iter_markers("httpx_mock"))) for key, value in marker.kwargs.items()
    }
    should_mock = options.get("should_mock")
    import httpx  # noqa: PLC0415 - only where another plugin has loaded it

    return should_mock is None or bool(should_mock(httpx.Request("GET", ASKED)))

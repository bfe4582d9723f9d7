"""The journal: live, filtered, each exchange with why it ended as it did and how to ask again."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.exceptions import HTTPException

from mock_sma.api.console.again import command
from mock_sma.api.console.page import page
from mock_sma.api.console.your_client import findings_on

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.responses import Response

    from mock_sma.api.console.visit import Visit
    from mock_sma.sandbox.world.entry import Entry

SHOWN = 100
CLASSES = ("2xx", "3xx", "4xx", "5xx")


async def show(visit: Visit) -> Response:
    """Show the newest exchanges that fit; the script adds those to come."""
    journal = visit.world.requests
    fits = _filter(visit)
    assets = visit.query("assets") == "true"
    found = [entry for entry in (journal if assets else journal.without_assets()) if fits(entry)]
    return page(
        visit,
        "requests",
        entries=found[: -SHOWN - 1 : -1],
        count=len(found),
        position=journal.total,
        shown=SHOWN,
        classes=CLASSES,
        q=visit.query("q"),
        status=visit.query("status"),
        client=visit.query("client"),
        assets=assets,
    )


def _filter(visit: Visit) -> Callable[[Entry], bool]:
    wanted, status, client = visit.query("q").strip().casefold(), visit.query("status"), visit.query("client")

    def fits(entry: Entry) -> bool:
        return (
            wanted in f"{entry.method} {entry.path}?{entry.query} {entry.status}".casefold()
            and status in ("", f"{entry.status // 100}xx")
            and client in ("", entry.client_id)
        )

    return fits


async def show_one(visit: Visit) -> Response:
    """Show one exchange in full."""
    given = visit.params["request"]
    entry = visit.world.requests.find(given)
    if entry is None:
        raise HTTPException(404, f"There is no request {given[:40]!r} in the journal; it may have been dropped since.")
    return page(
        visit,
        "request",
        entry=entry,
        findings=findings_on(visit, entry),
        again=command(visit.world, entry, visit.origin),
        api=f"{visit.control}/requests/{quote(entry.id)}",
    )


async def clear(visit: Visit) -> Response:
    """Clear all exchanges."""
    visit.world.requests.clear()
    return visit.back("requests")

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
FOLDED = 40
"""Characters of a login page's query from which on it is folded."""

CLASSES = ("2xx", "3xx", "4xx", "5xx")


async def show(visit: Visit) -> Response:
    """Show the newest exchanges that fit; the script adds those to come."""
    journal = visit.world.requests
    finding = visit.query("finding")
    findings = visit.world.findings
    assets = visit.query("assets") == "true"
    among = journal if assets else journal.without_assets()
    if finding:
        resting = {name for item in findings if item.id == finding for name in item.entries}
        among = among.where(lambda entry: entry.id in resting)
    fits = _filter(visit)
    found = [entry for entry in among if fits(entry)]
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
        finding=finding,
        findings={item.id: item.title for item in findings},
        assets=assets,
        folded=folded,
    )


def _filter(visit: Visit) -> Callable[[Entry], bool]:
    wanted, status, client = visit.query("q").strip().casefold(), visit.query("status"), visit.query("client")

    def fits(entry: Entry) -> bool:
        return (
            status in ("", f"{entry.status // 100}xx")
            and client in ("", entry.client_id)
            and (not wanted or wanted in _searched(entry))
        )

    return fits


def _searched(entry: Entry) -> str:
    words = (entry.method, f"{entry.path}?{entry.query}", str(entry.status), entry.client_id, entry.operation)
    return " ".join(word for word in words if word).casefold()


def folded(entry: Entry) -> str:
    """Return an address as the list shows it: of a page of the login its path, the rest of it folded away."""
    if not entry.query:
        return entry.path
    whole = f"{entry.path}?{entry.query}"
    return f"{entry.path}?…" if entry.path.startswith("/oauth2/") and len(entry.query) > FOLDED else whole


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

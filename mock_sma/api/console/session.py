"""One client's session as a waterfall: its exchanges one under the other, along the emulated time."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mock_sma.api.console.page import page
from mock_sma.api.console.requests import folded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.responses import Response

    from mock_sma.api.console.visit import Visit
    from mock_sma.sandbox.world.entry import Entry

SHOWN = 200


class Fall(NamedTuple):
    """One exchange of a waterfall.

    Attributes:
        x: its place [% of the picture].
        width: how long a token lives that it got [% of the picture]; 0: it got none.
        since: time since the first one [s], as ``pause`` since the one before.
    """

    entry: Entry
    x: float
    width: float
    since: float
    pause: float


async def show(visit: Visit) -> Response:
    """Show the newest exchanges of a client, the oldest of them first."""
    journal = visit.world.requests.without_assets()
    known = [*dict.fromkeys(entry.client_id for entry in journal if entry.client_id)]
    client = visit.query("client") or (known[-1] if known else "")
    found = [entry for entry in journal if entry.client_id == client][-SHOWN:]
    return page(visit, "session", client=client, known=known, rows=falls(found), folded=folded)


def falls(entries: Sequence[Entry]) -> list[Fall]:
    """Return exchanges with their places; where the clock stood still all the time, by their order."""
    if not entries:
        return []
    first = entries[0].at
    length = max(entry.at for entry in entries) - first
    rows = []
    for number, entry in enumerate(entries):
        since = entry.at - first
        share = since / length if length else number / max(1, len(entries) - 1)
        width = min(1.0 - share, _lifetime(entry) / length) if length else 0.0
        pause = entry.at - entries[number - 1].at if number else 0.0
        rows.append(Fall(entry, round(100 * share, 2), round(100 * width, 2), since, pause))
    return rows


def _lifetime(entry: Entry) -> float:
    body = entry.json if entry.operation == "token" else None
    lifetime = body.get("expires_in") if isinstance(body, dict) else None
    return float(lifetime) if isinstance(lifetime, int) else 0.0

"""When the tokens expire that the journal knows of."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mock_sma.sandbox.world.journal import Journal

LOOKED_AT = 200
"""Exchanges for a token that are looked at, the newest first."""

EFFECTS = (
    ("expires_in", "The access token of {} expires", "Calls with it are answered 401 from then on."),
    ("refresh_expires_in", "The refresh token of {} expires", "It is answered invalid_grant from then on."),
)


def token_ends(journal: Journal, since: float) -> Iterator[tuple[float, str, str, str]]:
    """Yield when tokens expire from ``since`` on: time [s since the epoch], what, its effect, id of the request."""
    asked = (entry for entry in reversed(tuple(journal)) if entry.operation == "token" and entry.status == 200)
    for entry in islice(asked, LOOKED_AT):
        body = entry.json if isinstance(entry.json, dict) else {}
        for key, what, effect in EFFECTS:
            lifetime = body.get(key)
            if isinstance(lifetime, int) and lifetime > 0 and int(entry.at) + lifetime >= since:
                yield int(entry.at) + lifetime, what.format(entry.client_id), effect, entry.id

"""The API's documentation to try out, and the ledger of how sure we are of each thing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.api.console.page import HEADERS, page
from mock_sma.fidelity import Standing, load_ledger
from mock_sma.fidelity.ledger import KINDS

if TYPE_CHECKING:
    from starlette.responses import Response

    from mock_sma.api.console.visit import Visit

# Swagger UI sets styles on elements; scripts come from files alone there, too.
SWAGGER_POLICY = HEADERS["content-security-policy"].replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")


async def show(visit: Visit) -> Response:
    """Show what there is to read and to try."""
    counts = load_ledger().counts()
    return page(visit, "api", counts=counts, standings=[item.value for item in Standing])


async def try_it(visit: Visit) -> Response:
    """Show Swagger UI with a client of this world filled in, secret and all."""
    clients = visit.world.clients
    wanted = clients.get(visit.query("client")) or next(iter(clients.values()), None)
    answer = page(visit, "swagger", client=wanted)
    answer.headers["content-security-policy"] = SWAGGER_POLICY
    return answer


async def ledger(visit: Visit) -> Response:
    """Show the rows of the ledger that fit."""
    kind, standing = visit.query("kind"), visit.query("standing")
    known = Standing(standing) if standing in list(Standing) else None
    rows = load_ledger().select(kind if kind in KINDS else None, known)
    wanted = visit.query("q").strip().casefold()
    found = [row for row in rows if wanted in f"{row.name} {row.source} {row.note}".casefold()]
    total = len(load_ledger().select())
    return page(
        visit,
        "fidelity",
        rows=found,
        total=total,
        kinds=KINDS,
        standings=[item.value for item in Standing],
        kind=kind,
        standing=standing,
        q=visit.query("q"),
    )

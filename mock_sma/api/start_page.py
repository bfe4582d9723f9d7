"""The page at ``/_mock/console/``: where everything is, in plain HTML without scripts."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mock_sma.sandbox.sandbox import Sandbox

HEADERS = {
    "content-security-policy": ("default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
}


def start_page(world: Sandbox, origin: str) -> str:
    """Return the page of a world that a browser sees under ``origin``."""
    name = escape(world.scenario.name)
    bases = (
        ("Tokens", f"{origin}/oauth2/token"),
        ("Consent", f"{origin}/oauth2/v2/bc-authorize"),
        ("Monitoring", f"{origin}/monitoring/v1"),
    )
    clients = ((client.id, client.secret, client.flow.value) for client in world.clients.values())
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>mock-sma: {name}</title></head>'
        f"<body><main><h1>mock-sma: {name}</h1><p>{escape(world.scenario.description)}</p>"
        f"<p>Emulated time: {escape(world.clock.isoformat())}</p>"
        f"<h2>Base URLs</h2>{_table(('API', 'URL'), bases)}"
        f"<h2>Clients</h2>{_table(('client_id', 'client_secret', 'Flow'), clients)}"
        '<h2>Control API</h2><ul><li><a href="/_mock/openapi.json">OpenAPI document</a></li>'
        '<li><a href="/_mock/health">Health</a></li><li><a href="/_mock/requests">Requests</a></li></ul>'
        "<p>Not affiliated with SMA.</p></main></body></html>"
    )


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    heads = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    lines = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table>"

"""The curl command that asks the same again."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from mock_sma.domain.people import Flow
from mock_sma.explain.credentials import had_basic, wants_token
from mock_sma.sandbox.secrets import MASK

if TYPE_CHECKING:
    from mock_sma.domain.people import Client
    from mock_sma.sandbox.sandbox import Sandbox
    from mock_sma.sandbox.world.entry import Entry


def command(world: Sandbox, entry: Entry, origin: str) -> str:
    """Return lines for a shell.

    A token is asked for anew where the client can do so by itself; other secrets stay masked, as in the journal.
    """
    client = world.clients.get(entry.client_id or "")
    lines = []
    words = ["curl", "-i", "-X", entry.method] if entry.method not in ("GET", "HEAD") else ["curl", "-i"]
    if entry.method == "HEAD":
        words.append("--head")
    tail = ""
    if wants_token(entry):
        if client is not None and client.flow is Flow.CUSTOM:
            lines = _token(client, origin)
            tail = ' -H "Authorization: Bearer $TOKEN"'
        else:
            words += ["-H", f"Authorization: Bearer {MASK}"]
    elif had_basic(entry):
        words += ["-u", f"{entry.client_id}:{client.secret if client is not None else MASK}"]
    if entry.request_body:
        body = entry.request_body.decode("utf-8", "replace")
        if client is not None:
            body = body.replace(f"client_secret={MASK}", f"client_secret={client.secret}")
        if body.lstrip()[:1] in ("{", "[", '"'):
            words += ["-H", "Content-Type: application/json"]
        words += ["--data-raw", body]
    target = origin + entry.path + (f"?{entry.query}" if entry.query else "")
    return "\n".join([*lines, f"{shlex.join(words)}{tail} {shlex.quote(target)}"]) + "\n"


def _token(client: Client, origin: str) -> list[str]:
    return [
        f"TOKEN=$(curl -sf {shlex.quote(origin + '/oauth2/token')} -d grant_type=client_credentials \\",
        f"  --data-urlencode client_id={shlex.quote(client.id)} \\",
        f"  --data-urlencode client_secret={shlex.quote(client.secret)} |",
        """  sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')""",
    ]

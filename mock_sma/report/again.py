"""The shell command that asks the emulator the same again.

The journal holds no secret and the command shows none: id and secret come from the environment, a token is fetched.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from mock_sma.explain.credentials import had_basic, wants_token
from mock_sma.sandbox.exchange import parameter_pairs
from mock_sma.sandbox.hosts import SMA_HOSTS
from mock_sma.sandbox.secrets import MASK

if TYPE_CHECKING:
    from mock_sma.sandbox.world.entry import Entry

ORIGIN = '"${MOCK_SMA_URL:-http://127.0.0.1:8080}"'
"""Where an emulator is that nothing is known of: where the environment says, else where ``serve`` listens."""

ID, SECRET = "$MOCK_SMA_CLIENT_ID", "$MOCK_SMA_CLIENT_SECRET"
OWN = {"client_id": ID, "client_secret": SECRET}
TOKENS = ("access_token", "refresh_token", "token")
"""Fields that a token stands in."""


def curl(entry: Entry, origin: str | None = None) -> str:
    """Return the command.

    Args:
        entry: an entry of a journal.
        origin: the origin of the emulator, such as ``http://127.0.0.1:49152``; None: the environment tells it.
    """
    base = ORIGIN if origin is None else shlex.quote(origin)
    words = ["curl", "-sS"]
    if entry.method == "HEAD":
        words.append("--head")
    elif entry.method != ("POST" if entry.request_body else "GET"):
        words += ["-X", shlex.quote(entry.method)]
    if entry.host in SMA_HOSTS:
        # Each of SMA's hosts has paths and errors of its own; the emulator knows which is meant.
        words += ["-H", shlex.quote(f"Host: {entry.host}")]
    words += _credentials(entry, base)
    words += _body(entry, base)
    target = entry.path + (f"?{entry.query}" if entry.query else "")
    return " ".join([*words, base + shlex.quote(target)])


def _credentials(entry: Entry, base: str) -> list[str]:
    if entry.client_id is not None and (entry.operation is None or wants_token(entry)):
        return ["-H", f'"Authorization: Bearer {_fetched("access_token", base)}"']
    return ["-u", f'"{ID}:{SECRET}"'] if had_basic(entry) else []


def _fetched(name: str, base: str) -> str:
    """Return what the shell puts a fresh token for."""
    own = " ".join(f'--data-urlencode "{field}={value}"' for field, value in OWN.items())
    ask = f"curl -sS {base}/oauth2/token -d grant_type=client_credentials {own}"
    return f"""$({ask} | sed 's/.*"{name}":"\\([^"]*\\)".*/\\1/')"""


def _body(entry: Entry, base: str) -> list[str]:
    if not entry.request_body:
        return []
    text = entry.request_body.decode("utf-8", "replace")
    if text.lstrip()[:1] in ("{", "[", '"'):
        return ["-H", "'Content-Type: application/json'", "-d", shlex.quote(text)]
    if MASK not in text:
        return ["-d", shlex.quote(text)]
    return [word for pair in parameter_pairs(text) for word in ("--data-urlencode", _field(*pair, base))]


def _field(name: str, value: str, base: str) -> str:
    if name in OWN:
        return f'"{name}={OWN[name]}"'
    if value == MASK and name in TOKENS:
        return f'"{name}={_fetched(name if name != "token" else "access_token", base)}"'
    return shlex.quote(f"{name}={value}")

"""Who may use the control API: a token's bearer, or programs and pages of this very machine.

Without a token a page of a stranger could otherwise reach it through the user's browser: by a name of its own
that leads to the loopback address (DNS rebinding), or by a request across origins.
"""

from __future__ import annotations

import ipaddress
from dataclasses import field
from hmac import compare_digest
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from mock_sma.api.login import Login
from mock_sma.api.problems import problem
from mock_sma.frozen import frozen
from mock_sma.sandbox.hosts import MALFORMED, name_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.responses import Response


def is_address(name: str) -> bool:
    """Tell whether a name is an IP address; nobody can lead a browser's name there."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _place(origin: bytes) -> str | None:
    """Return an Origin's host and port; None where it has none, as of sandboxed frames and files."""
    try:
        return urlsplit(origin.decode("latin-1")).netloc.lower() or None
    except ValueError:
        return None


@frozen
class AccessGuard:
    """The rule.

    Attributes:
        token: bearer token that is wanted; None: the Host decides.
        allowed_hosts: names besides the loopback's.
        login: the console's, whose cookie does instead of the token.
    """

    token: str | None = None
    allowed_hosts: tuple[str, ...] = ()
    login: Login = field(default_factory=lambda: Login(None))

    def refusal(self, headers: Mapping[bytes, bytes], method: str = "GET") -> Response | None:
        """Return the answer to a request that is refused, or None."""
        host = headers.get(b"host", b"").decode("latin-1")
        origin = headers.get(b"origin")
        name = name_of(host)
        if name == MALFORMED:
            return problem(400, f"{host[:100]!r} is no host with a number as its port (RFC 9110, section 7.2)")
        if origin is not None and _place(origin) != host.lower():
            return problem(403, "requests from pages of another origin are refused")
        if self.token is not None:
            if self.login.admits(headers, method):
                return None
            return self._without_token(headers.get(b"authorization", b""))
        if self._knows(name):
            return None
        return problem(403, f"the control API does not answer to the host {host[:100]!r}; allow it with --allowed-host")

    def _without_token(self, header: bytes) -> Response | None:
        kind, _, given = header.partition(b" ")
        wanted = (self.token or "").encode()
        if kind.lower() == b"bearer" and compare_digest(given.strip(), wanted):
            return None
        return problem(
            401,
            "this server wants its control token: Authorization: Bearer …, in a browser the login at /_mock/console/, "
            "for commands the variable MOCK_SMA_CONTROL_TOKEN",
            headers={"www-authenticate": "Bearer"},
        )

    def _knows(self, name: str) -> bool:
        known = {name_of(item).strip("[]") for item in self.allowed_hosts}
        name = name.removeprefix("[").removesuffix("]")
        return name == "localhost" or name.endswith(".localhost") or name in known or is_address(name)

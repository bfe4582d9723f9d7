"""The console's own login: where a control token is set, a browser shows it once and holds a cookie."""

from __future__ import annotations

import hmac
import secrets
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING

from mock_sma.sandbox.exchange import SAFE

if TYPE_CHECKING:
    from collections.abc import Mapping

COOKIE = "mock_sma_console"
LOCKED = "mock_sma.locked"
"""Key of the ASGI scope of a page of the console: True where a login is wanted first."""


class Login:
    """What a browser has to show.

    Args:
        token: the control token; None: no login is wanted.
    """

    def __init__(self, token: str | None) -> None:
        self.token = token
        # Not emulated chance: pages of strangers must not be able to guess it, whatever the seed is.
        self._secret = secrets.token_bytes(32)

    @property
    def csrf(self) -> str:
        """The value that each form of the console carries; pages of another origin cannot read it."""
        return self._signed(self._secret, "csrf")

    @property
    def seal(self) -> str:
        """What makes the ``state`` of an authorisation request the console's own (RFC 6749, section 10.12)."""
        return self._signed(self._secret, "state")[:16]

    def is_token(self, given: str) -> bool:
        """Tell whether ``given`` is the control token."""
        return self.token is not None and hmac.compare_digest(given.encode(), self.token.encode())

    def is_csrf(self, given: object) -> bool:
        """Tell whether a form came from a page of this process."""
        return isinstance(given, str) and hmac.compare_digest(given.encode(), self.csrf.encode())

    @property
    def cookie(self) -> str:
        """The cookie's value: proves the token without holding it, and outlives a restart."""
        return self._signed((self.token or "").encode(), "mock-sma console")

    def admits(self, headers: Mapping[bytes, bytes], method: str) -> bool:
        """Tell whether a request shows the cookie.

        A request that changes something has to name its origin besides (the guard compares it): a browser always
        does, so a cookie that strayed into another program's hands changes nothing.
        """
        if self.token is None or (method not in SAFE and b"origin" not in headers):
            return False
        try:
            jar = SimpleCookie(headers.get(b"cookie", b"").decode("latin-1"))
        except CookieError:  # newer Pythons refuse control characters
            return False
        found = jar.get(COOKIE)
        return found is not None and hmac.compare_digest(found.value.encode(), self.cookie.encode())

    @staticmethod
    def _signed(key: bytes, text: str) -> str:
        return hmac.digest(key, text.encode(), "sha256").hex()

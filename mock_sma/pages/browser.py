"""The browser that a call came from, and the cookie by which it is known again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.sandbox.claims import COOKIE, cookie_of

if TYPE_CHECKING:
    from mock_sma.sandbox.handlers.call import Call
    from mock_sma.sandbox.world.browsers import BrowserSession


def browser_of(call: Call) -> BrowserSession:
    """Return the session of the browser that sent a request; a new one where it brought none."""
    return call.world.browser_sessions.at(cookie_of(call.request), call.now)


def cookie_header(call: Call, session: BrowserSession) -> tuple[bytes, bytes]:
    """Return the header that gives a browser its cookie.

    ``Lax``, since an application and a mail lead here from elsewhere; with ``Strict`` the login would be lost.
    """
    secure = "; Secure" if call.request.scheme == "https" else ""
    return b"set-cookie", f"{COOKIE}={session.id}; Path=/; HttpOnly; SameSite=Lax{secure}".encode()

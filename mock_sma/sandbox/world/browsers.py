"""Browsers that were here: a cookie each, and who is logged in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mock_sma.domain.people import User
    from mock_sma.seeding import Identifiers

BROWSER_LIFETIME = 36_000.0
"""Longest life of a login [s]; Keycloak's default (inferred)."""

MAX_BROWSERS = 10_000


@dataclass(slots=True, kw_only=True)
class BrowserSession:
    """One browser.

    Attributes:
        id: the cookie's value.
        csrf: what every form carries, so that another site's page cannot send it.
        user: e-mail key of who is logged in, or None.
        language: the language that somebody chose by ``ui_locales``, or None.
        ends: [s since the epoch].
    """

    id: str
    csrf: str
    ends: float
    user: str | None = None
    language: str | None = None


class BrowserBook:
    """The browsers of a world, bounded: the oldest are forgotten first."""

    def __init__(self, identifiers: Identifiers) -> None:
        self._identifiers = identifiers
        self._sessions: dict[str, BrowserSession] = {}

    def find(self, cookie: str) -> BrowserSession | None:
        """Return the session of a cookie's value, expired as it may be, or None."""
        return self._sessions.get(cookie)

    def at(self, cookie: str | None, now: float) -> BrowserSession:
        """Return the session of a browser by its cookie; a new one where it has none that is in force."""
        session = self.find(cookie or "")
        if session is None or now >= session.ends:
            session = self._open(now)
        return session

    def _open(self, now: float) -> BrowserSession:
        identifiers = self._identifiers
        session = BrowserSession(
            id=identifiers.hex("browser"), csrf=identifiers.hex("csrf"), ends=now + BROWSER_LIFETIME
        )
        self._sessions[session.id] = session
        if len(self._sessions) > MAX_BROWSERS:
            del self._sessions[next(iter(self._sessions))]
        return session

    def log_in(self, session: BrowserSession, user: User, now: float) -> BrowserSession:
        """Return the session of a browser whose owner has just logged in.

        It has another cookie and another CSRF token than before, so that one planted earlier is worth nothing.
        """
        self._sessions.pop(session.id, None)
        opened = self._open(now)
        opened.user = user.key
        opened.language = session.language
        return opened

    def rename(self, old: str, new: str) -> None:
        """Know a person by another e-mail."""
        for session in self._sessions.values():
            if session.user == old:
                session.user = new.casefold()

    def log_out(self, session: BrowserSession) -> None:
        """Forget a browser."""
        self.end(session.id)

    def end(self, session_id: str) -> None:
        """Forget the browser with this session, where it is known."""
        self._sessions.pop(session_id, None)

"""Sessions: what stands behind a refresh token."""

from __future__ import annotations

from dataclasses import replace
from math import inf
from typing import TYPE_CHECKING

from mock_sma.sandbox.world.session import USER_SESSION_LIFETIME, Session

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mock_sma.domain.people import Client
    from mock_sma.sandbox.access import Tokens
    from mock_sma.sandbox.world.codes import Code
    from mock_sma.sandbox.world.minting import Mint
    from mock_sma.seeding import Identifiers

MAX_SESSIONS = 5_000


class SessionBook:
    """All sessions of a world, bounded: the oldest are forgotten first."""

    def __init__(self, mint: Mint, identifiers: Identifiers) -> None:
        self._mint = mint
        self._identifiers = identifiers
        self.maker = mint.maker
        self._sessions: dict[str, Session] = {}

    def find(self, session_id: str) -> Session | None:
        """Return a session by its id, or None."""
        return self._sessions.get(session_id)

    def open(
        self, client: Client, scopes: Iterable[str], user: str | None, now: float, *, code: Code | None = None
    ) -> Session:
        """Begin a session.

        Args:
            client: the client that the tokens are issued to.
            scopes: the scopes of the tokens.
            user: e-mail key in the code flow; None: a client token.
            now: [s since the epoch].
            code: what it begins with: the browser was told its id already; None: nothing.
        """
        names = tuple(scopes)
        session = Session(
            id=(code and code.session_state) or self._identifiers.uuid("session"),
            client_id=client.id,
            user=user,
            scopes=names,
            offline="offline_access" in names,
            ends=inf if user is None or "offline_access" in names else now + USER_SESSION_LIFETIME,
            login=None if code is None else code.login,
        )
        self._sessions[session.id] = session
        if len(self._sessions) > MAX_SESSIONS:
            del self._sessions[next(iter(self._sessions))]
        return session

    def tokens(self, session: Session, now: float, parent: str | None = None) -> Tokens:
        """Return new tokens of a session that begins, or goes on from the refresh token ``parent``."""
        access, refresh = self._identifiers.uuid("jti"), self._identifiers.uuid("jti")
        self._sessions[session.id] = session.going_on(access, refresh, parent)
        return self._mint.mint(session, now, access, refresh)

    def end_of_user(self, client_id: str, user: str) -> None:
        """End the sessions that a person's consent opened for a client."""
        for session in list(self._sessions.values()):
            if session.client_id == client_id and session.user == user:
                self.close(session.id)

    def rename(self, old: str, new: str) -> None:
        """Know a person by another e-mail."""
        for session in list(self._sessions.values()):
            if session.user == old:
                self._sessions[session.id] = replace(session, user=new.casefold())

    def forget(self) -> None:
        """Forget all sessions; their tokens are worth nothing then."""
        self._sessions.clear()

    def close(self, session_id: str) -> None:
        """End a session by its id."""
        session = self._sessions.get(session_id)
        if session is not None:
            self._sessions[session_id] = replace(session, active=False)

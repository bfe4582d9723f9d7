"""What the access tokens of a world allow (RFC 6750)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.sandbox.access import Access

if TYPE_CHECKING:
    from mock_sma.sandbox.world.sessions import SessionBook

MAX_SEEN = 500
"""Tokens that are remembered, at a kilobyte and a half each."""


class InvalidTokenError(ValueError):
    """A token that is none of this world's; says why."""


class BearerCheck:
    """Tells what a bearer token allows; a token seen before costs a look-up.

    Args:
        sessions: the sessions that the tokens belong to.
    """

    def __init__(self, sessions: SessionBook) -> None:
        self._sessions = sessions
        self._seen: dict[str, Access] = {}

    def access_of(self, token: str) -> Access:
        """Return what a token allows; its expiry is not looked at.

        Raises:
            InvalidTokenError: it is none of this world's tokens, or its session is not known any more.
        """
        access = self._seen.get(token)
        return self._read(token) if access is None else access

    def forget(self) -> None:
        """Look all tokens up anew."""
        self._seen.clear()

    def rename(self, old: str, new: str) -> None:  # noqa: ARG002 - the same for all books
        """Look tokens up anew, since sessions may be another person's by name."""
        self.forget()

    def _read(self, token: str) -> Access:
        verdict = self._sessions.maker.read_access(token)
        claims = verdict.claims
        if claims is None:
            raise InvalidTokenError(verdict.fault)
        session = self._sessions.find(claims["sid"])
        if session is None:
            raise InvalidTokenError("its session is unknown: the world has been reset since, or has forgotten it")
        if not session.handed_out(claims["jti"]):
            raise InvalidTokenError("it was handed out after the save point that the world was put back to")
        access = Access(
            client_id=claims["azp"],
            scopes=frozenset(claims["scope"].split()),
            user=session.user,
            expires=float(claims["exp"]),
            session=session.id,
            token=str(claims["jti"]),
        )
        if len(self._seen) >= MAX_SEEN:
            self._seen.clear()
        self._seen[token] = access
        return access

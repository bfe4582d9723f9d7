"""One session at the auth host, and the chain of its refresh tokens."""

from __future__ import annotations

from dataclasses import dataclass, field

from mock_sma.domain.scenario import RefreshReuse

USER_SESSION_LIFETIME = 30 * 86_400
"""Longest life of a session without ``offline_access`` [s]."""

MAX_CHAIN = 64
"""Refresh tokens remembered per session."""


@dataclass(slots=True, kw_only=True)
class Session:
    """A session at the auth host.

    Attributes:
        user: e-mail key in the code flow; None for a client token.
        offline: the refresh token does not expire.
        login: id of the browser's login that it came from, or None.
        ends: latest time of a refresh [s since the epoch].
        parents: refresh tokens by their id, with the token each was made from.
        superseded: refresh tokens that may not be used any more.
        accesses: access tokens by their id, the oldest forgotten first.
    """

    id: str
    client_id: str
    user: str | None
    scopes: tuple[str, ...]
    offline: bool
    ends: float
    login: str | None = None
    active: bool = True
    parents: dict[str, str | None] = field(default_factory=dict)
    superseded: frozenset[str] = frozenset()
    accesses: tuple[str, ...] = ()

    def remember(self, token_id: str, parent: str | None) -> None:
        """Take down a refresh token and the one it was made from; the oldest are forgotten over the bound."""
        self.parents[token_id] = parent
        if len(self.parents) > MAX_CHAIN:
            oldest = next(iter(self.parents))
            del self.parents[oldest]
            self.superseded -= {oldest}

    def hand_out(self, token_id: str) -> None:
        """Take down an access token."""
        self.accesses = (*self.accesses, token_id)[-MAX_CHAIN:]

    def handed_out(self, token_id: str) -> bool:
        """Tell whether an access token came from here, as far as that is remembered.

        It did not where the world has been put back to a save point from before it.
        """
        return token_id in self.accesses or len(self.accesses) >= MAX_CHAIN

    def chained(self, token_id: str) -> bool:
        """Tell the same of a refresh token."""
        return token_id in self.parents or len(self.parents) >= MAX_CHAIN

    def supersede(self, token_id: str, reuse: RefreshReuse) -> bool:
        """Use a refresh token, which makes it or the one before it void; False where it was void already."""
        if reuse is not RefreshReuse.ALLOWED and (token_id in self.superseded or token_id not in self.parents):
            return False
        parent = self.parents.get(token_id)
        self.superseded |= {token_id if reuse is RefreshReuse.STRICT else parent or ""}
        return True

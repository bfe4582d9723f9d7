"""One session at the auth host, and the chain of its refresh tokens."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from mock_sma.domain.scenario import RefreshReuse
from mock_sma.frozen import frozen

USER_SESSION_LIFETIME = 30 * 86_400
"""Longest life of a session without ``offline_access`` [s]."""

MAX_CHAIN = 64
"""Refresh tokens remembered per session."""


@frozen(kw_only=True)
class Session:
    """A session at the auth host: a value, so that save points share it.

    Attributes:
        user: e-mail key in the code flow; None for a client token.
        offline: the refresh token does not expire.
        login: id of the browser's login that it came from, or None.
        ends: latest time of a refresh [s since the epoch].
        parents: refresh tokens, the oldest first: the id of each, and of the one that it was made from.
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
    parents: tuple[tuple[str, str | None], ...] = ()
    superseded: frozenset[str] = frozenset()
    accesses: tuple[str, ...] = ()

    def __setstate__(self, state: Any) -> None:
        """Take up what was pickled, also where that was before sessions were values."""
        if isinstance(state, tuple):
            values = state[1] | {"parents": tuple(state[1]["parents"].items())}
        else:
            values = dict(zip((item.name for item in fields(self)), state, strict=True))
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def going_on(self, access: str, refresh: str, parent: str | None) -> Session:
        """Return it with two tokens more, the second made from ``parent``; the oldest are forgotten over the bound."""
        gone = {token_id for token_id, _ in self.parents[: 1 - MAX_CHAIN]} if len(self.parents) >= MAX_CHAIN else set()
        return replace(
            self,
            parents=(*self.parents, (refresh, parent))[-MAX_CHAIN:],
            superseded=self.superseded - gone if gone else self.superseded,  # a copy takes 216 bytes
            accesses=(*self.accesses, access)[-MAX_CHAIN:],
        )

    def handed_out(self, token_id: str) -> bool:
        """Tell whether an access token came from here, as far as that is remembered.

        It did not where the world has been put back to a save point from before it.
        """
        return token_id in self.accesses or len(self.accesses) >= MAX_CHAIN

    def chained(self, token_id: str) -> bool:
        """Tell the same of a refresh token."""
        return token_id in dict(self.parents) or len(self.parents) >= MAX_CHAIN

    def superseding(self, token_id: str, reuse: RefreshReuse) -> Session | None:
        """Return it when a refresh token has been used, which makes it or the one before it void; None: it was void."""
        parents = dict(self.parents)
        if reuse is not RefreshReuse.ALLOWED and (token_id in self.superseded or token_id not in parents):
            return None
        void = token_id if reuse is RefreshReuse.STRICT else parents.get(token_id) or ""
        return replace(self, superseded=self.superseded | {void})

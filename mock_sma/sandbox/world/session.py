"""One session at the auth host, and the chain of its refresh tokens."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from mock_sma.domain.scenario import RefreshReuse
from mock_sma.frozen import frozen

USER_SESSION_LIFETIME = 30 * 86_400
"""Longest life of a session without ``offline_access`` [s]."""

MAX_CHAIN = 64
"""Refresh tokens remembered per session."""

PICKLED = "id client_id user scopes offline ends login active parents superseded accesses".split()  # noqa: SIM905 - the shorter


@frozen(kw_only=True)
class Session:
    """A session at the auth host: a value, so that save points share it.

    Attributes:
        user: e-mail key in the code flow; None for a client token.
        offline: the refresh token does not expire.
        login: id of the browser's login that it came from, or None.
        ends: latest time of a refresh [s since the epoch].
        superseded: refresh tokens that may not be used any more.
        chain: the tokens that came together, the oldest first, a line for each two: ids of the access and the refresh
            token, and of the refresh token that they were made from. As a text, since tuples take three times as much.
    """

    id: str
    client_id: str
    user: str | None
    scopes: tuple[str, ...]
    offline: bool
    ends: float
    login: str | None = None
    active: bool = True
    superseded: frozenset[str] = frozenset()
    chain: str = ""

    def __getstate__(self) -> list[object]:
        """Return what is pickled: the same as when tuples had the chain."""
        lines = [line.split(" ") for line in self.chain.splitlines()[1:]]
        parents = tuple((refresh, parent or None) for _, refresh, parent in lines)
        values = {"parents": parents, "accesses": tuple(access for access, _, _ in lines)}
        return [values[name] if name in values else getattr(self, name) for name in PICKLED]

    def __setstate__(self, state: Any) -> None:
        """Take up what was pickled, also where that was before sessions were values."""
        values = dict(state[1] if isinstance(state, tuple) else zip(PICKLED, state, strict=True))
        given = zip(values.pop("accesses"), dict(values.pop("parents")).items(), strict=True)
        values["chain"] = "".join(_line(access, *refresh) for access, refresh in given)
        for name, value in values.items():
            object.__setattr__(self, name, value)

    @property
    def refresh(self) -> str:
        """The id of its newest refresh token."""
        return self.chain[self.chain.rindex("\n") :].split(" ")[1]

    def going_on(self, access: str, refresh: str, parent: str | None) -> Session:
        """Return it with two tokens more, the second made from ``parent``; the oldest are forgotten over the bound."""
        begin, superseded = 0, self.superseded
        if self.chain.count("\n") >= MAX_CHAIN:
            begin = self.chain.index("\n", 1)
            superseded -= {self.chain[:begin].split(" ")[1]}
        return replace(self, superseded=superseded, chain=self.chain[begin:] + _line(access, refresh, parent))

    def handed_out(self, token_id: str) -> bool:
        """Tell whether an access token came from here, as far as that is remembered.

        It did not where the world has been put back to a save point from before it.
        """
        return f"\n{token_id} " in self.chain or self.chain.count("\n") >= MAX_CHAIN

    def chained(self, token_id: str) -> bool:
        """Tell the same of a refresh token."""
        return f" {token_id} " in self.chain or self.chain.count("\n") >= MAX_CHAIN

    def superseding(self, token_id: str, reuse: RefreshReuse) -> Session | None:
        """Return it when a refresh token has been used, which makes it or the one before it void; None: it was void."""
        _, is_known, after = self.chain.rpartition(f" {token_id} ")  # which is most often the last
        if reuse is not RefreshReuse.ALLOWED and (token_id in self.superseded or not is_known):
            return None
        void = token_id if reuse is RefreshReuse.STRICT else after.partition("\n")[0]
        return replace(self, superseded=self.superseded | {void})


def _line(access: str, refresh: str, parent: str | None) -> str:
    return f"\n{access} {refresh} {parent or ''}"

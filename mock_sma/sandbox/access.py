"""The tokens that are given out, and what one of them allows."""

from __future__ import annotations

from typing import NamedTuple

from mock_sma.frozen import frozen


@frozen
class Access:
    """What a valid token allows.

    Attributes:
        user: e-mail key of the person behind a code-flow token; None for a client token, which sees the
            plants of every consenting owner.
        expires: [s since the epoch].
        session: id of the session it belongs to.
        token: id of the token, by which it is told from others; no secret.
    """

    client_id: str
    scopes: frozenset[str]
    user: str | None
    expires: float
    session: str
    token: str = ""


class Tokens(NamedTuple):
    """A pair of tokens, as a grant gives it out.

    Attributes:
        lifetime: the lifetime of the access token [s].
        refresh_lifetime: the lifetime of the refresh token [s]; 0: without end.
        not_before: ``not-before-policy`` of the issuer [s since the epoch].
        session: id of the session they belong to.
    """

    access: str
    refresh: str
    lifetime: int
    refresh_lifetime: int
    not_before: int
    session: str
    scopes: tuple[str, ...]

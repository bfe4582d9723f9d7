"""What a valid access token allows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Access:
    """What a valid token allows.

    Attributes:
        user: e-mail key of the person behind a code-flow token; None for a client token, which sees the
            plants of every consenting owner.
        expires: [s since the epoch].
        session: id of the session it belongs to.
    """

    client_id: str
    scopes: frozenset[str]
    user: str | None
    expires: float
    session: str

"""Authorisation codes: 60 seconds, once (RFC 6749 section 4.1; RFC 7636)."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from hmac import compare_digest
from typing import TYPE_CHECKING

from mock_sma.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mock_sma.seeding import Identifiers

CODE_LIFETIME = 60
"""[s]"""

MAX_CODES = 10_000


@frozen(kw_only=True)
class Challenge:
    """A PKCE challenge, verified where one was sent."""

    value: str
    method: str

    def matches(self, verifier: str) -> bool:
        """Tell whether ``verifier`` answers the challenge."""
        expected = verifier
        if self.method == "S256":
            digest = hashlib.sha256(verifier.encode()).digest()
            expected = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        return compare_digest(self.value.encode(), expected.encode())


@dataclass(slots=True, kw_only=True)
class Code:
    """One issued code and what it was issued for.

    Attributes:
        session_state: id of the session to come, which the browser was told with the code.
        login: id of the browser's login that it came from, or None.
        session: id of the session that the code was redeemed for.
    """

    client_id: str
    user: str
    scopes: tuple[str, ...]
    redirect_uri: str
    challenge: Challenge | None
    expires: float
    session_state: str | None = None
    login: str | None = None
    session: str | None = None


class CodeBook:
    """The codes of a world, bounded."""

    def __init__(self, identifiers: Identifiers) -> None:
        self._identifiers = identifiers
        self._codes: dict[str, Code] = {}

    def rename(self, old: str, new: str) -> None:
        """Know a person by another e-mail."""
        for code in self._codes.values():
            if code.user == old:
                code.user = new.casefold()

    def __iter__(self) -> Iterator[Code]:
        return iter(tuple(self._codes.values()))

    def issue(self, code: Code) -> str:
        """Remember a code and return its text, in Keycloak's three parts."""
        text = ".".join(self._identifiers.uuid("code") for _ in range(3))
        self._codes[text] = code
        if len(self._codes) > MAX_CODES:
            del self._codes[next(iter(self._codes))]
        return text

    def find(self, text: str) -> Code | None:
        """Return what was issued under a code's text, or None."""
        return self._codes.get(text)

    def knows(self, code: str) -> bool:
        """Tell whether this world issued ``code``, redeemed or expired as it may be."""
        return code in self._codes

"""Redirect URIs: where a browser may be sent back to (RFC 6749, section 3.1.2; RFC 8252, section 7.3).

A URI is compared as the text it is. Nothing is decoded or put into a normal form first, so that nothing which a
browser reads in another way than we do can pass for a registered one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterable

LOOPBACK = re.compile(r"(http://(?:localhost|127\.0\.0\.1|\[::1\]))(?::([1-9][0-9]{0,4}))?((?:/[^\s#]*)?)")
"""Origin without port, port, and the rest of a loopback URI."""

SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
PLAIN = re.compile(r"[\x21-\x7e]+")
FORBIDDEN = frozenset({"about", "blob", "data", "file", "javascript", "vbscript"})
"""Schemes that run or show what the address itself holds."""


def fault_of(uri: str) -> str | None:
    """Return why a redirect URI cannot be registered, or None where it can."""
    if not PLAIN.fullmatch(uri) or "\\" in uri:
        return "has a blank, a backslash or another character that no URI has"
    scheme = SCHEME.match(uri)
    if scheme is None:
        return "has no scheme, such as https:"
    if scheme[1].lower() in FORBIDDEN:
        return f"has the scheme {scheme[1].lower()}:, which leads nowhere"
    if "#" in uri:
        return "has a fragment (RFC 6749, section 3.1.2)"
    authority = re.match(r"[^:]+://([^/?]*)", uri)
    if authority is not None and "@" in authority[1]:
        return "has a user name in it"
    return None


def is_registered(given: str, registered: Iterable[str]) -> bool:
    """Tell whether ``given`` is one of the registered redirect URIs.

    It is where it is the same text, or a loopback ``http`` URI that differs in its port only.
    """
    return any(_same(given, uri) for uri in registered if fault_of(uri) is None)


def _same(given: str, uri: str) -> bool:
    if given == uri:
        return True
    wanted, found = LOOPBACK.fullmatch(uri), LOOPBACK.fullmatch(given)
    if wanted is None or found is None:
        return False
    return (wanted[1], wanted[3]) == (found[1], found[3]) and int(found[2] or 80) <= 65_535


def in_ascii(uri: str) -> str:
    """Return a URI for a header: what is no printable ASCII is percent-encoded, all else stays as it is."""
    return quote(uri, safe=_PRINTABLE)


_PRINTABLE = "".join(chr(code) for code in range(0x21, 0x7F))


def origin_of(uri: str) -> str:
    """Return what a page's ``form-action`` has to allow so that a form's answer may lead to ``uri``.

    Chromium applies the rule to redirects too. A scheme alone where the host has no form there, as IPv6 addresses
    (CSP 3, section 2.3.1) and an app's own scheme.
    """
    parts = re.match(r"([A-Za-z][A-Za-z0-9+.-]*)://([A-Za-z0-9._-]+(?::[0-9]+)?)(?=[/?]|$)", uri)
    if parts is not None and parts[1].lower() in ("http", "https"):
        return f"{parts[1]}://{parts[2]}"
    return f"{uri.partition(':')[0]}:"

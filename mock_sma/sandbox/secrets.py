"""How a secret is recognised: by the name it is sent under, by the form of a token, by its place in a text."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import unquote

MASK = "***"

_WORDS = (
    "apikey",
    "accesskey",
    "assertion",
    "authorization",
    "codeverifier",
    "cookie",
    "credential",
    "csrf",
    "passphrase",
    "password",
    "passwd",
    "passwort",
    "privatekey",
    "pwd",
    "secret",
    "sessionid",
    "token",
)
"""A name that holds one of these, written in letters and digits alone, is a secret's."""

_WHOLE = frozenset(
    {
        "auth",
        "authcode",
        "authorizationcode",
        "bearer",
        "code",
        "jwt",
        "otp",
        "pass",
        "pin",
        "session",
        "sid",
        "verifier",
    }
)
"""Names that are a secret's only as they stand."""

_HARMLESS = ("type", "types", "uri", "url", "endpoint", "lifetime", "expires", "expiresin", "count", "method")
"""How a name ends that speaks of a secret and holds none, such as ``token_type``."""

_MAX_DECODED = 5
"""Layers of encoding that are looked through."""

JWT = re.compile(r"eyJ[\w-]{5,}\.[\w-]+(?:\.[\w-]*)?|ZXlK[\w+/=-]{20,}")
"""A token of ours, as it stands or in base64."""

_SCHEME = re.compile(r"(?i)\b(?:basic|bearer)[\s+]+[\w+/=.~-]{6,}")
"""What an Authorization header holds, wherever it stands."""

_ASSIGNED = re.compile(
    r"(?i)(?:secret|passw|passphrase|pwd|token|api[-_ .]?key|access[-_ .]?key|private[-_ .]?key|assertion|credential|"
    r"authorization|verifier|csrf|cookie|session[-_ .]?id|\bcode|\bpass|\bpin|\botp)[\w\-\[\]]*[\\\"'\s]*[=:>]|"
    r"\b(?:auth|auth[-_ .]?code|bearer|jwt|session|sid)[\[\]\\\"'\s]*[=:>]"
)
"""A secret's name with what puts a value behind it: ``client_secret=``, ``"apiKey":``, ``<password>``."""

_MAY_ENCODE = re.compile(r"[%&]")


def is_secret_name(name: str) -> bool:
    """Tell whether what is sent under this name is a secret, however the name is spelt.

    ``client_secret``, ``clientSecret``, ``Client-Secret`` and ``client_secret[]`` are the same name.
    """
    known = _KNOWN.get(name)
    return _is_secrets(name) if known is None else known


def _is_secrets(name: str) -> bool:
    plain = "".join(filter(str.isalnum, name)).casefold()
    if plain in _WHOLE:
        return True
    return any(word in plain for word in _WORDS) and not plain.endswith(_HARMLESS)


_KNOWN = {
    name: _is_secrets(name)
    for name in ("grant_type", "client_id", "client_secret", "refresh_token", "scope", "code", "redirect_uri")
}
"""What the fields of a request for a token are, looked at once."""


def decoded(text: str) -> str:
    """Return a text without percent-encoding and character references, however often they were put on."""
    for _ in range(_MAX_DECODED):
        if not _MAY_ENCODE.search(text):
            break
        plain = unquote(unescape(text))
        if plain == text:
            break
        text = plain
    return text


def holds_token(text: str) -> bool:
    """Tell whether a token, or what an Authorization header holds, stands in a text in any encoding."""
    return shows_token(decoded(text))


def shows_token(text: str) -> bool:
    """Tell the same of a text in which nothing is encoded."""
    return bool(JWT.search(text) or _SCHEME.search(text))


def names_secret(text: str) -> bool:
    """Tell whether a text gives a secret's name a value, so that the value may be one."""
    return bool(_ASSIGNED.search(decoded(text)))


def may_hold_secret(text: str) -> bool:
    """Tell whether a text that cannot be read as what it claims to be may hold a secret."""
    plain = decoded(text)
    return holds_token(plain) or names_secret(plain) or is_secret_name(plain)

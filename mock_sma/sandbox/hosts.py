"""SMA's host names and what each of them serves (docs/decisions.md, Hosts and paths)."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

from mock_sma.frozen import frozen


class Api(StrEnum):
    """The APIs that share one origin here and have a host each at SMA."""

    AUTH = "auth"
    CONSENT = "consent"
    MONITORING = "monitoring"
    BASIC_REPORTING = "basicreporting"
    DOCUMENTS = "documents"
    PAGES = "pages"
    PORTAL = "portal"


@frozen
class Layout:
    """What one host serves.

    Attributes:
        mounts: pairs of API and path prefix.
        production: whether it is a host of SMA's production.
        empty_404: unknown paths answer with an empty body (auth hosts).
        html_504: first path segments that end in the gateway's HTML 504.
        alias: mounts that ``sandbox_token_alias`` governs.
    """

    name: str
    mounts: tuple[tuple[Api, str], ...]
    production: bool = False
    empty_404: bool = False
    html_504: tuple[str, ...] = ()
    alias: tuple[Api, ...] = ()


LOCAL = Layout(
    "local",
    (
        (Api.AUTH, ""),
        (Api.CONSENT, ""),
        (Api.MONITORING, "/monitoring"),
        (Api.MONITORING, ""),
        (Api.BASIC_REPORTING, "/basicreporting"),
        (Api.DOCUMENTS, ""),
        (Api.PAGES, ""),
        (Api.PORTAL, ""),
    ),
)

MALFORMED = ":"
"""Stands for the name of a Host header that is no host and port."""

NOWHERE = Layout("nowhere", ())
"""What serves nothing: the layout of a malformed Host header."""

SMA_HOSTS: dict[str, Layout] = {
    "sandbox-auth.smaapis.de": Layout("sandbox-auth", ((Api.AUTH, ""), (Api.PAGES, "")), empty_404=True),
    "auth.smaapis.de": Layout("auth", ((Api.AUTH, ""), (Api.PAGES, "")), production=True, empty_404=True),
    "async-auth.smaapis.de": Layout(
        "async-auth", ((Api.CONSENT, ""), (Api.MONITORING, "/monitoring"), (Api.PORTAL, "")), production=True
    ),
    "sandbox.smaapis.de": Layout(
        "sandbox",
        (
            (Api.CONSENT, ""),
            (Api.MONITORING, "/monitoring"),
            (Api.BASIC_REPORTING, "/basicreporting"),
            (Api.DOCUMENTS, ""),
            (Api.AUTH, ""),
            (Api.PAGES, ""),
            (Api.PORTAL, ""),
        ),
        alias=(Api.AUTH, Api.PAGES),
    ),
    "monitoring.smaapis.de": Layout("monitoring", ((Api.MONITORING, ""),), production=True, html_504=("oauth2",)),
    "smaapis.de": Layout(
        "smaapis", ((Api.CONSENT, ""), (Api.MONITORING, "/monitoring"), (Api.PORTAL, "")), production=True
    ),
    "basicreporting.smaapis.de": Layout("basicreporting", ((Api.BASIC_REPORTING, ""),), production=True),
    "live.smaapis.de": Layout("live", (), production=True),
}
"""Every real host name the emulator answers for, with its layout.

The portal has a host of its own at SMA that is no API's. Here its pages are on the hosts of the custom flow, since a
mail's link leads back to where the request came in.
"""


SMA_DOMAINS = ("smaapis.de", "sma.de", "sma.energy", "sunnyportal.com")
"""Domains whose hosts are SMA's, served here or not: APIs, developer portal, logins and Sunny Portal."""


_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9._~!$&'()*+,;=%-]*)(?::[0-9]*)?")
"""``uri-host [":" port]`` (RFC 3986, section 3.2.2; RFC 9110, section 7.2); a user part is none."""


@lru_cache(maxsize=256)
def name_of(header: str) -> str:
    """Return the name in a Host header, in lower case and without port; :data:`MALFORMED` where it holds none."""
    found = _HOST.fullmatch(header.strip().lower())
    return MALFORMED if found is None else found[1]


def layout_of(host: str) -> Layout:
    """Return the layout of a host name: SMA's own where it is one of SMA's, else every layout at once."""
    return NOWHERE if host == MALFORMED else SMA_HOSTS.get(host, LOCAL)

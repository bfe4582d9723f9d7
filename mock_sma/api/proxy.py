"""A proxy on the server's own port: ``CONNECT`` leads to SMA's hosts here, and to no other host unless told.

A program that has SMA's addresses built in needs a proxy variable and the authority's certificate, and nothing else
(docs/hosts.md). What is asked within the tunnel is a request like any other: the control API's guard holds there too.
"""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from hmac import compare_digest
from typing import TYPE_CHECKING

from mock_sma.api.addresses import is_loopback
from mock_sma.api.head import Refusal
from mock_sma.errors import UsageError
from mock_sma.frozen import frozen
from mock_sma.sandbox.hosts import SMA_DOMAINS, SMA_HOSTS

if TYPE_CHECKING:
    import ssl
    from asyncio import Protocol
    from collections.abc import Callable, Iterable, Mapping

HTTPS = 443
CHALLENGE = ((b"proxy-authenticate", b'Basic realm="mock-sma: the control token as password"'),)
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?|[0-9a-f.]*(:[0-9a-f.]*)+")
"""A name, or an IPv6 address."""


@frozen
class Goal:
    """Where a client wants to be connected to.

    Attributes:
        host: in lower case, without brackets and without the dot at the end.
    """

    host: str
    port: int

    @classmethod
    def of(cls, authority: str) -> Goal | None:
        """Return what ``host:port`` names (RFC 9110, section 9.3.6), or None."""
        host, colon, port = authority.rpartition(":")
        if not colon or not host or not port.isascii() or not port.isdecimal() or not 0 < int(port) < 65_536:
            return None
        return cls(host.removeprefix("[").removesuffix("]").rstrip(".").lower(), int(port))

    @property
    def is_served(self) -> bool:
        """Whether it is one of SMA's hosts that are answered here."""
        return self.host in SMA_HOSTS

    @property
    def is_smas(self) -> bool:
        """Whether the host is SMA's, answered here or not."""
        return any(self.host == domain or self.host.endswith(f".{domain}") for domain in SMA_DOMAINS)


@frozen
class PassThrough:
    """Hosts that are let through.

    Attributes:
        goals: each host with its port; 0 stands for any.
    """

    goals: frozenset[tuple[str, int]]

    @classmethod
    def of(cls, texts: Iterable[str]) -> PassThrough:
        """Return what ``HOST`` and ``HOST:PORT`` name.

        Raises:
            UsageError: that is neither, or a host that is served here.
        """
        return cls(frozenset(map(_passed, texts)))

    def __call__(self, goal: Goal) -> bool:
        """Tell whether a goal is let through."""
        return not self.goals.isdisjoint({(goal.host, goal.port), (goal.host, 0)})


def _passed(text: str) -> tuple[str, int]:
    with_port = text.rpartition("]")[2].count(":") == 1
    goal = Goal.of(text if with_port else f"{text}:{HTTPS}")
    if goal is None or not _HOST.fullmatch(goal.host):
        raise UsageError(f"--pass-through takes HOST or HOST:PORT, such as example.org or localhost:5432, not {text!r}")
    if goal.is_served:
        raise UsageError(
            f"--pass-through {text}: that host is SMA's and is served here; no call to it leaves this machine"
        )
    return goal.host, goal.port if with_port else 0


@frozen
class Proxy:
    """The rule of who is connected where.

    Attributes:
        context: TLS with certificates for SMA's hosts.
        passes: tells of a goal that is not served here whether it is let through.
        within: makes the protocol of what is asked in a tunnel to a served host; is given uvicorn's settings.
        token: control token, which who is let through has to name; None: only this machine is let through.
    """

    context: ssl.SSLContext
    passes: Callable[[Goal], bool]
    within: Callable[..., Protocol]
    token: str | None = None

    def refusal(self, goal: Goal | None, headers: Mapping[bytes, bytes], peer: str) -> Refusal | None:
        """Return the answer to who is not connected; None: the goal is served, or let through.

        Args:
            peer: address of the client.
        """
        if goal is None:
            return Refusal(400, "CONNECT names a host and a port, such as sandbox.smaapis.de:443 (RFC 9110, 9.3.6)")
        if goal.is_served:
            return None if goal.port == HTTPS else Refusal(403, f"{goal.host} is served on port 443 alone")
        if not self.passes(goal):
            return Refusal(403, _stranger(goal))
        return self._without_right(headers, peer)

    def _without_right(self, headers: Mapping[bytes, bytes], peer: str) -> Refusal | None:
        if self.token is None:
            text = "without a control token only this machine is let through to other hosts"
            return None if is_loopback(peer) else Refusal(403, text)
        if compare_digest(_given(headers.get(b"proxy-authorization", b"")), self.token.encode()):
            return None
        text = "to be let through, name the control token in the proxy's address: http://any:TOKEN@…"
        return Refusal(407, text, CHALLENGE)


def _stranger(goal: Goal) -> str:
    if goal.is_smas:
        return f"{goal.host} is SMA's and is not served here; served: {', '.join(SMA_HOSTS)}"
    return f"{goal.host} is not one of SMA's hosts; this proxy only lets through hosts named with --pass-through"


def _given(header: bytes) -> bytes:
    """Return the token of a Proxy-Authorization: a bearer's, or the password beside any user name."""
    kind, _, value = header.partition(b" ")
    if kind.lower() == b"bearer":
        return value.strip()
    try:
        return b64decode(value.strip(), validate=True).partition(b":")[2]
    except binascii.Error:
        return b""

"""What becomes of SMA's host names in a Python process."""

from __future__ import annotations

import errno
import socket
from abc import ABC, abstractmethod

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

ADDRESS = "127.83.77.65"
"""Address that SMA's names have. Nobody listens there: who connects to it is led on, and nobody else is."""

MAPPED = f"::ffff:{ADDRESS}"
"""The same where only IPv6 addresses are wanted (RFC 4291, section 2.5.5.2)."""

HTTPS = 443


class Rule(ABC):
    """The way of names in some domains.

    Args:
        domains: SMA's.

    Attributes:
        hidden: variables that were set for other programs, with their values and with what they were before.
    """

    hidden: Mapping[str, tuple[str, str | None]] = {}

    def __init__(self, domains: Iterable[str]) -> None:
        self._domains = tuple(domains)

    @property
    def domains(self) -> tuple[str, ...]:
        """The domains."""
        return self._domains

    def concerns(self, name: str) -> bool:
        """Tell whether a name is in them."""
        return any(name == domain or name.endswith("." + domain) for domain in self._domains)

    @abstractmethod
    def lookup(self, name: str) -> str | None:
        """Return the address of a name in the domains; None: it is looked up as ever."""


class Guard(Rule):
    """Refuses names before they are looked up.

    Args:
        domains: SMA's.
        text: the text of the refusal, with ``{name}`` in it.
        allows: tells of a name whether it may be looked up all the same.
    """

    def __init__(self, domains: Iterable[str], text: str, allows: Callable[[str], bool]) -> None:
        super().__init__(domains)
        self._text = text
        self._allows = allows

    def lookup(self, name: str) -> str | None:
        """Refuse, with an error that no handling of network errors takes for one."""
        if self._allows(name):
            return None
        raise AssertionError(self._text.format(name=name))


class Lead(Rule):
    """Leads names to a server of this machine.

    Args:
        domains: SMA's.
        hosts: names that are served.
        server: address and port of a server with their certificates.
        authority: file with the certificate of the server's authority (PEM).
        hidden: see :class:`Rule`.
    """

    def __init__(
        self,
        domains: Iterable[str],
        hosts: Iterable[str],
        server: tuple[str, int],
        authority: str,
        hidden: Mapping[str, tuple[str, str | None]] | None = None,
    ) -> None:
        super().__init__(domains)
        self._hosts = tuple(hosts)
        self._server = (server[0], server[1])
        self.authority = authority
        self.hidden = hidden or {}

    def lookup(self, name: str) -> str:
        """Return the address of a served name; another name in the domains has none."""
        if self.serves(name):
            return ADDRESS
        served = ", ".join(self._hosts)
        raise socket.gaierror(socket.EAI_NONAME, f"mock-sma: {name} is SMA's and is not served here; served: {served}")

    def serves(self, name: str) -> bool:
        """Tell whether a name is served."""
        return name in self._hosts

    def place(self, port: object) -> tuple[str, int]:
        """Return where the server is, where a client wants to connect to ``port``.

        Raises:
            ConnectionRefusedError: it is not that of https.
        """
        if port != HTTPS:
            text = f"mock-sma: SMA's hosts are served on port {HTTPS} alone, not on {port}"
            raise ConnectionRefusedError(errno.ECONNREFUSED, text)
        return self._server


def plain(host: object) -> str:
    """Return a host name as names are compared: text in lower case, without the dot at the end."""
    if isinstance(host, (bytes, bytearray)):
        host = bytes(host).decode("ascii", "replace")
    return host.rstrip(".").lower() if isinstance(host, str) else ""

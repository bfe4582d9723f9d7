"""``ssl``: contexts of whatever age trust the emulator's authority, for SMA's hosts alone.

A context cannot forget an authority that it was given, so it is left alone: a twin of it, which trusts the emulator's
authority and nobody else, makes the connection.
"""

from __future__ import annotations

import _ssl
import ssl

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from mock_sma.hosts.inside.doors import Doors

COPIED = ("minimum_version", "maximum_version", "options", "check_hostname", "verify_mode")
"""What a twin has from its context. It shows no certificate of the client's: SMA wants none."""


def change_ssl(doors: Doors, module: Any) -> None:
    """Change how a context begins a connection."""
    kind = original_context(module)
    original, original_bio = kind.wrap_socket, kind.wrap_bio

    def wrap_socket(
        self: Any,
        sock: Any,
        server_side: bool = False,
        do_handshake_on_connect: bool = True,
        suppress_ragged_eofs: bool = True,
        server_hostname: Any = None,
        session: Any = None,
    ) -> Any:
        context = self if server_side else _for_host(doors, self, server_hostname)
        kept = session if context is self else None
        more = (do_handshake_on_connect, suppress_ragged_eofs, server_hostname, kept)
        return original(context, sock, server_side, *more)

    def wrap_bio(
        self: Any,
        incoming: Any,
        outgoing: Any,
        server_side: bool = False,
        server_hostname: Any = None,
        session: Any = None,
    ) -> Any:
        context = self if server_side else _for_host(doors, self, server_hostname)
        kept = session if context is self else None
        return original_bio(context, incoming, outgoing, server_side, server_hostname, kept)

    doors.put(kind, "wrap_socket", wrap_socket)
    doors.put(kind, "wrap_bio", wrap_bio)


def _for_host(doors: Doors, context: Any, host: Any) -> Any:
    lead = doors.lead(host)
    return context if lead is None else twin_of(context, lead.authority)


def original_context(module: Any) -> Any:
    """Return Python's own class of contexts, also where truststore has put its own in its place."""
    return next(kind for kind in module.SSLContext.__mro__ if kind.__module__ == "ssl")


def change_truststore(doors: Doors, module: Any) -> None:
    """Change truststore, which asks some systems about each certificate that it has seen."""
    original = module._verify_peercerts  # noqa: SLF001 - there is no other place

    def verify(peer: Any, server_hostname: Any) -> None:
        if doors.lead(server_hostname) is None:
            original(peer, server_hostname)

    doors.put(module, "_verify_peercerts", verify)


def twin_of(context: Any, authority: str) -> Any:
    """Return a context with another's settings, which trusts an authority; itself where it trusts everybody.

    Args:
        context: the context of a client.
        authority: file of the authority's certificate (PEM).
    """
    if not context.verify_mode:
        return context
    twin = original_context(ssl)(ssl.PROTOCOL_TLS_CLIENT)
    for name in COPIED:
        # Past the properties of ssl.SSLContext, which are lost in a circle where truststore has taken its name.
        setting = vars(_ssl._SSLContext)[name]  # noqa: SLF001 - see above
        setting.__set__(twin, setting.__get__(context))
    twin.load_verify_locations(authority)
    return twin

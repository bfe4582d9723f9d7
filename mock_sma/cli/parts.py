"""What settings ask for: a world, a socket, certificates, a proxy."""

from __future__ import annotations

import errno
import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from mock_sma.api.addresses import is_loopback
from mock_sma.api.app import App
from mock_sma.api.protocol import Protocol
from mock_sma.api.server import BACKLOG, bind
from mock_sma.api.tls import Tls, certificates, checked, default_directory, is_name
from mock_sma.errors import MockSmaError, UsageError
from mock_sma.sandbox.sandbox import Sandbox

if TYPE_CHECKING:
    import asyncio
    import socket
    from collections.abc import Callable
    from contextlib import ExitStack

    from mock_sma.api.keeping import Keeping, Shared
    from mock_sma.api.vendor import Observer
    from mock_sma.domain.scenario import Scenario
    from mock_sma.scenarios import Library
    from mock_sma.settings import Settings
    from mock_sma.worlds.worlds import Worlds

ANY = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared, not bound
"""Addresses that mean all of this machine's, with the one to name in a URL."""


def world_of(settings: Settings, read: Callable[[], Scenario], tell: Callable[[str], None]) -> Sandbox:
    """Return the world that is asked for.

    Args:
        read: reads its scenario.
        tell: warns.

    Raises:
        UsageError: options that exclude one another.
    """
    if settings.capsule is None:
        return Sandbox(answered(settings, read()), now=settings.now, seed=settings.seed, rate=settings.rate)
    if settings.watch:
        raise UsageError("--capsule has no scenario file to watch; leave out --watch")
    for name in ("scenario", "consent", "now", "seed", "rate"):
        if name in settings.given:
            tell(f"warning: --{name} is ignored; the capsule has its own {name}")
    from mock_sma.capsule import opened, read_capsule  # noqa: PLC0415 - a start without one need not wait for it

    return opened(read_capsule(Path(settings.capsule).read_bytes()))


def answered(settings: Settings, scenario: Scenario) -> Scenario:
    """Return a scenario with the answers of owners that are asked for."""
    if settings.consent is None:
        return scenario
    from mock_sma.scenarios.answers import with_consents  # noqa: PLC0415 - most starts need none

    return with_consents(scenario, settings.consent)


def app_of(
    settings: Settings,
    worlds: Worlds,
    library: Library,
    keeper: Keeping | None = None,
    observers: tuple[Observer, ...] = (),
    shared: Shared | None = None,
) -> App:
    """Return the application that serves worlds, with scenarios of a library at hand."""
    app = App(
        worlds,
        token=settings.control_token,
        allowed_hosts=settings.allowed_host,
        library=library,
        access_log=settings.access_log,
        keeper=keeper,
        observers=observers,
        shared=shared,
    )
    if shared is not None:
        app.load()  # others wait while one changes worlds by hand, so its first time must not take long
    return app


def observers_of(settings: Settings, ends: ExitStack) -> tuple[Observer, ...]:
    """Return what is told of each exchange: what sends it to the collector that is asked for, until the stack ends.

    Raises:
        MockSmaError: the extra is not installed.
    """
    if settings.otlp is None:
        return ()
    try:
        from mock_sma.telemetry import Telemetry  # noqa: PLC0415 - as above
    except ModuleNotFoundError as error:
        raise MockSmaError(f"--otlp needs the extra otel: pip install 'mock-sma[otel]' ({error})") from None
    telemetry = Telemetry(settings.otlp)
    ends.callback(telemetry.close)
    return (telemetry.observe,)


def is_open_to_others(settings: Settings) -> bool:
    """Tell whether other machines may reach the control API and the portal without a token."""
    return not is_loopback(settings.host) and settings.control_token is None


def url_host(address: str) -> str:
    """Return an address that is listened on as a URL has it; loopback for all of this machine's."""
    host = ANY.get(address, address)
    return f"[{host}]" if ":" in host else host


def listening(settings: Settings, *, shared: bool = False) -> socket.socket:
    """Return a socket that listens where it is asked for.

    Args:
        shared: whether other processes listen there too.

    Raises:
        MockSmaError: it cannot.
    """
    sock = bound(settings, shared=shared)
    if shared:
        sock.listen(BACKLOG)
    return sock


def bound(settings: Settings, *, shared: bool = True) -> socket.socket:
    """Return a socket that has the address which is asked for; see :func:`listening`."""
    try:
        return bind(settings.host, settings.port, shared=shared)
    except OSError as error:
        of_port = error.errno in (errno.EADDRINUSE, errno.EACCES)
        raise MockSmaError(
            f"cannot listen on {settings.host} port {settings.port}: {error.strerror}; "
            + (
                "choose another port with --port (0 picks a free one)"
                if of_port
                else "--host must be an address of this machine"
            )
        ) from None


def tls_of(settings: Settings) -> Tls | None:
    """Return the certificate that the server shows; None: plain HTTP.

    Raises:
        UsageError: options that exclude one another, or files that are no certificate.
    """
    if (settings.tls_cert is None) != (settings.tls_key is None):
        raise UsageError("--tls-cert and --tls-key must be given together")
    if settings.tls and settings.tls_cert:
        raise UsageError("--tls auto creates its own certificate; leave out --tls-cert and --tls-key")
    if settings.tls_cert and settings.tls_key:
        return checked(Tls(Path(settings.tls_cert), Path(settings.tls_key)))
    if settings.tls is None:
        return None
    return own_certificates(settings)


def own_certificates(settings: Settings) -> Tls:
    """Return certificates of an authority of our own, for SMA's hosts and the names that the server has."""
    directory = Path(settings.tls_dir) if settings.tls_dir else default_directory(os.environ)
    own = () if settings.host in ANY else (settings.host,)
    return certificates(directory.absolute(), [name for name in (*own, *settings.allowed_host) if is_name(name)])


def protocol_of(settings: Settings, tls: Tls | None) -> tuple[Callable[..., asyncio.Protocol], Path | None]:
    """Return what makes the protocol of a connection, and the authority that clients have to trust, or None.

    Args:
        tls: what the server shows.

    Raises:
        UsageError: as :func:`proxy_of`, or hosts are to be let through where there is no proxy.
    """
    if settings.proxy:
        own = own_certificates(settings)
        return proxy_of(settings, own), own.authority
    if settings.pass_through:
        raise UsageError("--pass-through only works with --proxy")
    return Protocol, None if tls is None else tls.authority


def proxy_of(settings: Settings, tls: Tls) -> Callable[..., Protocol]:
    """Return what makes the protocol of a connection to a proxy.

    Args:
        tls: certificates for SMA's hosts.

    Raises:
        UsageError: a host to be let through that cannot be.
    """
    from mock_sma.api.proxy import PassThrough, Proxy  # noqa: PLC0415 - as above
    from mock_sma.api.tunnel import ProxyProtocol  # noqa: PLC0415 - as above

    passes = PassThrough.of(settings.pass_through)
    return partial(ProxyProtocol, proxy=Proxy(tls.context(), passes, Protocol, settings.control_token))

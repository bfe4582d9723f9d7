"""Where a shared state is: the URL of a Redis or Valkey server, and the prefix of an emulator's keys there."""

from __future__ import annotations

import ssl
from dataclasses import field
from typing import TYPE_CHECKING, Any, TypeVar

from mock_sma.errors import StateError, UsageError
from mock_sma.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

MISSING = "--state: Redis needs further packages; install them with: pip install 'mock-sma[redis]'"


@frozen
class StorePlace:
    """A database of a server, and an emulator's part of it.

    Attributes:
        path: of a Unix socket; empty: host and port count.
        prefix: tells emulators apart that have one database.
        tls: None: plain.
    """

    host: str
    port: int
    path: str
    database: int
    prefix: str
    username: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    tls: ssl.SSLContext | None = field(default=None, repr=False)

    def __str__(self) -> str:
        """Return it for people, without anything secret."""
        where = self.path or f"{self.host}:{self.port}"
        return f"{where} (database {self.database}, prefix {self.prefix!r})"

    def key(self, name: str) -> str:
        """Return the name of a key; those of one emulator are on one node of a cluster."""
        return f"mock-sma:{{{self.prefix}}}:{name}"


def place_of(url: str) -> StorePlace:
    """Return what a URL such as ``redis://:password@host:6379/0?prefix=staging`` names.

    Raises:
        UsageError: it is none; its words hold no password.
        StateError: the packages are not there.
    """
    try:
        from redis.connection import parse_url  # noqa: PLC0415 - the extra ``redis``
    except ImportError:
        raise StateError(MISSING) from None
    try:
        # It reads the URL as all programs of redis-py do, and knows which values are numbers or truths.
        parts: dict[str, Any] = parse_url(url)  # type: ignore[no-untyped-call]
    except ValueError:
        raise UsageError("--state: a URL such as redis://:password@host:6379/0?prefix=staging is wanted") from None
    parts.pop("connection_class", None)
    place = StorePlace(
        host=parts.pop("host", "localhost"),
        port=parts.pop("port", 6379),
        path=parts.pop("path", ""),
        database=int(parts.pop("db", 0)),
        prefix=str(parts.pop("prefix", "default")),
        username=parts.pop("username", None),
        password=parts.pop("password", None),
        tls=_tls(parts) if url.startswith("rediss://") else None,
    )
    if parts:
        raise UsageError(f"--state: the URL has unknown parameters: {', '.join(sorted(parts))}")
    return place


def _tls(parts: dict[str, Any]) -> ssl.SSLContext:
    """Return the context that the URL's ``ssl_…`` parameters ask for, spelt as redis-py has them.

    Raises:
        UsageError: a value is none, or a file cannot be read.
    """
    context = _read("ssl_ca_certs", lambda: ssl.create_default_context(cafile=parts.pop("ssl_ca_certs", None)))
    context.check_hostname = bool(parts.pop("ssl_check_hostname", True))
    wanted = parts.pop("ssl_cert_reqs", "required")
    if wanted not in ("required", "none"):
        raise UsageError("--state: ssl_cert_reqs is required or none")
    if wanted == "none":
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    certificate, key = parts.pop("ssl_certfile", None), parts.pop("ssl_keyfile", None)
    if certificate is not None:
        _read("ssl_certfile or ssl_keyfile", lambda: context.load_cert_chain(certificate, key))
    return context


def _read(name: str, read: Callable[[], T]) -> T:
    try:
        return read()
    except OSError as error:  # also one of TLS
        raise UsageError(f"--state: {name}: {error.strerror or error}") from None

"""Certificates for SMA's host names, signed by an authority of this machine alone (docs/hosts.md).

trustme makes them: the one use it has is this one, and it does without a configuration. The authority's key is never
written: its file can be trusted without a fear that somebody signs other names with it. What is written once is used
again, so that a trust store is told once.
"""

from __future__ import annotations

import ipaddress
import os
import ssl
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from mock_sma.clock import system_time
from mock_sma.errors import MockSmaError, UsageError
from mock_sma.frozen import frozen
from mock_sma.sandbox.hosts import SMA_HOSTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cryptography.x509 import Certificate

LOCAL = ("localhost", "127.0.0.1", "::1")
AUTHORITY, CHAIN, KEY = "ca.pem", "server.pem", "server.key"


@frozen
class Tls:
    """Files of a server's certificate.

    Attributes:
        chain: certificate, and those between it and its authority.
        key: its private key.
        authority: what a client has to trust; None where the user brought the certificate.
    """

    chain: Path
    key: Path
    authority: Path | None = None

    def context(self) -> ssl.SSLContext:
        """Return TLS of a server that has them."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.chain, self.key)
        return context


def default_directory(environment: Mapping[str, str]) -> Path:
    """Return where the certificates are kept when nothing is said (XDG Base Directory Specification).

    Raises:
        UsageError: this user has no home directory.
    """
    state = environment.get("XDG_STATE_HOME")
    home = environment.get("HOME") or environment.get("USERPROFILE")
    if state is None and home is None:
        raise UsageError("--tls auto needs a directory to keep its certificates in: name it with --tls-dir")
    return Path(state or f"{home}/.local/state") / "mock-sma" / "tls"


def checked(tls: Tls) -> Tls:
    """Return a certificate that the user brought.

    Raises:
        UsageError: a file cannot be read, is not PEM, or the two do not belong together.
    """
    for option, file in (("--tls-cert", tls.chain), ("--tls-key", tls.key)):
        try:
            file.read_bytes()
        except OSError as error:
            raise UsageError(f"{option} {file}: {error.strerror}") from None
    try:
        # A password would be asked for at the terminal, where there may be none.
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(tls.chain, tls.key, password="")
    except ssl.SSLError as error:
        why = (error.reason or "it is not PEM, or has a password").lower().replace("_", " ")
        raise UsageError(
            f"--tls-cert {tls.chain} and --tls-key {tls.key} are not a certificate and its key: {why}"
        ) from None
    return tls


def certificates(directory: Path, names: Iterable[str] = ()) -> Tls:
    """Return certificates for SMA's host names, this machine and ``names``; those in ``directory``, or new ones.

    Raises:
        MockSmaError: the directory cannot be written to.
    """
    wanted = frozenset((*SMA_HOSTS, *LOCAL, *names))
    tls = Tls(directory / CHAIN, directory / KEY, directory / AUTHORITY)
    if not _serves(tls, wanted):
        try:
            _make(tls, wanted)
        except OSError as error:
            raise MockSmaError(
                f"cannot keep certificates in {directory}: {error.strerror}; name a directory with --tls-dir"
            ) from None
    return tls


def _make(tls: Tls, names: frozenset[str]) -> None:
    # Only here is it wanted: a start with certificates that are there does without.
    import trustme  # noqa: PLC0415 - see above

    assert tls.authority is not None
    tls.authority.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    authority = trustme.CA(organization_name="mock-sma", organization_unit_name="for tests on this machine only")
    leaf = authority.issue_cert(*sorted(names), organization_name="mock-sma", organization_unit_name="fake server")
    _write(tls.key, leaf.private_key_pem.bytes(), 0o600)
    _write(tls.chain, b"".join(blob.bytes() for blob in leaf.cert_chain_pems), 0o644)
    _write(tls.authority, authority.cert_pem.bytes(), 0o644)


def _write(file: Path, data: bytes, mode: int) -> None:
    """Write a file at once: another server that starts now sees the old one or the new one."""
    beside = file.with_suffix(f"{file.suffix}.{os.getpid()}")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as stream:
        stream.write(data)
    beside.replace(file)


def _serves(tls: Tls, names: frozenset[str]) -> bool:
    """Tell whether the files belong together, hold for ``names`` and have not expired."""
    # Beside the 60 ms of the tokens' RSA this costs little, but plain HTTP needs none of it.
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415 - see above
    from cryptography.x509 import load_pem_x509_certificate  # noqa: PLC0415 - see above

    assert tls.authority is not None
    try:
        leaf = load_pem_x509_certificate(tls.chain.read_bytes())
        authority = load_pem_x509_certificate(tls.authority.read_bytes())
        key = load_pem_private_key(tls.key.read_bytes(), None)
        leaf.verify_directly_issued_by(authority)
    except Exception:  # noqa: BLE001 - whatever is wrong with them, new ones are made
        return False
    fits = key.public_key() == leaf.public_key()
    return fits and names <= _names_of(leaf) and leaf.not_valid_after_utc > datetime.fromtimestamp(system_time(), UTC)


def _names_of(leaf: Certificate) -> frozenset[str]:
    from cryptography.x509 import DNSName, IPAddress, SubjectAlternativeName  # noqa: PLC0415 - as above

    listed = leaf.extensions.get_extension_for_class(SubjectAlternativeName).value
    addresses = [str(item) for item in listed.get_values_for_type(IPAddress)]
    return frozenset((*listed.get_values_for_type(DNSName), *addresses))


def is_name(text: str) -> bool:
    """Tell whether a certificate can be made for a host: a name, or an address without port."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return ":" not in text and bool(text)
    return True

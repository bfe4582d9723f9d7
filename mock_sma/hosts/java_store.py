"""Trust stores of Java."""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cryptography.x509 import Certificate

STORE_PASSWORD = "changeit"  # noqa: S105 - Java's own default; it guards certificates, which are no secret
"""Password of a store. Without one Java reads an empty one."""

_PEM = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


def java_store(authority: Path, others: Path | None) -> bytes:
    """Return a PKCS#12 store of certificates that Java trusts.

    Args:
        authority: file of the certificate of an authority (PEM).
        others: file of those that are trusted anyway.
    """
    # Where there is no Java it is not wanted.
    from cryptography.hazmat.primitives.serialization import BestAvailableEncryption  # noqa: PLC0415 - see above
    from cryptography.hazmat.primitives.serialization.pkcs12 import (  # noqa: PLC0415 - see above
        PKCS12Certificate,
        serialize_java_truststore,
    )

    found = [item for file in (authority, others) if file is not None for item in _certificates(file.read_bytes())]
    named = [PKCS12Certificate(item, f"mock-sma-{number}".encode()) for number, item in enumerate(found)]
    return serialize_java_truststore(named, BestAvailableEncryption(STORE_PASSWORD.encode()))


def _certificates(text: bytes) -> Iterator[Certificate]:
    from cryptography.x509 import load_pem_x509_certificate  # noqa: PLC0415 - as above

    for block in _PEM.findall(text):
        with warnings.catch_warnings():
            # Some of what systems trust is older than the rules for serial numbers (RFC 5280, section 4.1.2.2).
            warnings.simplefilter("ignore")
            try:
                yield load_pem_x509_certificate(block)
            except ValueError:
                continue

"""Files with what a program trusts: the authorities that it trusts anyway, and the emulator's."""

from __future__ import annotations

import ssl
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

SYSTEM = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)
"""Where systems keep the authorities they trust: Debian and Alpine, Red Hat, older ones of it, SUSE, BSD and macOS."""


def system_bundle() -> Path | None:
    """Return the file of the system's authorities, or None."""
    default = ssl.get_default_verify_paths().openssl_cafile
    return next((file for file in map(Path, (*SYSTEM, default)) if file.is_file()), None)


def certifi_bundle() -> Path | None:
    """Return the file of certifi's authorities, which requests and httpx trust; the system's where there is none."""
    if find_spec("certifi") is None:
        return system_bundle()
    import certifi  # noqa: PLC0415 - where it is installed

    return Path(certifi.where())


class Bundles:
    """Files that hold an authority and others.

    Args:
        folder: where they are written.
        authority: file of its certificate (PEM).

    Attributes:
        folder: as above.
    """

    def __init__(self, folder: Path, authority: Path) -> None:
        self.folder = folder
        self._authority = authority
        self._written: dict[Path | None, Path] = {}

    def holding(self, others: Path | None) -> Path:
        """Return a file with the authority and what a file, or a directory of files, holds where there is one."""
        target = self._written.get(others)
        if target is None:
            target = self.folder / f"trusted-{len(self._written)}.pem"
            parts = dict.fromkeys([*_contents(others), self._authority.read_bytes()])
            target.write_bytes(b"\n".join(parts))
            self._written[others] = target
        return target


def _contents(place: Path | None) -> Iterator[bytes]:
    if place is not None and place.is_dir():
        for file in sorted(place.iterdir()):
            if file.is_file():
                yield file.read_bytes()
    elif place is not None and place.is_file():
        yield place.read_bytes()

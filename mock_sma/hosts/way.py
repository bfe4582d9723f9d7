"""The way from a program to the emulator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.frozen import frozen

if TYPE_CHECKING:
    from pathlib import Path

    from mock_sma.hosts.bundles import Bundles


@frozen
class Way:
    """Where SMA's names lead.

    Attributes:
        server: address and port, with certificates for SMA's names.
        proxy: port of a proxy on 127.0.0.1; None: names lead there without one.
        authority: file of the authority that signed them (PEM).
        bundles: files of authorities for programs.
    """

    server: tuple[str, int]
    proxy: int | None
    authority: Path
    bundles: Bundles

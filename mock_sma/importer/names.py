"""Names, people and serial numbers of traffic, replaced by made-up ones: the same ones for the same seed."""

from __future__ import annotations

import re

from mock_sma.seeding import key

_SERIAL = re.compile(r"\b\d{6,}\b")

COORDINATE = 1
"""Decimals of a coordinate that are kept: a place of ten kilometres, and no house."""


class Names:
    """Replaces what tells who somebody is.

    Args:
        seed: chooses serial numbers.
        keep: replace nothing.
    """

    def __init__(self, seed: int, *, keep: bool) -> None:
        self._seed = seed
        self.keep = keep
        self._known: dict[tuple[str, str], str] = {}
        self._counts: dict[str, int] = {}

    def of(self, kind: str, name: str) -> str:
        """Return the name that stands for another one: ``Plant 1``, ``Inverter 2``; the same each time."""
        if self.keep:
            return name
        known = self._known.get((kind, name))
        if known is None:
            number = self._counts[kind] = self._counts.get(kind, 0) + 1
            known = self._known[kind, name] = f"{kind} {number}"
        return known

    def email(self, address: str) -> str:
        """Return the address that stands for another one."""
        return address if self.keep else f"{self.of('owner', address).replace(' ', '')}@example.org"

    def serial(self, serial: str) -> str:
        """Return a serial number of as many digits."""
        if self.keep:
            return serial
        width = max(len(serial), 6)
        return str(key(self._seed, "serial", serial) % 10**width).zfill(width)

    def text(self, text: str) -> str:
        """Return a text with the names, addresses and serial numbers in it replaced that are known."""
        if self.keep:
            return text
        stands = {
            name: f"{known.replace(' ', '')}@example.org" if kind == "owner" else known
            for (kind, name), known in self._known.items()
            if len(name) > 2 and not name.isdecimal()  # an id, which stays, or a serial number
        }
        if stands:
            # Longest first, and all at once: one name may be a part of another, or of what stands for one.
            alternatives = "|".join(map(re.escape, sorted(stands, key=len, reverse=True)))
            text = re.sub(alternatives, lambda match: stands[match[0]], text)
        return _SERIAL.sub(lambda match: self.serial(match[0]), text)

    def coordinate(self, value: float) -> float:
        """Return a coordinate [°] that tells the region alone."""
        return value if self.keep else round(value, COORDINATE)

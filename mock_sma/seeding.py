"""Chance and identifiers from a seed, in any order of asking (docs/simulation.md, Time and integers).

All chance is a stateless hash of what is asked for, so that the same seed gives the same bytes whatever was
asked before. Scalars here; the simulation has the same finaliser over NumPy arrays.
"""

from __future__ import annotations

import hashlib
import math

DEFAULT_SEED = 20250615
"""Seed of a world whose scenario and caller name none."""

_MASK = 0xFFFF_FFFF_FFFF_FFFF


def splitmix64(value: int) -> int:
    """Return the SplitMix64 finaliser of a 64-bit integer.

    Source: Steele, Lea, Flood 2014, "Fast splittable pseudorandom number generators".
    """
    value = (value + 0x9E37_79B9_7F4A_7C15) & _MASK
    value = ((value ^ (value >> 30)) * 0xBF58_476D_1CE4_E5B9) & _MASK
    value = ((value ^ (value >> 27)) * 0x94D0_49BB_1331_11EB) & _MASK
    return value ^ (value >> 31)


def key(seed: int, *labels: str | int) -> int:
    """Return a 64-bit key for a stream of chance named by ``labels``."""
    text = "\x1f".join((str(seed), *(str(label) for label in labels)))
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")


def uniform(stream: int, index: int) -> float:
    """Return the ``index``-th number in [0, 1) of the stream ``stream``."""
    return uniform_at(stream, splitmix64(index & _MASK))


def uniform_at(stream: int, place: int) -> float:
    """Return the number of a stream at ``splitmix64(index)``, which many streams can share."""
    return (splitmix64(stream ^ place) >> 11) * 2.0**-53


def normal(stream: int, index: int) -> float:
    """Return the ``index``-th number of a standard normal stream.

    Source: Box and Muller 1958.
    """
    radius = math.sqrt(-2.0 * math.log(1.0 - uniform(stream, 2 * index)))
    return radius * math.cos(2.0 * math.pi * uniform(stream, 2 * index + 1))


def identity(seed: int, *labels: str | int) -> str:
    """Return the UUID (version 4 by its form) that always belongs to ``labels``."""
    text = "\x1f".join((str(seed), *(str(label) for label in labels)))
    return uuid_of(hashlib.blake2b(text.encode(), digest_size=16).digest())


def uuid_of(digest: bytes) -> str:
    """Return 16 bytes as a UUID of version 4 (RFC 9562, section 5.4); ``uuid.UUID`` takes five times as long."""
    digits = digest.hex()
    variant = "89ab"[digest[8] >> 4 & 3]
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"


class Identifiers:
    """Seeded identifiers: the n-th one of a kind is always the same.

    Args:
        seed: the seed of the world.
        namespace: name of the world, so that two worlds of one seed do not share credentials.

    Attributes:
        counts: how many of each kind were given out.
    """

    __slots__ = ("_namespace", "_seed", "counts")

    def __init__(self, seed: int, namespace: str = "") -> None:
        self._seed = seed
        self._namespace = namespace
        self.counts: dict[str, int] = {}

    def _next(self, kind: str) -> bytes:
        count = self.counts.get(kind, 0) + 1
        self.counts[kind] = count
        text = f"{self._seed}\x1f{self._namespace}\x1f{kind}\x1f{count}"
        return hashlib.blake2b(text.encode(), digest_size=16).digest()

    def uuid(self, kind: str) -> str:
        """Return the next UUID (version 4 by its form) of ``kind``."""
        return uuid_of(self._next(kind))

    def hex(self, kind: str) -> str:
        """Return the next 32 hexadecimal digits of ``kind``."""
        return self._next(kind).hex()

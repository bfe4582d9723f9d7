"""Many ISO 8601 times of one form at once: a year of minutes is half a million of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

DIGITS = (0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18)
MINUTES, SECONDS = 16, 19
"""Lengths of a time without and with seconds."""

FEW = 100
"""Fewer times than that are read one by one."""


def parsed(texts: Sequence[str]) -> tuple[Ints, bool] | None:
    """Return times as seconds since the epoch, as if local ones were of UTC, and whether they have offsets.

    None: they are not all of one form, or one is no time, and have to be looked at one by one.
    """
    length = len(texts[0])
    if len(texts) < FEW or any(len(text) != length for text in texts):
        return None
    joined = "".join(texts)
    if not joined.isascii():
        return None
    signs = np.frombuffer(joined.encode(), dtype=np.uint8).reshape(len(texts), length)
    width = SECONDS if length >= SECONDS and bool((signs[:, 16] == ord(":")).all()) else MINUTES
    tail = signs[:, width:]
    offset = _offsets(tail)
    times = None if offset is None else _times(signs[:, :width])
    return None if times is None or offset is None else (times - offset, tail.shape[1] > 0)


def _times(signs: Any) -> Ints | None:
    width = signs.shape[1]
    if width < MINUTES:
        return None
    marks = {4: "-", 7: "-", 13: ":", **({16: ":"} if width == SECONDS else {})}
    if any(bool((signs[:, place] != ord(sign)).any()) for place, sign in marks.items()):
        return None
    digits = [signs[:, place].astype(np.int64) - ord("0") for place in DIGITS if place < width]
    between = (signs[:, 10] == ord("T")) | (signs[:, 10] == ord(" "))
    if not bool(between.all()) or any(bool(((digit < 0) | (digit > 9)).any()) for digit in digits):
        return None
    year = ((digits[0] * 10 + digits[1]) * 10 + digits[2]) * 10 + digits[3]
    month, day, hour, minute, *rest = (digits[place] * 10 + digits[place + 1] for place in range(4, len(digits), 2))
    second = rest[0] if rest else np.zeros(1, dtype=np.int64)
    sound = (month >= 1) & (month <= 12) & (day >= 1) & (hour < 24) & (minute < 60) & (second < 60) & (year >= 1900)
    if not bool(sound.all()):
        return None
    months = (year - 1970) * 12 + month - 1
    first = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    following = (months + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    days = first + day - 1
    if bool((days >= following).any()):
        return None
    return np.asarray(((days * 24 + hour) * 60 + minute) * 60 + second)


def _offsets(tail: Any) -> Ints | None:
    """Return what times with these tails are ahead of UTC [s]: nothing, ``Z``, ``+02:00`` or ``+0200``."""
    count, width = tail.shape
    if width == 0 or (width == 1 and bool((tail == ord("Z")).all())):
        return np.zeros(count, dtype=np.int64)
    if width == 6 and bool((tail[:, 3] == ord(":")).all()):
        tail = np.delete(tail, 3, axis=1)
    if tail.shape[1] != 5:
        return None
    sign = np.where(tail[:, 0] == ord("+"), 1, np.where(tail[:, 0] == ord("-"), -1, 0))
    digits = tail[:, 1:].astype(np.int64) - ord("0")
    if bool((sign == 0).any()) or bool(((digits < 0) | (digits > 9)).any()):
        return None
    minutes = (digits[:, 0] * 10 + digits[:, 1]) * 60 + digits[:, 2] * 10 + digits[:, 3]
    return np.asarray(sign * minutes * 60)

"""From rows with naive local stamps to hours of the world's time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Hour:
    """One hour: its beginning, and the energy of it [Wh]."""

    start: datetime
    energy: float


def hours_of(rows: Iterable[Mapping[str, Any]], name: str, zone: str) -> list[Hour]:
    """Return the hours of a day's rows.

    SMA stamps a row with the local time of its end, without an offset. In autumn an hour comes twice: its stamps go
    back once, and from there on they are the later ones.
    """
    sums: dict[datetime, float] = {}
    before: datetime | None = None
    fold = 0
    for row in rows:
        local = datetime.fromisoformat(row["time"])
        if before is not None and local <= before:
            fold = 1
        before = local
        end = local.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)
        start = (end - timedelta(seconds=1)).replace(minute=0, second=0)
        sums[start] = sums.get(start, 0.0) + row.get(name, 0.0)
    return [Hour(start, energy) for start, energy in sums.items()]

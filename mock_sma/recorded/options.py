"""What a scenario may say of a file of rows beside its name."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from mock_sma.domain.period import Period
from mock_sma.frozen import frozen

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

UNITS = {
    "W": (1.0, False),
    "kW": (1_000.0, False),
    "MW": (1e6, False),
    "Wh": (1.0, True),
    "kWh": (1_000.0, True),
    "MWh": (1e6, True),
}
"""Units of energies: what they are of W or Wh, and whether they are Wh."""

INTERVALS = {"day": Period.MONTH, "month": Period.YEAR, "year": Period.TOTAL}
"""Words for rows that are sums, with the period that has such rows."""


@frozen(kw_only=True)
class Options:
    """How rows are to be read.

    Attributes:
        set_name: the set that they are of; None: told by the columns.
        since: rows from before are left out; a naive one is local.
        days: first and last local day that the rows are all of; None: from the first row to the last.
        unit: a word of :data:`UNITS`; None: as the header says, or W.
        stamps: ``end`` or ``start`` of the interval; None: as the format has it.
        timezone: zone of local times; None: the plant's.
        interval: a word of :data:`INTERVALS`: the rows are sums; None: told by the rows.
        format: whose export it is, a word of ``exports.FORMATS``; None: told by the heads.
        until: when the rows were recorded: nothing of what is later is recorded.
    """

    set_name: str | None = None
    since: date | datetime | None = None
    days: tuple[date, date] | None = None
    unit: str | None = None
    stamps: str | None = None
    timezone: str | None = None
    interval: str | None = None
    format: str | None = None
    until: datetime | None = None

    def covers(self, zone: ZoneInfo) -> tuple[int, int] | None:
        """Return beginning and end of the days that the rows are all of [s since the epoch]."""
        if self.days is None:
            return None
        first, last = self.days[0], self.days[1] + timedelta(days=1)
        begin, end = (int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp()) for day in (first, last))
        return begin, end

    def begin(self, zone: ZoneInfo) -> int | None:
        """Return the earliest instant that counts [s since the epoch]."""
        since = self.since
        if since is None:
            return None
        if not isinstance(since, datetime):
            since = datetime(since.year, since.month, since.day, tzinfo=zone)
        return int((since if since.tzinfo is not None else since.replace(tzinfo=zone)).timestamp())

    def end(self, zone: ZoneInfo) -> int | None:
        """Return the instant at which the rows were recorded [s since the epoch]."""
        until = self.until
        if until is None:
            return None
        return int((until if until.tzinfo is not None else until.replace(tzinfo=zone)).timestamp())

"""Periods, resolutions and the Date parameter (R21 to R23)."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum

from mock_sma.frozen import frozen

DATE_FORMS = {
    "Day": ("YYYY-MM-DD", re.compile(r"(\d{4})-(\d{2})-(\d{2})")),
    "Week": ("YYYY-MM-DD", re.compile(r"(\d{4})-(\d{2})-(\d{2})")),
    "Month": ("YYYY-MM", re.compile(r"(\d{4})-(\d{2})")),
    "Year": ("YYYY", re.compile(r"(\d{4})")),
}


class Period(StrEnum):
    """The six periods."""

    RECENT = "Recent"
    DAY = "Day"
    WEEK = "Week"
    MONTH = "Month"
    YEAR = "Year"
    TOTAL = "Total"

    @property
    def needs_date(self) -> bool:
        """Whether a Date has to be given; Recent and Total ignore one (docs/decisions.md, Errors)."""
        return self not in (Period.RECENT, Period.TOTAL)

    @property
    def is_fine(self) -> bool:
        """Whether rows are intervals within a day, in W unless energies are asked for."""
        return self in (Period.RECENT, Period.DAY, Period.WEEK)


class Resolution(StrEnum):
    """The wire's names of resolutions."""

    ONE_MINUTE = "OneMinute"
    FIVE_MINUTES = "FiveMinutes"
    FIFTEEN_MINUTES = "FifteenMinutes"
    ONE_HOUR = "OneHour"
    ONE_DAY = "OneDay"
    ONE_MONTH = "OneMonth"
    ONE_YEAR = "OneYear"


MINUTES = {5: Resolution.FIVE_MINUTES, 15: Resolution.FIFTEEN_MINUTES, 60: Resolution.ONE_HOUR}
"""Wire names of the resolutions a plant can be configured to [min]."""


@frozen
class Span:
    """A period with its date.

    Attributes:
        period: which of the six.
        first: first local date; None for Recent and Total.
    """

    period: Period
    first: date | None = None

    @property
    def days(self) -> int:
        """Number of local days of a Day (1) or Week (7: Date and the six days after it)."""
        return 7 if self.period is Period.WEEK else 1

    def ends_before(self, day: date) -> bool:
        """Tell whether the whole span lies before a local date; Recent and Total never do."""
        if self.first is None:
            return False
        if self.period is Period.YEAR:
            return self.first.year < day.year
        if self.period is Period.MONTH:
            return (self.first.year, self.first.month) < (day.year, day.month)
        return (day - self.first).days >= self.days

    def resolution(self, plant_minutes: int) -> Resolution:
        """Return the resolution, fixed by the period alone (R21, R22)."""
        coarse = {
            Period.MONTH: Resolution.ONE_DAY,
            Period.YEAR: Resolution.ONE_MONTH,
            Period.TOTAL: Resolution.ONE_YEAR,
        }
        return coarse.get(self.period) or MINUTES[plant_minutes]


def parse_period(text: str) -> Period | None:
    """Return the period named ``text`` in any case, or None."""
    return _PERIODS.get(text.lower())


_PERIODS = {period.value.lower(): period for period in Period}


def parse_span(period: Period, text: str | None) -> Span:
    """Return the span of ``period`` at the Date ``text``.

    Raises:
        ValueError: Date is missing, or not of the form the period wants; the message names that form.
    """
    if not period.needs_date:
        return Span(period)
    form, pattern = DATE_FORMS[period.value]
    if text is None or not text:
        raise ValueError(f"The parameter Date is required for the period {period.value}: {form}")
    match = pattern.fullmatch(text)
    if match is None or not text.isascii():
        raise ValueError(f"The Date '{text[:40]}' does not fit the period {period.value}: {form} is expected")
    parts = [int(part) for part in match.groups()] + [1, 1]
    try:
        return Span(period, date(parts[0], parts[1], parts[2]))
    except ValueError:
        raise ValueError(f"The Date '{text}' is not in the calendar: {form} is expected") from None

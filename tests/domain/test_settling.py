"""Events that happen again and again, in the zone of their plant."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_sma.domain.event import EventKind, PlantEvent
from mock_sma.domain.recurrence import Repeat
from mock_sma.domain.settling import settled_events
from tests.examples import examples

DAY = timedelta(days=1)
BERLIN = ZoneInfo("Europe/Berlin")


def daily(start: datetime, end: datetime, zone: ZoneInfo, times: int = 3) -> list[PlantEvent]:
    event = PlantEvent(kind=EventKind.GAP, start=start, end=end, repeat=Repeat(every=DAY, times=times))
    return list(settled_events(event, datetime(2025, 1, 1, tzinfo=UTC), zone))


@pytest.mark.parametrize(
    ("day", "end", "hours"),
    [
        (datetime(2025, 3, 28, 22, tzinfo=BERLIN), datetime(2025, 3, 29, 6, tzinfo=BERLIN), [8, 7, 8]),
        (datetime(2025, 10, 24, 22, tzinfo=BERLIN), datetime(2025, 10, 25, 6, tzinfo=BERLIN), [8, 9, 8]),
        # On the second day 02:45 and 03:15 are the wrong way round: the clocks skip what lies before 3 o'clock.
        (datetime(2025, 3, 29, 2, 45, tzinfo=BERLIN), datetime(2025, 3, 29, 3, 15, tzinfo=BERLIN), [0.5, 0.5, 0.5]),
    ],
)
def test_what_comes_each_night_ends_at_the_same_time_of_day(day: datetime, end: datetime, hours: list[float]) -> None:
    found = daily(day, end, BERLIN)
    assert [(item.end - item.start) / timedelta(hours=1) for item in found if item.end] == hours


def test_the_first_one_is_in_the_second_of_two_like_hours_where_it_was_said_to_be() -> None:
    start = datetime(2025, 10, 26, 1, 15, tzinfo=UTC)  # 02:15 for the second time
    found = daily(start, start + timedelta(minutes=30), BERLIN)
    assert [item.start for item in found] == [start, start + DAY, start + 2 * DAY]
    assert [item.end for item in found] == [item.start + timedelta(minutes=30) for item in found]


@pytest.mark.slow
@given(
    start=st.datetimes(datetime(2025, 1, 1), datetime(2025, 12, 31)),  # noqa: DTZ001
    length=st.timedeltas(timedelta(minutes=1), timedelta(days=3)),
    zone=st.sampled_from(["Europe/Berlin", "Australia/Lord_Howe", "America/Sao_Paulo", "Asia/Kathmandu"]),
)
@examples(40)
def test_each_ends_after_it_begins_within_an_hour_of_the_first_ones_length(
    start: datetime, length: timedelta, zone: str
) -> None:
    there = ZoneInfo(zone)
    begin = start.replace(tzinfo=there).astimezone(UTC)
    found = daily(begin, begin + length, there, times=400)
    assert len(found) == 400
    for item in found:
        assert item.end is not None
        assert item.end > item.start
        assert abs(item.end - item.start - length) <= timedelta(hours=1)

"""Times, and spans that stand in their place."""

from __future__ import annotations

import copy
import pickle
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_sma.domain import moment as m
from mock_sma.domain.recurrence import Repeat

START = datetime(2025, 6, 15, 10, tzinfo=UTC)
SPANS = st.timedeltas(timedelta(days=-36_525), timedelta(days=36_525))


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("P1D", timedelta(days=1)),
        ("P2W", timedelta(weeks=2)),
        ("-PT2H", timedelta(hours=-2)),
        ("+PT1M30.5S", timedelta(minutes=1, seconds=30.5)),
        ("+2h", timedelta(hours=2)),
        ("+1d12h", timedelta(days=1, hours=12)),
        ("-30min", timedelta(minutes=-30)),
        ("+5m10s", timedelta(minutes=5, seconds=10)),
        ("PT0S", timedelta()),
    ],
)
def test_spans_are_read(text: str, span: timedelta) -> None:
    assert m.parse_span(text) == span
    moment = m.moment_of(text)
    assert moment is not None
    assert m.settled(moment, START) == START + span


@pytest.mark.parametrize("text", ["PT2H", "2h", "+2h", "120m", "1h60min", "7200s"])
def test_a_length_needs_no_sign(text: str) -> None:
    assert m.parse_length(text) == timedelta(hours=2)


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "P1DT", "+", "+2", "2h", "P1M", "P1Y", "+1x", "PT1.5H", "P99999999999D", "P99999D"]
)
def test_what_is_no_span_is_no_moment(text: str) -> None:
    assert m.moment_of(text) is None


def test_a_time_is_itself_and_needs_its_offset() -> None:
    text = "2025-06-15T12:00:00+02:00"
    moment = m.moment_of(text)
    assert moment is not None
    assert (m.settled(moment, START), m.moment_text(moment)) == (START, text)
    assert m.moment_of("2025-06-15T12:00:00") is None


@given(SPANS)
def test_any_span_survives_its_text(span: timedelta) -> None:
    moment = m.from_start(span)
    assert m.parse_span(m.span_text(span)) == span
    assert m.moment_of(m.moment_text(moment)) == moment
    assert m.span_of(pickle.loads(pickle.dumps(copy.deepcopy(moment)))) == span  # noqa: S301 - our own bytes


def test_a_time_and_a_span_cannot_be_compared() -> None:
    assert m.is_after(START, m.from_start(timedelta())) is None
    assert m.is_after(m.from_start(timedelta(1)), m.from_start(timedelta())) is True
    assert m.is_after(START, START) is False


# ---- Repetition -----------------------------------------------------------------------------------------------

HOUR = timedelta(hours=1)


def begins(repeat: Repeat, low: datetime, high: datetime, zone: ZoneInfo | None = None) -> list[datetime]:
    return [begin for _, begin in repeat.starts(START, low.timestamp(), high.timestamp(), zone)]


def test_times_and_until_bound_a_repetition_inclusively() -> None:
    far = START + timedelta(days=9)
    expected = [START, START + HOUR, START + 2 * HOUR]
    assert begins(Repeat(every=HOUR, times=3), START, far) == expected
    assert begins(Repeat(every=HOUR, until=START + 2 * HOUR), START, far) == expected
    assert begins(Repeat(every=HOUR, until=START + 2.9 * HOUR), START, far) == expected


def test_whole_days_keep_the_time_of_day_over_a_clock_change() -> None:
    zone = ZoneInfo("Europe/Berlin")
    first = datetime(2025, 3, 29, 2, 0, tzinfo=UTC)
    repeat = Repeat(every=timedelta(days=1), times=3)
    hours = [begin.astimezone(zone).hour for _, begin in repeat.starts(first, 0.0, 4e9, zone)]
    assert hours == [3, 3, 3]
    assert [begin.hour for _, begin in repeat.starts(first, 0.0, 4e9)] == [2, 2, 2]


@pytest.mark.slow
@given(
    st.timedeltas(timedelta(minutes=1), timedelta(days=40)),
    st.integers(-400, 400),
    st.integers(0, 60),
    st.sampled_from([None, ZoneInfo("Europe/Berlin"), ZoneInfo("Australia/Lord_Howe")]),
)
def test_a_window_holds_what_a_walk_from_the_first_one_finds(
    every: timedelta, days: int, length: int, zone: ZoneInfo | None
) -> None:
    repeat = Repeat(every=every, times=50)
    low = START + timedelta(days=days)
    high = low + timedelta(days=length)
    walked = [begin for number in range(50) if (begin := repeat.start(START, number, zone)) is not None]
    assert begins(repeat, low, high, zone) == [begin for begin in walked if low <= begin < high]


def test_the_end_of_the_calendar_ends_a_repetition() -> None:
    assert Repeat(every=timedelta(days=36_500)).start(START, 10**6) is None

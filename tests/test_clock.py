"""The clock: a line through an anchor."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_sma.clock import Clock, parse_instant
from mock_sma.errors import UsageError
from tests.facts import NOW


class Source:
    def __init__(self) -> None:
        self.value = 0.0

    def __call__(self) -> float:
        return self.value


@pytest.mark.slow
@settings(derandomize=True)
@given(st.lists(st.tuples(st.floats(0, 1e5), st.floats(0, 100), st.floats(0, 1e5)), max_size=8))
def test_time_is_the_sum_of_advances_and_of_real_seconds_times_rate(
    steps: list[tuple[float, float, float]],
) -> None:
    source = Source()
    clock = Clock(NOW, source=source)
    expected = clock.time()
    for real, rate, jump in steps:
        clock.set_rate(rate)
        before = clock.time()
        source.value += real
        assert clock.time() >= before
        clock.advance(jump)
        expected += real * rate + jump
    assert clock.time() == pytest.approx(expected, abs=1e-3)


def test_frozen_clock_stands_until_it_is_moved_and_runs_on_where_it_stood() -> None:
    source = Source()
    moves: list[int] = []
    clock = Clock(NOW, rate=0, source=source, on_move=lambda: moves.append(1))
    source.value = 99.0
    assert clock.isoformat() == "2025-06-15T12:00:00.000+02:00"
    clock.advance(timedelta(minutes=1), seconds=1, hours=1, days=1)
    assert clock.isoformat() == "2025-06-16T13:01:01.000+02:00"
    clock.unfreeze()
    source.value += 2.0
    assert (clock.frozen, clock.rate) == (False, 1.0)
    assert clock.isoformat() == "2025-06-16T13:01:03.000+02:00"
    clock.freeze()
    clock.set("2025-01-01T00:00:00Z")
    assert (clock.frozen, clock.now().year, len(moves)) == (True, 2025, 4)


def test_a_text_is_no_span_to_advance_by() -> None:
    with pytest.raises(UsageError, match=r"as in advance\(minutes=5\), not by '5m'"):
        Clock(NOW).advance("5m")  # type: ignore[arg-type]


@pytest.mark.parametrize("seconds", [-1.0, float("nan"), float("inf"), 1e12])
def test_impossible_advance_is_refused_and_changes_nothing(seconds: float) -> None:
    clock = Clock(NOW, rate=0)
    before = clock.time()
    with pytest.raises(UsageError):
        clock.advance(seconds)
    assert clock.time() == before


def test_instants_without_offset_and_bad_rates_are_refused() -> None:
    for text in ("2025-06-15T12:00:00", "noon"):
        with pytest.raises(UsageError, match=text):
            parse_instant(text)
    # What is advised has to be accepted itself.
    for text in ("2025-06-15", "2025-06-15T12:00"):
        with pytest.raises(UsageError) as refused:
            parse_instant(text)
        for advice in str(refused.value).partition("such as ")[2].split(" or "):
            assert parse_instant(advice).date().isoformat() == "2025-06-15"
    with pytest.raises(UsageError, match="time zone"):
        Clock(datetime(2025, 6, 15))  # noqa: DTZ001
    for rate in (-1.0, 1e9, float("nan")):
        with pytest.raises(UsageError, match="rate"):
            Clock(NOW, rate=rate)

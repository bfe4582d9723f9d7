"""What is written into a form's fields is a number or a time, or the page says that it is none."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mock_sma.api.console.fields import instant_of, number_of
from mock_sma.errors import UsageError


@pytest.mark.parametrize("text", ["", "x", "nan", "inf", "-inf", "1e999", "1,5"])
def test_what_is_no_finite_number_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is not a number"):
        number_of(text)


def test_a_whole_number_is_an_int() -> None:
    assert [repr(number_of(text)) for text in ("3", "3.0", "2.5")] == ["3", "3", "2.5"]


def test_a_time_is_read_in_the_consoles_zone_unless_it_has_an_offset() -> None:
    assert instant_of("2025-06-15T12:00") == datetime(2025, 6, 15, 10, tzinfo=UTC)
    assert instant_of("2025-06-15T12:00+00:00") == datetime(2025, 6, 15, 12, tzinfo=UTC)
    with pytest.raises(UsageError, match="not a date and time"):
        instant_of("noon")

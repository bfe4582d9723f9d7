"""Entries of the timeline that count from the start, and that happen again and again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from mock_sma.errors import ScenarioError
from mock_sma.sandbox.world.happenings.book import MAX_KEPT
from tests.facts import HOUSEHOLDER
from tests.sandbox.world.happenings.timeline import seen, world

REVOKE = {"action": "revoke", "email": HOUSEHOLDER, "client_id": "demo_api"}
ACCEPT = {**REVOKE, "action": "accept"}


def hours(timeline: list[dict[str, Any]], count: int) -> list[int]:
    """Return the hours from the start at which something of a timeline has happened."""
    sandbox = world(*timeline)
    sandbox.clock.advance(hours=count)
    return [round((item.at - sandbox.started) / 3_600) for item in sandbox.happenings]


def test_a_span_may_stand_in_the_place_of_a_time() -> None:
    assert hours([{"at": "+2h", **REVOKE}, {"at": "P1D", **ACCEPT}, {"at": "+1h30m", **ACCEPT}], 30) == [2, 2, 24]


def test_what_is_repeated_happens_each_time_however_far_the_clock_jumps() -> None:
    assert hours([{"after": "PT1H", "every": "PT3H", **REVOKE}], 11) == [1, 4, 7, 10]
    assert hours([{"after": "PT1H", "every": "PT3H", "times": 2, **REVOKE}], 11) == [1, 4]
    assert hours([{"after": "PT1H", "every": "PT3H", "until": "+7h", **REVOKE}], 11) == [1, 4, 7]


def test_a_consent_comes_and_goes_each_day() -> None:
    morning, evening = {"at": "+18h", "every": "P1D", **ACCEPT}, {"at": "+30h", "every": "P1D", "times": 2, **REVOKE}
    sandbox = world({"after": "PT1H", **REVOKE}, morning, evening)
    shown = []
    for _ in range(5):
        shown.append(bool(seen(sandbox)))
        sandbox.clock.advance(hours=12)
    assert shown == [True, False, True, False, True]
    assert [item.problem for item in sandbox.happenings] == [None] * 5


def test_a_reset_begins_a_repetition_anew() -> None:
    sandbox = world({"after": "PT1H", "every": "PT1H", **REVOKE})
    for _ in range(2):
        sandbox.clock.advance(hours=3)
        assert len(sandbox.happenings) == 3
        sandbox.reset()
    assert len(sandbox.happenings) == 0


@pytest.mark.slow
def test_years_of_minutes_pass_in_seconds() -> None:
    sandbox = world({"after": "PT1M", "every": "PT1M", "action": "clear_faults"})
    sandbox.clock.advance(timedelta(days=30))
    assert len(sandbox.happenings) == MAX_KEPT  # of 43,200


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"after": 0, "every": "PT1S"}, "timeline[0].every: has to be at least PT1M, not PT1S"),
        ({"after": 0, "until": "P1D"}, "timeline[0].until: belongs to 'every', which is missing"),
        ({"after": 0, "times": 3}, "timeline[0].times: belongs to 'every', which is missing"),
        ({"after": 0, "every": "P1D", "times": 3, "until": "P9D"}, "timeline[0].times: give until or times, not both"),
        ({"after": 0, "every": "P1D", "times": 0}, "timeline[0].times: has to be greater than or equal to 1"),
        ({"at": "-P1D"}, "timeline[0].at: time goes backwards"),
        (
            {"at": 5},
            "timeline[0].at: has to be a time like 2025-06-15T12:00:00+02:00, or a span from the world",
        ),
        ({"at": "P999999D"}, "more than 100 years from the world's start"),
        ({"at": "soon"}, "timeline[0].at: has to be a time like"),
    ],
)
def test_a_repetition_that_makes_no_sense_is_refused(entry: dict[str, Any], words: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        world({**entry, **REVOKE})
    assert words in str(caught.value)

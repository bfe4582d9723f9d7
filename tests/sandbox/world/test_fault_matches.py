"""Which requests a fault rule is about: by query and body, and from which one on, and when."""

from __future__ import annotations

from typing import Any

import pytest

from mock_sma.errors import ScenarioError
from tests.facts import OWNER
from tests.sandbox.asking import PLANTS, faulty
from tests.sandbox_helpers import ask, token


def struck(match: dict[str, Any], query: str) -> bool:
    asker = faulty({"match": match, "effect": {"status": 418}})
    return asker.get(f"{PLANTS}?{query}").status == 418


@pytest.mark.parametrize(
    ("wanted", "query", "fits"),
    [
        ({"Date": "2025-06-14"}, "Date=2025-06-14", True),
        ({"date": "2025-06-14"}, "other=1&DATE=2025-06-14", True),
        ({"Date": "2025-06-14"}, "Date=2025-06-15", False),
        ({"Date": "2025-06-14"}, "", False),
        ({"Date": "2025-06-*"}, "Date=2025-06-15", True),
        ({"Date": "*"}, "Date=", True),
        ({"WithStatus": True}, "withstatus=True", True),
        ({"Page": 2}, "page=2", True),
        ({"Date": None}, "WithStatus=true", True),
        ({"Date": None}, "Date=2025-06-14", False),
        ({"A": "1", "B": "2"}, "a=1&b=2", True),
        ({"A": "1", "B": "2"}, "a=1&b=3", False),
        ({"A": "2"}, "a=1&a=2", True),
        ({"q": "a b+c"}, "q=a%20b%2Bc", True),
    ],
)
def test_match_by_query(wanted: dict[str, Any], query: str, fits: bool) -> None:
    assert struck({"query": wanted}, query) is fits


@pytest.mark.parametrize(
    ("wanted", "fits"),
    [
        ({"loginHint": OWNER}, True),
        ({"LOGINHINT": OWNER.upper()}, True),
        ({"loginHint": "*@apiSandbox.com"}, True),
        ({"loginHint": "other@example.org"}, False),
        ({"loginHint": OWNER, "scope": "*"}, False),
        ({"loginHint": None}, False),
        ("*loginHint*", True),
        ("loginHint", False),
        ({}, True),
    ],
)
def test_match_by_a_json_body(wanted: object, fits: bool) -> None:
    asker = faulty({"match": {"body": wanted}, "effect": {"status": 418}})
    body = {"loginHint": OWNER}
    reply = ask(asker.world, "POST", "/oauth2/v2/bc-authorize", json=body, bearer=asker.token)
    assert (reply.status == 418) is fits


def test_match_by_a_form_and_its_typed_members() -> None:
    asker = faulty({"match": {"body": {"grant_type": "client_credentials", "n": 5}}, "effect": {"status": 418}})
    form = {"grant_type": "client_credentials", "client_id": "demo_api", "client_secret": "demo_secret"}
    assert token(asker.world, **form).status == 200
    assert token(asker.world, **form, n="5").status == 418
    assert asker.get().status == 200


@pytest.mark.parametrize(
    ("wanted", "body", "fits"),
    [
        ({"a": {"b": 1}}, {"a": {"b": 1, "c": 2}}, True),
        ({"a": {"b": 1}}, {"a": {"c": 2}}, False),
        ({"a": [1, 2]}, {"a": [1, 2]}, True),
        ({"a": 1}, {"a": True}, False),
        ({"a": True}, {"a": True}, True),
        ({"a": None}, {"a": None}, True),
        ({"a": 1.0}, {"a": 1}, True),
        ({"a": "x"}, [], False),
    ],
)
def test_members_are_compared_as_json(wanted: object, body: object, fits: bool) -> None:
    asker = faulty({"match": {"body": wanted}, "effect": {"status": 418}})
    assert (ask(asker.world, "POST", "/oauth2/v2/bc-authorize", json=body).status == 418) is fits


def test_after_lets_the_first_ones_pass() -> None:
    asker = faulty({"match": {"path": "/v1/plants"}, "effect": {"status": 503}, "after": 2, "times": 1})
    asker.get("/v1/other")
    assert asker.statuses(5) == [200, 200, 503, 200, 200]


def test_after_counts_what_fits_the_whole_match() -> None:
    rule = {"match": {"query": {"Date": "2025-06-14"}}, "effect": {"status": 503}, "after": 1}
    asker = faulty(rule)
    paths = [f"{PLANTS}?Date=2025-06-1{day}" for day in (4, 5, 4, 5, 4)]
    assert [asker.get(path).status for path in paths] == [200, 200, 503, 200, 503]


@pytest.mark.parametrize(
    ("schedule", "hours"),
    [
        ({"from": "+2h", "until": "PT4H"}, {2, 3}),
        ({"from": "+2h", "duration": "PT1H"}, {2}),
        ({"duration": "PT2H"}, {0, 1}),
        ({"from": "PT1H", "every": "PT3H", "duration": "PT1H"}, {1, 4, 7, 10}),
        ({"from": "PT1H", "every": "PT3H", "duration": 3600, "times": 2}, {1, 4}),
        ({"from": "PT1H", "every": "PT3H", "duration": 3600, "until": "+7h"}, {1, 4, 7}),
        ({"every": "PT6H", "duration": "PT2H"}, {0, 1, 6, 7}),
        ({"from": "-PT2H", "every": "PT6H", "duration": "PT3H"}, {0, 4, 5, 6, 10, 11}),
    ],
)
def test_schedules_count_from_the_start_and_repeat(schedule: dict[str, Any], hours: set[int]) -> None:
    asker = faulty({"effect": {"status": 418}, "schedule": schedule})
    seen = set()
    for hour in range(12):
        if asker.get().status == 418:
            seen.add(hour)
        asker.world.clock.advance(hours=1)
    assert seen == hours


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        ({"every": "PT1H"}, "schedule: 'every' needs the key 'duration'"),
        ({"every": "PT1H", "duration": "PT2H"}, "schedule.duration: is longer than every"),
        ({"every": 5, "duration": 1}, "schedule.every: has to be at least PT1M"),
        ({"every": "PT1H", "duration": 9, "until": "P1D", "times": 2}, "schedule.times: give until or times"),
        ({"times": 2}, "schedule.times: belongs to 'every'"),
        ({"until": "P1D", "duration": 9}, "schedule.duration: give until or duration"),
        ({"from": "tomorrow"}, "schedule.from: has to be a time with an offset"),
        ({"from": "P2D", "until": "P1D"}, "schedule.until: time goes backwards"),
        ({"duration": "long"}, "schedule.duration: has to be a span such as PT5M"),
    ],
)
def test_a_schedule_that_makes_no_sense_is_refused(schedule: dict[str, Any], words: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        faulty({"effect": {"status": 418}, "schedule": schedule})
    assert words in str(caught.value)

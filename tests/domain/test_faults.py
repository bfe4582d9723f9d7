"""Fault rules in the form of the control API."""

from __future__ import annotations

import pytest

from mock_sma.domain.faults import Delay, Distribution, FaultKind, FaultMatch
from mock_sma.errors import ScenarioError
from mock_sma.fault_rules.document import rule_of
from tests.facts import NOW


def complaint(document: object) -> str:
    with pytest.raises(ScenarioError) as caught:
        rule_of(document)  # type: ignore[arg-type]
    return str(caught.value)


def test_a_whole_rule_is_read() -> None:
    rule = rule_of(
        {
            "match": {"method": "get", "path": "/v1/*", "client_id": "demo_api"},
            "effect": {"status": 503, "body": {"a": 1}, "headers": {"Retry-After": 5}, "delay": 2},
            "times": 3,
            "probability": 0.5,
            "schedule": {"from": NOW, "until": "2025-06-15T13:00:00+02:00"},
        }
    )
    assert rule.match == FaultMatch(method="GET", path="/v1/*", client_id="demo_api")
    assert rule.effect.headers == (("Retry-After", "5"),)
    assert rule.effect.delay == Delay(parameters=(2.0,))
    assert (rule.times, rule.probability) == (3, 0.5)
    assert rule.schedule is not None
    assert rule.schedule.start is not None


@pytest.mark.parametrize("kind", list(FaultKind))
def test_every_fault_is_known(kind: FaultKind) -> None:
    assert rule_of({"effect": {"fault": kind.value}}).effect.fault is kind


@pytest.mark.parametrize("name", ["expire_token", "quota_exhausted", "html_504"])
def test_every_flag_is_known(name: str) -> None:
    assert getattr(rule_of({"effect": {name: True}}).effect, name) is True


@pytest.mark.parametrize(
    ("delay", "expected"),
    [
        ({"distribution": "fixed", "seconds": 1}, Delay(parameters=(1.0,))),
        (
            {"distribution": "uniform", "lower": 1, "upper": 2},
            Delay(distribution=Distribution.UNIFORM, parameters=(1.0, 2.0)),
        ),
        (
            {"distribution": "lognormal", "median": 1, "sigma": 0.5},
            Delay(distribution=Distribution.LOGNORMAL, parameters=(1.0, 0.5)),
        ),
    ],
)
def test_every_distribution_is_known(delay: dict[str, object], expected: Delay) -> None:
    assert rule_of({"effect": {"delay": delay}}).effect.delay == expected


@pytest.mark.parametrize(
    ("document", "text"),
    [
        ([], "has to be an object, not []"),
        ({}, "the key 'effect' is missing"),
        ({"effect": 5}, "effect: has to be an object, not 5"),
        ({"effect": {}}, "effect: says nothing"),
        ({"effect": {"status": True}}, "effect.status: has to be a whole number between 200 and 599"),
        ({"effect": {"fault": "conection_reset"}}, "did you mean 'connection_reset'?"),
        ({"effect": {"expire_token": "yes"}}, "effect.expire_token: has to be true or false"),
        ({"effect": {"fault": "slow_body", "html_504": True}}, "fault and html_504 exclude one another"),
        ({"effect": {"delay": 1, "body": "x"}}, "effect.body: belongs to status"),
        ({"effect": {"delay": -1}}, "effect.delay: has to be between 0 and 3600, not -1"),
        ({"effect": {"delay": "1"}}, "effect.delay: has to be an object"),
        ({"effect": {"delay": {"seconds": 1}}}, "the key 'distribution' is missing"),
        ({"effect": {"delay": {"distribution": "fixed"}}}, "the key 'seconds' of 'fixed' is missing"),
        (
            {"effect": {"delay": {"distribution": "fixed", "seconds": 1, "sigma": 1}}},
            "effect.delay.sigma: is not a parameter of 'fixed'; it has seconds",
        ),
        (
            {"effect": {"delay": {"distribution": "fixed", "seconds": "x"}}},
            "effect.delay.seconds: has to be a number, not 'x'",
        ),
        (
            {"effect": {"delay": {"distribution": "uniform", "lower": 2, "upper": 1}}},
            "effect.delay.upper: 1.0 is less than lower, 2.0",
        ),
        ({"effect": {"delay": {"distribution": "weibull"}}}, "known are fixed, lognormal, uniform"),
        ({"effect": {"status": 500, "headers": {"a": "b\r\nc"}}}, "headers.a: has to be one line of text"),
        ({"effect": {"status": 500, "headers": []}}, "effect.headers: has to be an object"),
        ({"effect": {"status": 500}, "match": []}, "match: has to be an object"),
        ({"effect": {"status": 500}, "match": {"path": ""}}, "match.path: has to be a text, not ''"),
        ({"effect": {"status": 500}, "match": {"path": "v1/plants"}}, "match.path: has to begin with '/' or '*'"),
        ({"effect": {"status": 500}, "match": {"path": "/v1/plants?x=1"}}, "match.path: is compared without the query"),
        ({"effect": {"status": 500}, "times": 0}, "times: has to be a whole number between 1"),
        ({"effect": {"status": 500}, "probability": "often"}, "probability: has to be a number"),
        ({"effect": {"status": 500}, "schedule": []}, "schedule: has to be an object"),
        ({"effect": {"status": 500}, "schedule": {"from": "2025-01-01"}}, "schedule.from: has to be a time"),
        ({"effect": {"status": 500}, "schedule": {"until": "soon"}}, "schedule.until: has to be a time"),
    ],
)
def test_a_wrong_rule_is_refused_with_its_key(document: object, text: str) -> None:
    assert text in complaint(document)


def test_the_path_of_the_whole_stands_before_each_key() -> None:
    with pytest.raises(ScenarioError, match=r"faults\[2\]\.effect: says nothing"):
        rule_of({"effect": {}}, "faults[2]")

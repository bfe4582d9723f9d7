"""Quotas and faults."""

from __future__ import annotations

from typing import Any

from tests.facts import OWNER
from tests.parity.stories import CLIENT, TOKEN, V1, Ask, Do, Script, bearer, form, get, story

PLANTS = f"{V1}/plants"


@story(quota={"requests": 3, "window": 300})
def r17_a_quota_that_fills_again() -> Script:
    token = yield from bearer(OWNER)
    for seconds in (0, 0, 0, 0, 99, 2):
        yield Do("advance", seconds)
        yield get(PLANTS, token)


@story(quota={"requests": 0}, switches={"retry_after": False})
def a_quota_of_nothing_without_retry_after() -> Script:
    token = yield from bearer(OWNER)
    yield get(PLANTS, token)


def struck(effect: dict[str, Any], times: int = 1, **more: Any) -> Script:
    """Tell what a client sees before, while and after a rule strikes."""
    token = yield from bearer(OWNER)
    yield get(PLANTS, token)
    yield Do("fault", {"match": {"path": "/v1/plants"}, "effect": effect, "times": times})
    for _ in range(times + 1):
        yield get(PLANTS, token, **more)


@story()
def a_status_in_place_of_the_answer() -> Script:
    yield from struck({"status": 503, "body": {"message": "no"}, "headers": {"retry-after": "7"}}, times=2)


@story()
def a_text_in_place_of_the_answer() -> Script:
    yield from struck({"status": 418, "body": "short and stout"})


@story()
def a_reset_connection() -> Script:
    yield from struck({"fault": "connection_reset"})


@story()
def an_empty_response() -> Script:
    yield from struck({"fault": "empty_response"})


@story()
def a_truncated_body() -> Script:
    yield from struck({"fault": "truncated_body"})


@story()
def a_wrong_content_length() -> Script:
    yield from struck({"fault": "wrong_content_length"})


@story()
def malformed_json() -> Script:
    yield from struck({"fault": "malformed_json"})


@story()
def an_answer_with_a_member_of_another_type_and_a_row_twice() -> Script:
    patch = [
        {"op": "replace", "path": "/plants/*/name", "value": 7},
        {"op": "copy", "from": "/plants/0", "path": "/plants/-"},
    ]
    yield from struck({"edit": {"headers": {"X-Edited": "1", "Content-Type": "text/json"}, "patch": patch}})


@story()
def an_answer_with_members_taken_away() -> Script:
    yield from struck({"edit": {"merge": {"plants": None, "more": [1, None]}}})


@story()
def an_expired_token() -> Script:
    yield from struck({"expire_token": True})


@story()
def a_spent_quota() -> Script:
    yield from struck({"quota_exhausted": True})


@story()
def the_gateways_504() -> Script:
    yield from struck({"html_504": True})


@story(timeouts=True)
def a_delay_that_is_too_long() -> Script:
    token = yield from bearer(OWNER)
    yield Do("fault", {"match": {"path": "/v1/plants"}, "effect": {"delay": 30}, "times": 1})
    yield get(PLANTS, token, timeout=0.1)


@story(faults=[{"match": {"method": "POST"}, "effect": {"status": 500}, "times": 1, "probability": 1.0}])
def a_fault_of_the_scenarios_own() -> Script:
    yield form(grant_type="client_credentials", **CLIENT)
    token = yield from bearer(OWNER)
    yield get(PLANTS, token)
    yield Ask("PUT", TOKEN)


@story(faults=[{"effect": {"status": 502}, "probability": 0.5}])
def a_fault_by_chance_strikes_the_same_requests() -> Script:
    for _ in range(12):
        yield get(PLANTS)

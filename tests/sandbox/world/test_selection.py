"""What can be asked of the journal, and what an assertion on it says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_sma.sandbox.paths import PathPattern
from tests.examples import examples
from tests.facts import OWNER
from tests.sandbox_helpers import BC, ask, make, tokens

DAY = "/monitoring/v1/plants/13/measurements/sets/EnergyBalance/Day?Date=2025-06-15"


def test_patterns_match_in_any_layout_without_case_and_query() -> None:
    plants = PathPattern("/v1/plants")
    for path in ("/v1/plants", "/monitoring/v1/plants", "/Monitoring/V1/Plants/"):
        assert plants.matches(path)
        assert PathPattern("/monitoring/v1/plants").matches(path)
    for path in ("/v1/plants/13", "/basicreporting/v1/plants", "/monitoringv1/plants", "/v2/plants"):
        assert not plants.matches(path)
    assert PathPattern("/v1/plants/*/measurements/*").matches("/monitoring/v1/plants/13/measurements/sets")
    assert PathPattern("*").matches("/")
    assert PathPattern("/oauth2/v2/bc-authorize/a@b.c").matches("/oauth2/v2/bc-authorize/A%40b.c")


def test_basicreporting_is_told_by_its_host() -> None:
    pattern = PathPattern("/basicreporting/v1/plants")
    assert pattern.matches("/v1/plants", "basicreporting.smaapis.de")
    assert pattern.matches("/basicreporting/v1/plants", "sandbox.smaapis.de")
    assert not PathPattern("/v1/plants").matches("/v1/plants", "basicreporting.smaapis.de")


@pytest.mark.slow
@examples(60)
@given(st.text(alphabet="/aB1.-*[](%", max_size=12), st.text(alphabet="/aB1.-", max_size=12))
def test_a_path_matches_itself_and_a_star_matches_all(tail: str, path: str) -> None:
    assert PathPattern("*").matches("/" + path)
    plain = ("/" + tail).replace("*", "").replace("%", "")
    assert PathPattern(plain).matches(plain)
    assert PathPattern(f"{plain}*").matches(plain + path) or plain.endswith("/")


def test_exchanges_are_chosen_by_method_path_status_and_client() -> None:
    world = make()
    bearer = tokens(world)["access_token"]
    ask(world, "GET", "/monitoring/v1/plants", bearer=bearer)
    ask(world, "GET", "/v1/plants", bearer="nonsense")
    chosen = world.requests.of("get", "/v1/plants")
    assert chosen.statuses == [200, 401]
    assert len(chosen.of(status=401)) == len(chosen.of(client_id="demo_api")) == 1
    assert chosen[0] is world.requests[1]
    assert list(chosen[1:]) == [world.requests[2]]
    assert repr(chosen) == "<2 requests: GET /monitoring/v1/plants, GET /v1/plants>"
    assert len(world.requests.where(lambda entry: entry.client_id is None)) == 1


def test_bodies_are_parsed_and_free_of_secrets() -> None:
    world = make()
    bearer = tokens(world)["access_token"]
    ask(world, "POST", BC, json={"loginHint": OWNER}, bearer=bearer)
    ask(world, "GET", "/v1/plants?Filter=x%20y", bearer=bearer)
    token, consent, plants = world.requests
    assert token.sent == {"grant_type": "client_credentials", "client_id": "demo_api", "client_secret": "***"}
    assert token.json["token_type"] == "Bearer"
    assert token.json["access_token"] == "***"
    assert consent.sent == {"loginHint": OWNER}
    assert consent.json["state"] == "Pending"
    assert (plants.sent, plants.params, plants.json) == (None, {"Filter": "x y"}, {"plants": []})
    ask(world, "POST", "/oauth2/logout", form={"client_id": "no"})
    ask(world, "GET", "/monitoring/v1/nothing/here")
    assert world.requests.of(path="*nothing*")[0].params == {}


def test_counts_and_order_are_asserted() -> None:
    world = make()
    bearer = tokens(world)["access_token"]
    for _ in range(3):
        ask(world, "GET", "/v1/plants", bearer=bearer)
    requests = world.requests
    requests.assert_count(4)
    requests.of("GET").assert_count(at_least=2, at_most=3)
    requests.assert_order("POST /oauth2/token", "GET /v1/plants", "get /v1/*")
    with pytest.raises(AssertionError, match=r"expected exactly 1 requests, there were 3\n  GET /v1/plants 200"):
        requests.of("GET").assert_count(1)
    with pytest.raises(AssertionError, match="expected at least 4 and at most 5 requests, there were 3"):
        requests.of("GET").assert_count(at_least=4, at_most=5)
    with pytest.raises(AssertionError, match="'POST /oauth2/token' was not asked, or not after"):
        requests.assert_order("GET /v1/plants", "POST /oauth2/token")


def test_spacing_is_measured_on_the_emulated_clock() -> None:
    world = make()
    for seconds in (0, 300, 299):
        world.clock.advance(seconds=seconds)
        ask(world, "GET", "/v1/plants")
    assert world.requests.intervals == [300.0, 299.0]
    world.requests.assert_spacing(299)
    world.requests[:2].assert_spacing(300)
    with pytest.raises(AssertionError, match="expected at least 300 s between requests, found 299 s"):
        world.requests.assert_spacing(300)
    world.requests.of("POST").assert_spacing(300)


def test_r25_asking_again_before_newer_data_are_there_is_found_out() -> None:
    world = make()
    world.consents.accept(OWNER)
    bearer = tokens(world)["access_token"]
    for minutes in (0, 16, 1, 15, 0):
        world.clock.advance(minutes=minutes)
        ask(world, "GET", "/v1/plants", bearer=bearer)
        bearer = tokens(world)["access_token"]
        ask(world, "GET", DAY, bearer=bearer)
    polls = world.requests.of("GET", "/v1/plants/*/measurements/*")
    assert list(polls.wasted()) == [polls[2], polls[4]]
    with pytest.raises(AssertionError, match=r"2 of 5 requests asked for measurements again .*R25"):
        polls.assert_no_waste()
    polls[:2].assert_no_waste()
    world.requests.of("POST").assert_no_waste()


def test_r25_another_question_is_no_waste() -> None:
    world = make()
    world.consents.accept(OWNER)
    bearer = tokens(world)["access_token"]
    ask(world, "GET", DAY, bearer=bearer)
    ask(world, "GET", DAY + "&WithTotal=true", bearer=bearer)
    ask(world, "GET", DAY.replace("/13/", "/24/"), bearer=bearer)
    world.requests.assert_no_waste()

"""Tokens: refreshed before they expire, and asked for anew where a refresh is refused."""

import pytest

pytestmark = pytest.mark.sma(consent="accepted")


def grants(sandbox):
    return [entry.sent["grant_type"] for entry in sandbox.requests.of("POST", "/oauth2/token")]


def test_a_token_is_refreshed_before_it_expires(reader, sma_mock):
    for minutes in (0, 3, 3, 3):
        sma_mock.sandbox.clock.advance(minutes=minutes)
        assert len(reader.plants()) == 9
    assert grants(sma_mock.sandbox) == ["client_credentials", "refresh_token"]
    sma_mock.sandbox.requests.of(status=401).assert_count(0)


def test_after_a_night_without_a_request_the_reader_logs_in_anew(reader, sma_mock):
    reader.plants()
    sma_mock.sandbox.clock.advance(hours=9)
    assert len(reader.plants()) == 9
    assert grants(sma_mock.sandbox) == ["client_credentials", "refresh_token", "client_credentials"]


def test_a_token_that_is_refused_early_is_replaced(reader, sma_mock):
    reader.plants()
    sma_mock.sandbox.faults.add({"match": {"path": "/v1/plants"}, "effect": {"expire_token": True}, "times": 1})
    assert len(reader.plants()) == 9
    assert sma_mock.sandbox.requests.of("GET", "/v1/plants").statuses == [200, 401, 200]
    assert "expired" in sma_mock.sandbox.requests.of(status=401)[0].why

"""The code flow by the helpers of mock_sma.testing, as often as a test likes (R15, R16)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from mock_sma.errors import UsageError
from mock_sma.testing import code_flow_token, owner_answers
from mock_sma.testing.code_flow import DeclinedError
from tests.facts import LOGIN, OWNER

if TYPE_CHECKING:
    from mock_sma.testing import SmaHosts, SmaMock, SmaServer

PLANTS = "https://sandbox.smaapis.de/monitoring/v1/plants"
CALLBACK = "http://localhost:8000/callback"
ASK = {"client_id": "demo_app", "response_type": "code", "redirect_uri": CALLBACK}


def seen(url: str, tokens: dict[str, str]) -> int:
    answer = httpx.get(url, headers={"Authorization": f"Bearer {tokens['access_token']}"})
    return len(answer.json()["plants"])


@pytest.mark.slow
def test_r15_the_owner_permits_and_the_second_time_no_consent_screen_comes(sma_mock: SmaMock) -> None:
    for _ in range(2):
        assert seen(PLANTS, code_flow_token(sma_mock)) == 9


@pytest.mark.slow
def test_r15_the_same_over_a_socket(sma_server: SmaServer) -> None:
    for _ in range(2):
        tokens = code_flow_token(
            sma_server, email=OWNER.upper(), client_id=None, redirect_uri="http://localhost:9/callback"
        )
        assert seen(f"{sma_server.url}/monitoring/v1/plants", tokens) == 9


@pytest.mark.slow
def test_r15_the_same_under_smas_own_names(sma_hosts: SmaHosts) -> None:
    for _ in range(2):
        assert seen(PLANTS, code_flow_token(sma_hosts)) == 9


def test_r16_a_declined_request_gives_no_token(sma_mock: SmaMock) -> None:
    with pytest.raises(DeclinedError, match="did not give consent: access_denied"):
        code_flow_token(sma_mock, decision="decline")


@pytest.mark.slow
def test_one_browser_for_several_applications(sma_mock: SmaMock) -> None:
    url = httpx.URL("https://sandbox-auth.smaapis.de/oauth2/auth", params=ASK)
    with httpx.Client() as browser:
        places = [
            owner_answers(url, email=LOGIN["username"], password=LOGIN["password"], http=browser) for _ in range(2)
        ]
    assert all(place.params["code"] and str(place).startswith(CALLBACK) for place in places)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"client_id": "nobody"}, "no client 'nobody'; this world has demo_api, demo_app"),
        ({"email": "x@y.z"}, "this world has no user 'x@y.z'"),
        ({"redirect_uri": "https://evil.test/"}, r"the owner could not get past /oauth2/auth \(400\): "),
    ],
)
def test_a_mistake_is_told_in_words(sma_mock: SmaMock, more: dict[str, str], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        code_flow_token(sma_mock, **more)


def test_a_wrong_password_is_told_in_words(sma_mock: SmaMock) -> None:
    url = httpx.URL("https://sandbox-auth.smaapis.de/oauth2/auth", params=ASK)
    with pytest.raises(UsageError, match="the owner could not get past"):
        owner_answers(url, email=OWNER, password="no")


@pytest.mark.sma(scenario={"version": 1, "clients": [], "users": []})
def test_a_world_without_an_application_says_what_to_add(sma_mock: SmaMock) -> None:
    with pytest.raises(UsageError, match="add one with flow: code"):
        code_flow_token(sma_mock)

"""Requests of the code flow with mistakes: a page says so, or the application is told."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from mock_sma.domain.people import Flow
from tests.domain.test_redirect import TRICKS
from tests.page_helpers import CALLBACK, Visitor, answered, authorize_path
from tests.pages.flow import with_clients
from tests.sandbox_helpers import make


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"client_id": ""}, "Missing parameter: client_id"),
        ({"client_id": "nobody"}, "Client not found."),
        ({"redirect_uri": ""}, "Invalid parameter: redirect_uri"),
        ({"redirect_uri": "http://localhost:8000/other"}, "Invalid parameter: redirect_uri"),
        ({"client_id": "demo_api"}, "Invalid parameter: redirect_uri"),
    ],
)
def test_unknown_client_or_redirect_uri_is_a_page_never_a_redirect(parameters: dict[str, str], message: str) -> None:
    visitor = Visitor(make())
    reply = visitor.go(authorize_path(**parameters, ui_locales="en"))
    assert (reply.status, reply.header(b"location")) == (400, None)
    assert message in visitor.page


@pytest.mark.parametrize("second", ["http://localhost:8000/callback", "http://localhost:8000/other", ""])
@pytest.mark.parametrize("name", ["redirect_uri", "Redirect_URI"])
def test_two_redirect_uris_are_a_page_and_lead_nowhere(second: str, name: str) -> None:
    visitor = Visitor(make())
    reply = visitor.go(f"{authorize_path(ui_locales='en')}&{name}={quote(second, safe='')}")
    assert (reply.status, reply.header(b"location")) == (400, None)
    assert "Invalid parameter: redirect_uri" in visitor.page


def test_error_page_says_what_would_be_right() -> None:
    visitor = Visitor(make())
    visitor.go(authorize_path(redirect_uri="http://localhost:8000/<b>"))
    assert "&lt;b&gt;" in visitor.page
    assert "&#39;demo_app&#39; has http://localhost:8000/callback" in visitor.page
    visitor.go(authorize_path(client_id="nobody"))
    assert "client_id=nobody&amp;redirect_uri=" in visitor.page
    assert "this world has demo_api, demo_app" in visitor.page


@pytest.mark.slow
def test_redirect_tricks_are_never_redirected_to() -> None:
    visitor = Visitor(with_clients(redirect_uris=("https://app.example.org/callback", CALLBACK)))
    for name, uri in TRICKS.items():
        query = f"client_id=demo_app&response_type=code&redirect_uri={quote(uri)}&prompt=none"
        reply = visitor.send("GET", f"/oauth2/auth?{query}")
        assert (reply.status, reply.header(b"location")) == (400, None), name


@pytest.mark.parametrize(
    ("parameters", "error", "description"),
    [
        ({"response_type": ""}, "invalid_request", "Missing parameter: response_type"),
        ({"response_type": "token"}, "unsupported_response_type", None),
        ({"response_type": "code id_token"}, "unsupported_response_type", None),
        ({"scope": "monitoringApi:read other"}, "invalid_scope", "Invalid scopes: monitoringApi:read other"),
        ({"response_mode": "fragment"}, "invalid_request", "Invalid parameter: response_mode"),
        ({"code_challenge_method": "S256"}, "invalid_request", "Missing parameter: code_challenge"),
        ({"code_challenge": "short"}, "invalid_request", "Invalid parameter: code_challenge"),
        (
            {"code_challenge": "x" * 43, "code_challenge_method": "S1"},
            "invalid_request",
            "Invalid parameter: code_challenge_method",
        ),
        ({"prompt": "none"}, "login_required", None),
    ],
)
def test_other_mistakes_are_told_to_the_application(
    parameters: dict[str, str], error: str, description: str | None
) -> None:
    answer = answered(Visitor(make()).go(authorize_path(**parameters)))
    expected = {"error": error} | ({"error_description": description} if description else {}) | {"state": "xyz"}
    assert answer == expected


def test_client_without_the_code_flow_is_told_so() -> None:
    answer = answered(Visitor(with_clients(flow=Flow.CUSTOM)).go(authorize_path()))
    assert answer["error"] == "unauthorized_client"
    assert "Standard flow is disabled" in answer["error_description"]


def test_repeated_parameter_is_told_to_the_application() -> None:
    answer = answered(Visitor(make()).go(authorize_path() + "&scope=a&scope=a"))
    assert answer["error_description"] == "duplicated parameter"

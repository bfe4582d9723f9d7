"""What the shipped scenarios say about consent holds through the vendor API."""

from __future__ import annotations

from urllib.parse import urlencode

import orjson
import pytest

from mock_sma import Sandbox, load_scenario
from mock_sma.sandbox.exchange import Request

NOW = "2025-06-15T12:00:00+02:00"
PATH = "/oauth2/v2/bc-authorize"


class Caller:
    """A client of the custom flow with its token."""

    def __init__(self, name: str) -> None:
        self.sandbox = Sandbox(load_scenario(name), now=NOW)
        form = {"grant_type": "client_credentials", "client_id": "demo_api", "client_secret": "demo_secret"}
        reply = self.send("POST", "/oauth2/token", urlencode(form).encode(), b"application/x-www-form-urlencoded")
        self.token = orjson.loads(reply[1])["access_token"]

    def send(self, method: str, path: str, body: bytes = b"", kind: bytes = b"application/json") -> tuple[int, bytes]:
        headers = {b"content-type": kind, b"host": b"localhost"}
        if hasattr(self, "token"):
            headers[b"authorization"] = b"Bearer " + self.token.encode()
        reply = self.sandbox.handle(Request(method, path, headers=headers, body=body, host="localhost"))
        return reply.status, reply.body

    def ask(self, email: str) -> str:
        """Ask for consent and return the state."""
        status, body = self.send("POST", PATH, orjson.dumps({"loginHint": email}))
        assert status == 201
        return str(orjson.loads(body)["state"])

    def state(self, email: str) -> str:
        status, body = self.send("GET", f"{PATH}/{email}")
        assert status == 200
        return str(orjson.loads(body)["state"])


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("pending-consent", "Pending"),
        ("rejected-consent", "Rejected"),
        ("expired-request", "Expired"),
        ("revoked-consent", "Revoked"),
        ("ennexos", "Accepted"),
        ("classic", "Accepted"),
    ],
)
def test_a_consent_is_in_the_state_of_its_scenario(name: str, state: str) -> None:
    assert Caller(name).state("owner@example.org") == state


@pytest.mark.parametrize("name", ["rejected-consent", "expired-request", "revoked-consent", "no-consent"])
def test_a_new_request_may_be_made(name: str) -> None:
    caller = Caller(name)
    assert caller.ask("owner@example.org") == "Pending"
    assert len(list(caller.sandbox.mailbox)) == 1


def test_r04_an_unregistered_owner_gets_no_mail_and_the_request_stays_pending() -> None:
    caller = Caller("unregistered-owner")
    assert caller.ask("invited@example.org") == "Pending"
    assert list(caller.sandbox.mailbox) == []
    caller.sandbox.clock.advance(days=6)
    assert caller.sandbox.consents.latest("demo_api", "invited@example.org").state.value == "Pending"


def test_r09_a_new_plant_opens_a_new_request_beside_the_accepted_one() -> None:
    caller = Caller("new-plant-after-consent")
    assert caller.state("owner@example.org") == "Accepted"
    assert caller.ask("owner@example.org") == "Pending"


def test_r03_each_of_two_owners_has_a_consent_of_their_own() -> None:
    caller = Caller("two-owners")
    assert caller.state("olivia@example.org") == "Accepted"
    assert caller.ask("otto@example.org") == "Pending"


def test_r06_the_delegate_has_consented() -> None:
    assert Caller("delegate-owner").state("installer@example.org") == "Accepted"

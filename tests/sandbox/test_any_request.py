"""Whatever is asked, the world answers: no exception, no 500, and JSON errors of the one form."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_sma.sandbox.exchange import Request
from mock_sma.sandbox.hosts import SMA_HOSTS
from tests.examples import examples
from tests.facts import OWNER
from tests.sandbox_helpers import make, tokens

if TYPE_CHECKING:
    from mock_sma.sandbox.sandbox import Sandbox

WORDS = (
    "v1",
    "v2",
    "plants",
    "devices",
    "13",
    "16",
    "lean",
    "status",
    "logs",
    "measurements",
    "sets",
    "Day",
    "Week",
    "Year",
)
WORDS += (
    "monitoring",
    "basicreporting",
    "EnergyBalance",
    "PvGeneration",
    "oauth2",
    "bc-authorize",
    "index.html",
    "..",
    "",
)
NAMES = ("Date", "From", "To", "Level", "Filter", "WithTotal", "WithStatus", "ReturnEnergyValues", "grant_type")
VALUES = ("2025-06-14", "2025-06", "9999-12-31", "0001-01-01", "true", "TRUE", "Info", "%zz", "%00", "+", "2025-02-30")
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="?#/"), max_size=8)
PATHS = st.lists(st.one_of(st.sampled_from(WORDS), TEXT), max_size=9).map(lambda parts: "/" + "/".join(parts))
PAIRS = st.tuples(st.one_of(st.sampled_from(NAMES), TEXT), st.one_of(st.sampled_from(VALUES), TEXT))
QUERIES = st.lists(PAIRS, max_size=4).map(lambda pairs: "&".join(f"{name}={value}" for name, value in pairs))


@pytest.fixture(scope="module")
def world() -> Sandbox:
    made = make()
    made.consents.accept(OWNER, "demo_api")
    return made


@pytest.fixture(scope="module")
def token(world: Sandbox) -> str:
    return str(tokens(world)["access_token"])


@pytest.mark.slow
@given(
    method=st.sampled_from(["GET", "GET", "GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "BREW"]),
    path=PATHS,
    query=QUERIES,
    host=st.sampled_from(["", "127.0.0.1", *SMA_HOSTS]),
    body=st.binary(max_size=40),
)
@examples(100)
def test_every_request_gets_an_answer_of_a_known_form(
    world: Sandbox, token: str, method: str, path: str, query: str, host: str, body: bytes
) -> None:
    headers = {b"authorization": b"Bearer " + token.encode(), b"content-type": b"application/json"}
    reply = world.handle(Request(method, path, query, headers, body, host))
    assert reply.status < 500 or reply.status in (501, 504)
    if reply.status >= 400 and reply.body and (reply.header(b"content-type") or b"").startswith(b"application/json"):
        found = json.loads(reply.body)
        assert list(found) in (["message", "code"], ["error"], ["error", "error_description"])
    assert re.fullmatch(rb"[0-9a-f]{16}", reply.header(b"x-mock-sma-request-id") or b"")


BYTES = st.one_of(st.binary(max_size=40), st.text(max_size=20).map(str.encode))
HEADERS = st.dictionaries(
    st.sampled_from(
        [b"authorization", b"origin", b"cookie", b"host", b"accept-language", b"user-agent", b"content-type"]
    ),
    st.one_of(
        BYTES,
        BYTES.map(lambda text: b"Basic " + text),
        BYTES.map(lambda text: b"Bearer " + text),
        BYTES.map(lambda text: b"http://[" + text),
        st.sampled_from([b"Basic \xff", b"Basic Og==", b"http://[x", b"mock_sma_session=\xff; ;", b"de;q=x"]),
    ),
)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/oauth2/token"),
        ("POST", "/oauth2/logout"),
        ("GET", "/oauth2/auth"),
        ("POST", "/oauth2/auth/login"),
        ("POST", "/portal/login"),
        ("GET", "/portal/mailbox"),
        ("POST", "/oauth2/v2/bc-authorize"),
        ("GET", "/v1/plants/13/logs"),
    ],
)
@given(headers=HEADERS, body=BYTES)
@examples(40)
def test_any_header_is_answered(
    world: Sandbox, method: str, path: str, headers: dict[bytes, bytes], body: bytes
) -> None:
    form = {b"content-type": b"application/x-www-form-urlencoded"}
    reply = world.handle(Request(method, path, "client_id=demo_app", form | headers, body))
    assert 200 <= reply.status < 500
    assert str(world.requests[-1].why)


def test_basic_credentials_that_are_no_text_are_none(world: Sandbox) -> None:
    for value in (b"Basic \xff", b"Basic /////w==", b"Basic a"):
        reply = world.handle(
            Request("POST", "/oauth2/token", "grant_type=client_credentials", {b"authorization": value})
        )
        assert (reply.status, json.loads(reply.body)["error"]) == (400, "invalid_client")

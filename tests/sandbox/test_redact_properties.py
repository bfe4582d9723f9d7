"""Whatever a request holds and however it is sent, no secret of it enters the journal."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, urlencode

from hypothesis import given, settings
from hypothesis import strategies as st

from mock_sma.sandbox.exchange import Request
from mock_sma.sandbox.redact import SECRET_NAMES
from tests.sandbox_helpers import make, tokens

WORLD = make()
SECRET = "Zq7hushhush"
JWT = tokens(make(name="other"))["access_token"]
NAMES = st.sampled_from(sorted(SECRET_NAMES)).map(lambda name: name.upper() if len(name) % 2 else name)
KINDS = st.sampled_from(
    ["application/x-www-form-urlencoded", "application/json", "text/plain", "", "multipart/form-data; boundary=b"]
)
PATHS = st.sampled_from(["/oauth2/token", "/v1/plants", "/oauth2/v2/bc-authorize", "/portal/login"])


def form(name: str) -> bytes:
    return urlencode({"a": "1", name: SECRET, "b": "ä"}).encode()


def encoded(name: str) -> bytes:
    return f"a=1&{quote(name).replace('o', '%6F')}={SECRET}".encode()


def document(name: str) -> bytes:
    return json.dumps({"a": [{name: SECRET}], "b": {name: {"deep": SECRET}}}).encode()


def spaced(name: str) -> bytes:
    return b'{ "%s"\n :\t"%s", broken' % (name.encode(), SECRET.encode())


def escaped(name: str) -> bytes:
    return json.dumps({name: SECRET}).replace("o", "\\u006f").encode()


def part(name: str) -> bytes:
    return f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{SECRET}\r\n--b--'.encode()


def wide(name: str) -> bytes:
    return json.dumps({name: SECRET}).encode("utf-16")


BODIES = st.sampled_from([form, encoded, document, spaced, escaped, part, wide])


def everything(entry: Any) -> str:
    steps = [step.as_dict() for step in entry.why.steps]
    facts = (entry.path, entry.query, entry.request_body, entry.response_body, entry.headers, entry.user_agent)
    return repr((facts, entry.sent, entry.params, str(entry.why), steps))


@settings(max_examples=80, derandomize=True, deadline=None)
@given(NAMES, BODIES, KINDS, PATHS, st.sampled_from(["POST", "PUT", "GET"]))
def test_no_secret_of_a_body_or_query_enters_the_journal(
    name: str, body: Any, kind: str, path: str, method: str
) -> None:
    headers = {b"content-type": kind.encode(), b"user-agent": f"app {JWT}".encode()}
    query = f"{name}={SECRET}&x={JWT}&{quote(name).replace('e', '%65')}={SECRET}"
    WORLD.handle(Request(method, f"{path}/{JWT}", query, headers, body(name)))
    text = everything(WORLD.requests[-1])
    assert SECRET not in text
    assert SECRET.encode("utf-16-le").decode("latin-1") not in text
    assert JWT not in text


@settings(max_examples=40, derandomize=True, deadline=None)
@given(st.binary(max_size=200), st.binary(max_size=60))
def test_any_bytes_can_be_taken_down(body: bytes, query: bytes) -> None:
    WORLD.handle(Request("POST", "/oauth2/token", query.decode("latin-1"), {b"content-type": b"x"}, body))
    assert everything(WORLD.requests[-1])


def test_deep_json_is_masked_and_harmless_json_stays_as_it_was() -> None:
    deep = b"[" * 60 + b"]" * 60
    WORLD.handle(Request("POST", "/nothing", "", {}, deep))
    assert b"***" in WORLD.requests[-1].request_body
    odd = b'{"loginHint" : "a@b" , "n": 1.0}'
    WORLD.handle(Request("POST", "/nothing", "", {}, odd))
    assert WORLD.requests[-1].request_body == odd

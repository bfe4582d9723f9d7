"""Whatever a request holds and however it is sent, no secret of it enters the journal."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_sma.api.har import har_of
from mock_sma.capsule import capsule_of
from mock_sma.sandbox.exchange import Request
from tests.examples import examples
from tests.sandbox_helpers import make, tokens

WORLD = make()
SECRET = "Zq7hushhush"
JWT = tokens(make(name="other"))["access_token"]
SPELT = [
    "access_token", "accessToken", "api_key", "apiKey", "api-key", "assertion", "client_assertion", "clientSecret",
    "client-secret", "client_secret", "client_secret[]", "client.secret", "CLIENT_SECRET", "code", "code_verifier",
    "id_token_hint", "newPassword", "pass", "passwd", "password", "pwd", "refresh_token", "refreshToken", "secret",
    "subject_token", "token", "x-api-key",
]  # fmt: skip
NAMES = st.sampled_from(SPELT)
KINDS = st.sampled_from(
    ["application/x-www-form-urlencoded", "application/json", "text/plain", "", "multipart/form-data; boundary=b"]
)
PATHS = st.sampled_from(["/oauth2/token", "/v1/plants", "/oauth2/v2/bc-authorize", "/portal/login", "/no/such"])


def form(name: str) -> bytes:
    return urlencode({"a": "1", name: SECRET, "b": "ä"}).encode()


def encoded(name: str) -> bytes:
    return f"a=1&{quote(name).replace('o', '%6F')}={SECRET}".encode()


def twice_encoded(name: str) -> bytes:
    return f"a={quote(quote(f'{name}={SECRET}', safe=''), safe='')}".encode()


def semicolons(name: str) -> bytes:
    return f"a=b;{name}={SECRET}".encode()


def lines(name: str) -> bytes:
    return f"grant_type: x\n{name}: {SECRET}\n".encode()


def xml(name: str) -> bytes:
    tag = "".join(letter for letter in name if letter.isalnum() or letter in "-_.")
    return f"<form><a>1</a><{tag}>{SECRET}</{tag}></form>".encode()


def document(name: str) -> bytes:
    return json.dumps({"a": [{name: SECRET}], "b": {name: {"deep": SECRET}}}).encode()


def document_in_text(name: str) -> bytes:
    return json.dumps({"a": json.dumps({name: SECRET}), "b": f"{name}={SECRET}"}).encode()


def broken_document(name: str) -> bytes:
    return b'{ "%s"\n :\t"%s", broken' % (name.encode(), SECRET.encode())


def escaped(name: str) -> bytes:
    return json.dumps({name: SECRET}).replace("o", "\\u006f").encode()


def part(name: str) -> bytes:
    return f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{SECRET}\r\n--b--'.encode()


def wide(name: str) -> bytes:
    return json.dumps({name: SECRET}).encode("utf-16")


READABLE = [form, encoded, twice_encoded, document, document_in_text, escaped]
BROKEN = [semicolons, lines, xml, broken_document, part, wide]
BODIES = st.sampled_from([*READABLE, *BROKEN])


def dotted(token: str) -> str:
    return token.replace(".", "%2E")


def fully(token: str) -> str:
    return "".join(f"%{byte:02x}" for byte in token.encode())


def based(token: str) -> str:
    return b64encode(token.encode()).decode()


TOKENS = st.sampled_from([JWT, dotted(JWT), quote(dotted(JWT)), fully(JWT), based(JWT), JWT.replace(".", "&#46;")])


def everything(entry: Any) -> str:
    steps = [step.as_dict() for step in entry.why.steps]
    facts = (entry.path, entry.query, entry.request_body, entry.response_body, entry.headers, entry.user_agent)
    return repr((facts, entry.sent, entry.params, str(entry.why), steps, entry.origin, har_of([entry])))


def decoded_parts() -> list[str]:
    return JWT.split(".")[1:]


@pytest.mark.slow
@examples(150)
@given(NAMES, BODIES, KINDS, PATHS, st.sampled_from(["POST", "PUT", "GET"]), TOKENS)
def test_no_secret_of_a_body_or_query_enters_the_journal(
    name: str, body: Any, kind: str, path: str, method: str, sent: str
) -> None:
    headers = {b"content-type": kind.encode(), b"user-agent": f"app {sent}".encode()}
    query = f"{name}={SECRET}&x={sent}&{quote(name).replace('e', '%65')}={SECRET}&y=1;{name}={SECRET}"
    WORLD.handle(Request(method, f"{path}/{sent}/{quote(name)}={SECRET}", query, headers, body(name)))
    text = everything(WORLD.requests[-1])
    assert SECRET not in text
    assert SECRET.encode("utf-16-le").decode("latin-1") not in text
    # The head of a token is the same for all; what is behind it is its holder's.
    assert not any(item in text or fully(item) in text or based(item)[8:-8] in text for item in decoded_parts())
    assert based(JWT) not in text


@pytest.mark.slow
@examples(60)
@given(NAMES, BODIES)
def test_a_body_that_is_neither_form_nor_json_is_struck_out_where_credentials_are_sent(name: str, body: Any) -> None:
    WORLD.handle(Request("POST", "/oauth2/token", "", {}, b"<" + body(name)))
    assert SECRET not in everything(WORLD.requests[-1])


@pytest.mark.parametrize("body", [b"<a>hush</a>", b"hush", b"a=b;c=hush:x", b"[hush"])
def test_what_cannot_be_read_at_the_token_endpoint_is_not_kept(body: bytes) -> None:
    WORLD.handle(Request("POST", "/oauth2/token", "", {}, body))
    kept = WORLD.requests[-1].request_body
    assert kept == b"*** (%d bytes that may hold a secret)" % len(body) or b"=" in body


def test_no_secret_enters_a_capsule() -> None:
    world = make(name="capsule")
    for name in SPELT:
        world.handle(Request("POST", "/oauth2/token", f"{name}={SECRET}", {}, semicolons(name)))
    assert SECRET not in capsule_of(world).model_dump_json()


@examples(40)
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


@pytest.mark.parametrize(
    "query",
    [
        "Date=2025-06-15&WithTotal=true",
        "response_type=code&client_id=demo_app&redirect_uri=http%3A%2F%2Fauth.local%3A8000%2Fcb&scope=monitoringApi%3Aread",
        "code_challenge=abc&code_challenge_method=S256&token_type=bearer&state=x",
    ],
)
def test_what_is_no_secret_can_be_read(query: str) -> None:
    WORLD.handle(Request("GET", "/v1/plants", query))
    assert WORLD.requests[-1].query == query

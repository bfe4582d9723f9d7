"""Secrets never enter the journal."""

from __future__ import annotations

import pytest

from mock_sma.sandbox import secrets
from mock_sma.sandbox.exchange import Request
from mock_sma.sandbox.redact import redacted_answer, redacted_body, redacted_query
from tests.sandbox_helpers import ask, make, tokens


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (b"application/x-www-form-urlencoded", b"a=1&client_secret=hush"),
        (b"application/x-www-form-urlencoded", b"CLIENT%5Fsecret=hush&b=2"),
        (b"application/json", b'{"client_secret" : "hush", "b": 2}'),
        (b"application/json", b'{"Password":"a\\"hush"}'),
        (b"text/plain", b"grant_type=x&refresh_token=hush"),
        (b"", b"code=hush"),
    ],
)
def test_secret_is_masked_in_every_kind_of_body(kind: bytes, body: bytes) -> None:
    masked = redacted_body(Request("POST", "/oauth2/token", headers={b"content-type": kind}, body=body))
    assert b"hush" not in masked
    assert b"***" in masked


def test_what_is_no_secret_stays_as_it_was() -> None:
    assert redacted_query("a=%20b&c") == "a=%20b&c"
    assert redacted_query("") == ""
    assert redacted_body(Request("POST", "/", body=b"")) == b""
    assert redacted_body(Request("POST", "/", body=b'{"loginHint":"a@b"}')) == b'{"loginHint":"a@b"}'
    assert redacted_answer(b'{"expires_in":300}') == b'{"expires_in":300}'


def test_what_is_looked_at_once_is_forgotten_over_the_bound_and_holds_no_secret(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("mock_sma.sandbox.redact.MAX_HARMLESS", 3)
    for _ in range(2):
        for number in range(5):
            assert redacted_query(f"Date={number}") == f"Date={number}"
            assert redacted_query(f"client_secret=hush{number}") == "client_secret=***"
    (harmless,) = (
        cell.cell_contents for cell in redacted_query.__closure__ or () if isinstance(cell.cell_contents, set)
    )
    assert 0 < len(harmless) <= 3
    assert "hush" not in "".join(harmless)


def test_no_token_and_no_secret_stands_in_the_journal_of_a_session() -> None:
    world = make()
    given = tokens(world)
    ask(world, "POST", "/oauth2/token?client_secret=demo_secret&client_id=demo_api")
    ask(world, "GET", "/oauth2/v2/bc-authorize/x?access_token=" + given["access_token"])
    ask(world, "POST", "/oauth2/token", json={"client_secret": "demo_secret"})
    for entry in world.requests:
        text = repr((entry.query, entry.request_body, entry.response_body, entry.headers, str(entry.why)))
        assert "demo_secret" not in text
        assert given["access_token"] not in text
        assert given["refresh_token"] not in text


BODIES = {
    "form": ("{name}=S3CR3T&a=b", b"application/x-www-form-urlencoded"),
    "broken form": ("a=b;{name}=S3CR3T", b"application/x-www-form-urlencoded"),
    "JSON": ('{{"a":[{{"{name}":"S3CR3T"}}]}}', b"application/json"),
    "broken JSON": ('{{"{name}":"S3CR3T"', b"application/json"),
    "XML": ("<r><{name}>S3CR3T</{name}></r>", b"application/xml"),
}


@pytest.mark.parametrize("name", sorted({*secrets._WORDS, *secrets._WHOLE}))
def test_a_secret_is_known_by_every_name_that_counts_as_one_in_every_place(name: str) -> None:
    for spelt in (name, name.upper(), f"{name}[]"):
        assert "S3CR3T" not in redacted_query(f"{spelt}=S3CR3T"), spelt
        for kind, (form, media) in BODIES.items():
            body = form.format(name=spelt).encode()
            sent = Request("POST", "/v1/plants", headers={b"content-type": media}, body=body)
            assert b"S3CR3T" not in redacted_body(sent), (spelt, kind)

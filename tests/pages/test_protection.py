"""Pages protect their visitor: CSRF, cookie, headers, language, and nothing secret in the journal."""

from __future__ import annotations

import re

import pytest

from mock_sma.pages.words import WORDS
from tests.facts import LOGIN
from tests.page_helpers import Visitor, answered, authorize_path
from tests.sandbox_helpers import make

PAGES = ("/portal/login", "/portal/mailbox", authorize_path(), authorize_path(client_id="nobody"))


@pytest.mark.parametrize("path", PAGES)
def test_every_page_carries_the_protecting_headers(path: str) -> None:
    reply = Visitor(make()).go(path)
    policy = (reply.header(b"content-security-policy") or b"").decode()
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert policy.endswith("base-uri 'none'; frame-ancestors 'none'")
    assert reply.header(b"x-frame-options") == b"DENY"
    assert reply.header(b"x-content-type-options") == b"nosniff"
    assert reply.header(b"cache-control") == b"no-store"
    assert reply.header(b"referrer-policy") == b"same-origin"
    assert (reply.header(b"set-cookie") or b"").endswith(b"; Path=/; HttpOnly; SameSite=Lax")


def test_form_may_lead_to_the_application_of_the_request_only() -> None:
    visitor = Visitor(make())
    policy = visitor.go(authorize_path()).header(b"content-security-policy") or b""
    assert b"form-action 'self' http://localhost:8000;" in policy
    assert b"form-action 'self';" in (visitor.go("/portal/login").header(b"content-security-policy") or b"")


def test_cookie_is_secure_over_tls() -> None:
    world = make()
    from mock_sma.sandbox.exchange import Request  # noqa: PLC0415 - one request by hand

    reply = world.handle(Request("GET", "/portal/login", scheme="https"))
    assert (reply.header(b"set-cookie") or b"").endswith(b"; Secure")


@pytest.mark.parametrize("change", [{"csrf": ""}, {"csrf": "0" * 32}])
def test_form_without_this_browsers_token_is_refused(change: dict[str, str]) -> None:
    visitor = Visitor(make())
    visitor.go(authorize_path())
    assert visitor.post(**LOGIN, **change).status == 403
    assert "csrf" not in visitor.world.requests[-1].request_body.decode().replace("csrf=%2A%2A%2A", "").replace(
        "csrf=***", ""
    )


def test_form_without_the_cookie_or_from_another_origin_is_refused() -> None:
    world = make()
    visitor, victim = Visitor(world), Visitor(world)
    visitor.go(authorize_path())
    victim.page = visitor.page
    assert victim.post(**LOGIN).status == 403
    fields = {**LOGIN, "csrf": re.findall('name="csrf" value="([^"]*)"', visitor.page)[0]}
    for origin in ("http://evil.example", "null", "http://127.0.0.1:9999", "http://[x"):
        assert visitor.send("POST", "/portal/login", fields, origin=origin).status == 403
    assert visitor.send("POST", "/portal/login", fields, origin="http://127.0.0.1").status == 303


def test_login_changes_cookie_and_csrf_token() -> None:
    visitor = Visitor(make())
    visitor.go(authorize_path())
    before, page = visitor.cookie, visitor.page
    visitor.submit(**LOGIN)
    assert visitor.cookie != before
    assert re.findall('name="csrf" value="([^"]*)"', page)[0] not in visitor.page
    planted = Visitor(visitor.world)
    planted.cookie = before
    planted.go("/portal/third-party-apps")
    assert 'name="password"' in planted.page


def test_body_that_is_no_form_is_refused_with_a_page() -> None:
    visitor = Visitor(make())
    visitor.go("/portal/login")
    reply = visitor.send("POST", "/portal/login", None)
    assert (reply.status, reply.header(b"content-type")) == (415, b"text/html; charset=utf-8")


def test_too_many_parameters_are_refused_with_a_page() -> None:
    reply = Visitor(make()).send("GET", authorize_path() + "&x=" * 300)
    assert (reply.status, reply.header(b"content-type")) == (400, b"text/html; charset=utf-8")


@pytest.mark.parametrize(
    ("query", "header", "language"),
    [
        ({}, "", "en"),
        ({}, "de-AT,de;q=0.9,en;q=0.5", "de"),
        ({}, "fr, en;q=0.2, de;q=0.8", "de"),
        ({}, "de;q=0, en;q=0.1", "en"),
        ({}, "de;q=x, fr", "en"),
        ({"ui_locales": "fr de en"}, "en", "de"),
        ({"ui_locales": "en"}, "de", "en"),
        ({"ui_locales": "fr"}, "de", "de"),
    ],
)
def test_language_is_ui_locales_then_the_browsers_wish(query: dict[str, str], header: str, language: str) -> None:
    visitor = Visitor(make(), **({"accept-language": header} if header else {}))
    visitor.go(authorize_path(**query))
    assert f'<html lang="{language}">' in visitor.page


def test_r05_language_without_any_wish_is_that_of_the_owners_country_once_known() -> None:
    visitor = Visitor(make())
    visitor.go("/portal/login")
    assert '<html lang="en">' in visitor.page
    visitor.submit(**LOGIN)
    assert '<html lang="de">' in visitor.page


def test_chosen_language_stays_through_the_login() -> None:
    visitor = Visitor(make(), **{"accept-language": "de"})
    visitor.go("/portal/login?ui_locales=en")
    visitor.submit(**LOGIN)
    visitor.go("/portal/mailbox")
    assert '<html lang="en">' in visitor.page


def test_both_languages_have_the_same_words_with_the_same_places() -> None:
    german, english = WORDS["de"], WORDS["en"]
    assert list(german) == list(english)
    places = re.compile(r"{\w+}")
    assert [sorted(places.findall(german[key])) for key in german] == [
        sorted(places.findall(english[key])) for key in english
    ]


def test_no_code_cookie_csrf_token_or_password_is_in_the_journal() -> None:
    world = make()
    visitor = Visitor(world)
    visitor.go(authorize_path())
    pages = visitor.page
    visitor.submit(**LOGIN)
    pages += visitor.page
    code = answered(visitor.post(decision="accept"))["code"]
    secrets = {code, "MyPass123!", str(visitor.cookie).partition("=")[2].strip("'")}
    secrets |= set(re.findall('name="csrf" value="([^"]*)"', pages))
    assert len(secrets) == 5
    written = repr([[getattr(entry, name) for name in entry.__slots__] for entry in world.requests])
    assert [secret for secret in secrets if secret in written] == []

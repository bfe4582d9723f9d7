"""Tokens and consent."""

from __future__ import annotations

from tests.facts import OWNER
from tests.parity.stories import (
    API,
    APP,
    AUTH,
    CLIENT,
    CONSENT,
    TOKEN,
    V1,
    Ask,
    Do,
    Script,
    bearer,
    form,
    get,
    login,
    story,
)

CREDENTIALS = {"grant_type": "client_credentials"}


@story()
def tokens_and_what_is_refused() -> Script:
    yield from login()
    for changed in (
        {"client_secret": "no"},
        {"client_id": "nobody"},
        {"grant_type": "nonsense"},
        {"grant_type": ""},
        {"scope": "openid"},
        {"grant_type": "authorization_code", "code": "none"},
    ):
        yield form(**(CREDENTIALS | CLIENT | changed))


@story()
def credentials_as_basic_header_and_in_the_query() -> Script:
    yield Ask("POST", TOKEN, {"data": CREDENTIALS, "auth": ("demo_api", "demo_secret")})
    yield Ask("POST", TOKEN, {"data": CREDENTIALS, "auth": ("demo_api", "wrong")})
    yield Ask("POST", TOKEN, {"params": CREDENTIALS | CLIENT})
    yield Ask("POST", TOKEN, {"json": CREDENTIALS | CLIENT})
    yield Ask("GET", TOKEN)


@story()
def a_refresh_token_is_refused_once_the_newer_one_is_used() -> Script:
    first = yield from login()
    refresh = {"grant_type": "refresh_token", **CLIENT}
    answer = yield form(**refresh, refresh_token=first["refresh_token"])
    assert answer is not None
    yield form(**refresh, refresh_token=first["refresh_token"])
    yield form(**refresh, refresh_token=answer.json()["refresh_token"])
    yield form(**refresh, refresh_token=first["refresh_token"])
    yield form(**refresh, refresh_token="garbage")


@story(switches={"refresh_reuse": "strict"})
def a_refresh_token_is_refused_at_once() -> Script:
    first = yield from login()
    for _ in range(2):
        yield form(grant_type="refresh_token", refresh_token=first["refresh_token"], **CLIENT)


@story(switches={"refresh_reuse": "allowed"})
def a_refresh_token_is_never_refused_before_it_expires() -> Script:
    first = yield from login()
    for seconds in (0, 900, 901):
        yield Do("advance", seconds)
        yield form(grant_type="refresh_token", refresh_token=first["refresh_token"], **CLIENT)


@story()
def an_access_token_expires_after_five_minutes() -> Script:
    token = yield from bearer(OWNER)
    for seconds in (299, 1, 1):
        yield Do("advance", seconds)
        yield get(f"{V1}/plants", token)


@story()
def logging_out_ends_the_session() -> Script:
    answer = yield from login()
    logout = f"{AUTH}/oauth2/logout"
    yield form(logout, refresh_token=answer["refresh_token"], client_id="demo_api", client_secret="no")
    yield form(logout, refresh_token=answer["refresh_token"], **CLIENT)
    yield form(grant_type="refresh_token", refresh_token=answer["refresh_token"], **CLIENT)
    yield get(f"{V1}/plants", answer["access_token"])


@story()
def tokens_that_are_none() -> Script:
    for value in ("Bearer garbage", "Bearer a.b.c", "Bearer", "Basic ZGVtbzpkZW1v", ""):
        yield get(f"{V1}/plants", headers={"authorization": value} if value else {})


@story()
def the_login_page_of_the_code_flow() -> Script:
    query = {"response_type": "code", "client_id": APP["client_id"], "redirect_uri": "http://localhost:8000/callback"}
    yield Ask("GET", f"{AUTH}/oauth2/auth", {"params": query | {"state": "s1"}})
    yield Ask("GET", f"{AUTH}/oauth2/auth", {"params": query | {"client_id": "nobody"}})
    yield Ask("GET", f"{AUTH}/oauth2/auth", {"params": query | {"redirect_uri": "http://evil.example/"}})
    yield Ask("GET", f"{AUTH}/oauth2/auth", {"params": query | {"response_type": "token"}})


@story()
def consent_is_asked_read_and_given() -> Script:
    token = yield from bearer()
    access = {"headers": {"authorization": f"Bearer {token}"}}
    yield get(f"{CONSENT}/{OWNER}", token)
    yield Ask("POST", CONSENT, {"json": {"loginHint": OWNER}, **access})
    yield Ask("POST", CONSENT, {"json": {"loginHint": OWNER}, **access})
    yield get(f"{CONSENT}/{OWNER}", token)
    yield get(f"{V1}/plants", token)
    yield Ask("PUT", f"{CONSENT}/{OWNER}/status", {"json": {"state": "accepted"}, **access})
    yield get(f"{CONSENT}/{OWNER}", token)
    yield get(f"{V1}/plants", token)


@story()
def consent_is_rejected_and_asked_anew() -> Script:
    token = yield from bearer()
    access = {"headers": {"authorization": f"Bearer {token}"}}
    yield Ask("POST", CONSENT, {"json": {"loginHint": OWNER}, **access})
    yield Do("reject", OWNER)
    yield get(f"{CONSENT}/{OWNER}", token)
    yield Ask("POST", CONSENT, {"json": {"loginHint": OWNER}, **access})
    yield Do("expire", OWNER)
    yield get(f"{CONSENT}/{OWNER}", token)


@story()
def r08_a_revoked_consent_empties_the_list() -> Script:
    token = yield from bearer(OWNER)
    yield get(f"{V1}/plants", token)
    yield Do("revoke", OWNER)
    yield get(f"{V1}/plants", token)
    yield get(f"{V1}/plants/13", token)


@story()
def a_request_expires_after_seven_days() -> Script:
    token = yield from bearer()
    yield Ask("POST", CONSENT, {"json": {"loginHint": OWNER}, "headers": {"authorization": f"Bearer {token}"}})
    yield Do("advance", 7 * 86_400 + 1)
    token = yield from bearer()
    yield get(f"{CONSENT}/{OWNER}", token)


@story()
def the_consent_of_nobody() -> Script:
    token = yield from bearer()
    access = {"headers": {"authorization": f"Bearer {token}"}}
    for hint in ("nobody@example.org", "", "x" * 400, OWNER.upper()):
        yield Ask("POST", CONSENT, {"json": {"loginHint": hint}, **access})
    yield get(f"{CONSENT}/nobody%40example.org?x=%C3%BC", token)


@story(switches={"unknown_login_hint": "not_found"})
def the_consent_of_nobody_is_not_found() -> Script:
    token = yield from bearer()
    access = {"headers": {"authorization": f"Bearer {token}"}}
    yield Ask("POST", CONSENT, {"json": {"loginHint": "nobody@example.org"}, **access})


@story(extends="unregistered-owner")
def r04_an_unregistered_owner_cannot_answer() -> Script:
    token = yield from bearer()
    access = {"headers": {"authorization": f"Bearer {token}"}}
    yield Ask("POST", CONSENT, {"json": {"loginHint": "invited@example.org"}, **access})
    yield Ask("PUT", f"{CONSENT}/invited@example.org/status", {"json": {"state": "accepted"}, **access})


@story()
def bodies_that_are_not_what_is_wanted() -> Script:
    token = yield from bearer()
    access = {"authorization": f"Bearer {token}"}
    json = access | {"content-type": "application/json"}
    yield Ask("POST", CONSENT, {"data": {"loginHint": OWNER}, "headers": access})
    for body in (b"", b"{", b"[]", b'"text"', b'{"loginHint": 5}', b'{"loginhint": "a@b.c"}', b"\xff"):
        yield Ask("POST", CONSENT, {"content": body, "headers": json})
    yield Ask("POST", CONSENT, {"json": {"loginHint": OWNER}, "headers": access})
    for body in (b'"accepted"', b'{"state": "maybe"}', b'{"status": "reject"}'):
        yield Ask("PUT", f"{CONSENT}/{OWNER}/status", {"content": body, "headers": json})


@story(switches={"simulate_on_production": False})
def no_simulation_on_production() -> Script:
    token = yield from bearer(OWNER)
    access = {"headers": {"authorization": f"Bearer {token}"}}
    for host in ("http://async-auth.smaapis.de", API):
        yield Ask("PUT", f"{host}/oauth2/v2/bc-authorize/{OWNER}/status", {"json": {"state": "revoked"}, **access})


@story(extends="new-plant-after-consent")
def r09_a_new_plant_needs_a_new_consent() -> Script:
    for days in (0, 30, 60):
        yield Do("advance", days * 86_400)
        token = yield from bearer()
        yield get(f"{V1}/plants", token)

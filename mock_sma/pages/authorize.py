"""The code flow's pages: ``/oauth2/auth``, login, consent screen, and the way back (R15, R16)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from mock_sma.domain.redirect import origin_of
from mock_sma.errors import ApiError, UsageError
from mock_sma.pages.authorization import read_authorization
from mock_sma.pages.browser import browser_of, cookie_header
from mock_sma.pages.forms import form_from, user_logged_in, user_of_login
from mock_sma.pages.render import redirect
from mock_sma.pages.screen import consent_screen, decide, login_page
from mock_sma.sandbox.exchange import parameter_pairs
from mock_sma.sandbox.handlers.auth.scopes import api_scopes
from mock_sma.sandbox.table.operations.pages import AUTHORIZE, DECIDE, LOG_OUT, LOGIN
from mock_sma.sandbox.world.codes import CODE_LIFETIME, Code

if TYPE_CHECKING:
    from mock_sma.domain.consent import Consent
    from mock_sma.domain.people import User
    from mock_sma.pages.authorization import Authorization
    from mock_sma.sandbox.exchange import Answer
    from mock_sma.sandbox.handlers.call import Call
    from mock_sma.sandbox.world.browsers import BrowserSession


def authorize(call: Call) -> Answer:
    """Answer ``GET /oauth2/auth``: the login, the consent screen, or the way back with a code."""
    wish = read_authorization(call)
    session = browser_of(call)
    user = user_logged_in(call, session)
    if user is None or "login" in wish.prompt:
        if "none" in wish.prompt:
            raise wish.error("login_required")
        call.note("login", text="nobody is logged in in this browser, or the request wants the login anew")
        return _login(call, session, wish, username=wish.login_hint, failed=False)
    record = _request(call, wish, user)
    if record.in_force and "consent" not in wish.prompt:
        call.note("consent", text=f"{user.email} has permitted this before: no screen is shown")
        return _grant(call, wish, user, session)
    if "none" in wish.prompt:
        raise wish.error("interaction_required")
    call.note("consent", text=f"{user.email} is asked on the consent screen; the request is {record.state}")
    return _screen(call, session, wish, record)


def log_in(call: Call) -> Answer:
    """Answer the login form: back to ``/oauth2/auth``, now with somebody logged in."""
    wish = read_authorization(call)
    session = browser_of(call)
    fields = form_from(call, session)
    user = user_of_login(call, fields)
    if user is None:
        return _login(call, session, wish, username=fields.get("username", ""), failed=True)
    session = call.world.browser_sessions.log_in(session, user, call.now)
    return redirect(f"{AUTHORIZE}?{_logged_in_query(wish)}", cookie_header(call, session))


def decide_consent(call: Call) -> Answer:
    """Answer the consent screen: back to the application with a code, or with ``access_denied``."""
    wish = read_authorization(call)
    session = browser_of(call)
    fields = form_from(call, session)
    user = user_logged_in(call, session)
    if user is None:
        return redirect(f"{AUTHORIZE}?{wish.query}")
    record = _request(call, wish, user)
    decision = fields.get("decision")
    if decision == "decline":
        decide(call, record, decision)
        raise wish.error("access_denied")
    if decision == "accept" and (record.in_force or decide(call, record, decision)):
        return _grant(call, wish, user, session)
    return _screen(call, session, wish, record, status=403 if decision == "accept" else 400)


def log_out(call: Call) -> Answer:
    """Answer the button for another account: back to ``/oauth2/auth``, with nobody logged in."""
    wish = read_authorization(call)
    session = browser_of(call)
    form_from(call, session)
    call.world.browser_sessions.log_out(session)
    return redirect(f"{AUTHORIZE}?{wish.query}")


def _login(call: Call, session: BrowserSession, wish: Authorization, *, username: str, failed: bool) -> Answer:
    return login_page(
        call,
        session,
        action=f"{LOGIN}?{wish.query}",
        here=f"{AUTHORIZE}?{wish.query}",
        app=wish.app,
        username=username,
        failed=failed,
        leads_to=origin_of(wish.redirect_uri),
    )


def _screen(call: Call, session: BrowserSession, wish: Authorization, record: Consent, *, status: int = 200) -> Answer:
    return consent_screen(
        call,
        session,
        record,
        action=f"{DECIDE}?{wish.query}",
        here=f"{AUTHORIZE}?{wish.query}",
        log_out=f"{LOG_OUT}?{wish.query}",
        status=status,
        scopes=wish.scopes,
        leads_to=origin_of(wish.redirect_uri),
    )


def _request(call: Call, wish: Authorization, user: User) -> Consent:
    """Return the consent in force, or else the request that this person is to answer."""
    try:
        record, _ = call.world.consents.request(wish.client, user.email, api_scopes(wish.scopes), call.now)
    except UsageError as error:
        raise ApiError(503, str(error)) from None
    return record


def _grant(call: Call, wish: Authorization, user: User, session: BrowserSession) -> Answer:
    """Send the browser back with a code; ``session_state`` is Keycloak's (inferred)."""
    world = call.world
    session_state = world.identifiers.uuid("session")
    code = world.codes.issue(
        Code(
            client_id=wish.client.id,
            user=user.key,
            scopes=wish.scopes,
            redirect_uri=wish.redirect_uri,
            challenge=wish.challenge,
            expires=call.now + CODE_LIFETIME,
            session_state=session_state,
            login=session.id,
        )
    )
    call.note("code", text=f"the browser takes a code back, which lives {CODE_LIFETIME} s")
    return redirect(wish.back(session_state=session_state, code=code), status=302)


def _logged_in_query(wish: Authorization) -> str:
    """Return the request's query without the wish for a login that has just been granted."""
    if "login" not in wish.prompt:
        return wish.query
    pairs = [(name, value) for name, value in parameter_pairs(wish.query) if name != "prompt"]
    rest = " ".join(sorted(wish.prompt - {"login"}))
    return urlencode([*pairs, ("prompt", rest)] if rest else pairs)

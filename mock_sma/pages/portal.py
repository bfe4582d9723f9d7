"""The owner's portal: third-party applications, the request a mail leads to, the mailbox (R05, R08, R14)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from mock_sma.domain.scenario import ConsentState
from mock_sma.domain.transitions import ConsentEvent
from mock_sma.errors import ApiError
from mock_sma.pages.browser import browser_of, cookie_header
from mock_sma.pages.forms import form_from, user_logged_in, user_of_login
from mock_sma.pages.permissions import permissions_of, requests_to
from mock_sma.pages.render import page, redirect
from mock_sma.pages.screen import application, consent_screen, decide, login_page
from mock_sma.sandbox.table.operations.portal import APPS, CONSENTS, LOG_OUT, LOGIN, MAILBOX

if TYPE_CHECKING:
    from mock_sma.domain.consent import Consent
    from mock_sma.sandbox.exchange import Answer
    from mock_sma.sandbox.handlers.call import Call
    from mock_sma.sandbox.world.browsers import BrowserSession

NEXT = re.compile(r"/portal/(?:third-party-apps|mailbox|consents/[0-9a-f-]{36})")
"""Where a login may lead: nowhere but to the portal's own pages."""


def start(call: Call) -> Answer:  # noqa: ARG001 - a handler
    """Answer ``GET /portal``."""
    return redirect(APPS)


def login(call: Call) -> Answer:
    """Answer ``GET /portal/login``."""
    session = browser_of(call)
    return _login(call, session, username=call.query.get("login_hint") or "", failed=False)


def log_in(call: Call) -> Answer:
    """Answer the login form: on to the page that wanted the login."""
    session = browser_of(call)
    fields = form_from(call, session)
    user = user_of_login(call, fields)
    if user is None:
        return _login(call, session, username=fields.get("username", ""), failed=True)
    session = call.world.browser_sessions.log_in(session, user, call.now)
    return redirect(_next(call), cookie_header(call, session))


def log_out(call: Call) -> Answer:
    """Answer the button that logs out."""
    session = browser_of(call)
    form_from(call, session)
    call.world.browser_sessions.log_out(session)
    return redirect(_login_for(_next(call)))


def third_party_apps(call: Call) -> Answer:
    """Answer ``GET /portal/third-party-apps``: who may read which plants, and who waits for an answer."""
    session = browser_of(call)
    user = user_logged_in(call, session)
    if user is None:
        return redirect(_login_for(APPS), cookie_header(call, session))
    name = call.query.get("revoked") or ""
    client = call.world.clients.get(name)
    return page(
        call,
        session,
        "apps",
        here=APPS,
        action=APPS,
        log_out=LOG_OUT,
        permissions=permissions_of(call.world, user),
        requests=requests_to(call.world, user),
        revoked=application(client).name if client is not None else None,
    )


def revoke(call: Call) -> Answer:
    """Answer the button that withdraws an application's access, at once (R08)."""
    session = browser_of(call)
    fields = form_from(call, session)
    user = user_logged_in(call, session)
    if user is None:
        return redirect(_login_for(APPS), cookie_header(call, session))
    client_id = fields.get("client_id", "")
    records = call.world.consents.answerable(client_id, user.email, ConsentEvent.REVOKE)
    for record in records:
        call.world.consents.happen(record, ConsentEvent.REVOKE, call.now, "owner")
    call.note("consent", text=f"the owner {user.email} withdrew {len(records)} consents of {client_id[:100]!r}")
    return redirect(f"{APPS}?revoked={quote(client_id)}" if records else APPS)


def consent(call: Call) -> Answer:
    """Answer a mail's link: the login, then the consent screen of that very request (R14)."""
    session = browser_of(call)
    record = _record(call)
    user = user_logged_in(call, session)
    if user is None:
        return redirect(_login_for(CONSENTS + record.id), cookie_header(call, session))
    if user.key != record.key:
        return _outcome(call, session, record, "others", status=403)
    if record.state is ConsentState.PENDING:
        return _screen(call, session, record)
    outcomes = {
        ConsentState.ACCEPTED: "accepted_now",
        ConsentState.REJECTED: "declined_now",
        ConsentState.EXPIRED: "gone",
    }
    return _outcome(call, session, record, outcomes.get(record.state or ConsentState.REVOKED, "answered"))


def decide_consent(call: Call) -> Answer:
    """Answer the consent screen that a mail led to."""
    session = browser_of(call)
    fields = form_from(call, session)
    record = _record(call)
    user = user_logged_in(call, session)
    if user is not None and user.key == record.key and record.state is ConsentState.PENDING:
        decision = fields.get("decision")
        if not decide(call, record, decision):
            return _screen(call, session, record, status=403 if decision == "accept" else 400)
    return redirect(CONSENTS + record.id)


def mailbox(call: Call) -> Answer:
    """Answer ``GET /portal/mailbox``: all mails of the world, newest first, without a login: no mail is real."""
    session = browser_of(call)
    wanted = (call.query.get("to") or "").casefold()
    mails = [mail for mail in reversed(call.world.mailbox) if wanted in ("", mail.to.casefold())]
    return page(call, session, "mailbox", here=MAILBOX, log_out=LOG_OUT, mails=mails)


def _login(call: Call, session: BrowserSession, *, username: str, failed: bool) -> Answer:
    here = _login_for(_next(call))
    return login_page(call, session, action=here, here=here, app=None, username=username, failed=failed)


def _screen(call: Call, session: BrowserSession, record: Consent, *, status: int = 200) -> Answer:
    here = CONSENTS + record.id
    log_out = f"{LOG_OUT}?next={quote(here)}"
    return consent_screen(call, session, record, action=here, here=here, log_out=log_out, status=status)


def _outcome(call: Call, session: BrowserSession, record: Consent, outcome: str, *, status: int = 200) -> Answer:
    here = CONSENTS + record.id
    return page(
        call,
        session,
        "outcome",
        status=status,
        here=here,
        log_out=f"{LOG_OUT}?next={quote(here)}",
        outcome=outcome,
        state=record.state,
        app=application(call.world.clients[record.client_id]),
    )


def _record(call: Call) -> Consent:
    record = call.world.consents.find(call.params["consentId"].lower())
    if record is None:
        raise ApiError(404, "error_nothing")
    return record


def _next(call: Call) -> str:
    wanted = call.query.get("next") or ""
    return wanted if NEXT.fullmatch(wanted) else APPS


def _login_for(place: str) -> str:
    return f"{LOGIN}?next={quote(place)}"

"""``/oauth2/v2/bc-authorize``: the custom flow's request, status and simulation (R14; docs/decisions.md, Consent)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from mock_sma.domain.people import Flow
from mock_sma.domain.scenario import LoginHintPolicy
from mock_sma.domain.transitions import ConsentEvent, TransitionError, states_before
from mock_sma.errors import ApiError, UsageError
from mock_sma.sandbox.exchange import Answer
from mock_sma.sandbox.handlers.auth.scopes import api_scopes
from mock_sma.sandbox.wire.consent import consent_body

if TYPE_CHECKING:
    from mock_sma.domain.consent import Consent
    from mock_sma.domain.people import Client
    from mock_sma.sandbox.access import Access
    from mock_sma.sandbox.handlers.call import Call

MAX_LOGIN_HINT = 320
"""Longest e-mail address (RFC 5321: 64 + 1 + 255)."""

ANSWERS = {
    "accepted": ConsentEvent.ACCEPT,
    "accept": ConsentEvent.ACCEPT,
    "rejected": ConsentEvent.REJECT,
    "reject": ConsentEvent.REJECT,
    "revoked": ConsentEvent.REVOKE,
    "revoke": ConsentEvent.REVOKE,
}
"""States that PUT takes, in any case."""


def request_consent(call: Call) -> Answer:
    """Answer ``POST bc-authorize``: 201 with the current record, opened where there is none."""
    access, client = _custom_client(call)
    body = _json_object(call, "AuthorizationFlowRequest")
    email = body.get("loginhint")
    if not isinstance(email, str) or not email.strip() or len(email) > MAX_LOGIN_HINT:
        raise ApiError(400, "The loginHint field is required.")
    email = email.strip()
    world = call.world
    user = world.estate.users.get(email.casefold())
    if user is None and world.switches.unknown_login_hint is LoginHintPolicy.NOT_FOUND:
        call.note("consent", text=f"nobody has the e-mail {email!r}, and the switch says not_found")
        raise ApiError(404, "Not Found")
    before = world.consents.latest(client.id, email, api_scopes(access.scopes))
    previous = None if before is None else str(before.state)
    try:
        record, is_new = world.consents.request(client, email, api_scopes(access.scopes), call.now)
    except UsageError as error:
        call.note("consent", text=f"no consent was opened: {error}")
        raise ApiError(503, str(error)) from None
    _explain(call, record, is_new=is_new, known=user is not None, previous=previous)
    if is_new and user is not None and record.answerable:
        world.mailbox.invite(record, user, client, call.request.origin, call.now)
    if is_new:
        world.consents.answer_by_itself(record, call.now)
    return Answer(consent_body(record, record.email), 201)


def read_consent(call: Call) -> Answer:
    """Answer ``GET bc-authorize/{loginHint}`` with the record as it is now."""
    access, client = _custom_client(call)
    email = call.params["loginHint"]
    record = call.world.consents.current(client.id, email, api_scopes(access.scopes))
    if record is None:
        call.note("consent", text=f"{client.id!r} never asked {email!r} for consent with these scopes")
        raise ApiError(404, "Not Found")
    text = f"the consent of {record.email} is {record.state}"
    call.note("consent", text=text, email=record.key, state=str(record.state))
    return Answer(consent_body(record, record.email))


def change_consent(call: Call) -> Answer:
    """Answer ``PUT bc-authorize/{loginHint}/status``, in 2022 ``/state``: the simulation of the owner."""
    access, client = _custom_client(call)
    if call.layout.production and not call.world.switches.simulate_on_production:
        call.note("consent", text="the switch simulate_on_production is off")
        raise ApiError(404, "Not Found")
    body = _json_object(call, "AuthorizationFlowStatusChangeRequest")
    wanted = body.get("state", body.get("status"))
    if wanted is None:
        raise ApiError(400, "The state field is required: Accepted, Rejected or Revoked.")
    event = ANSWERS.get(wanted.lower()) if isinstance(wanted, str) else None
    if event is None:
        raise ApiError(400, f"The state {str(wanted)[:40]!r} is none of Accepted, Rejected, Revoked.")
    email = call.params["loginHint"]
    scopes = api_scopes(access.scopes)
    found = call.world.consents.answerable(client.id, email, event)
    records = [record for record in found if record.scopes == scopes]
    if not records:
        state = " or ".join(name.lower() for name in states_before(event))
        call.note("consent", text=f"nothing to {event}: {email} has no {state} consent of {client.id!r}")
        raise ApiError(404, "Not Found")
    try:
        # Several are accepted ones to revoke; of pending ones there is one at most.
        for record in records:
            call.world.consents.happen(record, event, call.now, "simulation")
    except TransitionError as error:
        call.note("consent", text=str(error))
        raise ApiError(404, "Not Found") from None
    call.note("consent", text=f"the simulated owner {email} {str(records[0].state).lower()} the consent")
    return Answer(consent_body(records[-1], records[-1].email))


def _custom_client(call: Call) -> tuple[Access, Client]:
    access = call.access
    client = call.world.clients.get(access.client_id) if access is not None else None
    if access is None or client is None or client.flow is not Flow.CUSTOM:
        call.note("client", text="bc-authorize belongs to the custom flow; this token is of the code flow")
        raise ApiError(403, "Forbidden")
    return access, client


def _json_object(call: Call, model: str) -> dict[str, Any]:
    """Return the JSON object of a request's body, its members' names in lower case: .NET tells them apart in no case.

    Raises:
        ApiError: 415 for another content type, 400 for what is no JSON object, in .NET's words.
    """
    kind = call.request.media_type
    if kind != "application/json" and not kind.endswith("+json"):
        raise ApiError(415, "Unsupported Media Type")
    try:
        value = orjson.loads(call.request.body)
    except ValueError:
        raise ApiError(400, "The request body is not valid JSON.") from None
    if not isinstance(value, dict):
        shown = orjson.dumps(value).decode()[:40]
        raise ApiError(400, f"Error converting value {shown} to type '{model}'. Path '', line 1, position 1.")
    return {name.lower(): member for name, member in value.items()}


def _explain(call: Call, record: Consent, *, is_new: bool, known: bool, previous: str | None) -> None:
    how = "is new" if is_new else "was there before"
    text = f"the consent request to {record.email} {how}; it is {record.state}"
    if not known:
        text = f"nobody has the e-mail {record.email}: the request stays pending and expires (R04)"
    elif not record.answerable:
        text = f"{record.email} never completed registration: nobody can accept it (R04)"
    call.note("consent", text=text, email=record.key, state=str(record.state), new=is_new, previous=previous)

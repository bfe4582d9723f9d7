"""Consents with their history, answering in the owners' place, and the mails that SMA would have sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.api.console.page import page
from mock_sma.domain.actions import CONSENT_EVENTS, ConsentAction
from mock_sma.domain.scenario import ConsentState
from mock_sma.domain.transitions import Condition, ConsentEvent, TransitionError, states_before, transition
from mock_sma.errors import UsageError

if TYPE_CHECKING:
    from starlette.responses import Response

    from mock_sma.api.console.visit import Visit
    from mock_sma.domain.consent import Consent

SHOWN = 100
VERBS = (ConsentEvent.ACCEPT, ConsentEvent.REJECT, ConsentEvent.EXPIRE, ConsentEvent.REVOKE)


async def show(visit: Visit) -> Response:
    """Show the records that fit a search, the newest change first."""
    wanted, state = visit.query("q").strip().casefold(), visit.query("state")
    found = [
        record
        for record in visit.world.consents
        if state in ("", record.state) and wanted in f"{record.email} {record.client_id} {record.id}".casefold()
    ]
    found.sort(key=lambda record: -record.history[-1].at)
    users = visit.world.estate.users.values()
    return page(
        visit,
        "consents",
        records=[(record, *_verbs(visit, record)) for record in found[:SHOWN]],
        count=len(found),
        total=len(visit.world.consents),
        states=[item.value for item in ConsentState],
        state=state,
        q=visit.query("q"),
        owners=[user.email for user in users if user.registered and visit.world.estate.owned_by(user.email)],
    )


def _verbs(visit: Visit, record: Consent) -> tuple[list[str], dict[str, list[str]]]:
    """Return what can happen to a record now, and all else by the reason why it cannot."""
    holds = {Condition.REGISTERED} if record.answerable else set()
    if visit.world.estate.owned_by(record.email):
        holds.add(Condition.OWNS)
    possible: list[str] = []
    refused: dict[str, list[str]] = {}
    for event in VERBS:
        try:
            transition(record.state, event, frozenset(holds), record.email)
        except TransitionError as error:
            before = states_before(event)
            why = str(error) if record.state in before else f"only while it is {' or '.join(before)}"
            refused.setdefault(why, []).append(event.value)
        else:
            possible.append(event.value)
    return possible, refused


async def answer(visit: Visit) -> Response:
    """Accept, reject, revoke or expire in an owner's place."""
    event = visit.field("event")
    if event not in CONSENT_EVENTS:
        raise UsageError(f"An owner can {', '.join(CONSENT_EVENTS)}, not {event[:40]!r}.")
    visit.carry_out(ConsentAction(event=event, email=visit.field("email"), client_id=visit.field("client_id") or None))
    return visit.back(event)


async def show_mailbox(visit: Visit) -> Response:
    """Show the mails, newest first."""
    wanted = visit.query("q").strip().casefold()
    mails = [mail for mail in visit.world.mailbox if wanted in f"{mail.to} {mail.subject}".casefold()]
    total = len(visit.world.mailbox)
    return page(visit, "mailbox", mails=mails[: -SHOWN - 1 : -1], count=len(mails), total=total, q=visit.query("q"))


async def clear_mailbox(visit: Visit) -> Response:
    """Clear all mails."""
    visit.world.mailbox.clear()
    return visit.back("mailbox")

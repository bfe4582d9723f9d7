"""The login page and the consent screen: the same ones in both flows (R16)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.domain.transitions import ConsentEvent, PlantAccess, TransitionError
from mock_sma.frozen import frozen
from mock_sma.pages.render import page

if TYPE_CHECKING:
    from mock_sma.domain.consent import Consent
    from mock_sma.domain.people import Client
    from mock_sma.sandbox.exchange import Answer
    from mock_sma.sandbox.handlers.call import Call
    from mock_sma.sandbox.world.browsers import BrowserSession
    from mock_sma.sandbox.world.world import World

SHOWN_PLANTS = 10
"""Plants shown at once; the rest opens on demand."""

SHOWN_ACCOUNTS = 5


@frozen
class PlantLine:
    """One plant on a page.

    Attributes:
        new: not covered by an earlier consent to the same application (R09).
        access: what it is to the application now (R10).
    """

    id: str
    name: str
    new: bool = False
    access: PlantAccess = PlantAccess.OPEN


@frozen
class Application:
    """An application as an owner sees it."""

    id: str
    name: str
    terms: str | None
    privacy: str | None


def application(client: Client) -> Application:
    """Return what is shown of a client; links lead to web pages only."""
    terms, privacy = (
        url if url is not None and url.lower().startswith(("https://", "http://")) else None
        for url in (client.terms_url, client.privacy_url)
    )
    return Application(client.id, client.name or client.id, terms, privacy)


def login_page(
    call: Call,
    session: BrowserSession,
    *,
    action: str,
    here: str,
    app: str | None,
    username: str,
    failed: bool,
    leads_to: str = "",
) -> Answer:
    """Return the login page; 200 also after a wrong password, as Keycloak answers (inferred).

    Args:
        call: the call that asks for the page.
        session: the session of the browser.
        action: where its form goes.
        here: path and query that show it.
        app: name of the application that waits, or None.
        username: the username that the field holds already.
        failed: whether a login has just failed.
        leads_to: CSP source of the application.
    """
    users = [user for user in call.world.estate.users.values() if user.registered]
    return page(
        call,
        session,
        "login",
        here=here,
        leads_to=leads_to,
        action=action,
        app=app,
        username=username,
        failed=failed,
        accounts=users[:SHOWN_ACCOUNTS],
    )


def consent_screen(
    call: Call,
    session: BrowserSession,
    record: Consent,
    *,
    action: str,
    here: str,
    log_out: str,
    status: int = 200,
    scopes: tuple[str, ...] | None = None,
    leads_to: str = "",
) -> Answer:
    """Return the consent screen of a request.

    Args:
        call: the call that asks for the page.
        session: the session of the browser.
        record: the request.
        action: where the decision goes.
        here: path and query that show it.
        log_out: where the button for another account goes.
        status: the status of the answer.
        scopes: what the tokens will hold besides the record's scopes; None: no more.
        leads_to: CSP source of the application.
    """
    world = call.world
    client = world.clients[record.client_id]
    lines = plants_to_open(world, record)
    return page(
        call,
        session,
        "consent",
        status=status,
        here=here,
        leads_to=leads_to,
        action=action,
        log_out=log_out,
        app=application(client),
        scopes=scopes or tuple(sorted(record.scopes)),
        plants=lines[:SHOWN_PLANTS],
        more=lines[SHOWN_PLANTS:],
    )


def plants_to_open(world: World, record: Consent) -> list[PlantLine]:
    """Return the plants that a consent given now would open (R07), those marked that are new (R09)."""
    covered = world.consents.covered(record.client_id, record.email, record.scopes)
    return [
        PlantLine(plant_id, world.estate.plants[plant_id].name, new=bool(covered) and plant_id not in covered)
        for plant_id in world.estate.owned_by(record.email)
    ]


def decide(call: Call, record: Consent, decision: str | None) -> bool:
    """Let the owner decide about a pending request; tells whether something has come of it.

    An answered or expired request stays as it is, and so does one that nobody may accept.
    """
    event = {"accept": ConsentEvent.ACCEPT, "decline": ConsentEvent.REJECT}.get(decision or "")
    if event is None or not record.can(event):
        return False
    try:
        call.world.consents.happen(record, event, call.now, "owner")
    except TransitionError as error:
        call.note("consent", text=str(error))
        return False
    call.note("consent", text=f"the owner {record.email} {record.history[-1].state.lower()} the consent")
    return True

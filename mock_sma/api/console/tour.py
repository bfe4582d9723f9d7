"""The tour: five steps from an address to a consent that is revoked, each ticked off as the client takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mock_sma.api.console.page import page
from mock_sma.api.console.snippets import Caller, Snippet, snippets
from mock_sma.api.console.tour_snippets import tour_snippets
from mock_sma.domain.people import Flow
from mock_sma.domain.scenario import ConsentState
from mock_sma.domain.transitions import ConsentEvent

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.responses import Response

    from mock_sma.api.console.visit import Visit
    from mock_sma.sandbox.world.entry import Entry

PLANTS = "getPlants"


class Stage(NamedTuple):
    """One step of the tour.

    Attributes:
        seen: the request that took it; None: none has, or no request takes it.
        verb: an answer in the owner's place that takes it; empty: there is none.
    """

    title: str
    about: str
    done: bool
    seen: Entry | None = None
    verb: str = ""


async def show(visit: Visit) -> Response:
    """Show the steps, and which of them are taken."""
    return page(
        visit,
        "tour",
        stages=stages(visit),
        pointing=_pointing(visit),
        caller=Caller.of(visit.world, visit.origin),
        position=visit.world.requests.total,
    )


def _pointing(visit: Visit) -> list[Snippet]:
    caller = Caller.of(visit.world, visit.origin)
    if caller is None:
        return []
    # The program in JavaScript runs in Node as it stands, which is what a client of the custom flow is written for.
    short = [
        item._replace(language="Node" if item.key == "fetch" else item.language)
        for item in snippets(caller)
        if item.key in ("curl", "python", "fetch")
    ]
    return [*short, *tour_snippets(caller)]


def stages(visit: Visit) -> list[Stage]:
    """Return the five steps of a world, with what of them has been done."""
    world = visit.world
    calls = list(world.requests.without_assets())
    custom = {client.id for client in world.clients.values() if client.flow is Flow.CUSTOM}
    records = [record for record in world.consents if record.client_id in custom]
    token = _first(calls, lambda entry: entry.operation == "token" and entry.status == 200)
    accepted = [record for record in records if record.state is ConsentState.ACCEPTED]
    revoked = [change for record in records for change in record.history if change.event is ConsentEvent.REVOKE]
    plants = _first(calls, lambda entry: entry.operation == PLANTS and b"plantId" in entry.response_body)
    since = min((change.requests for change in revoked), default=world.requests.total)
    # A clock that stands gives all the same time: the number of requests before tells what was later.
    later = list(world.requests)[max(0, since - world.requests.total + len(world.requests)) :]
    after = _first(later, lambda entry: entry.operation == PLANTS)
    return [
        Stage(
            "Point your client here",
            "Only the address changes: this server in the place of SMA's hosts. Copy one of these, or change yours.",
            bool(calls),
            calls[0] if calls else None,
        ),
        Stage(
            "Get a token",
            "With the client's id and secret from the table on the first page. It lasts five minutes.",
            token is not None,
            token,
        ),
        Stage(
            "Ask the owner, and let them permit it",
            "Without a consent the list of plants is empty, and that is no error (R12, R14).",
            bool(accepted) or bool(revoked),
            verb="accept",
        ),
        Stage(
            "Read the plants",
            "The list now holds what the owner owned when they permitted it (R07).",
            plants is not None,
            plants,
        ),
        Stage(
            "Now revoke the consent and see what it does",
            "The token goes on being valid; ask for the list again, and look at the reason of the answer (R08).",
            after is not None,
            after,
            verb="revoke" if accepted else "",
        ),
    ]


def _first(calls: Sequence[Entry], fits: Callable[[Entry], bool]) -> Entry | None:
    return next((entry for entry in calls if fits(entry)), None)

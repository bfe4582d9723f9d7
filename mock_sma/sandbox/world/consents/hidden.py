"""Which plants a token does not see, and for whose lack of permission (R04, R07 to R12)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mock_sma.domain.people import MONITORING_SCOPE
from mock_sma.domain.scenario import ConsentState
from mock_sma.domain.transitions import PlantAccess, access_to

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from mock_sma.domain.consent import Consent
    from mock_sma.domain.plant import Plant
    from mock_sma.sandbox.access import Access
    from mock_sma.sandbox.world.consents.records import ConsentRecords
    from mock_sma.sandbox.world.estate import Estate

SHOWN = 5
MAX_GROUPS = 20

ANSWERS = {
    ConsentState.PENDING: "{email} has not answered the request yet",
    ConsentState.REJECTED: "{email} declined the request",
    ConsentState.REVOKED: "{email} has withdrawn the consent (R08)",
    ConsentState.EXPIRED: "the request to {email} ran out without an answer",
    ConsentState.ACCEPTED: "{email} accepted before this was theirs; a new request covers it (R09)",
}


class Hidden(NamedTuple):
    """Plants that are hidden for one reason; of many plants only the first are named."""

    reason: str
    plants: tuple[str, ...]
    number: int

    @property
    def sentence(self) -> str:
        """Both in words."""
        if self.number == 1:
            return f"plant {self.plants[0]} is hidden: {self.reason}"
        more = f" and {self.number - SHOWN} more" if self.number > SHOWN else ""
        return f"plants {', '.join(self.plants)}{more} are hidden: {self.reason}"


def hidden_from(estate: Estate, consents: ConsentRecords, access: Access, seen: Collection[str]) -> list[Hidden]:
    """Return the plants outside ``seen`` by the reason, the first reasons only."""
    groups: dict[str, list[str]] = {}
    covering: dict[str, list[Consent]] = {}
    for consent in consents.granted(access.client_id, access.user):
        for plant_id in consent.plants:
            covering.setdefault(plant_id, []).append(consent)
    for plant in estate.plants.values():
        if plant.id not in seen:
            reason = _reason(estate, consents, access, plant, covering.get(plant.id, ()))
            groups.setdefault(reason, []).append(plant.id)
    return [Hidden(reason, tuple(ids[:SHOWN]), len(ids)) for reason, ids in list(groups.items())[:MAX_GROUPS]]


def reason_of(estate: Estate, consents: ConsentRecords, access: Access, plant: Plant) -> str:
    """Return why a plant is closed to a token: for whose lack of permission."""
    granted = consents.granted(access.client_id, access.user)
    return _reason(estate, consents, access, plant, (item for item in granted if plant.id in item.plants))


def _reason(estate: Estate, consents: ConsentRecords, access: Access, plant: Plant, covering: Iterable[Consent]) -> str:
    if MONITORING_SCOPE not in access.scopes:
        return f"the token lacks the scope {MONITORING_SCOPE}"
    lost = _lost(plant, covering)
    if lost is not None:
        return f"{lost} accepted, but no longer owns it (R10)"
    owners = plant.owners()
    if not owners:
        return "nobody carries the owner flag, so nobody can open it"
    if access.user is not None and all(owner.key != access.user for owner in owners):
        return f"the token is {access.user}'s, and the owner is {' and '.join(owner.email for owner in owners)}"
    mine = [owner for owner in owners if access.user in (None, owner.key)]
    return " and ".join(dict.fromkeys(_answer(estate, consents, access, owner.email) for owner in mine))


def _answer(estate: Estate, consents: ConsentRecords, access: Access, email: str) -> str:
    user = estate.users.get(email.casefold())
    record = consents.latest(access.client_id, email)
    if user is None or not user.registered:
        asked = "" if record is None else ", so nobody can answer the request"
        return f"{email} never completed registration{asked} (R04)"
    if record is None or record.state is None:
        return f"{email} was never asked"
    if MONITORING_SCOPE not in record.scopes:
        return f"{email} was asked for other scopes only (R11)"
    return ANSWERS[record.state].format(email=email)


def _lost(plant: Plant, covering: Iterable[Consent]) -> str | None:
    """Return who opened a plant and has lost the owner flag since, or None."""
    owners = {owner.key for owner in plant.owners()}
    return next(
        (item.email for item in covering if access_to(covered=True, owned=item.key in owners) is PlantAccess.CLOSED),
        None,
    )

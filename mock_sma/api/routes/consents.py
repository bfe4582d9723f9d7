"""``/_mock/consents``: what was asked, what the owners answered, and answering for them."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from mock_sma.api.routes.requests import instant
from mock_sma.api.world import World
from mock_sma.domain.actions import ConsentAction

if TYPE_CHECKING:
    from mock_sma.domain.consent import Consent


class Verb(StrEnum):
    """What can be done in an owner's place."""

    ACCEPT = "accept"
    REJECT = "reject"
    REVOKE = "revoke"
    EXPIRE = "expire"


class Which(BaseModel):
    """Whose consent; absent: of every client that has asked."""

    model_config = ConfigDict(extra="forbid")

    client_id: str | None = None


def as_json(record: Consent) -> dict[str, Any]:
    """Return a record with its history."""
    return {
        "id": record.id,
        "loginHint": record.email,
        "client_id": record.client_id,
        "state": record.state,
        "scope": " ".join(sorted(record.scopes)),
        "flow": record.flow,
        "plants": list(record.plants),
        "expires_at": instant(record.expires),
        "history": [
            {"at": instant(change.at), "event": change.event, "state": change.state, "by": change.by}
            for change in record.history
        ],
    }


router = APIRouter(prefix="/consents", tags=["consents"])


@router.get("")
async def list_consents(world: World) -> list[dict[str, Any]]:
    """List all records with their history."""
    world.catch_up()
    return [as_json(record) for record in world.consents]


@router.post("/{login_hint:path}/{event}")
async def happen(world: World, login_hint: str, event: Verb, which: Which | None = None) -> list[dict[str, Any]]:
    """Answer in an owner's place and return the records that have changed.

    An unknown person is answered 404, an unknown client 400, and 409 where the person cannot answer: there is
    nothing to answer, they never registered (R04), or they own nothing (R06).
    """
    client_id = which.client_id if which else None
    answer = ConsentAction(event=event.value, email=login_hint, client_id=client_id)
    return [as_json(record) for record in world.happenings.carry_out(answer)]

"""From checked documents to clients, users, and what they have said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.domain.people import Client, Flow, User
from mock_sma.domain.quota import Quota
from mock_sma.domain.redirect import fault_of
from mock_sma.domain.scenario import EVERY_OWNER, AutoAnswer, InitialConsent

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mock_sma.domain.plant import Plant
    from mock_sma.scenario_file.document import AutoAnswerDoc, ClientDoc, ConsentDoc, QuotaDoc, UserDoc
    from mock_sma.scenario_file.source import Source

DEMO_CLIENTS = (
    Client(
        id="demo_api",
        secret="demo_secret",  # noqa: S106 - published and fake
        name="Demo service",
        terms_url="https://example.org/terms",
        privacy_url="https://example.org/privacy",
    ),
    Client(
        id="demo_app",
        secret="demo_secret",  # noqa: S106 - published and fake
        flow=Flow.CODE,
        redirect_uris=("http://localhost:8000/callback",),
        name="Demo app",
        terms_url="https://example.org/terms",
        privacy_url="https://example.org/privacy",
    ),
)
"""Clients of a scenario that names none."""


def clients_of(source: Source, given: Sequence[ClientDoc] | None) -> tuple[Client, ...]:
    """Return the clients of a scenario; mistakes go into the source."""
    if given is None:
        return DEMO_CLIENTS
    seen: set[str] = set()
    for index, doc in enumerate(given):
        if doc.id in seen:
            source.add(("clients", index, "id"), f"the client {doc.id!r} appears twice")
        seen.add(doc.id)
        if doc.flow is Flow.CODE and not doc.redirect_uris:
            message = "a client of the code flow needs redirect_uris, such as http://localhost:8000/callback"
            source.add(("clients", index), message, "R15")
        for number, uri in enumerate(doc.redirect_uris):
            fault = fault_of(uri)
            if fault is not None:
                message = f"{uri[:100]!r} {fault}, so no browser is sent there"
                source.add(("clients", index, "redirect_uris", number), message, "R15")
    return tuple(Client(**{**dict(doc), "quota": quota_of(doc.quota)}) for doc in given)


def users_of(source: Source, given: Iterable[UserDoc]) -> tuple[User, ...]:
    """Return the users of a scenario; mistakes go into the source."""
    users: dict[str, User] = {}
    for index, doc in enumerate(given):
        user = User(**vars(doc))
        if user.key in users:
            source.add(("users", index, "email"), f"{doc.email!r} appears twice; case does not count")
        users[user.key] = user
    return tuple(users.values())


def consents_of(source: Source, given: Iterable[ConsentDoc], plants: Iterable[Plant]) -> tuple[InitialConsent, ...]:
    """Return the consents that a scenario begins with; mistakes go into the source."""
    # A GUID means the same plant in any case; from here on it is written as the plant has it.
    spelt = {plant.id.lower(): plant.id for plant in plants}
    consents = []
    for index, doc in enumerate(given):
        if doc.email != EVERY_OWNER and "share" in doc.model_fields_set and doc.share < 1.0:
            source.add(("consents", index, "share"), "is of all owners: write email: '*'")
        named = None if doc.plants is None else tuple(spelt.get(name.lower(), name) for name in doc.plants)
        consents.append(InitialConsent(**{**dict(doc), "plants": named}))
    return tuple(consents)


def auto_answers_of(given: Iterable[AutoAnswerDoc]) -> tuple[AutoAnswer, ...]:
    """Return how owners answer by themselves."""
    return tuple(AutoAnswer(**{**dict(doc), "answer": None if doc.answer == "never" else doc.answer}) for doc in given)


def quota_of(doc: QuotaDoc | None) -> Quota | None:
    """Return a quota."""
    return None if doc is None else Quota(**dict(doc))

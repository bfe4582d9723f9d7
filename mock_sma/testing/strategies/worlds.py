"""People, plants and scenarios that keep the rules."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from hypothesis import strategies as st

from mock_sma.domain.people import User
from mock_sma.domain.plant import Backend
from mock_sma.scenario_file.templates import BUILT_IN
from mock_sma.scenarios import load_scenario

if TYPE_CHECKING:
    from mock_sma.domain.plant import Plant
    from mock_sma.domain.scenario import Scenario

NOON = datetime(2025, 6, 15, 10, 0, tzinfo=UTC)
"""Start of every scenario drawn: what a test's world starts with by itself."""

_NAMES = st.text("abcdefghijklmnopqrstuvwxyzäöüßéøABCDEFGÄÖÜ0123456789 -'", min_size=1, max_size=20)
names = _NAMES.map(lambda text: f"P{text}".strip())
"""Names of plants, umlauts and apostrophes included."""

_COUNTRIES = st.sampled_from(["DE", "AT", "CH", "FR", "NL", "US", None])
_ENNEXOS, _CLASSIC = Backend.ENNEXOS, Backend.CLASSIC


def people(*, registered: bool | None = None) -> st.SearchStrategy[User]:
    """Return a strategy for accounts.

    Args:
        registered: whether the person has completed registration (R04); None: either.
    """
    numbers = st.integers(0, 999)
    return st.builds(
        lambda number, country, done: User(email=f"person{number}@example.org", country=country, registered=done),
        numbers,
        _COUNTRIES,
        st.sampled_from([True, True, False]) if registered is None else st.just(registered),
    )


@st.composite
def _bare_plant(draw: st.DrawFn, number: int, owner: str | None, backends: tuple[Backend, ...]) -> dict[str, Any]:
    """Draw the document of a plant; ``number`` keeps its ids apart from those of other plants."""
    backend = draw(st.sampled_from(backends))
    plant_id = str(1000 * (number + 1)) if backend is _ENNEXOS else str(UUID(int=number + 1, version=4))
    plant = {"id": plant_id, "name": f"Plant {number + 1}", "template": "pv-only"}
    return plant if owner is None else {**plant, "owner": owner}


@st.composite
def _plant(draw: st.DrawFn, number: int, owner: str | None, backends: tuple[Backend, ...]) -> dict[str, Any]:
    """Draw a plant with a name, devices and events of its own."""
    plant: dict[str, Any] = draw(_bare_plant(number, owner, backends))
    plant |= {
        "name": draw(names),
        "template": draw(st.sampled_from(sorted(BUILT_IN))),
        "commissioned": draw(st.dates(date(2015, 1, 1), date(2025, 6, 1))).isoformat(),
        "latitude": draw(st.integers(-40, 65)),
    }
    if "-" in plant["id"]:
        plant["professional_package"] = draw(st.booleans())
    plant["resolution"] = draw(st.sampled_from([5, 15, 60]))
    plant["events"] = draw(st.lists(_events(), max_size=2))
    return plant


@st.composite
def _events(draw: st.DrawFn) -> dict[str, Any]:
    start = NOON - timedelta(hours=draw(st.integers(1, 24 * 30)))
    end = start + timedelta(hours=draw(st.integers(1, 72)))
    kind = draw(st.sampled_from(["gap", "missing-rows", "grid-outage", "message"]))
    value = {"value": 0.5} if kind == "missing-rows" else {}
    return {"kind": kind, "start": start.isoformat(), "end": end.isoformat(), **value}


def plants(*, owner: str | None = None, backend: Backend | str | None = None) -> st.SearchStrategy[Plant]:
    """Return a strategy for plants, each made from one of the templates.

    Args:
        owner: e-mail of the person with the owner flag; None: nobody.
        backend: ``ennexos`` or ``classic``; None: either.
    """
    users = [{"email": owner}] if owner is not None else []
    documents = st.integers(0, 50).flatmap(lambda number: _plant(number, owner, _backends(backend)))
    return documents.map(lambda plant: load_scenario({"users": users, "plants": [plant]}).plants[0])


def _backends(backend: Backend | str | None) -> tuple[Backend, ...]:
    return (_ENNEXOS, _CLASSIC) if backend is None else (Backend(backend),)


@st.composite
def scenarios(
    draw: st.DrawFn,
    *,
    max_plants: int = 4,
    max_people: int = 3,
    backend: Backend | str | None = None,
    consents: bool = True,
    details: bool = True,
) -> Scenario:
    """Draw a scenario that its own check accepts, on 2025-06-15 at noon.

    Args:
        draw: given by Hypothesis.
        max_plants: plants at most; there is at least one.
        max_people: accounts at most; there is at least one.
        backend: the backend of all plants; None: either.
        consents: whether some owners have answered already.
        details: whether plants differ in more than owner and backend; without, failures shrink faster.
    """
    users = draw(st.lists(people(), min_size=1, max_size=max_people, unique_by=lambda user: user.key))
    owners = st.sampled_from([user.email for user in users])
    count = draw(st.integers(1, max_plants))
    one = _plant if details else _bare_plant
    stock = [draw(one(number, draw(owners), _backends(backend))) for number in range(count)]
    document = {
        "name": "drawn",
        "now": NOON.isoformat(),
        "users": [
            {"email": user.email, "registered": user.registered, **({"country": user.country} if user.country else {})}
            for user in users
        ],
        "plants": stock,
    }
    if consents:
        document["consents"] = draw(_consents(users, {plant["owner"] for plant in stock}))
    return load_scenario(document)


@st.composite
def _consents(draw: st.DrawFn, users: list[User], owners: set[str]) -> list[dict[str, str]]:
    result = []
    for user in users:
        # Whoever is not registered, or owns nothing, has accepted nothing (R04, R06).
        able = user.registered and user.email in owners
        states = [None, "Accepted", "Pending", "Rejected", "Expired", "Revoked"] if able else [None, "Pending"]
        state = draw(st.sampled_from(states))
        if state is not None:
            result.append({"email": user.email, "state": state})
    return result

"""People, plants, clients and time, driven at random against a model that fits on a page (R03, R04, R06 to R12)."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from mock_sma.domain.transitions import ConsentEvent, TransitionError
from mock_sma.sandbox.access import Access
from mock_sma.sandbox.sandbox import Sandbox
from mock_sma.sandbox.world.happenings.people import register_user
from mock_sma.sandbox.world.happenings.plants import add_plant, set_owner
from mock_sma.scenarios import parse_scenario

if TYPE_CHECKING:
    from mock_sma.domain.consent import Consent
    from mock_sma.domain.scenario import Scenario

WORLD = """
version: 1
name: people
now: 2025-06-15T12:00:00+02:00
clients:
  - {id: mon, secret: s, scopes: ["monitoringApi:read"]}
  - {id: both, secret: s, scopes: ["monitoringApi:read", "gridControlApi:read"]}
users:
  - {email: olivia@example.org, country: DE}
  - {email: otto@example.org, country: FR}
  - {email: delegate@example.org, country: DE}
  - {email: invited@example.org, country: DE, registered: false}
plants:
  - id: 1000
    name: one
    commissioned: 2024-01-01
    users:
      - {email: olivia@example.org, role: admin, owner: true}
      - {email: otto@example.org, role: user}
      - {email: delegate@example.org, role: admin, relationship: installer}
      - {email: invited@example.org, role: user}
  - id: 2000
    name: two
    commissioned: 2024-01-01
    users:
      - {email: olivia@example.org, role: admin, owner: true}
      - {email: otto@example.org, role: user, owner: true}
      - {email: invited@example.org, role: user, owner: true}
"""
PEOPLE = ("olivia@example.org", "otto@example.org", "delegate@example.org", "invited@example.org")
MONITORING, CONTROL = "monitoringApi:read", "gridControlApi:read"
ASKED = {
    ("mon", frozenset({MONITORING})),
    ("both", frozenset({MONITORING, CONTROL})),
    ("both", frozenset({CONTROL})),
}
"""Clients with the scopes they ask for; consent is per client and scope (R11)."""

people = st.sampled_from(PEOPLE)
asked = st.sampled_from(sorted(ASKED, key=str))
MAX_PLANTS = 6
SEVEN_DAYS = 7 * 86_400.0


@cache
def scenario() -> Scenario:
    return parse_scenario(WORLD.encode(), format="yaml")


@dataclass
class Request:
    """A request in the model."""

    expires: float
    answerable: bool
    state: str = "Pending"
    plants: set[str] = field(default_factory=set)


class Story(RuleBasedStateMachine):
    """The world beside the model. The model knows sets and comparisons only, no table."""

    @initialize()
    def begin(self) -> None:
        self.world = Sandbox(scenario())
        self.now = self.world.clock.time()
        self.owned = {person: set(self.world.estate.owned_by(person)) for person in PEOPLE}
        self.registered = set(PEOPLE) - {"invited@example.org"}
        self.requests: dict[tuple[str, frozenset[str], str], list[Request]] = {}
        self.plants = 2

    def records(self, who: tuple[str, frozenset[str]], person: str) -> list[Consent]:
        return [
            record for record in self.world.consents if (record.client_id, record.scopes, record.key) == (*who, person)
        ]

    def model(self, who: tuple[str, frozenset[str]], person: str) -> list[Request]:
        return self.requests.setdefault((*who, person), [])

    # ---- what clients, owners and installers do -------------------------------------------------------

    @rule(who=asked, person=people)
    def request(self, who: tuple[str, frozenset[str]], person: str) -> None:
        client = self.world.clients[who[0]]
        record, new = self.world.consents.request(client, person, who[1], self.now)
        known = self.model(who, person)
        accepted = [item for item in known if item.state == "Accepted"]
        covered = set().union(*(item.plants for item in accepted))
        if known and known[-1].state == "Pending":
            expected, opens = known[-1], False
        elif accepted and self.owned[person] <= covered:
            expected, opens = accepted[-1], False
        else:
            known.append(Request(self.now + SEVEN_DAYS, person in self.registered))
            expected, opens = known[-1], True
        assert new is opens
        assert record is self.records(who, person)[known.index(expected)]

    @rule(who=asked, person=people)
    def grant(self, who: tuple[str, frozenset[str]], person: str) -> None:
        self.request(who, person)
        self.answer_of(who, person, ConsentEvent.ACCEPT)

    @precondition(lambda self: self.requests)
    @rule(pick=st.integers(0, 99), event=st.sampled_from(list(ConsentEvent)[1:]))
    def answer(self, pick: int, event: ConsentEvent) -> None:
        client_id, scopes, person = list(self.requests)[pick % len(self.requests)]
        self.answer_of((client_id, scopes), person, event)

    def answer_of(self, who: tuple[str, frozenset[str]], person: str, event: ConsentEvent) -> None:
        for record, item in zip(self.records(who, person), list(self.model(who, person)), strict=True):
            may = {
                "accept": item.state == "Pending" and item.answerable and bool(self.owned[person]),
                "reject": item.state == "Pending" and item.answerable,
                "expire": item.state == "Pending",
                "revoke": item.state == "Accepted",
            }[event.value]
            before = (record.state, record.plants, len(record.history))
            if not may:
                with pytest.raises(TransitionError):
                    self.world.consents.happen(record, event, self.now, "test")
                assert (record.state, record.plants, len(record.history)) == before
                continue
            self.world.consents.happen(record, event, self.now, "test")
            item.state = {"accept": "Accepted", "reject": "Rejected", "expire": "Expired", "revoke": "Revoked"}[
                event.value
            ]
            if event is ConsentEvent.ACCEPT:
                item.plants = set(self.owned[person])

    @rule(person=people, plant=st.integers(0, MAX_PLANTS - 1), owner=st.booleans())
    def change_owner(self, person: str, plant: int, owner: bool) -> None:
        plant_id = str(1000 * (1 + plant % self.plants))
        roles = {user.key: user.role.value for user in self.world.estate.plants[plant_id].users}
        if roles.get(person) not in (None, "admin", "user"):
            return
        set_owner(self.world.estate, plant_id, person, owner=owner)
        (self.owned[person].add if owner else self.owned[person].discard)(plant_id)

    @rule(person=people)
    def add_plant(self, person: str) -> None:
        if self.plants == MAX_PLANTS:
            return
        self.plants += 1
        first = scenario().plants[0]
        from dataclasses import replace  # noqa: PLC0415 - the machine's only use

        users = tuple(replace(user, owner=user.key == person) for user in first.users)
        plant_id = str(1000 * self.plants)
        add_plant(self.world.estate, replace(first, id=plant_id, users=users))
        self.owned[person].add(plant_id)

    @rule()
    def register(self) -> None:
        register_user(self.world.estate, "invited@example.org")
        self.registered.add("invited@example.org")

    @rule(hours=st.integers(1, 8 * 24))
    def wait(self, hours: int) -> None:
        self.world.clock.advance(hours=hours)
        self.now += hours * 3600.0
        for item in (item for items in self.requests.values() for item in items):
            if item.state == "Pending" and item.expires <= self.now:
                item.state = "Expired"

    # ---- what must hold at all times ------------------------------------------------------------------

    @invariant()
    def records_are_as_the_model_says(self) -> None:
        for (client_id, scopes, person), items in getattr(self, "requests", {}).items():
            records = self.records((client_id, scopes), person)
            assert [(str(record.state), set(record.plants)) for record in records] == [
                (item.state, item.plants) for item in items
            ]
            latest = self.world.consents.latest(client_id, person, scopes)
            assert latest is (records[-1] if records else None)
            assert all(record.history[-1].state is record.state for record in records)

    @invariant()
    def clients_see_what_is_consented_and_still_owned(self) -> None:
        for client_id in ("mon", "both"):
            by_person = {
                person: set().union(
                    *(
                        item.plants & self.owned[person]
                        for (name, scopes, key), items in getattr(self, "requests", {}).items()
                        if (name, key) == (client_id, person) and MONITORING in scopes
                        for item in items
                        if item.state == "Accepted"
                    )
                )
                for person in PEOPLE
            }
            assert self.seen(client_id, {MONITORING}, None) == set().union(*by_person.values())
            assert self.seen(client_id, {CONTROL}, None) == set()
            for person, plants in by_person.items():
                assert self.seen(client_id, {MONITORING}, person) == plants

    def seen(self, client_id: str, scopes: set[str], user: str | None) -> set[str]:
        if not hasattr(self, "world"):
            return set()
        access = Access(client_id=client_id, scopes=frozenset(scopes), user=user, expires=0.0, session="")
        return set(self.world.consents.permitted(access).ids)


@pytest.mark.slow
def test_r03_r04_r06_r07_r08_r09_r10_r11_r12_the_world_does_as_the_model() -> None:
    from hypothesis.stateful import run_state_machine_as_test  # noqa: PLC0415 - one use

    run_state_machine_as_test(
        Story,
        settings=settings(
            max_examples=200,
            stateful_step_count=25,
            derandomize=True,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )

"""What the strategies draw keeps the rules, and a broken client is found and written down."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis.stateful import run_state_machine_as_test

from mock_sma.domain.plant import Backend
from mock_sma.domain.scenario import ConsentState
from mock_sma.domain.transitions import ConsentEvent
from mock_sma.errors import UsageError
from mock_sma.fault_rules.document import rule_of
from mock_sma.sandbox.sandbox import Sandbox
from mock_sma.scenarios import dump_scenario, load_scenario
from mock_sma.testing.machine import SmaMachine
from mock_sma.testing.strategies import (
    answers,
    consent_stories,
    fault_plans,
    fault_rules,
    people,
    plants,
    scenarios,
)
from tests.examples import examples
from tests.facts import OWNER
from tests.sandbox_helpers import make

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from mock_sma.domain.people import User
    from mock_sma.domain.plant import Plant
    from mock_sma.domain.scenario import Scenario
    from mock_sma.testing.strategies import Answered, ConsentStory

few = examples(15, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.slow
@few
@given(scenarios())
def test_a_scenario_is_one_that_its_check_accepts_and_a_world_runs(scenario: Scenario) -> None:
    assert load_scenario(dump_scenario(scenario, "document")) == scenario
    world = Sandbox(scenario)
    assert world.clock.isoformat() == "2025-06-15T12:00:00.000+02:00"
    assert world.clock.frozen
    assert {user.email.partition("@")[2] for user in scenario.users} == {"example.org"}


@pytest.mark.slow
@few
@given(people(registered=False), plants(owner="a@example.org", backend="classic"), plants(backend=Backend.ENNEXOS))
def test_what_is_asked_for_is_drawn(user: User, classic: Plant, other: Plant) -> None:
    assert not user.registered
    assert (classic.backend, [owner.email for owner in classic.owners()]) == (Backend.CLASSIC, ["a@example.org"])
    assert (other.backend, other.owners()) == (Backend.ENNEXOS, ())
    assert classic.devices


@pytest.mark.slow
def test_every_state_of_consent_can_be_drawn() -> None:
    for state in ConsentState:
        options = settings(max_examples=2_000, derandomize=True, phases=[Phase.generate])
        scenario = find(
            scenarios(details=False), lambda value, s=state: any(c.state is s for c in value.consents), settings=options
        )
        assert [record.state for record in Sandbox(scenario).consents if record.state is state]


@few
@given(consent_stories())
def test_a_story_can_happen_and_ends_as_it_says(story: ConsentStory) -> None:
    world = make()
    for step in story.play(world, OWNER):
        newest = world.consents.latest("demo_api", OWNER)
        assert newest is not None
        assert newest.state is step.state
    assert bool(world.consents.granted("demo_api", None)) is story.is_open


def test_a_story_lets_your_client_ask() -> None:
    story = find(consent_stories(), lambda value: len(value.steps) > 1)
    world, asked = make(), []

    def ask(email: str) -> None:
        asked.append(email)
        client = world.clients["demo_api"]
        world.consents.request(client, email, frozenset(client.scopes), world.clock.time())

    list(story.play(world, OWNER, ask=ask))
    assert asked == [OWNER] * sum(step.event is ConsentEvent.REQUEST for step in story.steps)


@few
@given(fault_plans(), fault_rules(path="/v1/plants", transport=False))
def test_rules_of_faults_are_such_as_the_engine_takes(plan: list[dict[str, object]], rule: dict[str, object]) -> None:
    for item in plan:
        assert rule_of(item).times in (1, 2, 3)
    made = rule_of(rule)
    assert made.match.path == "/v1/plants"
    assert made.effect.fault is None
    assert made.effect.delay is None


@pytest.mark.slow
@few
@given(answers())
def test_an_answer_is_whole(answered: Answered) -> None:
    assert answered.status in (200, 403, 404)
    assert answered.headers["content-type"].startswith("application/json")
    assert isinstance(answered.json, dict)
    assert len(answered.body) == int(answered.headers["content-length"])


@pytest.mark.slow
@few
@given(answers("measurements"), answers("missing"))
def test_an_answer_is_of_the_kind_that_is_wanted(found: Answered, missing: Answered) -> None:
    assert "/measurements/sets/" in found.target
    assert missing.status in (403, 404)


def test_a_kind_that_does_not_exist_is_named() -> None:
    with pytest.raises(UsageError, match="no answers of the kind 'plnts'; there are plants, plant,"):
        find(answers("plnts"), lambda _: True)


FORM = {"grant_type": "client_credentials", "client_id": "demo_api", "client_secret": "demo_secret"}
PLANTS = "https://sandbox.smaapis.de/monitoring/v1/plants"
LIMITS = {"max_examples": 20, "stateful_step_count": 6, "deadline": None, "derandomize": True, "database": None}


def read_plants(client: httpx.Client) -> list[str]:
    token = client.post("https://sandbox-auth.smaapis.de/oauth2/token", data=FORM).json()["access_token"]
    answer = client.get(PLANTS, headers={"Authorization": f"Bearer {token}"})
    return [plant["plantId"] for plant in answer.json()["plants"]]


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with httpx.Client(verify=False) as made:  # noqa: S501 - nothing is verified where nothing is connected
        yield made


@pytest.mark.slow
def test_a_client_that_asks_each_time_is_never_wrong(tmp_path: Path, client: httpx.Client) -> None:
    class Machine(SmaMachine):
        failures = tmp_path

        def visible_plants(self) -> Iterable[str]:
            return read_plants(client)

    run_state_machine_as_test(Machine, settings=settings(Machine.TestCase.settings, **LIMITS))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_client_that_remembers_is_found_out_and_the_world_is_written_down(
    tmp_path: Path, client: httpx.Client
) -> None:
    class Forgetful(SmaMachine):
        failures = tmp_path / "sub"

        def start_client(self) -> None:
            self.kept: list[str] | None = None

        def visible_plants(self) -> Iterable[str]:
            self.kept = self.kept or read_plants(client)
            return self.kept

    with pytest.raises(AssertionError, match=r"the client sees .*, the consents open") as caught:
        run_state_machine_as_test(Forgetful, settings=settings(Forgetful.TestCase.settings, **LIMITS))
    assert any("Forgetful.yaml" in note for note in caught.value.__notes__)
    text = (tmp_path / "sub" / "Forgetful.yaml").read_text(encoding="utf-8")
    assert text.startswith("# Forgetful: the client sees ")
    scenario = load_scenario(tmp_path / "sub" / "Forgetful.yaml")
    # Shrunk: one plant, and what has to happen for it to leave the client's view.
    assert len(scenario.plants) == 1
    assert 1 <= len(scenario.timeline) <= 3
    world = Sandbox(scenario)
    world.clock.advance(days=2)
    assert [item.problem for item in world.happenings] == [None] * len(scenario.timeline)


@pytest.mark.slow
def test_the_machine_says_what_to_override(tmp_path: Path) -> None:
    class Empty(SmaMachine):
        failures = tmp_path

    with pytest.raises(NotImplementedError, match="override visible_plants"):
        run_state_machine_as_test(Empty, settings=settings(**LIMITS, phases=[Phase.generate]))
    assert list(tmp_path.iterdir()) == []

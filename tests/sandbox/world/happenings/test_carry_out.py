"""One road for every change of a world: what it allows, to whom, and what it remembers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, get_args

import pytest

from mock_sma.domain import actions as act
from mock_sma.domain.event import EventKind
from mock_sma.domain.timeline import words_of
from mock_sma.errors import ConflictError, ForbiddenError, ScenarioError, UnknownError, UsageError
from mock_sma.fault_rules.document import rule_of
from mock_sma.scenario_file.plant_patch import PlantPatch, plant_model
from tests.sandbox.world.happenings.test_timeline_properties import state
from tests.sandbox_helpers import make

if TYPE_CHECKING:
    from mock_sma.sandbox.sandbox import Sandbox

ANNA, SERVICE, STRANGER = "anna@example.org", "service@example.org", "ben@example.org"
PLANT = "3100"
START = datetime(2025, 6, 15, 10, tzinfo=UTC)


@pytest.fixture
def world() -> Sandbox:
    return make("portfolio")


def patch(**keys: object) -> act.ChangePlant:
    return act.ChangePlant(plant_id=PLANT, change=PlantPatch(keys))


def told(world: Sandbox) -> list[tuple[object, ...]]:
    return [(*words_of(item.action).values(), item.by) for item in world.happenings]


def test_every_action_has_a_name_of_its_own() -> None:
    named = [item for item in get_args(act.Action) if item not in (act.ConsentAction, act.StartEvent)]
    assert set(act.WORDS) == set(named)
    words = [*act.WORDS.values(), *act.CONSENT_EVENTS, *act.EVENT_KINDS]
    assert len(set(words)) == len(words)


def test_what_an_action_brings_about_is_returned(world: Sandbox) -> None:
    carry_out = world.happenings.carry_out
    fault = carry_out(act.AddFault(rule=rule_of({"effect": {"status": 503}})))
    assert list(world.faults) == [fault]
    assert carry_out(act.RemoveFault(fault_id=fault.id)) is None
    assert len(world.faults) == 0
    records = carry_out(act.ConsentAction(event="revoke", email=ANNA), by="console")
    assert {record.email for record in records} == {ANNA}
    assert {record.history[-1].by for record in records} == {"control"}
    assert told(world) == [
        ("add_fault", "control"),
        ("remove_fault", fault.id, "control"),
        ("revoke", ANNA, "console"),
    ]


def test_an_owner_answers_alone_and_the_history_says_so(world: Sandbox) -> None:
    answer = act.ConsentAction(event="revoke", email=ANNA)
    with pytest.raises(ForbiddenError, match="cannot act on behalf of anna"):
        world.happenings.carry_out(answer, by=STRANGER)
    assert world.happenings.carry_out(answer, by=ANNA.upper())[0].history[-1].by == "owner"


@pytest.mark.parametrize(
    ("action", "may", "may_not"),
    [
        (act.SetOwner(plant_id=PLANT, email=ANNA, owner=False), SERVICE, ANNA),
        (act.ChangeOwner(plant_id=PLANT, email=ANNA), SERVICE, ANNA),
        (patch(users=[{"email": SERVICE, "role": "admin"}]), SERVICE, ANNA),
        (patch(name="Almhof"), ANNA, STRANGER),
        (act.StartEvent(plant_id=PLANT, kind=EventKind.GAP), ANNA, STRANGER),
        (act.DeactivateDevice(device_id="3101"), ANNA, STRANGER),
        (act.RegisterUser(email=ANNA), ANNA, SERVICE),
        (act.ClearFaults(), "control", SERVICE),
    ],
)
def test_r02_a_person_does_what_is_theirs_to_do(world: Sandbox, action: act.Action, may: str, may_not: str) -> None:
    before = state(world)
    with pytest.raises(ForbiddenError):
        world.happenings.carry_out(action, by=may_not)
    assert state(world) == before
    world.happenings.carry_out(action, by=may)
    assert [item.by for item in world.happenings] == [may]


def test_a_patch_is_worked_out_from_the_plant_as_it_is_then(world: Sandbox) -> None:
    change = patch(address={"city": "Kassel"})
    world.happenings.carry_out(patch(address={"street": "Am Berg"}))
    world.happenings.carry_out(change)
    address = world.estate.plants[PLANT].address
    assert address is not None
    assert (address.city, address.street) == ("Kassel", "Am Berg")
    assert told(world) == [("change_plant", PLANT, ["address"], "control")] * 2


def test_r19_a_patch_takes_no_id_of_another_and_frees_those_it_drops(world: Sandbox) -> None:
    carry_out = world.happenings.carry_out
    (first, *others) = plant_model(world.estate.plants[PLANT])["devices"]
    with pytest.raises(UsageError, match="R19"):
        carry_out(patch(devices=[first | {"id": "3200"}, *others]))
    other = next(plant for plant in world.estate.plants.values() if plant.backend == "classic")
    with pytest.raises(UsageError, match="R19"):
        carry_out(patch(previous_ids={other.id: PLANT}))
    assert world.estate.is_taken(first["id"])
    carry_out(patch(devices=others))
    assert not world.estate.is_taken(first["id"])
    assert world.estate.device(others[0]["id"]) == (world.estate.plants[PLANT], world.estate.plants[PLANT].devices[0])
    carry_out(patch(devices=[*others, first]))
    assert world.estate.is_taken(first["id"])


def test_an_event_begins_now_or_when_it_says(world: Sandbox) -> None:
    world.clock.set(START)
    carry_out = world.happenings.carry_out
    carry_out(act.StartEvent(plant_id=PLANT, kind=EventKind.SNOW, value=0.5, duration=timedelta(hours=2)))
    earlier = START - timedelta(days=1)
    carry_out(act.StartEvent(plant_id=PLANT, kind=EventKind.LATE_DATA, start=earlier, end=START, arrives=START))
    snow, late = world.estate.plants[PLANT].events[-2:]
    assert (snow.start, snow.end, snow.value) == (START, START + timedelta(hours=2), 0.5)
    assert (late.start, late.end, late.arrives) == (earlier, START, START)
    assert [words[0] for words in told(world)] == ["snow", "late-data"]


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"kind": EventKind.FEED_IN_LIMIT}, "needs the key 'value'"),
        ({"kind": EventKind.GAP, "value": 1.0}, "has no value"),
        ({"kind": EventKind.SNOW, "value": 1.5}, "at most 1, not 1.5"),
        ({"kind": EventKind.LATE_DATA}, "needs the key 'arrives'"),
        ({"kind": EventKind.GAP, "arrives": START}, "belongs to 'late-data'"),
        ({"kind": EventKind.LATE_DATA, "start": START, "arrives": START}, "arrive before their span"),
        ({"kind": EventKind.GAP, "end": datetime(2000, 1, 1, tzinfo=UTC)}, "time goes backwards"),
        ({"kind": EventKind.GAP, "end": START, "duration": timedelta(hours=1)}, "not both"),
        ({"kind": EventKind.GAP, "duration": timedelta(days=9_000_000)}, "beyond the calendar"),
    ],
)
def test_an_event_that_cannot_be_is_refused(world: Sandbox, facts: dict[str, object], why: str) -> None:
    before = state(world)
    with pytest.raises(ScenarioError, match=why):
        world.happenings.carry_out(act.StartEvent(plant_id=PLANT, **facts))  # type: ignore[arg-type]
    assert state(world) == before


def test_what_is_not_there_is_said_so(world: Sandbox) -> None:
    for action in (
        act.ChangePlant(plant_id="3101x", change=PlantPatch({"name": "x"})),
        act.EndEvents(plant_id="3101x"),
        act.RemoveFault(fault_id="fault-9"),
        act.ConsentAction(event="accept", email="nobody@example.org"),
    ):
        with pytest.raises(UnknownError):
            world.happenings.carry_out(action)
    with pytest.raises(ConflictError):
        world.happenings.carry_out(act.ConsentAction(event="expire", email=ANNA))
    assert len(world.happenings) == 0


def test_the_verbs_of_python_take_the_same_road(world: Sandbox) -> None:
    world.consents.revoke(ANNA, "demo_api")
    fault = world.faults.add({"effect": {"status": 503}})
    world.faults.remove(fault.id)
    world.faults.clear()
    with pytest.raises(UnknownError):
        world.faults.remove(fault.id)
    assert told(world) == [
        ("revoke", ANNA, "demo_api", "control"),
        ("add_fault", "control"),
        ("remove_fault", fault.id, "control"),
        ("clear_faults", "control"),
    ]
    world.reset()
    assert len(world.happenings) == 0

"""From a capsule back to a world."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from mock_sma.domain.scenario import ConsentState
from mock_sma.errors import ConflictError
from mock_sma.fault_rules.document import rule_of
from mock_sma.sandbox.sandbox import Sandbox
from mock_sma.scenarios import load_scenario

if TYPE_CHECKING:
    from mock_sma.capsule.document import Capsule
    from mock_sma.domain.scenario import Scenario


def opened(capsule: Capsule) -> Sandbox:
    """Return a new world that is as the capsule says.

    Raises:
        ScenarioError: the scenario in it has mistakes.
    """
    world = Sandbox(_scenario(capsule), name=capsule.world, rate=capsule.clock.rate)
    bring(world, capsule)
    return world


def restore(world: Sandbox, capsule: Capsule) -> None:
    """Put a running world to where a capsule's was; its clients need new tokens then.

    Raises:
        ConflictError: the capsule is of a world with another name.
        ScenarioError: the scenario in it has mistakes; the world goes on as it was.
    """
    if world.name != capsule.world:
        raise ConflictError(
            f"this capsule is of the world {capsule.world!r}, whose name is part of its tokens and ids, not of "
            f"{world.name!r}; open it with: mock-sma serve --capsule FILE"
        )
    # Whatever is wrong with it is found out in another world.
    opened(capsule)
    with world.lock:
        world.load(_scenario(capsule))
        bring(world, capsule)


def beginning(capsule: Capsule) -> Sandbox:
    """Return a new world at the capsule's beginning, its clock stopped."""
    return Sandbox(_scenario(capsule), name=capsule.world, rate=0.0)


def _scenario(capsule: Capsule) -> Scenario:
    scenario = load_scenario(capsule.scenario)
    # Exact to the microsecond, where the document's time is to the second.
    return replace(scenario, now=datetime.fromtimestamp(capsule.clock.started, UTC), seed=capsule.seed)


def bring(world: Sandbox, capsule: Capsule) -> None:
    """Bring a world that has just begun to where the capsule's stood."""
    clock = capsule.clock
    # The way there lets the timeline happen; what it did to consents is in the records below.
    world.clock.set_rate(clock.rate)
    world.clock.set(datetime.fromtimestamp(clock.now, UTC))
    if clock.frozen:
        world.clock.freeze()
    put_estate(world, capsule)
    world.consents.put_back(part.record() for part in capsule.consents)
    for record in world.consents:
        if record.state is ConsentState.PENDING:
            world.consents.answer_by_itself(record, record.history[0].at)
    world.faults.lift_all()
    for rule in capsule.faults:
        world.faults.enforce(rule_of(rule), datetime.fromtimestamp(clock.now, UTC))
    world.quota.used = dict(capsule.quota)
    world.identifiers.counts = dict(capsule.counts)
    world.requests.put_back([part.entry() for part in capsule.requests], capsule.total)


def put_estate(world: Sandbox, capsule: Capsule) -> None:
    """Put plants and people to what they had become."""
    if capsule.present is None:
        return
    present = load_scenario(capsule.present)
    estate = world.estate
    for user in present.users:
        estate.users[user.key] = user
    wanted = {plant.id: plant for plant in present.plants}
    for old_id in [name for name in estate.plants if name not in wanted]:
        del estate.plants[old_id]
    for plant in present.plants:
        if estate.plants.get(plant.id) != plant:
            estate.put(plant)
    estate.plants = {name: estate.plants[name] for name in wanted}

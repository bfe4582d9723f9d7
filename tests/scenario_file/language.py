"""Strategies for all that the language can say, made in Python: each scenario keeps the rules."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from mock_sma.domain import actions as t
from mock_sma.domain.event import EventKind, PlantEvent
from mock_sma.domain.faults import Delay, Distribution, Edit, FaultEffect, FaultKind, FaultMatch, FaultRule, Schedule
from mock_sma.domain.json_patch import PatchOperation
from mock_sma.domain.people import Client, Flow, User
from mock_sma.domain.quota import Quota
from mock_sma.domain.recurrence import Repeat
from mock_sma.domain.scenario import (
    EVERY_OWNER,
    AutoAnswer,
    ConsentState,
    DstFold,
    InitialConsent,
    Profile,
    RefreshReuse,
    Scenario,
    Switches,
)
from mock_sma.domain.timeline import TimelineEntry
from mock_sma.mistakes.misfits import misfits_of
from mock_sma.scenario_file.plant_patch import DevicePatch, PlantPatch
from mock_sma.scenarios.builders import device as new_device
from tests.facts import HOUSEHOLDER
from tests.scenario_file.language_plants import (
    INSTANTS,
    WORDS,
    plants,
)

if TYPE_CHECKING:
    from mock_sma.domain.plant import Plant

REPEATS = st.none() | st.builds(
    Repeat, every=st.timedeltas(timedelta(minutes=1), timedelta(days=900)), times=st.none() | st.integers(1, 9)
)
QUOTAS = st.builds(Quota, requests=st.integers(0, 9), window=st.floats(1, 9))
PLANT_PATCHES = st.fixed_dictionaries(
    {"name": WORDS},
    optional={"description": st.none() | WORDS, "address": st.none() | st.fixed_dictionaries({"city": WORDS})},
)
DEVICE_PATCHES = st.fixed_dictionaries({"name": WORDS}, optional={"firmware_version": st.none() | WORDS})
USER_CHANGES = st.fixed_dictionaries(
    {"name": st.none() | WORDS}, optional={"country": st.sampled_from(["DE", None]), "registered": st.booleans()}
)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | WORDS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(WORDS, inner, max_size=2),
    max_leaves=4,
)
POINTERS = st.sampled_from(["", "/set/0", "/set/*/time", "/plants/1/name", "/a~1b/~0"])


def edits() -> st.SearchStrategy[Edit]:
    """Draw what becomes of an answer: by a merge patch, or by operations."""
    headers = st.dictionaries(st.sampled_from(["x-a", "X-B"]), st.none() | st.just("1")).map(
        lambda found: tuple(found.items())
    )
    values = st.builds(PatchOperation, op=st.sampled_from(["add", "replace", "test"]), path=POINTERS, value=JSON)
    moves = st.builds(PatchOperation, op=st.sampled_from(["copy", "move"]), path=POINTERS, source=POINTERS)
    operations = st.lists(values | moves, min_size=1, max_size=3).map(tuple)
    return st.builds(Edit, headers=headers, merge=st.dictionaries(WORDS, JSON, max_size=2)) | st.builds(
        Edit, headers=headers, patch=operations
    )


def rules() -> st.SearchStrategy[FaultRule]:
    """Draw a fault rule with each kind of effect that a rule can have."""
    effects = st.one_of(
        st.builds(
            FaultEffect,
            status=st.integers(200, 599),
            body=st.none() | WORDS | st.dictionaries(WORDS, st.integers() | WORDS | st.none()),
            headers=st.lists(
                st.tuples(st.sampled_from(["x-a", "X-B"]), st.just("1")), max_size=2, unique_by=lambda item: item[0]
            ).map(tuple),
        ),
        st.builds(FaultEffect, fault=st.sampled_from(FaultKind)),
        st.sampled_from(
            [FaultEffect(expire_token=True), FaultEffect(quota_exhausted=True), FaultEffect(html_504=True)]
        ),
        st.builds(FaultEffect, edit=edits()),
        st.builds(FaultEffect, delay=st.builds(Delay, parameters=st.tuples(st.floats(0, 3_600)))),
        st.floats(0, 100).map(
            lambda low: FaultEffect(delay=Delay(distribution=Distribution.UNIFORM, parameters=(low, low + 1)))
        ),
    )
    matches = st.builds(
        FaultMatch,
        method=st.none() | st.sampled_from(["GET", "POST"]),
        path=st.none() | st.sampled_from(["/v1/plants", "*/measurements/*"]),
        client_id=st.none() | WORDS,
        query=st.dictionaries(WORDS, st.none() | WORDS, max_size=2).map(lambda found: tuple(found.items())),
        body=st.none() | WORDS | st.dictionaries(WORDS, JSON, min_size=1, max_size=2),
    )
    schedules = st.none() | st.builds(
        Schedule, start=st.none() | st.just(datetime(2009, 1, 1, tzinfo=UTC)), end=st.none() | INSTANTS
    )
    return st.builds(
        FaultRule,
        effect=effects,
        match=matches,
        times=st.none() | st.integers(1, 9),
        after=st.integers(0, 9),
        probability=st.floats(0, 1),
        schedule=schedules,
    )


def actions(plant: Plant, person: str) -> st.SearchStrategy[t.Action]:
    """Draw an action about a plant or a person."""
    span = st.none() | st.timedeltas(timedelta(), timedelta(days=900))
    plant_id = plant.id
    device = st.none() | st.sampled_from([item.id for item in plant.devices]) if plant.devices else st.none()
    start = datetime(2025, 6, 1, tzinfo=UTC)
    gaps = (PlantEvent(kind=EventKind.GAP, start=start, device_id=item.id) for item in plant.devices)
    silenced = st.sampled_from([None, *(gap.device_id for gap in gaps if not list(misfits_of(plant, gap)))])
    about_devices = [
        st.builds(t.DeactivateDevice, device_id=st.just(item.id))
        | st.builds(
            t.ChangeDevice, device_id=st.just(item.id), change=DEVICE_PATCHES.map(partial(DevicePatch, item.id))
        )
        | st.builds(t.ReplaceDevice, device_id=st.just(item.id), name=st.none() | WORDS, serial=st.none() | WORDS)
        for item in plant.devices
    ]
    gap = st.builds(
        t.StartEvent, kind=st.just(EventKind.GAP), plant_id=st.just(plant_id), device_id=silenced, duration=span
    )
    return st.one_of(
        st.builds(t.ConsentAction, event=st.sampled_from(t.CONSENT_EVENTS), email=st.just(person)),
        st.builds(t.SetOwner, plant_id=st.just(plant_id), email=st.just(person), owner=st.booleans()),
        st.builds(t.ChangeOwner, plant_id=st.just(plant_id), email=st.just(person)),
        st.builds(t.RegisterUser, email=st.just(person)),
        gap,
        st.builds(t.EndEvents, plant_id=st.just(plant_id), device_id=device),
        st.builds(t.ChangeQuota, quota=st.none() | QUOTAS),
        st.builds(t.ChangePlant, plant_id=st.just(plant_id), change=st.builds(PlantPatch, PLANT_PATCHES)),
        st.builds(t.ChangeUser, email=st.just(person), change=USER_CHANGES),
        st.builds(
            t.AddDevice,
            plant_id=st.just(plant_id),
            device=st.builds(new_device, st.sampled_from(["sensor", "grid-meter"]), WORDS, serial=WORDS),
        ),
        st.builds(t.AddFault, rule=rules()),
        st.just(t.ClearFaults()),
        *about_devices,
    )


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """Draw a scenario that keeps the rules."""
    owner = HOUSEHOLDER
    span = st.timedeltas(timedelta(), timedelta(days=900))
    made = tuple(draw(plants(number, owner)) for number in range(1, 1 + draw(st.integers(0, 3))))
    later = draw(plants(9, owner))
    entries = st.builds(TimelineEntry, action=actions(later, owner), after=span, repeat=REPEATS)
    registered = draw(st.booleans())
    answers = [ConsentState.PENDING, ConsentState.EXPIRED]
    if registered:
        answers = [*ConsentState] if made else [*answers, ConsentState.REJECTED]  # R04, R06
    return Scenario(
        name=draw(WORDS),
        description=draw(WORDS),
        profile=draw(st.sampled_from([Profile.SANDBOX, Profile.PRODUCTION_2020])),
        seed=draw(st.none() | st.integers(0, 2**63 - 1)),
        clients=draw(
            st.just(())
            | st.builds(
                lambda quota: (Client(id="c", secret="s", flow=Flow.CODE, redirect_uris=("http://x/y",), quota=quota),),
                st.none() | QUOTAS,
            )
        ),
        users=(
            User(
                email=owner,
                country=draw(st.sampled_from(["DE", "NO", None])),
                language=draw(st.sampled_from(["de", "en", None])),
                registered=registered,
            ),
        ),
        plants=made,
        consents=(
            InitialConsent(email=owner, state=draw(st.sampled_from(answers))),
            *draw(st.lists(st.builds(InitialConsent, email=st.just(EVERY_OWNER), share=st.floats(0.1, 1)), max_size=2)),
        ),
        auto_answers=(
            AutoAnswer(email=owner, answer=draw(st.sampled_from([None, "accept", "reject"])), after=draw(span)),
        ),
        timeline=(
            TimelineEntry(action=t.AddPlant(plant=later), at=draw(INSTANTS)),
            *draw(st.lists(entries, max_size=4)),
        ),
        quota=draw(st.none() | st.builds(Quota, requests=st.integers(0, 1000), window=st.floats(1, 86_400))),
        faults=tuple(draw(st.lists(rules(), max_size=2))),
        switches=draw(
            st.builds(Switches, dst_fold=st.sampled_from(DstFold), refresh_reuse=st.sampled_from(RefreshReuse))
        ),
    )

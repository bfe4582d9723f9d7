"""What the language gives by itself, its aliases and its warnings."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from mock_sma.domain.catalogue import DEVICE_SETS
from mock_sma.domain.device import Array, Battery, Device, DeviceKind
from mock_sma.domain.event import EventKind, PlantEvent
from mock_sma.domain.people import Client, Flow, PlantUser, Role, User
from mock_sma.domain.plant import Address, Gateway, Load, LoadKind, Plant
from mock_sma.domain.scenario import (
    AutoAnswer,
    ConsentState,
    DstFold,
    InitialConsent,
    Profile,
    Quota,
    RefreshReuse,
    Scenario,
    Switches,
    TimelineEntry,
)
from mock_sma.scenario_file import dump_scenario, load_scenario, parse_scenario
from mock_sma.scenario_file.build_events import VALUES

WORDS = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=12)
SETS = [item.name for item in DEVICE_SETS]
INSTANTS = st.datetimes(datetime(2010, 1, 1), datetime(2040, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001
WATTS = st.floats(1, 1e6)


@st.composite
def events(draw: st.DrawFn, start: datetime) -> PlantEvent:
    """Draw an event with what its kind needs."""
    kind = draw(st.sampled_from(EventKind))
    value = draw(st.floats(0, 1)) if kind in VALUES else None
    hour = timedelta(hours=1)
    arrives = start + 2 * hour if kind is EventKind.LATE_DATA else None
    return PlantEvent(kind=kind, start=start, end=draw(st.none() | st.just(start + hour)), value=value, arrives=arrives)


@st.composite
def plants(draw: st.DrawFn, number: int, owner: str) -> Plant:
    """Draw an ennexOS plant with devices, people and events."""
    base = number * 1000
    start = draw(INSTANTS)
    devices = tuple(
        Device(
            id=str(base + index + 1),
            name=draw(WORDS),
            kind=draw(st.sampled_from(DeviceKind)),
            type=draw(WORDS),
            product=draw(WORDS),
            product_id=draw(st.integers(0, 300_000)),
            serial=draw(st.none() | WORDS),
            generator_power=draw(st.none() | WATTS),
            arrays=tuple(
                Array(peak_power=draw(WATTS), azimuth=draw(st.floats(0, 360)), tilt=draw(st.floats(0, 90)))
                for _ in range(draw(st.integers(0, 2)))
            ),
            battery=draw(st.none() | st.builds(Battery, capacity=WATTS, max_charge=WATTS, max_discharge=WATTS)),
            sets=draw(st.none() | st.just(()) | st.lists(st.sampled_from(SETS), max_size=2).map(tuple)),
        )
        for index in range(draw(st.integers(0, 3)))
    )
    return Plant(
        id=str(base),
        name=draw(WORDS),
        description=draw(st.none() | WORDS),
        latitude=draw(st.floats(-90, 90)),
        currency=draw(st.sampled_from(["EUR", None, "NOK"])),
        address=draw(st.none() | st.builds(Address, city=st.none() | WORDS)),
        gateway=draw(st.sampled_from(Gateway)),
        resolution=draw(st.sampled_from([5, 15, 60])),
        commissioned=draw(st.dates(date(1980, 1, 1), date(2199, 12, 31))),
        load=draw(st.builds(Load, kind=st.sampled_from(LoadKind), annual_energy=WATTS)),
        devices=devices,
        users=(PlantUser(email=owner, role=draw(st.sampled_from([Role.USER, Role.ADMIN])), owner=True),),
        events=draw(st.lists(events(start), max_size=2).map(tuple)),
        previous_ids=((f"0fa3b7c2-1111-4222-8333-00000000000{number}", str(base)),),
        migrated_at=draw(st.none() | INSTANTS),
    )


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """Draw a scenario that keeps the rules."""
    owner = "owner@example.org"
    span = st.timedeltas(timedelta(), timedelta(days=900))
    made = tuple(draw(plants(number, owner)) for number in range(1, 1 + draw(st.integers(0, 3))))
    later = draw(plants(9, owner))
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
            st.sampled_from([(), (Client(id="c", secret="s", flow=Flow.CODE, redirect_uris=("http://x/y",)),)])
        ),
        users=(User(email=owner, country=draw(st.sampled_from(["DE", "NO", None])), registered=registered),),
        plants=made,
        consents=(InitialConsent(email=owner, state=draw(st.sampled_from(answers))),),
        auto_answers=(
            AutoAnswer(email=owner, answer=draw(st.sampled_from([None, "accept", "reject"])), after=draw(span)),
        ),
        timeline=(
            TimelineEntry(action="revoke", after=draw(span), arguments={"email": owner}),
            TimelineEntry(action="add_plant", at=draw(INSTANTS), arguments={"plant": later.id}, plant=later),
            TimelineEntry(
                action="gap", after=draw(span), arguments={"plant": later.id}, duration=draw(st.none() | span)
            ),
        ),
        quota=draw(st.none() | st.builds(Quota, requests=st.integers(0, 1000), window=st.floats(1, 86_400))),
        faults=({"effect": {"status": draw(st.integers(200, 599)), "body": draw(WORDS)}},),
        switches=draw(
            st.builds(Switches, dst_fold=st.sampled_from(DstFold), refresh_reuse=st.sampled_from(RefreshReuse))
        ),
    )


@given(scenarios())
@settings(derandomize=True, max_examples=40, deadline=None)
def test_any_scenario_made_in_python_survives_yaml_and_json(scenario: Scenario) -> None:
    assert parse_scenario(dump_scenario(scenario)) == scenario
    assert parse_scenario(dump_scenario(scenario, "json"), format="json") == scenario


def test_ten_lines_make_a_useful_world() -> None:
    world = parse_scenario(
        "users: [{email: a@example.org, country: DE}]\n"
        "plants: [{id: 100, name: A, template: household-battery, owner: a@example.org}]\n"
    )
    plant = world.plants[0]
    assert [client.id for client in world.clients] == ["demo_api", "demo_app"]
    assert [device.id for device in plant.devices] == ["101", "102", "103"]
    assert (plant.resolution, plant.gateway, plant.has_battery) == (5, Gateway.DATA_MANAGER, True)


def test_r22_a_classic_plant_has_fifteen_minutes_and_devices_with_guids() -> None:
    guid = "0fa3b7c2-1111-4222-8333-000000000001"
    plant = load_scenario({"plants": [{"id": guid, "name": "A", "template": "household"}]}).plants[0]
    assert plant.resolution == 15
    assert all(len(device.id) == 36 for device in plant.devices)


def test_r05_a_missing_country_is_a_warning() -> None:
    world = parse_scenario("users: [{email: a@example.org}]\n")
    text = "users[0]: warning: a@example.org has no country: consent mails will be English (R05)"
    assert world.warnings == (f"1: {text}",)
    assert load_scenario({"users": [{"email": "a@example.org"}]}).warnings == (text,)


def test_an_older_version_loads_with_a_note() -> None:
    note = "version: warning: version 0 is older; it was read as version 1"
    assert parse_scenario("name: old\nversion: 0\n").warnings == (f"2: {note}",)


def test_r01_any_classic_role_may_own_and_ennexos_words_are_read() -> None:
    people = "users: [{email: a@example.org, country: DE}]\n"
    classic = (
        "plants:\n  - id: 0fa3b7c2-1111-4222-8333-000000000001\n    name: A\n"
        "    users: [{email: a@example.org, role: guest, owner: true}]\n"
    )
    assert parse_scenario(people + classic).plants[0].owners()[0].role is Role.GUEST
    ennexos = "plants: [{id: 1, name: A, users: [{email: A@example.org, role: Administrator, owner: true}]}]\n"
    assert parse_scenario(people + ennexos).plants[0].owners()[0].role is Role.ADMIN


def test_unquoted_norway_octal_and_clock_times_stay_what_was_written() -> None:
    world = parse_scenario("users: [{email: a@example.org, country: NO, name: 12:30}]\nname: 0123\n")
    assert (world.users[0].country, world.users[0].name, world.name) == ("NO", "12:30", "0123")


def test_merge_keys_and_own_templates_work() -> None:
    world = parse_scenario(
        "templates:\n  tiny: {devices: [{kind: grid-meter, name: M}]}\n"
        "plants:\n  - &one {id: 10, name: A, template: tiny}\n"
        "  - {<<: *one, id: 20}\n  - {<<: [*one], id: 30}\n"
    )
    assert [(plant.id, plant.name, len(plant.devices)) for plant in world.plants] == [
        ("10", "A", 1),
        ("20", "A", 1),
        ("30", "A", 1),
    ]


def test_a_portfolio_depends_on_the_seed_alone() -> None:
    wish = {"generate": {"count": 30, "owners": 4, "classic": 0.5, "mix": {"household": 1, "pv-only": 1}}}
    first, again = load_scenario(wish), load_scenario(wish)
    other = load_scenario({**wish, "seed": 7})
    assert first == again
    assert [plant.name for plant in first.plants] != [plant.name for plant in other.plants]
    assert {len(plant.id) > 30 for plant in first.plants} == {True, False}

"""Strategies for plants as the language can say them, with their devices, events and past."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from mock_sma.domain.catalogue import ALL_SETS, DEVICE_SETS
from mock_sma.domain.device import Array, Battery, Device, DeviceKind
from mock_sma.domain.event import EventKind, PlantEvent, ValueMode
from mock_sma.domain.event_rules import VALUES
from mock_sma.domain.instruments import device_sets, plant_sets
from mock_sma.domain.people import PlantUser, Role
from mock_sma.domain.plant import Address, Earlier, Gateway, Load, LoadKind, Normals, Plant
from mock_sma.domain.recurrence import Repeat
from mock_sma.mistakes.misfits import misfits_of

WORDS = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=12)
SETS = [item.name for item in DEVICE_SETS]
INSTANTS = st.datetimes(datetime(2010, 1, 1), datetime(2040, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001
WATTS = st.floats(1, 1e6)


EVENT_REPEATS = st.none() | st.builds(
    Repeat, every=st.timedeltas(timedelta(minutes=1), timedelta(days=9)), times=st.integers(1, 9)
)


@st.composite
def events(draw: st.DrawFn, start: datetime) -> PlantEvent:
    """Draw an event with what its kind needs."""
    kind = draw(st.sampled_from([kind for kind in EventKind if kind is not EventKind.VALUE]))
    value = draw(st.floats(0, 1)) if kind in VALUES else None
    hour = timedelta(hours=1)
    arrives = start + 2 * hour if kind is EventKind.LATE_DATA else None
    repeat = draw(EVENT_REPEATS)
    end = start + hour if repeat else draw(st.none() | st.just(start + hour))
    return PlantEvent(kind=kind, start=start, end=end, value=value, arrives=arrives, repeat=repeat)


@st.composite
def value_events(draw: st.DrawFn, start: datetime, plant: Plant) -> PlantEvent:
    """Draw an event on a property of a set that a plant or one of its devices offers, where there is any."""
    owners = [(None, plant_sets(plant)), *((item.id, device_sets(plant, item)) for item in plant.devices)]
    device_id, names = draw(st.sampled_from([(name, sets) for name, sets in owners if sets] or [(None, ("Sensor",))]))
    found = ALL_SETS[draw(st.sampled_from(names)).lower()]
    mode = draw(st.sampled_from(ValueMode))
    return PlantEvent(
        kind=EventKind.VALUE,
        start=start,
        end=start + timedelta(hours=1),
        device_id=device_id,
        set_name=found.name,
        property_name=draw(st.sampled_from(found.properties)).name,
        mode=mode,
        value=None if mode in (ValueMode.NULL, ValueMode.STUCK) else draw(st.floats(-1e6, 1e6)),
        share=draw(st.none() | st.floats(0, 1)),
        repeat=draw(EVENT_REPEATS),
    )


def earlier(until: datetime, devices: tuple[Device, ...]) -> st.SearchStrategy[Earlier]:
    """Draw how a plant was."""
    return st.builds(
        Earlier,
        until=st.just(until),
        latitude=st.floats(-90, 90),
        weather=st.none() | WORDS,
        climate=st.none() | st.just(Normals(temperature=(9.5,) * 12)),
        resolution=st.sampled_from([5, 15, 60]),
        measures_grid=st.booleans(),
        load=st.builds(Load, annual_energy=WATTS),
        missing_rows=st.floats(0, 0.5),
        devices=st.sampled_from([(), devices, devices[1:]]),
    )


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
    plant = Plant(
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
        previous_ids=((f"0fa3b7c2-1111-4222-8333-00000000000{number}", str(base)),),
        migrated_at=draw(st.none() | INSTANTS),
    )
    untils = draw(st.lists(INSTANTS, max_size=2, unique=True))
    plant = replace(plant, earlier=tuple(draw(earlier(until, devices)) for until in sorted(untils)))
    drawn = draw(st.lists(events(start) | value_events(start, plant), max_size=3))
    return replace(plant, events=tuple(event for event in drawn if not any(misfits_of(plant, event))))

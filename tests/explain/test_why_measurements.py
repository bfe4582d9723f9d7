"""Why a set is empty or its newest row old: named situations, each with its exact sentence."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from mock_sma.domain.event import EventKind, PlantEvent
from mock_sma.domain.instruments import device_sets
from tests.explain.story import Story
from tests.facts import NOW

if TYPE_CHECKING:
    from collections.abc import Callable

    from mock_sma.domain.plant import Plant
    from mock_sma.sandbox.world.entry import Entry


CLASSIC = "11111111-aaaa-4bbb-8ccc-000000000001"


def unknown_set() -> Entry:
    return Story().sets("13", "EnergyBalanc/Day?Date=2025-06-14")


def unknown_period() -> Entry:
    return Story().sets("13", "EnergyBalance/Decade?Date=2025-06-14")


def wrong_date() -> Entry:
    return Story().sets("13", "EnergyBalance/Month?Date=2025-06-14")


def no_grid_meter() -> Entry:
    return Story("pv-only").sets("2100", "EnergyBalance/Day?Date=2025-06-14")


def no_instruments() -> Entry:
    return Story().get("/monitoring/v1/devices/14/measurements/sets/EnergyAndPowerBattery/Day?Date=2025-06-14")


def future() -> Entry:
    return Story().sets("13", "EnergyBalance/Day?Date=2025-06-16")


def future_month() -> Entry:
    return Story().sets("13", "EnergyBalance/Month?Date=2025-12")


def future_year() -> Entry:
    return Story().sets("13", "EnergyBalance/Year?Date=9999")


def before_commissioning() -> Entry:
    return Story("gap-week").sets("2100", "EnergyBalance/Week?Date=2021-04-01")


def not_yet_visible() -> Entry:
    return Story("processing-delay", now="2025-06-15T01:00:00+02:00").sets(
        CLASSIC, "EnergyAndPowerPv/Day?Date=2025-06-15"
    )


def classic_two_hours() -> Entry:
    return Story("processing-delay").sets(CLASSIC, "EnergyAndPowerPv/Day?Date=2025-06-15")


def classic_professional() -> Entry:
    return Story("processing-delay").sets(CLASSIC[:-1] + "2", "EnergyAndPowerPv/Day?Date=2025-06-15")


def ennexos_on_the_fly() -> Entry:
    return Story("gap-week", now="2025-03-12T12:00:00+01:00").sets("2100", "EnergyBalance/Day?Date=2025-03-12")


def visible_until_yesterday() -> Entry:
    return Story("processing-delay", now="2025-06-15T00:30:00+02:00").sets(
        CLASSIC, "EnergyAndPowerPv/Day?Date=2025-06-14"
    )


def silent_week_end() -> Entry:
    return Story("gap-week", now=None).sets("2100", "EnergyBalance/Week?Date=2025-03-03")


def silent_day() -> Entry:
    return Story("gap-week", now=None).sets("2100", "EnergyBalance/Day?Date=2025-03-09")


def late_day() -> Entry:
    def late(plant: Plant) -> Plant:
        event = PlantEvent(
            kind=EventKind.LATE_DATA,
            start=datetime(2025, 6, 13, 22, tzinfo=UTC),
            end=datetime(2025, 6, 14, 22, tzinfo=UTC),
            arrives=datetime(2025, 6, 20, tzinfo=UTC),
        )
        return replace(plant, events=(event,))

    return Story().change("13", late).sets("13", "EnergyBalance/Day?Date=2025-06-14")


def silent_until_further_notice() -> Entry:
    event = PlantEvent(kind=EventKind.GAP, start=datetime(2025, 6, 10, tzinfo=UTC))
    story = Story().change("13", lambda plant: replace(plant, events=(event,)))
    return story.sets("13", "EnergyBalance/Day?Date=2025-06-14")


SITUATIONS: list[tuple[Callable[[], Entry], str]] = [
    (wrong_date, "The Date '2025-06-14' does not fit the period Month: YYYY-MM is expected"),
    (
        no_grid_meter,
        (
            "the set is empty: EnergyBalance wants gridConsumption and gridFeedIn measured, "
            "and plant 2100 does not measure them (R24)"
        ),
    ),
    (
        no_instruments,
        "the set is empty: device 14 has no instruments for EnergyAndPowerBattery; it offers no set at all (R33)",
    ),
    (future, "the set is empty: 2025-06-16 is in the future; it is 2025-06-15 12:00 on the emulator's clock"),
    (future_month, "the set is empty: 2025-12 is in the future; it is 2025-06-15 12:00 on the emulator's clock"),
    (future_year, "the set is empty: 9999 is in the future; it is 2025-06-15 12:00 on the emulator's clock"),
    (
        before_commissioning,
        "the set is empty: the week from 2021-04-01 is before 2021-05-01, when the plant was commissioned",
    ),
    (not_yet_visible, "the set is empty: no row of 2025-06-15 has been uploaded and processed yet"),
    (classic_two_hours, "the newest row is 09:45; Classic processing takes 120 min"),
    (
        classic_professional,
        "the newest row is 11:30; Classic processing takes 15 min with the Professional Package",
    ),
    (ennexos_on_the_fly, "the newest row is 11:55; ennexOS uploads every 5 min and processes on the fly"),
    (visible_until_yesterday, "the newest row is 2025-06-14 22:15; Classic processing takes 120 min"),
    (
        silent_week_end,
        "the plant was silent from 2025-03-08 00:00 to 2025-03-10 00:00 (R28): rows are missing",
    ),
    (silent_day, "the set is empty: the plant was silent from 2025-03-08 00:00 to 2025-03-10 00:00 (R28)"),
    (silent_until_further_notice, "the set is empty: the plant was silent from 2025-06-10 02:00 on (R28)"),
    (
        late_day,
        (
            "the set is empty: the rows of the plant from 2025-06-14 00:00 to 2025-06-15 00:00 are late; "
            "they arrive at 2025-06-20 02:00"
        ),
    ),
]


@pytest.mark.parametrize(("situation", "sentence"), SITUATIONS, ids=[item[0].__name__ for item in SITUATIONS])
def test_situation(situation: Callable[[], Entry], sentence: str) -> None:
    entry = situation()
    assert sentence in list(entry.why)
    assert json.dumps([step.as_dict() for step in entry.why.steps])


@pytest.mark.slow
@pytest.mark.parametrize(
    "path",
    [
        "/monitoring/v1/plants?Filter=zzz",
        "/monitoring/v1/plants/13/logs",
        "/monitoring/v1/plants/13/measurements/sets/EnergyBalance/Day?Date=2030-01-01",
        "/monitoring/v1/plants/13/measurements/sets/EnergyBalance/Total",
        "/monitoring/v1/devices/14/measurements/sets",
        "/monitoring/v1/devices/14/measurements/sets/PowerAc/Recent",
        "/monitoring/v1/devices/15/measurements/sets/EnergyAndPowerPv/Day?Date=2025-06-15",
    ],
)
def test_an_empty_list_always_says_why_and_a_full_one_never_does(path: str) -> None:
    for now in ("2025-06-15T00:40:00+02:00", NOW):
        story = Story(now=now)
        entry = story.get(path)
        assert entry.status == 200
        is_empty = any(
            name in entry.response_body for name in (b'"set":[]', b'"plants":[]', b'"logs":[]', b'"sets":[]')
        )
        reasons = [step for step in entry.why.steps if step.kind == "empty"]
        assert len(reasons) == is_empty, (now, list(entry.why), entry.response_body[:300])


def test_a_night_and_a_silence_of_one_device() -> None:
    story = Story("gap-week", now="2025-06-15T02:00:00+02:00")
    plant = story.world.estate.plants["2100"]
    device = next(item for item in plant.devices if "EnergyAndPowerPv" in device_sets(plant, item))
    path = f"/monitoring/v1/devices/{device.id}/measurements/sets/EnergyAndPowerPv/Day?Date=2025-06-15"
    sentence = "the set is empty: nothing was generated in that span, and inverters have no rows at night"
    assert sentence in list(story.get(path).why)
    gap = PlantEvent(kind=EventKind.GAP, start=datetime(2025, 6, 14, 22, tzinfo=UTC), device_id=device.id)
    story.change(plant.id, lambda plant: replace(plant, events=(gap,)))
    assert f"the set is empty: device {device.id} was silent from 2025-06-15 00:00 on (R28)" in list(
        story.get(path).why
    )


def test_names_of_sets_and_periods_are_suggested() -> None:
    assert list(unknown_set().why)[-1].startswith("there is no set 'EnergyBalanc' here; there are EnergyBalance, ")
    assert list(unknown_period().why)[-1].startswith("there is no period 'Decade' here; there are Recent, Day, ")

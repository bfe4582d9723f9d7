"""Why an answer is what it is: named situations, each with its exact sentence."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from mock_sma.domain.quota import Quota
from tests.explain.story import PLANTS, Story
from tests.sandbox_helpers import BC, ask, make

if TYPE_CHECKING:
    from collections.abc import Callable

    from mock_sma.domain.plant import Plant
    from mock_sma.sandbox.world.entry import Entry


CLASSIC = "11111111-aaaa-4bbb-8ccc-000000000001"


def unknown_plant() -> Entry:
    return Story().get(PLANTS + "/14")


def migrated_plant() -> Entry:
    return Story("migration").get(f"{PLANTS}/{CLASSIC}")


def no_entries() -> Entry:
    return Story().get(PLANTS + "/13/logs")


def no_entries_of_level() -> Entry:
    return Story("classic").get(f"{PLANTS}/{CLASSIC}/logs?Level=Info&From=2030-01-01")


def all_deactivated() -> Entry:
    def off(plant: Plant) -> Plant:
        return replace(plant, devices=tuple(replace(device, is_active=False) for device in plant.devices))

    return Story().change("13", off).get(PLANTS + "/13/devices")


def no_devices() -> Entry:
    return Story().change("13", lambda plant: replace(plant, devices=())).get(PLANTS + "/13/devices/lean")


def no_sets() -> Entry:
    def bare(plant: Plant) -> Plant:
        return replace(plant, devices=(), measures_grid=False)

    return Story().change("13", bare).get(PLANTS + "/13/measurements/sets")


def quota_left() -> Entry:
    return Story("rate-limited").get(PLANTS)


def quota_spent() -> Entry:
    story = Story()
    story.world.quota.quota = Quota(requests=1)
    story.get(PLANTS)
    story.world.clock.advance(seconds=60)
    return story.get(PLANTS)


def fault() -> Entry:
    story = Story()
    story.world.faults.add({"effect": {"fault": "connection_reset", "delay": 2}})
    return story.get(PLANTS)


def unknown_path() -> Entry:
    return Story().get("/monitoring/v1/plant/13")


def wrong_method() -> Entry:
    story = Story()
    ask(story.world, "DELETE", PLANTS)
    return story.last()


def wrong_host() -> Entry:
    return Story().get("/oauth2/token", host="monitoring.smaapis.de")


SITUATIONS: list[tuple[Callable[[], Entry], str]] = [
    (unknown_plant, "there is no plant '14' in this world"),
    (migrated_plant, f"the plant '{CLASSIC}' migrated to '2100'"),
    (
        no_entries,
        "the list is empty: nothing that makes an entry has happened to plant 13, or it is not processed yet",
    ),
    (
        no_entries_of_level,
        f"the list is empty: none of 5 entries of plant {CLASSIC} is of the time and level asked for",
    ),
    (
        all_deactivated,
        "the list is empty: all 10 devices of plant 13 are deactivated; WithDeactivatedDevices=true shows them (R30)",
    ),
    (no_devices, "the list is empty: plant 13 has no devices"),
    (no_sets, "the list is empty: plant 13 has no instruments for any set (R33)"),
    (quota_left, "request 1 of the 1500 that the quota allows in 300 s"),
    (quota_spent, "the quota of 1 requests is spent; it is renewed in 240 s"),
    (fault, "the fault rule 'fault-1' delays the answer by 2 s and resets the connection; the answer is lost"),
    (wrong_method, "the path exists, but not with the method DELETE; it takes GET"),
    (
        wrong_host,
        "the host monitoring.smaapis.de serves monitoring only; its gateway answers 504 to this path",
    ),
]


@pytest.mark.parametrize(("situation", "sentence"), SITUATIONS, ids=[item[0].__name__ for item in SITUATIONS])
def test_situation(situation: Callable[[], Entry], sentence: str) -> None:
    entry = situation()
    assert sentence in list(entry.why)
    assert json.dumps([step.as_dict() for step in entry.why.steps])


def test_paths_are_suggested() -> None:
    nearest = next(iter(unknown_path().why))
    assert nearest.startswith("no operation has this path in the layout 'local'; the nearest are /monitoring/v1/plants")


@pytest.mark.parametrize(
    ("host", "path", "others"),
    [
        ("auth.smaapis.de", BC, "async-auth.smaapis.de and smaapis.de"),
        ("sandbox-auth.smaapis.de", BC, "sandbox.smaapis.de"),
        ("async-auth.smaapis.de", "/v1/plants", "monitoring.smaapis.de and basicreporting.smaapis.de"),
    ],
)
def test_a_path_of_another_host_leads_there(host: str, path: str, others: str) -> None:
    world = make()
    ask(world, "POST" if path == BC else "GET", path, host=host)
    assert list(world.requests[-1].why)[-1] == f"{host} does not serve this path; {others} would"

"""The truth about a day is what the vendor API answers: now, and when everything has come."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_sma import Sandbox, load_scenario
from mock_sma.errors import UnknownError, UsageError
from tests.examples import examples
from tests.facts import HOUSEHOLDER
from tests.sandbox.asking import Asker

if TYPE_CHECKING:
    from mock_sma.verdicts.truth import Truth

DAY = "2025-06-15"
CLASSIC = "11111111-aaaa-4bbb-8ccc-000000000001"
DEVICES = {"2100": ("2101", "2102", "2103"), CLASSIC: (f"{CLASSIC[:-4]}0101", f"{CLASSIC[:-4]}0102")}
SETS = ("EnergyBalance", "EnergyAndPowerPv")
DEVICE_SETS = ("EnergyAndPowerPv", "EnergyAndPowerBattery", "EnergyAndPowerInOut", "EnergyDc")
ENERGY = ("Generation", "Consumption", "harging", "FeedIn", "Supply", "EnergyInput")


def at(hours: float) -> str:
    return (datetime.fromisoformat("2025-06-14T00:00:00+02:00") + timedelta(hours=hours)).isoformat()


def document(plant_id: str, events: Any = (), timeline: Any = (), **more: Any) -> dict[str, Any]:
    """Return a world of one plant."""
    devices = [
        {"id": name, "kind": kind, "name": kind, **parts}
        for name, (kind, parts) in zip(
            DEVICES[plant_id],
            (
                (
                    "hybrid-inverter",
                    {
                        "arrays": [{"peak_power": 6000}],
                        "battery": {"capacity": 8000, "max_charge": 3000, "max_discharge": 3000},
                    },
                ),
                ("grid-meter", {}),
                ("solar-inverter", {"arrays": [{"peak_power": 3000}, {"peak_power": 2000}], "sets": list(DEVICE_SETS)}),
            ),
            strict=False,
        )
    ]
    plant = {"id": plant_id, "name": "P", "owner": HOUSEHOLDER, "devices": devices, "events": list(events)}
    return {
        "now": at(0),
        "profile": "production-2020",
        "users": [{"email": HOUSEHOLDER, "country": "DE"}],
        "plants": [{"commissioned": "2020-01-01", **plant}],
        "consents": [{"email": HOUSEHOLDER}],
        "timeline": list(timeline),
        **more,
    }


def sums(asker: Asker, path: str, sets: tuple[str, ...], day: str = DAY) -> dict[str, float]:
    """Return the sums of a day's rows as a client adds them up."""
    found: dict[str, float] = {}
    for name in sets:
        own: dict[str, float] = defaultdict(float)
        url = f"/monitoring/v1/{path}/measurements/sets/{name}/Day?Date={day}&ReturnEnergyValues=true"
        for row in asker.json(url)["set"]:
            for key, value in row.items():
                if key == "dcEnergyInput":
                    for item in value:
                        own[f"{key}.{item['index']}"] += item["value"]
                elif key.endswith(ENERGY):
                    own[key] += value
        # The same property of two sets has the same sum.
        assert all(found.get(key, value) == value for key, value in own.items())
        found |= own
    return found


def answered(asker: Asker, plant_id: str, names: list[str], day: str = DAY) -> dict[str, dict[str, float]]:
    """Return what the API answers of a plant and its devices, under the ids that they had."""
    asker = Asker(asker.world)  # its token may have expired
    estate = asker.world.estate
    here = estate.moved_to(plant_id) or plant_id
    found = {"": sums(asker, f"plants/{here}", SETS, day)}
    for name in names:
        found[name] = sums(asker, f"devices/{estate.moved_to(name) or name}", DEVICE_SETS, day)
    return found


def told(truth: Truth, which: str) -> dict[str, dict[str, float]]:
    own = {name: dict(getattr(energies, which)) for name, energies in truth.devices.items()}
    return {"": dict(getattr(truth, which)), **own}


HOURS = st.integers(0, 60)


@st.composite
def events(draw: st.DrawFn, names: tuple[str, ...]) -> dict[str, Any]:
    start = draw(HOURS)
    event: dict[str, Any] = {"kind": draw(st.sampled_from(["gap", "late-data", "missing-rows", "device-fault"]))}
    event |= {"start": at(start), "end": at(start + draw(st.integers(1, 30)))}
    device = draw(st.sampled_from([None, *names]))
    if event["kind"] == "device-fault":
        device = names[0]  # the inverter: a meter makes nothing that could fail
    if device is not None:
        event["device"] = device
    if event["kind"] == "late-data":
        event["arrives"] = at(start + draw(st.integers(1, 60)))
    if event["kind"] == "missing-rows":
        event["value"] = 0.3
    return event


@st.composite
def timelines(draw: st.DrawFn, plant_id: str) -> list[dict[str, Any]]:
    names = DEVICES[plant_id]
    kinds = [
        {"action": "gap", "plant": plant_id, "duration": "PT5H"},
        {"action": "gap", "plant": plant_id, "device": names[1]},
        {"action": "restore", "plant": plant_id},
        {"action": "deactivate_device", "device": names[0]},
        {"action": "replace_device", "device": names[0]},
        {"action": "change_plant", "plant": plant_id, "change": {"load": {"annual_energy": 9_000_000}}},
        {"action": "gap", "plant": plant_id, "duration": "PT1H", "every": "PT9H"},
    ]
    if plant_id == CLASSIC:
        kinds.append({"action": "migrate", "plant": plant_id, "to": "7700"})
    chosen = draw(st.lists(st.sampled_from(kinds), max_size=3, unique_by=str))
    return [{"after": f"PT{draw(HOURS)}H", **entry} for entry in chosen]


@st.composite
def worlds(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    plant_id = draw(st.sampled_from(tuple(DEVICES)))
    happened = draw(st.lists(events(DEVICES[plant_id]), max_size=3))
    switches = {"dst_fold": draw(st.sampled_from(["duplicate", "first", "last", "sum"]))}
    return plant_id, document(plant_id, happened, draw(timelines(plant_id)), switches=switches)


@pytest.mark.slow
@examples(25)
@given(worlds(), st.lists(HOURS, max_size=2).map(sorted))
def test_it_is_the_sum_of_the_rows_now_and_when_everything_has_come(
    world: tuple[str, dict[str, Any]], moments: list[int]
) -> None:
    plant_id, doc = world
    asker = Asker(Sandbox(load_scenario(doc)))
    told_before: list[Truth] = []
    for hours in moments:
        asker.world.clock.set(at(hours))
        truth = asker.world.truth(plant_id, DAY)
        present = [device.id for device in asker.world.estate.plants[truth.plant_id].devices]
        rows = answered(asker, plant_id, present)
        alone = asker.world.truth(plant_id, DAY, devices=False)
        assert (alone.now, alone.final, alone.final_at) == (truth.now, truth.final, truth.final_at)
        assert told(truth, "now") == {name: rows.get(name, {}) for name in ("", *truth.devices)}
        told_before.append(truth)
    last = asker.world.truth(plant_id, DAY)
    asker.world.clock.set(max(last.final_at, asker.world.clock.now()))
    settled = asker.world.truth(plant_id, DAY)
    assert settled.is_final
    assert told(settled, "now") == told(settled, "final")
    assert asker.world.truth(plant_id, DAY, devices=False).final == settled.final
    asker.world.clock.set(at(24 * 30))
    for truth in (*told_before, last):
        assert told(truth, "final") == answered(asker, plant_id, list(truth.devices))


@pytest.mark.slow
@pytest.mark.parametrize("fold", ["duplicate", "first", "last", "sum"])
def test_of_an_autumn_day_the_rows_that_are_sent_count(fold: str) -> None:
    doc = document("2100", switches={"dst_fold": fold}) | {"now": "2025-10-28T12:00:00+01:00"}
    asker = Asker(Sandbox(load_scenario(doc)))
    truth = asker.world.truth("2100", "2025-10-26")
    assert told(truth, "now") == answered(asker, "2100", list(truth.devices), "2025-10-26")
    assert truth.is_final


def test_r25_a_classic_day_is_final_when_its_last_upload_is_processed() -> None:
    world = Sandbox(load_scenario(document(CLASSIC)))
    truth = world.truth(CLASSIC, DAY)
    assert (dict(truth.now), truth.is_final) == ({}, False)
    assert truth.final_at.isoformat().startswith("2025-06-16T02:00:")
    assert truth.final["gridConsumption"] > 0
    world.clock.set(truth.final_at)
    assert world.truth(CLASSIC, DAY).now == truth.final


@pytest.mark.slow
def test_r30_a_replaced_device_keeps_its_part_of_the_day_and_the_plant_has_both() -> None:
    replacing = {"action": "replace_device", "at": at(36), "device": "2101", "to": "2109"}
    world = Sandbox(load_scenario(document("2100", timeline=[replacing])))
    before = world.truth("2100", DAY)
    assert list(before.devices) == ["2101", "2102", "2103", "2109"]
    assert (before.devices["2109"].now, before.final_at > world.clock.now()) == ({}, True)
    parts = [before.devices[name].final["pvGeneration"] for name in ("2101", "2103", "2109")]
    assert min(parts) > 0
    assert sum(parts) == before.final["pvGeneration"]
    world.clock.advance(days=3)
    assert world.truth("2100", DAY).final == before.final


@pytest.mark.slow
def test_the_timeline_to_come_counts_without_happening() -> None:
    gap = {"action": "gap", "at": at(30), "plant": "2100"}
    silent = Sandbox(load_scenario(document("2100", timeline=[gap])))
    talking = Sandbox(load_scenario(document("2100")))
    assert silent.truth("2100", DAY).final["pvGeneration"] < talking.truth("2100", DAY).final["pvGeneration"]
    assert (silent.estate.plants["2100"].events, len(silent.happenings)) == ((), 0)


@pytest.mark.slow
def test_of_a_day_that_is_final_no_other_plant_is_simulated(monkeypatch: pytest.MonkeyPatch) -> None:
    world = Sandbox(load_scenario(document("2100", timeline=[{"action": "gap", "at": at(90), "plant": "2100"}])))
    world.clock.set(at(60))
    before = world.truth("2100", DAY, devices=False)
    monkeypatch.setattr(world.simulators, "apart", None)
    assert world.truth("2100", DAY, devices=False) == before
    assert before.is_final
    assert before.now["pvGeneration"] > 0


@pytest.mark.slow
def test_r19_the_id_from_before_a_migration_will_do() -> None:
    world = Sandbox(load_scenario("migration"), now=f"{DAY}T12:00:00+02:00")
    assert world.truth(CLASSIC, DAY) == world.truth("2100", DAY)
    assert world.truth(world.estate.plants["2100"], date(2025, 6, 15)).plant_id == "2100"


@pytest.mark.slow
def test_faults_and_consents_do_not_matter() -> None:
    asker = Asker(Sandbox(load_scenario(document("2100", consents=[])), now=at(40)))
    before = asker.world.truth("2100", DAY)
    asker.world.faults.add({"effect": {"status": 503}})
    assert asker.get(f"/monitoring/v1/plants/2100/measurements/sets/EnergyBalance/Day?Date={DAY}").status == 503
    assert asker.world.truth("2100", DAY) == before
    assert before.now["pvGeneration"] > 0


def test_before_the_commissioning_there_is_nothing() -> None:
    truth = Sandbox(load_scenario(document("2100"))).truth("2100", "2019-12-31")
    assert (dict(truth.now), dict(truth.final), truth.is_final, truth.unit) == ({}, {}, True, "Wh")


@pytest.mark.parametrize(
    ("plant_id", "day", "message"),
    [
        ("2101", DAY, "no plant '2101'; did you mean '2100'"),
        ("2100", "2025-6-15", "does not fit the period Day: YYYY-MM-DD is expected"),
        ("2100", "2025-02-30", "is not in the calendar"),
        ("2100", "2300-01-01", "beyond the clock, which goes from 1990-01-01 to 2200-01-01"),
        ("2100", 20250615, "a day is a date or a text such as 2025-06-15, not 20250615"),
        ("2100", datetime.fromisoformat(at(0)), "a plant has local dates"),
    ],
)
def test_what_is_no_plant_or_no_day_is_refused(plant_id: str, day: Any, message: str) -> None:
    with pytest.raises(UnknownError if plant_id != "2100" else UsageError, match=message):
        Sandbox(load_scenario(document("2100"))).truth(plant_id, day)

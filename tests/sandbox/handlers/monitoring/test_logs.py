"""Logs: ids, texts, filters, and that nothing is live (R20, R31)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mock_sma.domain.event import EventKind
from mock_sma.domain.messages import MESSAGES, log_language
from mock_sma.domain.plant import DEACTIVATED, REPLACED, Address
from mock_sma.scenarios import load_scenario
from tests.facts import HOUSEHOLDER
from tests.sandbox.asking import Asker, asker, shipped

CLASSIC = "6b1c8e5e-0000-4000-8000-00000000000a"
EVENTS = """
    events:
      - {kind: message, start: "2025-06-10T08:00:00+02:00", end: "2025-06-10T09:00:00+02:00", level: Warning}
      - {kind: device-fault, device: DEVICE, start: "2025-06-11T08:00:00+02:00"}
      - {kind: gap, start: "2025-06-12T08:00:00+02:00", end: "2025-06-12T09:00:00+02:00", message_tag: 100302}
      - {kind: message, start: "2025-06-13T08:00:00+02:00", message_tag: 777}
      - {kind: snow, start: "2025-01-13T08:00:00+01:00", value: 0.5}
"""


HEAD = f"plants:\n  - id: 100\n    name: P\n    template: household\n    owner: {HOUSEHOLDER}\n"


def world(plant_id: str = "100", device: str = "101", more: str = "", switches: str = "") -> Asker:
    head = f"plants:\n  - id: {plant_id}\n    name: P\n    template: household\n    owner: {HOUSEHOLDER}\n{more}"
    return asker(head + EVENTS.replace("DEVICE", device) + switches)


def test_entries_are_newest_first_with_their_members_in_order() -> None:
    logs = world().json("/v1/plants/100/logs")["logs"]
    assert [entry["timestamp"] for entry in logs] == [f"2025-06-{day}T08:00:00" for day in (13, 12, 11, 10)]
    assert list(logs[0]) == ["logId", "timestamp", "messageTagId", "message", "level", "occurrence"]
    assert [entry["occurrence"] for entry in logs] == ["Solved", "Solved", "Unsolved", "Solved"]
    assert (logs[2]["deviceId"], logs[2]["level"]) == ("101", "Error")
    assert logs[3]["level"] == "Warning"


def test_r31_a_message_tag_identifies_the_text_whatever_happened() -> None:
    logs = world().json("/v1/plants/100/logs")["logs"]
    known = MESSAGES[EventKind.FEED_IN_LIMIT]
    assert (logs[1]["messageTagId"], logs[1]["message"], logs[1]["logId"]) == (
        known.tag,
        known.english,
        str(known.event_id),
    )
    assert (logs[0]["messageTagId"], logs[0]["message"]) == (777, "Message")


def test_r31_ennexos_has_event_ids_and_classic_has_none_unless_switched() -> None:
    assert all(entry["logId"].isdigit() for entry in world().json("/v1/plants/100/logs")["logs"])
    device = "11111111-aaaa-4bbb-8ccc-0000000000a1"
    renamed = f"    devices: [{{kind: solar-inverter, name: C, id: {device}, arrays: [{{peak_power: 5000}}]}}]\n"
    for switches, filled in (("", False), ("switches: {classic_log_ids: true}\n", True)):
        client = world(CLASSIC, device, renamed, switches)
        logs = client.json(f"/v1/plants/{CLASSIC}/logs")["logs"]
        assert [bool(entry["logId"]) for entry in logs] == [filled] * 4


def test_device_logs_hold_what_happened_to_that_device() -> None:
    body = world().json("/v1/devices/101/logs")
    assert list(body) == ["plant", "device", "logs"]
    assert [entry["timestamp"] for entry in body["logs"]] == ["2025-06-11T08:00:00"]
    assert world().json("/v1/devices/102/logs")["logs"] == []


def test_a_silent_device_is_told_from_a_silent_plant() -> None:
    gaps = """
      - {kind: gap, device: 101, start: "2025-06-14T06:00:00+02:00", end: "2025-06-14T16:00:00+02:00"}
      - {kind: gap, start: "2025-06-14T07:00:00+02:00", end: "2025-06-14T17:00:00+02:00"}
"""
    logs = asker(HEAD + "    events:" + gaps).json("/v1/plants/100/logs")["logs"]
    assert [entry["message"] for entry in logs] == [
        "Communication with the plant is interrupted",
        "Communication with the device is interrupted",
    ]
    assert len({(entry["messageTagId"], entry["logId"]) for entry in logs}) == 2
    assert [entry.get("deviceId") for entry in logs] == [None, "101"]


@pytest.mark.parametrize(
    ("end", "occurrence", "status"),
    [("", "Solved", "Ok"), (', end: "2025-06-20T00:00:00+02:00"', "Unsolved", "Warning")],
)
def test_a_message_is_open_in_the_log_where_it_is_in_the_status(end: str, occurrence: str, status: str) -> None:
    event = f'      - {{kind: message, level: Warning, start: "2025-06-14T06:00:00+02:00"{end}}}\n'
    client = asker(HEAD + "    events:\n" + event)
    assert [entry["occurrence"] for entry in client.json("/v1/plants/100/logs")["logs"]] == [occurrence]
    assert client.json("/v1/plants/100/status")["status"] == status


def test_snow_is_in_no_log_and_in_no_status() -> None:
    snow = '      - {kind: snow, start: "2025-06-15T06:00:00+02:00"}\n'
    client = asker(HEAD + "    events:\n" + snow)
    assert client.json("/v1/plants/100/logs")["logs"] == []
    assert client.json("/v1/plants/100/status")["status"] == "Ok"


@pytest.mark.parametrize(
    ("query", "days"),
    [
        ("From=2025-06-11&To=2025-06-12", [12, 11]),
        ("from=2025-06-11&to=2025-06-12", [12, 11]),
        ("FROM=2025-06-11T08:00:01", [13, 12]),
        ("To=2025-06-11T08:00:00", [11, 10]),
        ("To=2025-06-11T07:59:59", [10]),
        ("Level=Error", [11]),
        ("level=info", [13, 12]),
        ("From=2026-01-01", []),
        ("From=0001-01-01&To=9999-12-31", [13, 12, 11, 10]),
        ("To=0001-01-01", []),
        ("From=2025-06-13&To=2025-06-10", []),
    ],
)
def test_from_to_and_level_filter_in_every_spelling(query: str, days: list[int]) -> None:
    logs = world().json(f"/v1/plants/100/logs?{query}")["logs"]
    assert [int(entry["timestamp"][8:10]) for entry in logs] == days


@pytest.mark.slow
@pytest.mark.parametrize(
    "query", ["From=yesterday", "To=2025-6-1", "From=2025-02-30", "To=2025-06-01x", "From=", "Level=Loud", "Level="]
)
def test_a_filter_that_does_not_fit_is_400_and_says_what_is_expected(query: str) -> None:
    reply = world().get(f"/v1/plants/100/logs?{query}")
    assert reply.status == 400
    assert b"expected" in reply.body or b"none of" in reply.body


def test_texts_are_german_or_english_by_what_the_reader_accepts() -> None:
    client = world()
    german = client.json("/v1/plants/100/logs?Level=Error", accept_language="de-DE,de;q=0.9,en;q=0.8")["logs"]
    english = client.json("/v1/plants/100/logs?Level=Error", accept_language="de;q=0.4, en-GB")["logs"]
    assert (german[0]["message"], english[0]["message"]) == ("Gerätestörung", "Device fault")
    assert client.json("/v1/plants/100/logs?Level=Error", accept_language="fr, de;q=x")["logs"] == english


def test_without_a_reader_s_wish_the_plant_s_country_gives_the_language() -> None:
    austrian = world(more="    address: {country: AT}\n")
    assert austrian.json("/v1/plants/100/logs?Level=Error")["logs"][0]["message"] == "Gerätestörung"
    assert world().json("/v1/plants/100/logs?Level=Error")["logs"][0]["message"] == "Device fault"


def test_a_language_that_there_is_not_leaves_the_plant_s_country() -> None:
    swiss = replace(load_scenario("sandbox").plants[0], address=Address(country="CH"))
    assert (log_language(None, swiss), log_language("fr", swiss), log_language("en", swiss)) == ("de", "de", "en")


def test_every_message_has_both_languages_and_a_tag_of_its_own() -> None:
    assert all(message.german and message.english for message in MESSAGES.values())
    assert len({message.tag for message in MESSAGES.values()}) == len(MESSAGES)
    assert len({message.event_id for message in MESSAGES.values()}) == len(MESSAGES)


def test_r20_an_entry_appears_only_when_its_upload_has_been_processed() -> None:
    client = shipped("classic", now="2025-06-15T06:45:00+02:00")
    path = "/v1/plants/11111111-aaaa-4bbb-8ccc-000000000001/logs?From=2025-06-15"
    assert client.json(path)["logs"] == []
    client.world.clock.set("2025-06-15T08:31:00+02:00")
    late = Asker(client.world)
    assert [entry["timestamp"] for entry in late.json(path)["logs"]] == ["2025-06-15T06:30:00"]


def test_r30_logs_tell_of_devices_that_come_and_go() -> None:
    client = shipped("replaced-device")
    logs = client.json("/v1/plants/2100/logs")["logs"]
    told = [(entry["deviceId"], entry["messageTagId"], entry["timestamp"], entry["occurrence"]) for entry in logs]
    assert sorted(told) == [
        ("2101", DEACTIVATED, "2025-04-01T00:00:00", "Solved"),
        ("2102", REPLACED, "2025-04-01T00:00:00", "Solved"),
    ]
    only = client.json("/v1/devices/2102/logs", accept_language="de")["logs"]
    assert [entry["message"] for entry in only] == ["Gerät ersetzt ein anderes"]

"""Periods, dates and clock changes over the wire (R21, R22, R23, R26, R28, R29)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from tests.facts import HOUSEHOLDER, NOW
from tests.sandbox.asking import Asker, asker

LATE = "2026-01-01T00:00:00Z"
PLACES = {
    "Europe/Berlin": (52.5, 13.4),
    "America/New_York": (40.7, -74.0),
    "Australia/Lord_Howe": (-31.5, 159.1),
    "America/Santiago": (-33.4, -70.6),
    "Pacific/Apia": (-13.8, -171.8),
}
SPRING = [
    ("Europe/Berlin", "2025-03-30", 23.0),
    ("America/New_York", "2025-03-09", 23.0),
    ("Australia/Lord_Howe", "2025-10-05", 23.5),
    ("America/Santiago", "2025-09-07", 23.0),
]
AUTUMN = [
    ("Europe/Berlin", "2025-10-26", 25.0, "02:30", 12),
    ("America/New_York", "2025-11-02", 25.0, "01:30", 12),
    ("Australia/Lord_Howe", "2025-04-06", 24.5, "01:45", 6),
    ("America/Santiago", "2025-04-05", 25.0, "23:30", 12),
]


def client_in(zone: str, *, resolution: int = 5, fold: str = "duplicate", now: str = LATE, since: int = 2009) -> Asker:
    latitude, longitude = PLACES.get(zone, (0.0, 0.0))
    return asker(
        f"""
switches: {{dst_fold: {fold}}}
plants:
  - {{id: 100, name: P, template: household, timezone: {zone}, latitude: {latitude}, longitude: {longitude},
     commissioned: {since}-06-15, resolution: {resolution}, owner: {HOUSEHOLDER}}}
""",
        now=now,
    )


def rows(client: Asker, period: str, day: str = "", set_type: str = "EnergyBalance", more: str = "") -> list[Any]:
    target = f"/v1/plants/100/measurements/sets/{set_type}/{period}?Date={day}{more}"
    return list(client.json(target)["set"])


def energy(found: list[Any], name: str = "gridConsumption") -> float:
    return sum(row[name] for row in found)


# ---- clock changes --------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(("zone", "day", "hours"), SPRING)
def test_r21_a_spring_day_has_its_own_length_and_no_stamp_of_the_lost_time(zone: str, day: str, hours: float) -> None:
    client = client_in(zone)
    found = rows(client, "Day", day, more="&ReturnEnergyValues=true")
    assert len(found) == hours * 12
    stamps = [row["time"] for row in found]
    assert len(set(stamps)) == len(stamps)
    for stamp in stamps:
        local = datetime.fromisoformat(stamp).replace(tzinfo=ZoneInfo(zone))
        there = local.astimezone(ZoneInfo("UTC")).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        assert there.isoformat() == stamp
    (month,) = [row for row in rows(client, "Month", day[:7]) if row["time"].startswith(day)]
    assert energy(found) == month["gridConsumption"]


@pytest.mark.slow
@pytest.mark.parametrize(("zone", "day", "hours", "twice", "count"), AUTUMN)
def test_dst_fold_decides_what_the_repeated_time_sends(
    zone: str, day: str, hours: float, twice: str, count: int
) -> None:
    stamp = f"{day}T{twice}:00"
    found = {
        fold: rows(client_in(zone, fold=fold), "Day", day, more="&ReturnEnergyValues=true")
        for fold in ("duplicate", "first", "last", "sum")
    }
    assert len(found["duplicate"]) == hours * 12
    assert {len(found[fold]) for fold in ("first", "last", "sum")} == {hours * 12 - count}
    first, last = [row for row in found["duplicate"] if row["time"] == stamp]
    ((one,), (two,), (both,)) = [
        [row for row in found[fold] if row["time"] == stamp] for fold in ("first", "last", "sum")
    ]
    assert (one, two) == (first, last)
    assert both["gridConsumption"] == first["gridConsumption"] + last["gridConsumption"]
    assert energy(found["sum"]) == energy(found["duplicate"])
    assert [row["time"] for row in found["sum"]] == sorted({row["time"] for row in found["duplicate"]})


@pytest.mark.slow
def test_dst_fold_averages_powers_with_sum_so_that_watts_stay_watts() -> None:
    zone, day, _, twice, _ = AUTUMN[0]
    stamp = f"{day}T{twice}:00"
    first, last = [row for row in rows(client_in(zone), "Day", day) if row["time"] == stamp]
    (both,) = [row for row in rows(client_in(zone, fold="sum"), "Day", day) if row["time"] == stamp]
    assert both["gridConsumption"] == pytest.approx((first["gridConsumption"] + last["gridConsumption"]) / 2, abs=1e-3)


@pytest.mark.slow
def test_apia_has_no_30_december_2011() -> None:
    client = client_in("Pacific/Apia")
    assert rows(client, "Day", "2011-12-30") == []
    assert len(rows(client, "Day", "2011-12-29")) == len(rows(client, "Day", "2011-12-31")) == 288
    assert len(rows(client, "Week", "2011-12-28")) == 6 * 288
    days = [row["time"][8:10] for row in rows(client, "Month", "2011-12")]
    assert "30" not in days
    assert len(days) == 30


@pytest.mark.slow
@pytest.mark.parametrize("zone", PLACES)
@pytest.mark.parametrize("resolution", [5, 15, 60])
def test_r22_every_resolution_covers_a_year_of_clock_changes_day_by_day(zone: str, resolution: int) -> None:
    client = client_in(zone, resolution=resolution)
    months = rows(client, "Year", "2025")
    assert len(months) == 12
    total = 0.0
    for _, day, *_ in [change for change in (*SPRING, *AUTUMN) if change[0] == zone]:
        found = rows(client, "Day", day, more="&ReturnEnergyValues=true")
        (entry,) = [row for row in rows(client, "Month", day[:7]) if row["time"].startswith(day)]
        assert energy(found) == entry["gridConsumption"]
        total += energy(found)
    assert total <= energy(months)


@pytest.mark.slow
@given(
    zone=st.sampled_from(sorted(available_timezones() - {"localtime", "Factory"})),
    day=st.dates(date(2024, 1, 1), date(2025, 12, 30)),
)
@examples(12)
def test_r21_a_day_in_any_zone_is_as_long_as_it_is_there(zone: str, day: date) -> None:
    found = rows(client_in(zone), "Day", day.isoformat())
    begin, end = (
        datetime(at.year, at.month, at.day, tzinfo=ZoneInfo(zone)).timestamp() for at in (day, day + timedelta(days=1))
    )
    assert len(found) * 300 == end - begin
    if found:
        last = datetime.fromtimestamp(end, ZoneInfo(zone)).replace(tzinfo=None).isoformat()
        assert found[-1]["time"] == last


# ---- windows --------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_r21_a_week_is_its_date_and_the_six_days_after_it() -> None:
    client = client_in("Europe/Berlin", resolution=60)
    week = rows(client, "Week", "2025-06-04")
    days = [row for number in range(4, 11) for row in rows(client, "Day", f"2025-06-{number:02}")]
    assert week == days
    assert (week[0]["time"], week[-1]["time"]) == ("2025-06-04T01:00:00", "2025-06-11T00:00:00")


@pytest.mark.slow
def test_the_running_day_month_and_year_are_in_with_their_sum_so_far() -> None:
    client = client_in("Europe/Berlin", now=NOW, since=2023)
    today = energy(rows(client, "Day", "2025-06-15", more="&ReturnEnergyValues=true"), "pvGeneration")
    month = rows(client, "Month", "2025-06")
    assert (month[-1]["time"], month[-1]["pvGeneration"]) == ("2025-06-15T00:00:00", today)
    year = rows(client, "Year", "2025")
    assert (year[-1]["time"], year[-1]["pvGeneration"]) == ("2025-06-01T00:00:00", energy(month, "pvGeneration"))
    total = rows(client, "Total")
    assert (total[0]["time"], total[-1]["time"]) == ("2023-01-01T00:00:00", "2025-01-01T00:00:00")
    assert total[-1]["pvGeneration"] == energy(year, "pvGeneration")


@pytest.mark.parametrize(
    ("period", "day"),
    [
        ("Day", "2025-06-16"),
        ("Week", "2025-06-16"),
        ("Month", "2025-07"),
        ("Year", "2026"),
        ("Day", "9999-12-31"),
        ("Week", "9999-12-31"),
        ("Month", "9999-12"),
        ("Year", "9999"),
    ],
)
def test_r28_the_future_is_empty_with_a_whole_envelope(period: str, day: str) -> None:
    client = client_in("Europe/Berlin", now=NOW)
    for more in ("", "&WithTotal=true", "&ReturnEnergyValues=true"):
        body = client.json(f"/v1/plants/100/measurements/sets/EnergyBalance/{period}?Date={day}{more}")
        assert (body["setType"], bool(body["resolution"]), body["set"]) == ("EnergyBalance", True, [])


@pytest.mark.parametrize(
    ("period", "day"),
    [
        ("Day", "2009-06-14"),
        ("Week", "2009-06-08"),
        ("Month", "2009-05"),
        ("Year", "2008"),
        ("Day", "0001-01-01"),
        ("Week", "0001-01-01"),
        ("Month", "0001-01"),
        ("Year", "0001"),
    ],
)
def test_r28_before_the_commissioning_there_is_nothing(period: str, day: str) -> None:
    assert rows(client_in("Europe/Berlin"), period, day) == []


@pytest.mark.slow
def test_the_first_week_month_and_year_begin_with_the_commissioning() -> None:
    client = client_in("Europe/Berlin", resolution=60)
    assert rows(client, "Week", "2009-06-12")[0]["time"] == "2009-06-15T01:00:00"
    assert rows(client, "Month", "2009-06")[0]["time"] == "2009-06-15T00:00:00"
    assert rows(client, "Year", "2009")[0]["time"] == "2009-06-01T00:00:00"


def test_r29_a_week_that_reaches_into_the_future_gives_the_days_so_far() -> None:
    client = client_in("Europe/Berlin", now=NOW)
    week = rows(client, "Week", "2025-06-13")
    assert (week[0]["time"], week[-1]["time"]) == ("2025-06-13T00:05:00", "2025-06-15T11:55:00")


@pytest.mark.slow
@pytest.mark.parametrize(("minutes", "word"), [(5, "FiveMinutes"), (15, "FifteenMinutes"), (60, "OneHour")])
def test_r22_recent_day_and_week_have_the_plants_own_resolution(minutes: int, word: str) -> None:
    client = client_in("Europe/Berlin", resolution=minutes)
    for period in ("Recent", "Day", "Week"):
        target = f"/v1/plants/100/measurements/sets/EnergyBalance/{period}?Date=2025-06-14&Resolution=OneMinute"
        assert client.json(target)["resolution"] == word
    stamps = [datetime.fromisoformat(row["time"]) for row in rows(client, "Day", "2025-06-14")]
    assert {later - earlier for earlier, later in pairwise(stamps)} == {timedelta(minutes=minutes)}


def test_r23_watts_times_the_time_between_stamps_are_the_emulators_own_watt_hours() -> None:
    client = client_in("Europe/Berlin")
    powers = rows(client, "Day", "2025-06-14")
    energies = rows(client, "Day", "2025-06-14", more="&ReturnEnergyValues=true")
    stamps = [datetime.fromisoformat("2025-06-14"), *(datetime.fromisoformat(row["time"]) for row in powers)]
    for name in ("pvGeneration", "gridConsumption", "gridFeedIn"):
        summed = sum(
            row[name] * (later - earlier).total_seconds() / 3600
            for row, (earlier, later) in zip(powers, pairwise(stamps), strict=True)
        )
        assert summed == pytest.approx(energy(energies, name), abs=1.0)


@pytest.mark.slow
@pytest.mark.parametrize("period", ["Recent", "Total"])
def test_recent_and_total_ignore_a_date_of_any_form(period: str) -> None:
    client = client_in("Europe/Berlin", since=2025)
    path = f"/v1/plants/100/measurements/sets/EnergyBalance/{period}"
    assert client.get(f"{path}?Date=nonsense").body == client.get(path).body


@pytest.mark.parametrize(
    ("period", "given_date", "form"),
    [
        ("Day", "2025-06", "YYYY-MM-DD"),
        ("Day", "2025", "YYYY-MM-DD"),
        ("Day", "2025-06-15T00:00:00", "YYYY-MM-DD"),
        ("Day", "15.06.2025", "YYYY-MM-DD"),
        ("Week", "2025-W24", "YYYY-MM-DD"),
        ("Week", "2025-06-31", "YYYY-MM-DD"),
        ("Month", "2025-13", "YYYY-MM"),
        ("Month", "2025", "YYYY-MM"),
        ("Year", "2025-06", "YYYY"),
        ("Year", "0000", "YYYY"),
        ("Year", "%D9%A2%D9%A0%D9%A2%D9%A5", "YYYY"),
        ("Year", "", "YYYY"),
    ],
)
def test_a_date_that_does_not_fit_its_period_is_400_and_names_the_form(period: str, given_date: str, form: str) -> None:
    for level in ("plants/100", "devices/101"):
        reply = client_in("Europe/Berlin").get(
            f"/v1/{level}/measurements/sets/EnergyAndPowerPv/{period}?Date={given_date}"
        )
        assert reply.status == 400
        assert form in reply.body.decode()
    missing = client_in("Europe/Berlin").get(f"/v1/plants/100/measurements/sets/EnergyBalance/{period}")
    assert (missing.status, form in missing.body.decode()) == (400, True)

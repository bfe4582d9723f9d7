"""Traffic with what is odd but seen: it is imported, and what makes no sense is left out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from mock_sma.cli import main
from mock_sma.scenario_file import load_file

if TYPE_CHECKING:
    from pathlib import Path

API = "https://monitoring.smaapis.de/v1"
CONSENT = "https://async-auth.smaapis.de/oauth2/v2/bc-authorize"
NEVER = "0001-01-01T00:00:00"
"""What is written where a time is not known, by programs of .NET."""


def exchange(url: str, body: dict[str, Any], date: str = "Sun, 15 Jun 2025 10:00:00 GMT") -> dict[str, Any]:
    answer = {"status": 200, "headers": [{"name": "Date", "value": date}], "content": {"text": json.dumps(body)}}
    request = {"method": "GET", "url": url, "headers": []}
    return {"startedDateTime": "2025-06-15T10:00:00Z", "request": request, "response": answer}


def rows(set_name: str, member: str, **more: Any) -> dict[str, Any]:
    found = [{"time": f"2025-06-14T12:{minute:02}:00", member: 3.0} for minute in (0, 5, 10)]
    return {"plant": {"plantId": "1"}, "setType": set_name, "resolution": "FiveMinutes", "set": found, **more}


def imported(tmp_path: Path, *exchanges: dict[str, Any], keep: bool = True) -> Any:
    har, out = tmp_path / "odd.har", tmp_path / "own.yaml"
    har.write_text(json.dumps({"log": {"version": "1.2", "entries": exchanges}}))
    assert main(["import", str(har), "--out", str(out), *(["--keep-names"] if keep else [])]) == 0
    return load_file(out)


def test_what_has_no_id_time_or_known_name_is_left_out(tmp_path: Path) -> None:
    head = {"plantId": "1", "installation": {"startUpUtc": NEVER}}
    sets = {"plant": {"plantId": "1"}, "device": {"deviceId": "2"}, "sets": ["PowerDc", "OfTomorrow", 5]}
    total = {"pvGeneration": 3.0, "ofTomorrow": 4.0}
    world = imported(
        tmp_path,
        exchange(f"{API}/plants", {"plants": [{"name": "x"}, {"plantId": None}, {"plantId": "1", "name": "A\ud800ä"}]}),
        exchange(f"{API}/plants/1", head, "Thu, 01 Jan 1970 00:00:00 GMT"),
        exchange(f"{API}/plants/1", head, f"Thu, 01 Jan 2025 00:00:00 +{'9' * 30}"),
        exchange(f"{API}/plants/1/devices", {"plant": {"plantId": "1"}, "devices": [{"name": "x"}, {"deviceId": "2"}]}),
        exchange(f"{API}/devices/2/measurements/sets", sets),
        exchange(
            f"{API}/plants/1/measurements/sets/EnergyBalance/Day?Date=2025-06-14&WithTotal=true",
            rows("EnergyBalance", "pvGeneration", total=total),
        ),
        exchange(
            f"{CONSENT}/anna@a.de", {"loginHint": "anna@a.de", "state": "Pending", "expirationDate": f"{NEVER}.0000000"}
        ),
        exchange(f"{CONSENT}/Anna@A.de", {"loginHint": "Anna@A.de", "state": "Accepted"}),
    )
    assert [(plant.id, [device.id for device in plant.devices]) for plant in world.plants] == [("1", ["2"])]
    assert world.plants[0].name == "A?ä"
    assert world.plants[0].devices[0].sets == ("PowerDc",)
    assert [total.values for data in world.plants[0].data for total in data.totals] == [(("pvGeneration", 3.0),)]
    assert [user.email for user in world.users] == ["anna@a.de"]
    assert [consent.state.value for consent in world.consents] == ["Accepted"]


def test_what_has_rows_is_offered_though_nothing_else_tells_of_it(tmp_path: Path) -> None:
    mix = rows("EnergyMix", "pvConsumption", device={"deviceId": "9"})
    world = imported(
        tmp_path,
        exchange(f"{API}/devices/9/measurements/sets/EnergyMix/Day?Date=2025-06-14", mix),
        exchange(
            f"{API}/plants/1/measurements/sets/EnergyAndPowerPv/Day?Date=2025-06-14",
            rows("EnergyAndPowerPv", "pvGeneration"),
        ),
    )
    assert [data.set_name for data in world.plants[0].data] == ["EnergyAndPowerPv"]
    assert [data.set_name for data in world.plants[0].devices[0].data] == ["EnergyMix"]
    assert "EnergyMix" in (world.plants[0].devices[0].sets or ())


@pytest.mark.slow
def test_no_part_of_a_name_is_left_in_a_log(tmp_path: Path) -> None:
    """One name is the beginning of another, of a plant that comes later; an inverter is called ``Plant 2``, too."""
    plants = [{"plantId": "1", "name": "Haus", "peakPower": 5_000}, {"plantId": "2", "name": "Haus Meier"}]
    entry = {"timestamp": "2025-06-11T08:00:00", "level": "Warning", "message": "Haus Meier, not Haus: 1012"}
    world = imported(
        tmp_path,
        exchange(f"{API}/plants", {"plants": plants}),
        exchange(f"{API}/plants/1/devices", {"plant": {"plantId": "1"}, "devices": [{"deviceId": "101"}]}),
        exchange(f"{API}/plants/2", {"plantId": "2", "name": "Haus Meier", "peakPower": 5_000}),
        exchange(f"{API}/plants/1/logs", {"plant": {"plantId": "1"}, "logs": [entry]}),
        keep=False,
    )
    assert [event.text for event in world.plants[0].events] == ["Plant 2, not Plant 1: 1012"]


SET = f"{API}/plants/1/measurements/sets/EnergyBalance"


def at_times(*times: str) -> dict[str, Any]:
    return {
        "plant": {"plantId": "1"},
        "setType": "EnergyBalance",
        "set": [{"time": f"{time}T00:00:00", "pvGeneration": 3_000.0} for time in times],
    }


@pytest.mark.parametrize(
    ("period", "times", "kept"),
    [
        ("Month?Date=2025-02", ("2025-02-28", "2025-02-30"), ["2025-02-28"]),
        ("Month?Date=2025-02", ("2025-01-31", "2025-02-01", "2025-03-01"), ["2025-02-01"]),
        ("Month?Date=2025-02", ("2025-02-02", "2025-02-02", "2025-02-01"), ["2025-02-02"]),
        ("Month?Date=2025-02", ("0001-01-01", "9999-12-31"), []),
        ("Year?Date=2025", ("2024-12-01", "2025-02-01", "2025-13-01"), ["2025-02-01"]),
        ("Total", ("0001-01-01", "2024-01-01", "2023-01-01", "2025-13-01", "9999-01-01"), ["2024-01-01"]),
        ("Total", ("9999-01-01",), []),
        ("Recent", ("0001-01-01", "1969-06-01", "2025-06-14", "9999-12-31"), ["2025-06-14"]),
    ],
)
def test_sums_of_days_that_never_were_are_left_out_and_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], period: str, times: tuple[str, ...], kept: list[str]
) -> None:
    imported(tmp_path, exchange(f"{SET}/{period}", at_times(*times)))
    lines = [line for file in tmp_path.glob("*.csv") for line in file.read_text().splitlines()[1:]]
    assert [line[:10] for line in lines] == kept
    assert f"{len(times) - len(kept)} rows are left out" in capsys.readouterr().out


def test_a_day_that_a_zone_has_skipped_has_no_sum(tmp_path: Path) -> None:
    """Samoa went over the date line at the end of 2011."""
    month = at_times("2011-12-29", "2011-12-30", "2011-12-31")
    imported(
        tmp_path,
        exchange(f"{SET}/Month?Date=2011-12", month),
        exchange(f"{API}/plants/1", {"plantId": "1", "timezone": "Pacific/Apia"}),
    )
    (file,) = tmp_path.glob("*.csv")
    assert [line[:10] for line in file.read_text().splitlines()[1:]] == ["2011-12-29", "2011-12-31"]


def test_a_plant_that_begins_at_the_end_of_the_calendar_has_no_known_beginning(tmp_path: Path) -> None:
    never = {"plantId": "1", "installation": {"startUpUtc": "9999-12-31T23:59:59"}}
    assert imported(tmp_path, exchange(f"{API}/plants/1", never)).plants[0].commissioned.year == 2020


def test_latest_rows_of_an_hour_that_comes_twice_are_of_both(tmp_path: Path) -> None:
    def recent(answered: str, **rows: float) -> dict[str, Any]:
        found = [{"time": f"2025-10-26T02:{minute[1:]}:00", "pvGeneration": value} for minute, value in rows.items()]
        body = {"plant": {"plantId": "1"}, "setType": "EnergyBalance", "resolution": "FiveMinutes", "set": found}
        return exchange(f"{SET}/Recent", body, f"Sun, 26 Oct 2025 {answered} GMT")

    world = imported(
        tmp_path,
        recent("00:52:00", m45=1.0, m50=2.0),
        recent("00:57:00", m50=2.0, m55=3.0),
        recent("01:02:00", m55=3.0, m00=4.0),
        recent("01:52:00", m45=5.0, m50=6.0),
        recent("01:57:00", m50=6.0, m55=7.0),
    )
    found: dict[str, float] = {}
    for data in world.plants[0].data:
        ends = memoryview(data.ends).cast("q").tolist()
        ((_, values),) = data.columns
        stamps = [f"{end // 3_600 % 24}:{end // 60 % 60}" for end in ends]
        found |= dict(zip(stamps, memoryview(values).cast("d"), strict=True))
    assert found == {"0:45": 1.0, "0:50": 2.0, "0:55": 3.0, "1:0": 4.0, "1:45": 5.0, "1:50": 6.0, "1:55": 7.0}

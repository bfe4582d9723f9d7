"""The command sample: a table, a chart, JSON and CSV."""

from __future__ import annotations

import csv
import io
import json

import pytest

from mock_sma.cli import main
from mock_sma.cli.chart import HEIGHT, chart
from tests.facts import NOW

AT_NOON = ["--now", NOW]


def out(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["sample", *arguments, *AT_NOON]) == 0
    return capsys.readouterr().out


def test_a_day_has_charts_and_a_table_of_whole_hours(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    text = out(capsys, "13", "EnergyBalance", "--date", "2025-06-14")
    assert "EnergyBalance Day 2025-06-14 (FifteenMinutes, Europe/Berlin)" in text
    assert "█" in text
    assert "pvGeneration [W]" in text
    assert "2025-06-14T13:00:00" in text
    assert "2025-06-14T13:15:00" not in text
    assert "24 of 96 rows" in text
    assert all(len(line) <= 100 for line in text.splitlines() if not line.startswith("24 of"))


@pytest.mark.slow
def test_the_last_whole_day_and_the_first_set_are_asked_for_where_none_is_named(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert "EnergyBalance Day 2025-06-14" in out(capsys, "13")
    assert "EnergyBalance Month 2025-06-01" in out(capsys, "13", "--period", "month")
    assert "EnergyBalance Year 2025-01-01" in out(capsys, "13", "--period", "Year")
    assert "EnergyBalance Total (OneYear" in out(capsys, "13", "--period", "Total")
    assert "Recent (" in out(capsys, "13", "--period", "Recent")
    assert "Week 2025-06-08" in out(capsys, "13", "--period", "Week")


@pytest.mark.slow
def test_a_device_is_found_by_its_id_and_a_month_is_in_watt_hours(capsys: pytest.CaptureFixture[str]) -> None:
    text = out(capsys, "16", "energyandpowerpv", "--period", "Month", "--date", "2025-05")
    assert "My Inverter 1 of Testplant 1: EnergyAndPowerPv Month 2025-05-01 (OneDay" in text
    assert "pvGeneration [Wh]" in text
    assert text.count("2025-05-") > 31
    assert "dcPowerInput.A [W]" in out(capsys, "16", "PowerDc")
    assert "pvGeneration [Wh]" in out(capsys, "16", "EnergyAndPowerPv", "--energy")


@pytest.mark.slow
def test_json_is_the_answer_of_the_api_and_csv_has_every_row(capsys: pytest.CaptureFixture[str]) -> None:
    body = json.loads(out(capsys, "16", "PowerDc", "--date", "2025-06-14", "--json"))
    assert list(body) == ["plant", "device", "setType", "resolution", "set"]
    rows = list(csv.DictReader(io.StringIO(out(capsys, "16", "PowerDc", "--date", "2025-06-14", "--csv"))))
    assert len(rows) == len(body["set"])
    assert rows[20]["time"] == body["set"][20]["time"]
    assert float(rows[20]["dcPowerInput.A"]) == body["set"][20]["dcPowerInput"][0]["value"]
    assert len(rows) == 96
    assert (rows[0]["dcPowerInput.A"], rows[0]["isolationResistance"]) == ("0.0", "3000000.0"), "also at night"


@pytest.mark.slow
def test_a_scenario_and_a_seed_can_be_named(capsys: pytest.CaptureFixture[str]) -> None:
    one, two = (out(capsys, "13", "--seed", seed, "--csv") for seed in ("1", "2"))
    assert one != two
    assert main(["sample", "13", "--scenario", "no-such"]) == 2


def test_no_data_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert "no data" in out(capsys, "13", "--date", "2031-01-01")


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["9999"], "no plant or device '9999'"),
        (["13", "EnergyBalanc"], "did you mean 'EnergyBalance'?"),
        (["13", "--period", "Dai"], "did you mean 'Day'?"),
        (["13", "--date", "2025-06"], "YYYY-MM-DD is expected"),
        (["14"], "has no measurement sets"),
    ],
)
def test_a_mistake_says_what_to_do(arguments: list[str], text: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sample", *arguments, *AT_NOON]) == 2
    assert text in capsys.readouterr().err


def test_a_chart_has_a_scale_and_bars_for_what_is_known() -> None:
    lines = chart(["2025-06-14T00:15:00", "2025-06-14T00:30:00", "2025-06-14T00:45:00"], [0.0, None, 8.0], 60)
    assert len(lines) == HEIGHT + 1
    assert lines[0].split()[0] == "8"
    assert lines[0].endswith("█")
    assert "█" not in lines[0][:30]
    assert lines[-1].strip().startswith("2025-06-14T00:15")
    below = chart(["a" * 19, "b" * 19], [-4.0, 4.0], 40)
    assert below[HEIGHT - 1].split()[0] == "-4"
    assert chart(["a" * 19], [None], 40)[0].strip() == "0"

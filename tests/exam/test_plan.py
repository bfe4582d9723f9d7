"""``exam.toml`` and options: what is sat, and what is wrong with them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from mock_sma.cli import main
from mock_sma.errors import UsageError
from mock_sma.exam.curriculum import CURRICULUM
from mock_sma.exam.plan import planned
from mock_sma.exam.result import Result, html, junit, sarif, summary
from mock_sma.verdicts.finding import Severity

if TYPE_CHECKING:
    from pathlib import Path

TOML = """
[exam]
skip = ["portfolio"]
timeout = 10
jobs = 2
[situation.server-error]
exit = [0, 75]
timeout = 60
findings = "warning"
allow = ["token-never-refreshed"]
"""

RESULTS = (
    Result(name="plain-day", about="plain", reasons=(), seconds=1.0),
    Result(name="gap", about="gap", reasons=("it <failed>", "twice"), seconds=2.0, output="said\x1b[1m"),
    Result(name="autumn", about="autumn", reasons=(), seconds=1.0, skipped="not looked at"),
)


def test_without_a_file_all_is_sat() -> None:
    plan = planned(None)
    assert [item.case for item in plan.sittings] == list(CURRICULUM)
    assert {item.timeout for item in plan.sittings} == {30.0}


def test_a_file_chooses_and_options_win(tmp_path: Path) -> None:
    file = tmp_path / "exam.toml"
    file.write_text(TOML, encoding="utf-8")
    plan = planned(file)
    assert len(plan.sittings) == len(CURRICULUM) - 1
    assert plan.jobs == 2
    mine = next(item for item in plan.sittings if item.case.name == "server-error")
    assert (mine.timeout, mine.expected, mine.case.severity) == (60.0, {0, 75}, Severity.WARNING)
    assert mine.case.allowed == {"token-never-refreshed"}
    (one,) = planned(file, ["server-error"], 3.0).sittings
    assert one.timeout == 3.0
    assert [item.case.name for item in planned(file, ["portfolio"]).sittings] == ["portfolio"]


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("[exam]\nonly = ['gapp']", "did you mean|gap"),
        ("[exam]\ntimout = 3", "exam.timout"),
        ("[exam]\ntimeout = 0", "exam.timeout"),
        ("[exam]\njobs = 0", "exam.jobs"),
        ("[situation.gapp]\nexit = 1", "situation.gapp"),
        ("[situation.gap]\nexot = 1", "situation.gap.exot"),
        ("[situation.gap]\nexit = 'x'", "exit status"),
        ("[situation.gap]\nfindings = 'fatal'", "error, warning, note"),
        ("[situation]\ngap = 1", "has to be a table"),
        ("[other]", "other is not known"),
        ("exam = 1", "has to be a table"),
        ("x = ", "exam.toml"),
        ("[exam]\nonly = ['gap']\nskip = ['gap']", "nothing is left"),
    ],
)
def test_what_is_wrong_with_a_file_is_named(toml: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "exam.toml"
    file.write_text(toml, encoding="utf-8")
    with pytest.raises(UsageError, match=said):
        planned(file)


def test_list_prints_a_line_for_each_situation(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["exam", "--list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == [case.name for case in CURRICULUM]
    assert all(case.about in line for case, line in zip(CURRICULUM, lines, strict=True))


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--only", "gapp", "--", "true"],
        ["--timeout", "0", "--", "true"],
        ["--jobs", "0", "--", "true"],
        ["--config", "nowhere.toml", "--", "true"],
    ],
)
def test_wrong_options_exit_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["exam", *words]) == 2
    assert capsys.readouterr().err.startswith("mock-sma: ")


def test_results_in_every_form() -> None:
    assert [item.line.split()[0] for item in RESULTS] == ["ok", "FAIL", "skip"]
    assert Result.of(json.loads(json.dumps(RESULTS[1].as_dict()))) == RESULTS[1]
    assert summary(RESULTS, 4.0) == "1 of 3 situations passed, 1 skipped, in 4.0 s"
    suite = ET.fromstring(junit(RESULTS))  # noqa: S314 - ours
    assert (suite.get("tests"), suite.get("failures")) == ("3", "1")
    assert suite.find("./testcase[@name='autumn']/skipped") is not None
    (run,) = sarif(RESULTS, "client.py")["runs"]
    assert [item["ruleId"] for item in run["results"]] == ["gap", "gap"]
    page = html(RESULTS, 4.0)
    assert "it &lt;failed&gt;" in page
    assert "\x1b" not in page

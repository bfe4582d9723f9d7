"""Findings over HTTP, in every form, here and elsewhere."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import httpx
import pytest

from mock_sma.control import ControlClient
from mock_sma.findings.formats import FindingsFormat, github, rendered, text
from mock_sma.findings.rules import RULES
from mock_sma.scenarios import load_scenario
from mock_sma.testing import LiveServer
from mock_sma.testing.remote.line import Line
from mock_sma.testing.remote.sandbox import RemoteSandbox
from mock_sma.verdicts.finding import Finding, Severity
from tests.facts import NOW
from tests.findings.bad_clients import BAD
from tests.sandbox_helpers import make

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def server() -> Iterator[LiveServer]:
    with LiveServer(BAD["unknown-set"]()) as made:
        yield made


@pytest.mark.slow
def test_json_has_the_members_that_are_promised(server: LiveServer) -> None:
    with httpx.Client(base_url=server.url, timeout=30) as http:
        (found,) = http.get("/_mock/findings").json()
        assert {"id", "severity", "title", "rule", "entries", "text", "fix"} <= set(found)
        assert found["severity"] == "error"
        entry = http.get(f"/_mock/requests/{found['entries'][0]}").json()
        assert entry["status"] == 404
        assert http.get("/_mock/findings?client_id=nobody").json() == []
        assert http.get("/_mock/worlds/default/findings").json() == [found]
        assert "unknown-set" in http.get("/_mock/report").text


@pytest.mark.slow
def test_an_unknown_form_is_400_and_names_the_known_ones(server: LiveServer) -> None:
    answer = httpx.get(f"{server.url}/_mock/findings?format=csv", timeout=30)
    assert answer.status_code == 400
    assert all(word in answer.json()["detail"] for word in ("json", "sarif", "junit", "text"))


@pytest.mark.slow
def test_sarif_names_rules_levels_and_places(server: LiveServer) -> None:
    answer = httpx.get(f"{server.url}/_mock/findings?format=sarif", timeout=30)
    log = answer.json()
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == [rule.id for rule in RULES]
    (result,) = run["results"]
    assert (result["ruleId"], result["level"]) == ("unknown-set", "error")
    assert result["locations"][0]["physicalLocation"]["region"]["startLine"] == 1


@pytest.mark.slow
def test_junit_fails_the_case_of_a_broken_rule(server: LiveServer) -> None:
    suite = ET.fromstring(httpx.get(f"{server.url}/_mock/findings?format=junit", timeout=30).content)  # noqa: S314 - ours
    assert (suite.get("tests"), suite.get("failures")) == (str(len(RULES)), "1")
    failed = [case.get("name") for case in suite if case.find("failure") is not None]
    assert failed == ["unknown-set"]


def test_junit_and_text_of_a_note_fail_nothing() -> None:
    found = BAD["pkce-missing"]().findings
    suite = ET.fromstring(rendered(found, FindingsFormat.JUNIT))  # noqa: S314 - ours
    assert suite.get("failures") == "0"
    assert "pkce-missing" in rendered(found, FindingsFormat.TEXT).decode()
    assert "no findings" in text(make().findings)
    assert json.loads(rendered(make().findings, FindingsFormat.JSON)) == []


@pytest.mark.slow
def test_annotations_of_github_are_commands_of_one_line(server: LiveServer) -> None:
    told = httpx.get(f"{server.url}/_mock/findings?format=github", timeout=30).text
    assert told.startswith("::error title=")
    assert "(unknown-set)::" in told
    assert told.count("\n") == 1
    item = Finding(
        id="x", severity=Severity.NOTE, title="a: b, c", rule="R17", entries=(), text="100 %\nof all", fix="less"
    )
    assert github([item]) == "::notice title=a%3A b%2C c (x)::100 %25%0Aof all. less.\n"


@pytest.mark.slow
def test_control_client_and_world_elsewhere_have_them(server: LiveServer) -> None:
    with ControlClient(server.url) as control:
        assert [item["id"] for item in control.findings()] == ["unknown-set"]
        assert control.findings(client_id="nobody") == []
        assert "unknown-set" in control.findings_as("text")
    world = RemoteSandbox(Line(server.url), load_scenario("sandbox"), now=NOW, own=True)
    world.findings.assert_none()
    world.close()

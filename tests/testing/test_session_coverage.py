"""``--sma-coverage``, ``--sma-report`` and ``--sma-fail-under``: alone, and over the workers of xdist."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

pytest_plugins = ["pytester"]

TESTS = """
from mock_sma.testing.probe import probe

def test_one(sma_mock):
    probe(sma_mock, "/v1/plants", bearer="x")

def test_two(sma_mock):
    probe(sma_mock, "/v1/plants/99")
    probe(sma_mock, "/v1/plants?Sort=name")
"""
QUIET = [word for name in ("asyncio", "randomly", "cacheprovider", "schemathesis") for word in ("-p", f"no:{name}")]


@pytest.fixture
def inner(pytester: pytest.Pytester, loaded: None) -> pytest.Pytester:
    pytester.makepyfile(TESTS)
    return pytester


def test_a_table_and_tests_to_copy(inner: pytest.Pytester) -> None:
    result = inner.runpytest_inprocess(*QUIET, "-p", "no:xdist", "--sma-coverage")
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(
        ["*mock-sma: situations met*", "* 1  token-invalid *", "* -  gap *", "*def test_my_client_meets_*"]
    )


def test_without_an_option_nothing_is_told(inner: pytest.Pytester) -> None:
    assert "situations" not in inner.runpytest_inprocess(*QUIET, "-p", "no:xdist").stdout.str()


@pytest.mark.parametrize(("least", "status"), [("1", 0), ("90", 1)])
def test_too_little_fails_the_session(least: str, status: int, inner: pytest.Pytester) -> None:
    result = inner.runpytest_inprocess(*QUIET, "-p", "no:xdist", "--sma-fail-under", least)
    assert result.ret == status
    assert ("--sma-fail-under wants" in result.stdout.str()) is bool(status)


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["0", "2"])
def test_reports_are_the_same_over_workers(workers: str, inner: pytest.Pytester, tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("met.html", "met.json", "met.ctrf.json")]
    words = [word for file in files for word in ("--sma-report", str(file))]
    result = inner.runpytest_subprocess(*QUIET, "-n", workers, *words)
    result.assert_outcomes(passed=2)
    page, told, ctrf = (file.read_text(encoding="utf-8") for file in files)
    seen = {item["name"]: item["seen"] for item in json.loads(told)["situations"] if item["seen"]}
    assert seen == {"token-invalid": 1, "id-unknown": 1, "portfolio-empty": 1}
    assert {"id": "getPlants", "statuses": {"401": 1, "200": 1}} in [
        {**item, "statuses": dict(sorted(item["statuses"].items(), reverse=True))}
        for item in json.loads(told)["operations"]
    ]
    assert [item["id"] for item in json.loads(told)["findings"]] == ["unknown-parameter"]
    assert json.loads(ctrf)["results"]["summary"]["passed"] == 3
    assert "unknown-parameter" in page

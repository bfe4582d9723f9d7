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


@pytest.mark.slow
def test_a_table_and_tests_to_copy(inner: pytest.Pytester) -> None:
    result = inner.runpytest_inprocess(*QUIET, "-p", "no:xdist", "--sma-coverage")
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(
        ["*mock-sma: situations met*", "* 1  token-invalid *", "* -  gap *", "*def test_my_client_meets_*"]
    )


@pytest.mark.slow
def test_without_an_option_nothing_is_told(inner: pytest.Pytester) -> None:
    assert "situations" not in inner.runpytest_inprocess(*QUIET, "-p", "no:xdist").stdout.str()


@pytest.mark.slow
@pytest.mark.parametrize(("least", "status"), [("1", 0), ("90", 1)])
def test_too_little_fails_the_session(least: str, status: int, inner: pytest.Pytester) -> None:
    result = inner.runpytest_inprocess(*QUIET, "-p", "no:xdist", "--sma-fail-under", least)
    assert result.ret == status
    assert ("--sma-fail-under wants" in result.stdout.str()) is bool(status)


FEW = ("-p", "mock_sma.testing.plugin", "-p", "xdist", "-p", "no:cacheprovider")
"""All that the session with workers loads: three processes that load every plugin here take long on a busy machine."""


@pytest.mark.parametrize("workers", [None, pytest.param("2", marks=pytest.mark.slow)])
def test_reports_are_the_same_over_workers(
    workers: str | None, inner: pytest.Pytester, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [tmp_path / name for name in ("met.html", "met.json", "met.ctrf.json")]
    words = [word for file in files for word in ("--sma-report", str(file))]
    if workers is None:
        result = inner.runpytest_inprocess(*QUIET, "-p", "no:xdist", *words)
    else:
        monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
        result = inner.runpytest_subprocess(*FEW, "-n", workers, *words)
    result.assert_outcomes(passed=2)
    page, told, ctrf = (file.read_text(encoding="utf-8") for file in files)
    seen = {item["name"]: item["seen"] for item in json.loads(told)["situations"] if item["seen"]}
    assert seen == {"token-invalid": 1, "id-unknown": 1, "portfolio-empty": 1}
    operations = {item["id"]: item["statuses"] for item in json.loads(told)["operations"]}
    assert operations["getPlants"] == {"401": 1, "200": 1}
    assert [item["id"] for item in json.loads(told)["findings"]] == ["unknown-parameter"]
    assert json.loads(ctrf)["results"]["summary"]["passed"] == 3
    assert "unknown-parameter" in page

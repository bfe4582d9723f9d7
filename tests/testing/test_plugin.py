"""The pytest plugin as a user meets it, in suites run by pytester: marker, options, help, what is missing."""

from __future__ import annotations

import re
import subprocess
import sys
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from tests.server_process import environment
from tests.testing.inner import OTHERS, text_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


pytestmark = pytest.mark.slow


pytest_plugins = ["pytester"]


def test_importing_the_plugin_imports_nothing_heavy() -> None:
    heavy = "numpy httpx respx fastapi uvicorn yaml pydantic orjson jwt cryptography hypothesis faker"
    code = (
        "import sys, pytest; import mock_sma.testing.plugin; "
        f"print([name for name in '{heavy}'.split() if name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment())
    assert result.stdout.strip() == "[]"


def test_pytest_loads_our_modules_as_python_does_and_not_rewritten(tmp_path: Path) -> None:
    """It would rewrite those of every plugin that is installed, and take half as long again for it."""
    code = """
        import sys
        from importlib.machinery import SourceFileLoader

        def test_it(sma_mock):
            late = [module for name, module in sys.modules.items() if name.startswith("mock_sma.sandbox")]
            assert len(late) > 50
            assert {type(module.__spec__.loader) for module in late} == {SourceFileLoader}
        """
    (tmp_path / "test_it.py").write_text(dedent(code), encoding="utf-8")
    words = [word for name in OTHERS for word in ("-p", f"no:{name}")]
    command = [sys.executable, "-m", "pytest", "-q", *words]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, env=environment())
    assert "1 passed" in done.stdout, done.stdout


def test_the_marker_chooses_the_world(run: Callable[..., pytest.RunResult], pytester: pytest.Pytester) -> None:
    pytester.path.joinpath("beside.yaml").write_text("name: beside\nusers: [{email: a@example.org}]\n")
    result = run(
        """
        from pathlib import Path

        @pytest.mark.sma(scenario="gap-week")
        class TestClass:
            def test_a_scenarios_own_time(self, sma_sandbox):
                assert sma_sandbox.clock.isoformat().startswith("2025-03-12T12:00:00")

            @pytest.mark.sma(now="2025-06-16T12:00:00+02:00", seed=7)
            def test_the_nearest_marker_wins_key_by_key(self, sma_sandbox):
                assert sma_sandbox.scenario.name == "gap-week"
                assert sma_sandbox.seed == 7
                assert sma_sandbox.clock.isoformat().startswith("2025-06-16T12:00:00")

        @pytest.mark.sma("beside.yaml")
        def test_a_file_beside_the_test(sma_sandbox):
            assert sma_sandbox.scenario.name == "beside"

        @pytest.mark.sma({"name": "made", "extends": "ennexos"})
        def test_a_document(sma_sandbox):
            assert sma_sandbox.scenario.name == "made"

        @pytest.mark.sma(consent="accepted")
        def test_consent(sma_mock):
            assert len(plants()) == 9
            sma_mock.sandbox.reset()
            assert len(plants()) == 9

        @pytest.mark.sma(scenario="ennexos", consent="none")
        def test_no_consent(sma_mock):
            assert plants() == []

        @pytest.mark.sma(consent={"apitestuser@apisandbox.com": "revoked"})
        def test_consent_of_one(sma_sandbox):
            assert [record.state for record in sma_sandbox.consents] == ["Revoked"]

        @pytest.mark.sma(scenario="unregistered-owner", consent="accepted")
        def test_r04_whoever_never_registered_has_accepted_nothing(sma_sandbox):
            able = {user.email for user in sma_sandbox.scenario.users if user.registered}
            assert {record.email for record in sma_sandbox.consents} <= able

        @pytest.mark.sma(quota={"requests": 1}, switches={"forbidden_as": 404}, rate=1)
        def test_keys_of_a_scenario(sma_mock):
            assert not sma_mock.sandbox.clock.frozen
            access = {"Authorization": f"Bearer {token()}"}
            assert get(f"{API}/monitoring/v1/plants/13", headers=access).status_code == 404
            assert get(f"{API}/monitoring/v1/plants/13", headers=access).status_code == 429
        """
    )
    result.assert_outcomes(passed=9)


MISTAKES = [
    ("cosent='accepted'", "the marker sma has no keyword 'cosent'; did you mean 'consent'?"),
    ("consent='acepted'", "no consent is 'acepted'; did you mean 'accepted'?"),
    ("consent={'x@example.org': 'accepted'}", "no user 'x@example.org'; this world has apiTestUser@"),
    ("scenario='sandbx'", "no scenario 'sandbx'; did you mean 'sandbox'?"),
    ("'sandbox', 'ennexos'", "takes one positional argument, the scenario; name all others"),
    ("switches={'forbidden_as': 500}", "switches.forbidden_as:"),
    ("seed='x'", "the marker's seed has to be a whole number, not 'x'"),
    ("rate='fast'", "the marker's rate has to be a number, not 'fast'"),
    ("now='yesterday'", "'yesterday' is not an ISO 8601 date and time"),
]


def test_a_mistake_in_the_marker_is_one_clear_line(run: Callable[..., pytest.RunResult]) -> None:
    tests = [f"@pytest.mark.sma({marker})\ndef test_{i}(sma_sandbox): pass\n" for i, (marker, _) in enumerate(MISTAKES)]
    result = run("\n".join(tests))
    result.assert_outcomes(errors=len(MISTAKES))
    _, *reports = re.split(r"_ ERROR at setup of test_\d+ _", text_of(result))
    for (_, message), report in zip(MISTAKES, reports, strict=True):
        assert message in report
    for noise in ("Traceback", "plugin.py", "During handling"):
        assert noise not in text_of(result)


def test_options_and_ini_keys_choose_for_tests_that_name_nothing(
    run: Callable[..., pytest.RunResult], pytester: pytest.Pytester
) -> None:
    suite = """
        def test_defaults(sma_sandbox):
            print("world", sma_sandbox.scenario.name, sma_sandbox.seed, sma_sandbox.clock.isoformat()[:10])

        @pytest.mark.sma(scenario="sandbox", seed=1)
        def test_marker(sma_sandbox):
            assert (sma_sandbox.scenario.name, sma_sandbox.seed) == ("sandbox", 1)
        """
    pytester.makeini("[pytest]\nsma_scenario = ennexos\nsma_seed = 3\nsma_now = 2025-01-02T12:00:00Z\n")
    assert "world ennexos 3 2025-01-02" in text_of(run(suite, "-s"))
    assert "world classic 4 2025-01-02" in text_of(run(suite, "-s", "--sma-scenario", "classic", "--sma-seed", "4"))
    pytester.makeini("[pytest]\nsma_seed = three\n")
    assert "the ini key sma_seed has to be a whole number, not 'three'" in text_of(run(suite))


def test_without_the_plugin_pytest_says_what_is_missing(run: Callable[..., pytest.RunResult]) -> None:
    result = run("def test_it(sma_mock): pass\n", "-p", "no:mock_sma")
    result.assert_outcomes(errors=1)
    assert "fixture 'sma_mock' not found" in text_of(result)


def test_help_and_markers_tell_what_there_is(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nasyncio_default_fixture_loop_scope = function\n")
    result = pytester.runpytest_inprocess("--help", "-p", "no:randomly")
    for word in ("--sma-scenario", "--sma-seed", "sma_scenario", "sma_seed", "sma_now", "sma_pass_through"):
        assert word in text_of(result)
    assert "@pytest.mark.sma(scenario=" in text_of(pytester.runpytest_inprocess("--markers", "-p", "no:randomly"))

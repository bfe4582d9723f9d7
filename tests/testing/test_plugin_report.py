"""What a failure of a user's test shows, and unittest's classes; suites of their own, run by pytester."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from mock_sma.capsule import opened, read_capsule
from tests.testing.inner import text_of

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.slow


pytest_plugins = ["pytester"]


def test_a_failure_shows_the_last_exchanges_with_why_and_curl(run: Callable[..., pytest.RunResult]) -> None:
    result = run(
        """
        def test_mock(sma_mock):
            access = token()
            assert plants() == ["13"]

        def test_server(sma_server):
            get(f"{sma_server.url}/v1/plants/13?code=geheim", headers={"Authorization": "Bearer expired"})
            assert not sma_server.url

        def test_nothing(sma_sandbox):
            assert len(sma_sandbox.requests) == 1

        def test_fine(sma_sandbox):
            pass

        def test_without(request):
            raise ValueError
        """
    )
    result.assert_outcomes(passed=1, failed=4)
    text = text_of(result)
    assert text.count("- mock-sma -") == 3
    assert "nothing was asked of mock-sma" in text
    result.stdout.fnmatch_lines(
        [
            "*- mock-sma -*",
            "3  2025-06-15 12:00:00  GET     /monitoring/v1/plants  200     empty  demo_api",
            "3 GET /monitoring/v1/plants: 200 empty",
            "  why:  the operation is getPlants",
            "        consents open 0 of 9 plants",
            '  body: {"plants":[[]]}',
            '  curl: curl -sS -H *MOCK_SMA_URL:-http://127.0.0.1:8080}"/monitoring/v1/plants',
            "*- mock-sma -*",
            "This world has ended. To ask again, start a server:  mock-sma serve --capsule *capsule.json",
            "1 GET /v1/plants/13: 401 refused",
            "  curl: curl -sS*http://127.0.0.1:8080*'/v1/plants/13?code=*'",
        ]
    )
    capsules = re.findall(r"serve --capsule (\S+)", text)
    worlds = [opened(read_capsule(Path(file).read_bytes())) for file in capsules]
    assert [len(world.requests) for world in worlds] == [3, 1]
    assert "geheim" not in text.replace('?code=geheim", headers', "")
    assert '"client_secret=$MOCK_SMA_CLIENT_SECRET"' in text
    assert "demo_secret" not in text


def test_a_long_journal_is_cut_to_the_last_exchanges(run: Callable[..., pytest.RunResult]) -> None:
    result = run(
        """
        def test_it(sma_mock):
            for number in range(14):
                get(f"{API}/monitoring/v1/plants/{number}", headers={"Authorization": "Bearer x"})
            assert False
        """
    )
    assert "4 earlier ones" in text_of(result)
    assert "/monitoring/v1/plants/3 " not in text_of(result)
    assert "/monitoring/v1/plants/4 " in text_of(result)


def test_unittest_classes_have_a_world_by_their_base(run: Callable[..., pytest.RunResult]) -> None:
    result = run(
        """
        import unittest
        from mock_sma.testing import SmaTestCase

        class Reads(SmaTestCase):
            sma_world = {"consent": "accepted"}

            def test_plants(self):
                self.assertEqual(len(plants()), 9)
                self.assertEqual(len(self.sma_sandbox.requests), 2)

            def test_fails(self):
                plants()
                self.fail("shown")

        class ReadsAsync(SmaTestCase, unittest.IsolatedAsyncioTestCase):
            async def test_token(self):
                async with httpx.AsyncClient(verify=PLAIN) as client:
                    answer = await client.post(f"{AUTH}/oauth2/token", data=FORM)
                self.assertEqual(answer.status_code, 200)

        @pytest.mark.usefixtures("sma_mock")
        class ReadsByFixture(unittest.TestCase):
            def test_plants(self):
                self.assertEqual(plants(), [])
        """
    )
    result.assert_outcomes(passed=3, failed=1)
    assert "2 GET /monitoring/v1/plants: 200" in text_of(result)


def test_unittest_itself_prints_the_report(tmp_path: Path) -> None:
    (tmp_path / "test_plants.py").write_text(
        dedent(
            """
            import unittest
            import httpx
            from mock_sma.testing import SmaTestCase

            class Plants(SmaTestCase):
                def test_fails(self):
                    httpx.get("https://sandbox.smaapis.de/monitoring/v1/plants")
                    self.fail("shown")

                def test_in_parts(self):
                    httpx.get("https://sandbox.smaapis.de/monitoring/v1/plants/13")
                    with self.subTest("part"):
                        raise ValueError

                def test_passes(self):
                    httpx.get("https://sandbox.smaapis.de/monitoring/v1/plants/24")

            class PlantsAsync(SmaTestCase, unittest.IsolatedAsyncioTestCase):
                async def test_fails(self):
                    async with httpx.AsyncClient() as client:
                        await client.get("https://sandbox.smaapis.de/monitoring/v1/plants/35")
                    self.fail("shown")
            """
        )
    )
    command = [sys.executable, "-m", "unittest", "-q", "test_plants"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert "FAILED (failures=2, errors=1)" in done.stderr
    for shown in ("plants: 401 refused", "plants/13: 401 refused", "plants/35: 401 refused"):
        assert done.stderr.count(shown) == 1
    assert "plants/24" not in done.stderr
    assert "  why:  the operation is getPlants" in done.stderr


def test_the_hosts_case_of_unittest_leads_every_library_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "test_plants.py").write_text(
        dedent(
            """
            import os, socket, subprocess, sys, unittest
            import requests
            from mock_sma.testing import SmaHostsTestCase, SmaTestCase

            URL = "https://sandbox.smaapis.de/monitoring/v1/plants"
            BEFORE = dict(os.environ), dict(vars(socket.socket))

            class Plants(SmaHostsTestCase):
                sma_world = {"scenario": "ennexos"}

                def test_one(self):
                    self.assertEqual(requests.get(URL, timeout=20).status_code, 401)
                    self.assertEqual(self.sma_sandbox.requests.statuses, [401])
                    self.assertIs(self.sma_hosts.sandbox, self.sma_sandbox)
                    self.assertEqual(self.sma_sandbox.scenario.name, "ennexos")
                    code = f"import requests; print(requests.get('{URL}').status_code)"
                    self.assertEqual(subprocess.check_output([sys.executable, "-c", code], text=True), "401\\n")

                def test_two(self):
                    self.assertEqual(self.sma_sandbox.requests.statuses, [])
                    requests.get(URL, timeout=20)
                    self.fail("shown")

            class Then(unittest.TestCase):
                def test_nothing_is_left(self):
                    self.assertEqual((dict(os.environ), dict(vars(socket.socket))), BEFORE)

            class Others(SmaTestCase):
                def test_a_library_is_told_what_to_take(self):
                    with self.assertRaisesRegex(AssertionError, "SmaHostsTestCase"):
                        requests.get(URL, timeout=20)
            """
        )
    )
    command = [sys.executable, "-m", "unittest", "-q", "test_plants"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert "Ran 4 tests" in done.stderr
    assert "FAILED (failures=1)" in done.stderr
    assert "1 GET /monitoring/v1/plants: 401 refused" in done.stderr


def test_a_class_of_unittest_that_asks_for_a_fixture_too_has_one_world(run: Callable[..., pytest.RunResult]) -> None:
    result = run(
        """
        import requests
        from mock_sma.testing import SmaTestCase

        @pytest.mark.usefixtures("sma_hosts")
        class Plants(SmaTestCase):
            sma_world = {"scenario": "ennexos"}

            @pytest.fixture(autouse=True)
            def hosts(self, sma_hosts):
                self.hosts = sma_hosts

            def test_one_world(self):
                with requests.Session() as session:
                    self.assertEqual(session.get(f"{API}/monitoring/v1/plants", timeout=20).status_code, 401)
                self.assertEqual(plants(), ["2100", "2200"])
                self.assertEqual(len(self.sma_sandbox.requests), 3)
                self.assertIs(self.hosts.sandbox, self.sma_sandbox)
        """
    )
    result.assert_outcomes(passed=1)

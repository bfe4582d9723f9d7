"""The plugin's tests of a server elsewhere, with the image as that server."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from tests.container.running import URL, running
from tests.testing.test_remote import SUITE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.container.engine import Image

pytestmark = pytest.mark.container


@pytest.mark.parametrize("workers", ["0", "2"])
def test_the_same_tests_run_against_the_container(image: Image, tmp_path: Path, workers: str) -> None:
    (tmp_path / "test_suite.py").write_text(SUITE)
    (tmp_path / "pytest.ini").write_text("[pytest]\nasyncio_default_fixture_loop_scope = function\n")
    with running(image, "serve", "--host", "127.0.0.1") as server:
        server.healthy()
        suite = [sys.executable, "-m", "pytest", "-q", "-n", workers, "-p", "no:cacheprovider", str(tmp_path)]
        done = server.beside(*suite, "--sma-url", URL, timeout=180)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
        assert "10 passed" in done.stdout

"""The image tells the stories of tests/parity as this process does."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from tests.container.running import URL, running

if TYPE_CHECKING:
    from tests.container.engine import Image

pytestmark = pytest.mark.container


def test_each_story_is_the_same_in_the_container(image: Image) -> None:
    with running(image, "serve", "--host", "127.0.0.1", "--rate", "0") as server:
        server.healthy()
        suite = [sys.executable, "-m", "pytest", "-q", "-n0", "-m", "slow", "-p", "no:cacheprovider", "tests/parity"]
        done = server.beside("env", f"MOCK_SMA_TEST_URL={URL}", *suite, "-k", "in_another_process", timeout=300)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
        assert " passed" in done.stdout

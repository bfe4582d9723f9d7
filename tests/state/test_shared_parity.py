"""Three servers on one store are one: each story is the same whichever of them each request goes to.

By hand all stories: MOCK_SMA_STORIES=all pytest tests/state/test_shared_parity.py
"""

from __future__ import annotations

import os
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from tests.parity import stories_auth, stories_data, stories_mishaps  # noqa: F401 - they fill STORIES
from tests.parity.stories import STORIES
from tests.parity.test_parity import LONG, compare
from tests.parity.ways import by_respx, by_url
from tests.redis_server import needs_redis, redis
from tests.server_process import serve

if TYPE_CHECKING:
    from collections.abc import Iterator


SOME = [
    "a_fault_by_chance_strikes_the_same_requests",
    "a_refresh_token_is_refused_once_the_newer_one_is_used",
    "a_reset_connection",
    "r17_a_quota_that_fills_again",
    "r24_no_energy_balance_without_a_meter",
    "r29_a_week_that_ends_in_silence",
]
ALL = sorted(set(STORIES) - LONG)


@pytest.fixture(scope="module")
def urls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    with ExitStack() as stack:
        state = stack.enter_context(redis(tmp_path_factory.mktemp("redis"))).url()
        yield [stack.enter_context(serve("--rate", "0", "--state", state))[1]["url"] for _ in range(3)]


@pytest.mark.slow
@needs_redis
@pytest.mark.parametrize("name", ALL if os.environ.get("MOCK_SMA_STORIES") == "all" else SOME)
def test_a_story_is_the_same_whichever_server_answers(name: str, urls: list[str]) -> None:
    compare(by_url(STORIES[name], *urls), by_respx(STORIES[name]))

"""Each story is the same by every way in: bytes, journal and errors."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from mock_sma.domain.scenario import Scenario
from mock_sma.sandbox.sandbox import Sandbox
from mock_sma.testing import LiveServer
from tests.parity import stories_auth, stories_data, stories_mishaps  # noqa: F401 - they fill STORIES
from tests.parity.stories import STORIES
from tests.parity.ways import by_asgi, by_respx, by_respx_async, by_socket, by_transport, by_url
from tests.server_process import serve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.parity.ways import Told


@pytest.fixture(scope="module")
def server() -> Iterator[LiveServer]:
    with LiveServer(Sandbox(Scenario(name="no story is told"))) as made:
        yield made


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """Give the origin of a server in another process: the container that MOCK_SMA_TEST_URL names, or one of ours."""
    given = os.environ.get("MOCK_SMA_TEST_URL")
    if given is not None:
        yield given.rstrip("/")
        return
    with serve("--rate", "0") as (_, ready):
        yield ready["url"]


def compare(told: Told, expected: Told) -> None:
    for mine, other in zip(told.outcomes, expected.outcomes, strict=True):
        assert mine == other
    assert told.journal == expected.journal


def test_there_are_enough_stories() -> None:
    assert len(STORIES) >= 40


LONG = {"every_period"}
"""Stories that take over two seconds."""


@pytest.mark.parametrize("name", [pytest.param(name, marks=[pytest.mark.slow] * (name in LONG)) for name in STORIES])
def test_a_story_is_the_same_by_every_way_into_this_process(name: str, server: LiveServer) -> None:
    story = STORIES[name]
    expected = by_respx(story)
    assert expected.outcomes
    compare(by_respx_async(story), expected)
    compare(by_transport(story), expected)
    if not story.timeouts:
        compare(by_asgi(story), expected)
    compare(by_socket(story, server), expected)


@pytest.mark.slow
@pytest.mark.parametrize("name", STORIES)
def test_a_story_is_the_same_in_another_process(name: str, url: str) -> None:
    compare(by_url(STORIES[name], url), by_respx(STORIES[name]))

"""Why a token or a client is refused: named situations, each with its exact sentence."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from mock_sma.sandbox.world.codes import Code
from tests.explain.story import PLANTS, Story
from tests.facts import OWNER
from tests.sandbox_helpers import APP, CLIENT, make, token, tokens

if TYPE_CHECKING:
    from collections.abc import Callable

    from mock_sma.sandbox.exchange import Reply
    from mock_sma.sandbox.world.entry import Entry


def no_token() -> Entry:
    return Story().get(PLANTS, bearer="")


def expired_token() -> Entry:
    story = Story()
    story.world.clock.advance(seconds=312)
    return story.get(PLANTS)


def valid_token() -> Entry:
    story = Story()
    story.world.clock.advance(seconds=12)
    return story.get(PLANTS)


def foreign_token() -> Entry:
    return Story().get(PLANTS, bearer=tokens(make(name="other"))["access_token"])


def nonsense_token() -> Entry:
    return Story().get(PLANTS, bearer="nonsense")


def token_before_reset() -> Entry:
    story = Story()
    story.world.reset()
    return story.get(PLANTS)


def unknown_client() -> Entry:
    story = Story()
    return story.last(token(story.world, grant_type="client_credentials", client_id="demo", client_secret="x"))


def wrong_secret() -> Entry:
    story = Story()
    return story.last(token(story.world, grant_type="client_credentials", client_id="demo_api", client_secret="x"))


def wrong_flow() -> Entry:
    story = Story()
    return story.last(token(story.world, grant_type="client_credentials", **APP))


def used_refresh_token() -> Entry:
    story = Story()
    first = tokens(story.world)["refresh_token"]
    second = json.loads(token(story.world, grant_type="refresh_token", refresh_token=first, **CLIENT).body)
    token(story.world, grant_type="refresh_token", refresh_token=second["refresh_token"], **CLIENT)
    return story.last(token(story.world, grant_type="refresh_token", refresh_token=first, **CLIENT))


def expired_refresh_token() -> Entry:
    story = Story()
    first = tokens(story.world)["refresh_token"]
    story.world.clock.advance(seconds=1_805)
    return story.last(token(story.world, grant_type="refresh_token", refresh_token=first, **CLIENT))


def redeemed(story: Story) -> Reply:
    code = Code(
        client_id="demo_app", user=OWNER.lower(), scopes=("monitoringApi:read",), redirect_uri="x", challenge=None,
        expires=story.world.clock.time() + 60,
    )  # fmt: skip
    text = story.world.codes.issue(code)
    form = {"grant_type": "authorization_code", "code": text, "redirect_uri": "x"} | APP
    token(story.world, **form)
    return token(story.world, **form)


def code_used_twice() -> Entry:
    story = Story()
    return story.last(redeemed(story))


SITUATIONS: list[tuple[Callable[[], Entry], str]] = [
    (no_token, "the request has no bearer token"),
    (expired_token, "the token expired 12 s ago"),
    (valid_token, "the token of client 'demo_api' is valid for another 288 s"),
    (foreign_token, "the token is not valid: it belongs to another world or to an earlier server"),
    (nonsense_token, "the token is not valid: it is not a JWT of this emulator"),
    (
        token_before_reset,
        "the token is not valid: its session is unknown: the world has been reset since, or has forgotten it",
    ),
    (unknown_client, "the client 'demo' is unknown; this world has demo_api, demo_app"),
    (wrong_secret, "the secret of client 'demo_api' is wrong"),
    (wrong_flow, "a client of the code flow gets no client token: one flow per client"),
    (used_refresh_token, "the refresh token was used before and its successor is in use"),
    (expired_refresh_token, "the refresh token expired 5 s ago"),
    (code_used_twice, "the code was redeemed before; its session ends now"),
]


@pytest.mark.parametrize(("situation", "sentence"), SITUATIONS, ids=[item[0].__name__ for item in SITUATIONS])
def test_situation(situation: Callable[[], Entry], sentence: str) -> None:
    entry = situation()
    assert sentence in list(entry.why)
    assert json.dumps([step.as_dict() for step in entry.why.steps])

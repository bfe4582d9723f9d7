"""``POST /_mock/timeline``: any action of a scenario, at once or later."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.test_plants import client
from tests.facts import HOUSEHOLDER
from tests.sandbox_helpers import make

RENAME = {"action": "change_plant", "plant": "2100", "change": {"name": "Neu"}}


async def test_an_action_happens_at_once() -> None:
    world = make("ennexos")
    async with client(world) as http:
        told = await http.post("/_mock/timeline", json=RENAME)
        assert told.status_code == 201
        assert told.json() == {
            "at": "2025-06-15T10:00:00.000+00:00",
            "action": "change_plant",
            "plant": "2100",
            "keys": ["name"],
        }
        assert (await http.get("/_mock/plants/2100")).json()["name"] == "Neu"
        past = (await http.get("/_mock/timeline")).json()["past"]
    assert [(item["action"], item["by"]) for item in past] == [("change_plant", "control")]


async def test_an_action_happens_later_and_again_and_a_reset_forgets_it() -> None:
    world = make("ennexos")
    world.clock.advance(hours=1)
    entry = {"action": "revoke", "email": HOUSEHOLDER, "after": "PT1H", "every": "P1D", "times": 2}
    async with client(world) as http:
        told = (await http.post("/_mock/timeline", json=entry)).json()
        assert (told["at"], told["every"]) == ("2025-06-15T12:00:00.000+00:00", "P1D")
        assert (await http.get("/_mock/timeline")).json()["coming"] == [told]
        world.clock.advance(days=3)
        past = (await http.get("/_mock/timeline")).json()["past"]
        assert [item["at"][:13] for item in past] == ["2025-06-15T12", "2025-06-16T12"]
        await http.post("/_mock/reset")
        assert (await http.get("/_mock/timeline")).json() == {"past": [], "coming": []}


async def test_a_person_does_what_r02_allows() -> None:
    world = make("ennexos")
    async with client(world) as http:
        gap = {"action": "gap", "plant": "2100", "by": HOUSEHOLDER}
        assert (await http.post("/_mock/timeline", json=gap)).status_code == 201
        stranger = await http.post("/_mock/timeline", json={**gap, "by": "x@example.org"})
        assert stranger.status_code == 403
        later = await http.post("/_mock/timeline", json={**gap, "after": 60})
        assert (later.status_code, "at once only" in later.text) == (422, True)


@pytest.mark.parametrize(
    ("entry", "status", "words"),
    [
        ({}, 422, "the key 'action' is missing"),
        ({"action": "chnage_plant"}, 422, "did you mean 'change_plant'"),
        ({**RENAME, "change": {"nmae": 1}}, 422, "nmae: unknown key 'nmae'"),
        ({**RENAME, "plant": "77"}, 404, "no plant '77'"),
        ({**RENAME, "at": "2020-01-01T00:00:00Z"}, 409, "is past"),
        ({**RENAME, "at": "+1h", "after": 5}, 422, "'at' and 'after'"),
        ({"action": "expire", "email": HOUSEHOLDER}, 409, "nothing to expire"),
        ({**RENAME, "by": 5}, 422, "by is the e-mail"),
    ],
)
async def test_what_cannot_be_done_says_why(entry: dict[str, Any], status: int, words: str) -> None:
    world = make("ennexos")
    async with client(world) as http:
        answer = await http.post("/_mock/timeline", json=entry)
    assert (answer.status_code, words in answer.text) == (status, True), answer.text

"""The console's tour, faults by intent with what they match, and consents whose actions are possible or explained."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import datetime
from html import unescape
from typing import TYPE_CHECKING

import pytest

from mock_sma.api.console.fault_form import INTENTS, filled, preview, rule_from
from mock_sma.api.console.fault_words import turn_of
from mock_sma.api.console.snippets import Caller
from mock_sma.api.console.tour_snippets import tour_snippets
from mock_sma.api.console.zones import BERLIN
from mock_sma.errors import UsageError
from mock_sma.fault_rules.document import rule_of
from mock_sma.testing.live import LiveServer
from tests.api.console.browser import browser, code_of
from tests.facts import NOW, OWNER
from tests.sandbox_helpers import BC, ask, make, tokens

if TYPE_CHECKING:
    from pathlib import Path

NOON = datetime.fromisoformat(NOW).astimezone(BERLIN)
NOTHING = {"effect": "delay", "times": "", "method": "", "client_id": "", "percent": "100", "path": ""} | {
    "from": "",
    "hours": "",
}


def done(page: str) -> list[bool]:
    return ["done" in found for found in re.findall(r'<li class="(card[^"]*)"', page)]


class TestTour:
    """Five steps, ticked off by what really happened."""

    @pytest.mark.slow
    async def test_steps_are_ticked_off_as_the_client_takes_them(self) -> None:
        world = make()
        async with browser(world) as visitor:

            async def ticked() -> int:
                return sum(done((await visitor.get("/_mock/console/tour")).text))

            assert "Take the tour" in (await visitor.get("/_mock/console/")).text
            assert await ticked() == 0
            bearer = tokens(world)["access_token"]
            assert await ticked() == 2
            ask(world, "GET", "/v1/plants", bearer=bearer)
            assert await ticked() == 2
            ask(world, "POST", BC, json={"loginHint": OWNER}, bearer=bearer)
            page = (await visitor.get("/_mock/console/tour")).text
            assert f"Permit it as {OWNER}" in page
            fields = {"email": OWNER, "client_id": "demo_api"}
            await visitor.post("/_mock/console/tour", "consents", event="accept", **fields)
            assert await ticked() == 3
            ask(world, "GET", "/v1/plants", bearer=bearer)
            assert await ticked() == 4
            await visitor.post("/_mock/console/tour", "consents", event="revoke", **fields)
            assert await ticked() == 4
            ask(world, "GET", "/v1/plants", bearer=bearer)
            assert await ticked() == 5
            assert "First steps, one after the other" in (await visitor.get("/_mock/console/")).text

    @pytest.mark.parametrize(("key", "program"), [("php", "php"), pytest.param("java", "java", marks=pytest.mark.slow)])
    def test_program_of_the_tour_runs(self, key: str, program: str, tmp_path: Path) -> None:
        if shutil.which(program) is None:
            pytest.skip(f"needs {program}")
        world = make()
        world.consents.accept(OWNER)
        with LiveServer(world) as server:
            caller = Caller(origin=server.url, client_id="demo_api", client_secret="demo_secret", owner=OWNER)
            text = next(item.text for item in tour_snippets(caller) if item.key == key)
            file = tmp_path / f"Plants.{key}"
            file.write_text(text, encoding="utf-8")
            answer = subprocess.run([program, file], capture_output=True, text=True, timeout=120, check=False)
        assert answer.stdout.count('"plantId"') == 9, answer.stderr

    @pytest.mark.slow
    async def test_tour_has_six_languages(self) -> None:
        async with browser(make()) as visitor:
            page = (await visitor.get("/_mock/console/tour")).text
            for key in ("curl", "python", "fetch", "java", "go", "php"):
                assert "/oauth2/token" in code_of(page, key)


class TestIntents:
    """Faults as one says them."""

    @pytest.mark.parametrize("name", INTENTS)
    def test_each_intent_is_a_rule(self, name: str) -> None:
        world = make()
        fields = filled(name, NOON)
        fault = world.faults.add(rule_of(rule_from(fields)))
        assert fault.rule.match.path == (fields["path"] or None)
        assert preview(world, fields).operations

    @pytest.mark.slow
    async def test_gateway_of_tomorrow_night_counts_down_and_is_no_fault_before(self) -> None:
        world = make()
        async with browser(world) as visitor:
            page = (await visitor.get("/_mock/console/faults", intent="gateway")).text
            assert 'name="from" value="2025-06-16T02:00"' in page
            fields = {"do": "switch", "effect": "html-504", "from": "2025-06-16T02:00", "hours": "1"}
            page = (await visitor.post("/_mock/console/faults", "faults", **fields)).text
            assert "fault on:" not in page
            assert re.search(r"begins in <span data-until=[^>]*>14 h</span>", page)
            await visitor.post("/_mock/console/faults", "clock", do="next")
            page = (await visitor.get("/_mock/console/faults")).text
            assert "1 fault on:" in page
            assert re.search(r"ends in <span data-until=[^>]*>1 h</span>", page)
            world.clock.advance(hours=1)
            page = (await visitor.get("/_mock/console/faults")).text
            assert "its time is over" in page
            assert "fault on:" not in page

    def test_window_that_comes_again_is_told_each_time(self) -> None:
        world = make()
        schedule = {"from": "+1h", "duration": "PT1H", "every": "P1D"}
        fault = world.faults.add({"effect": {"status": 503}, "schedule": schedule})
        for hours, word, at in ((0, "begins", 1), (1.5, "ends", 2), (3, "begins", 25), (25.5, "ends", 26)):
            turn = turn_of(fault, datetime.fromtimestamp(world.started + 3_600 * hours, BERLIN))
            assert (turn.word, (turn.at - world.started) / 3_600) == (word, at)

    @pytest.mark.parametrize(
        ("path", "method", "operations"),
        [
            ("/v1/plants", "", {"getPlants"}),
            ("/monitoring/v1/plants/13", "GET", {"getPlant"}),
            ("/no/such/path", "", set()),
        ],
    )
    def test_preview_names_the_operations(self, path: str, method: str, operations: set[str]) -> None:
        found = preview(make(), NOTHING | {"path": path, "method": method})
        assert {item.id for item in found.operations if item.api.name == "MONITORING"} == operations

    def test_preview_counts_the_requests_so_far(self) -> None:
        world = make()
        bearer = tokens(world)["access_token"]
        for _ in range(3):
            ask(world, "GET", "/v1/plants", bearer=bearer)
        found = preview(world, NOTHING | {"path": "/v1/plants", "client_id": "demo_api"})
        assert (found.matched, found.looked_at) == (3, 4)

    @pytest.mark.parametrize("wrong", [{"from": "soon"}, {"hours": "0"}, {"hours": "9999"}, {"effect": "x"}])
    def test_nonsense_is_refused_in_words(self, wrong: dict[str, str]) -> None:
        with pytest.raises(UsageError):
            rule_from(NOTHING | wrong)


def offered(page: str) -> set[str]:
    return set(re.findall(r'aria-label="(\w+) the consent of', page))


@pytest.mark.parametrize(
    ("scenario", "can", "why"),
    [
        ("pending-consent", {"Accept", "Reject", "Expire"}, "only while it is Accepted"),
        ("unregistered-owner", {"Expire"}, "was not registered when it was requested"),
        ("revoked-consent", set(), "only while it is Pending"),
    ],
)
async def test_impossible_answer_is_not_offered_and_says_why(scenario: str, can: set[str], why: str) -> None:
    world = make(scenario)
    if not len(world.consents):
        (person, *_) = world.estate.users.values()
        ask(world, "POST", BC, json={"loginHint": person.email}, bearer=tokens(world)["access_token"])
    async with browser(world) as visitor:
        page = (await visitor.get("/_mock/console/consents", q="demo_api")).text
        assert offered(page) == can
        assert why in unescape(re.sub(r"<[^>]+>", "", page))


async def test_r06_who_owns_nothing_is_not_asked_to_accept() -> None:
    world = make("pending-consent")
    for plant in list(world.estate.plants.values()):
        for user in plant.owners():
            world.estate.set_owner(plant.id, user.email, owner=False)
    async with browser(world) as visitor:
        page = (await visitor.get("/_mock/console/consents", q="demo_api")).text
        assert offered(page) == {"Reject", "Expire"}
        assert "owns no plant" in page

"""The console's timeline: what happens, steps through it that can be undone, save points and forks."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape

import pytest

from mock_sma.api.console.moments import Lane, Window, moments, next_moment
from mock_sma.api.console.undo import KEPT_STEPS, step_names
from mock_sma.api.console.zones import changes_of, clock_changes
from mock_sma.api.routes.savepoints import MAX_SAVEPOINTS
from mock_sma.sandbox.sandbox import Sandbox
from mock_sma.scenarios import load_scenario
from tests.api.console.browser import browser
from tests.facts import HOUSEHOLDER, NOW, OWNER
from tests.page_helpers import Visitor, authorize_path
from tests.sandbox_helpers import BC, ask, make, tokens

PAGE = "/_mock/console/timeline"
DAY = 86_400.0


def at(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def coming(world: Sandbox, days: float = 400.0) -> list[tuple[float, str]]:
    now = world.clock.time()
    found = moments(world, now, Window(now, now + days * DAY))
    return [(item.at - now, item.what) for item in found if item.at > now and not item.routine]


class TestMoments:
    """What is told, and when it happens."""

    def test_tokens_of_the_journal_expire(self) -> None:
        world = make()
        tokens(world)
        (access, refresh) = coming(world, 1)
        assert access == (300.0, "The access token of demo_api expires")
        assert refresh == (1_800.0, "The refresh token of demo_api expires")
        step = next_moment(world)
        assert step is not None
        assert step.place == ("requests", world.requests[-1].id)

    def test_r04_request_runs_out_unless_the_owner_answers_by_themselves(self) -> None:
        answer = {"email": HOUSEHOLDER, "answer": "accept"}
        for answers, told in (
            ([], (7 * DAY, "The request to owner@example.org runs out")),
            ([answer | {"after": "PT1H"}], (3_600.0, "owner@example.org permits demo_api")),
            ([answer | {"after": "P9D"}], (7 * DAY, "The request to owner@example.org runs out")),
        ):
            document = {"version": 1, "extends": "no-consent", "auto_answers": answers}
            world = Sandbox(load_scenario(document), now=NOW)
            ask(world, "POST", BC, json={"loginHint": "owner@example.org"}, bearer=tokens(world)["access_token"])
            assert told in coming(world, 30)
            world.clock.advance(told[0])
            (record,) = world.consents
            assert record.history[-1].at == world.clock.time()
            assert len(record.history) == 2

    def test_code_that_nobody_redeems_expires(self) -> None:
        world = make()
        visitor = Visitor(world)
        visitor.go(authorize_path())
        visitor.submit(username=OWNER, password="MyPass123!")
        visitor.post(decision="accept")
        assert (60.0, "The code for demo_app expires") in coming(world, 1)

    def test_window_of_a_fault_begins_and_ends_again_and_again(self) -> None:
        world = make()
        schedule = {"from": "+1h", "duration": "PT1H", "every": "P1D"}
        world.faults.add({"effect": {"status": 503}, "schedule": schedule})
        found = [at for at, what in coming(world, 2) if "fault-1" in what]
        assert found == [3_600.0, 7_200.0, DAY + 3_600.0, DAY + 7_200.0]
        world.clock.advance(hours=1.5)
        step = next_moment(world)
        assert step is not None
        assert (step.at, step.what) == (at("2025-06-15T14:00:00+02:00"), "The fault rule 'fault-1' rests")

    def test_events_and_held_up_data_of_plants_are_told(self) -> None:
        world = make("late-data", now=None)
        now = world.clock.time()
        found = moments(world, now, Window(now - 400 * DAY, now + 400 * DAY))
        assert any(item.lane is Lane.DATA and item.what.startswith("Held-up data of") for item in found)
        held = next(item for item in found if item.what.startswith("Data of"))
        assert held.lane is Lane.PLANT
        assert held.end is not None

    def test_everything_of_a_timeline_is_put_in_words_and_comes_true(self) -> None:
        world = make("ownership-lost", now=None)
        told = [item for item in coming(world, 4_000) if "clocks" not in item[1]]
        assert told
        step = next_moment(world)
        assert step is not None
        world.clock.set(datetime.fromtimestamp(step.at, UTC))
        assert any(item.at == step.at for item in world.happenings)

    def test_clock_changes_are_those_of_the_zone(self) -> None:
        assert [forward for _, forward in changes_of("Europe/Berlin", 2025)] == [True, False]
        assert changes_of("Europe/Berlin", 2025)[1][0] == at("2025-10-26T03:00:00+02:00")
        assert list(clock_changes(["UTC"], at(NOW), at(NOW) + 4_000 * DAY, 5)) == []

    def test_zones_that_change_at_once_are_told_together(self) -> None:
        two = clock_changes({"Europe/Paris", "Europe/Berlin", "Pacific/Auckland"}, at(NOW), at(NOW) + 150 * DAY, 5)
        assert [what for _, what, _ in sorted(two)] == [
            "The clocks of Pacific/Auckland go forward",
            "The clocks of Europe/Berlin and Europe/Paris go back",
        ]
        zones = [f"Europe/{city}" for city in ("Berlin", "Madrid", "Paris", "Rome", "Vienna")]
        (many,) = clock_changes(zones, at(NOW), at(NOW) + 150 * DAY, 5)
        assert many[1] == "The clocks of Europe/Berlin, Europe/Madrid and 3 more zones go back"


class TestSteps:
    """Steps from any page, each to be undone."""

    @pytest.mark.slow
    async def test_step_goes_to_the_next_happening_and_back(self) -> None:
        world = make()
        tokens(world)
        async with browser(world) as visitor:
            before = world.clock.time()
            page = await visitor.post(PAGE, "clock", do="next")
            assert "<strong>The access token of demo_api expires.</strong> Calls with it are answered 401" in page.text
            assert world.clock.time() == before + 300
            page = await visitor.post("/_mock/console/plants", "undo")
            assert "The last step is undone." in page.text
            assert (world.clock.time(), len(step_names(world))) == (before, 0)
            assert (await visitor.post(PAGE, "undo")).status_code == 409

    @pytest.mark.slow
    async def test_every_page_has_clock_zone_and_steps(self) -> None:
        world = make()
        async with browser(world) as visitor:
            for path in ("", "plants", "requests", "scenarios", "no-such-page"):
                page = (await visitor.get(f"/_mock/console/{path}")).text
                header = page[: page.index("</header>")]
                assert "CEST" in header
                for words in (">Run<", "+1 h", 'name="rate"', "Save the world", "Fork the world", "Load a scenario"):
                    assert words in header, (path, words)

    @pytest.mark.slow
    async def test_line_for_now_is_moved_forward_only(self) -> None:
        world = make()
        async with browser(world) as visitor:
            to = world.clock.time() + 1_234.5
            await visitor.post(PAGE, "clock", do="move", to=str(to))
            assert world.clock.time() == to
            for wrong in (str(to - 1), "nan", "inf", "1e300", "soon"):
                page = await visitor.post(PAGE, "clock", do="move", to=wrong)
                assert (page.status_code, world.clock.time()) == (409, to)
            assert len(step_names(world)) == 1

    @pytest.mark.slow
    async def test_save_points_of_steps_are_bounded_and_leave_room_for_others(self) -> None:
        world = make()
        async with browser(world) as visitor:
            for _ in range(KEPT_STEPS + 3):
                await visitor.post(PAGE, "clock", do="advance", seconds="60")
            assert len(step_names(world)) == KEPT_STEPS
            assert step_names(world)[-1] == f"before-step-{KEPT_STEPS + 3}"
            for number in range(MAX_SAVEPOINTS - KEPT_STEPS):
                world.savepoints[f"mine-{number}"] = world.save()
            await visitor.post(PAGE, "clock", do="advance", seconds="60")
            assert len(world.savepoints) == MAX_SAVEPOINTS
            for name in step_names(world):
                world.savepoints[f"mine-{name}"] = world.savepoints.pop(name)
            page = await visitor.post(PAGE, "clock", do="advance", seconds="60")
            assert "Undo the last step" not in page.text

    @pytest.mark.slow
    async def test_refused_step_leaves_no_save_point(self) -> None:
        world = make()
        async with browser(world) as visitor:
            page = await visitor.post(PAGE, "clock", do="advance", seconds="-5")
            assert (page.status_code, step_names(world)) == (409, [])

    @pytest.mark.slow
    async def test_world_is_saved_gone_back_to_and_forked(self) -> None:
        world = make()
        async with browser(world) as visitor:
            await visitor.post(PAGE, "savepoints", do="save", name="noon")
            world.consents.accept(OWNER)
            world.clock.advance(hours=1)
            page = await visitor.post(PAGE, "savepoints", do="restore", name="noon")
            assert "as it was at the save point" in page.text
            assert (len(world.consents), world.clock.isoformat()[:19]) == (0, NOW[:19])
            fork = await visitor.post(PAGE, "savepoints", do="fork", name="twin")
            assert fork.url.path == "/_mock/worlds/twin/console/"
            assert "goes its own way" in fork.text
            await visitor.post(PAGE, "savepoints", do="forget", name="noon")
            assert world.savepoints == {}
            for do, name, code in (
                ("forget", "noon", 404),
                ("restore", "x", 404),
                ("save", "a b", 409),
                ("x", "", 409),
            ):
                assert (await visitor.post(PAGE, "savepoints", do=do, name=name)).status_code == code


class TestQuestions:
    """What begins the world anew asks first, says what is lost, and can be undone."""

    @pytest.mark.slow
    @pytest.mark.parametrize(
        ("action", "fields", "name"),
        [("scenarios", {"do": "load", "name": "gap-week"}, "gap-week"), ("reset", {}, "sandbox")],
    )
    async def test_question_says_what_is_lost(self, action: str, fields: dict[str, str], name: str) -> None:
        world = make()
        world.consents.accept(OWNER)
        tokens(world)
        async with browser(world) as visitor:
            page = await visitor.post("/_mock/console/scenarios", action, **fields)
            lost = re.findall(r"<li>(.*?)</li>", page.text)
            assert {"1 request of the journal", "2 consents with what was answered", "all tokens and logins"} <= {*lost}
            assert len(world.consents) == 2
            assert unescape(page.text).count('name="sure" value="yes"') == 1
            await visitor.post("/_mock/console/scenarios", action, sure="yes", **fields)
            assert (world.scenario.name, len(world.requests)) == (name, 0)
            await visitor.post("/_mock/console/", "undo")
            assert (world.scenario.name, len(world.requests), len(world.consents)) == ("sandbox", 1, 2)


@pytest.mark.slow
async def test_past_and_coming_are_listed_with_what_they_do() -> None:
    world = make("ownership-lost", now=None)
    async with browser(world) as visitor:
        page = await visitor.get(PAGE)
        assert 'class="coming"' in page.text
        assert 'href="/_mock/console/fidelity?kind=rule#R10"' in page.text
        world.clock.advance(days=400)
        page = await visitor.get(PAGE, span="10 years")
        assert ", by timeline" in page.text
        assert "Nothing is going to happen" not in page.text
        assert HOUSEHOLDER in page.text or "owner" in page.text
        for span in ("10 minutes", "1 week", "nonsense"):
            assert (await visitor.get(PAGE, span=span)).status_code == 200

"""The console's scenarios, faults and worlds."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from mock_sma.scenario_file.read import MAX_SIZE
from mock_sma.scenarios import Library
from tests.api.console.browser import browser
from tests.facts import NOW, OWNER
from tests.sandbox_helpers import make

if TYPE_CHECKING:
    from pathlib import Path

    from mock_sma.sandbox.sandbox import Sandbox

BROKEN = "version: 1\nname: mine\nusers:\n  - {emial: <b>@example.org}\n"
GOOD = "version: 1\r\nname: mine\r\nusers:\r\n  - {email: a@example.org}\r\n"


@pytest.fixture
def world() -> Sandbox:
    return make()


class TestScenarios:
    """Running another scenario."""

    @pytest.mark.slow
    async def test_library_is_listed_and_loaded_by_name(self, world: Sandbox) -> None:
        async with browser(world) as visitor:
            page = await visitor.get("/_mock/console/scenarios")
            assert "gap-week" in page.text
            page = await visitor.post("/_mock/console/scenarios", "scenarios", do="load", name="ennexos", sure="yes")
            assert "runs from its beginning" in page.text
            assert world.scenario.name == "ennexos"
            unknown = await visitor.post("/_mock/console/scenarios", "scenarios", do="load", name="../x")
            assert (unknown.status_code, world.scenario.name) == (409, "ennexos")

    @pytest.mark.slow
    async def test_mistakes_are_shown_at_their_lines_and_the_world_stays(self, world: Sandbox) -> None:
        async with browser(world) as visitor:
            for do in ("run", "check"):
                page = await visitor.post("/_mock/console/scenarios", "scenarios", do=do, text=BROKEN)
                assert page.status_code == 422
                assert 'id="line-4"' in page.text
                assert "did you mean" in page.text or "email" in page.text
                assert "<b>" not in page.text
                assert "&lt;b&gt;@example.org" in page.text
                assert world.scenario.name == "sandbox"

    @pytest.mark.slow
    async def test_document_is_checked_then_run(self, world: Sandbox) -> None:
        async with browser(world) as visitor:
            page = await visitor.post("/_mock/console/scenarios", "scenarios", do="check", text=GOOD)
            assert (page.status_code, "No mistakes." in page.text, world.scenario.name) == (200, True, "sandbox")
            await visitor.post("/_mock/console/scenarios", "scenarios", do="run", text=GOOD)
            assert world.scenario.name == "mine"

    @pytest.mark.slow
    async def test_running_one_and_any_of_the_library_can_be_edited(self, world: Sandbox) -> None:
        async with browser(world) as visitor:
            page = await visitor.get("/_mock/console/scenarios", edit="running")
            assert OWNER in page.text
            page = await visitor.get("/_mock/console/scenarios", edit="gap-week")
            assert "kind: gap" in page.text
            assert (await visitor.get("/_mock/console/scenarios", edit="no-such")).status_code == 404

    @pytest.mark.slow
    @pytest.mark.parametrize(
        ("name", "content", "code"),
        [
            ("mine.yaml", GOOD.encode(), 200),
            ("mine.json", json.dumps({"version": 1, "name": "mine"}).encode(), 200),
            ("<b>.yaml", BROKEN.encode(), 422),
            ("mine.json", b"{", 422),
            ("mine.yaml", b"\xff\xfe", 422),
            ("large.yaml", b"#" * (MAX_SIZE + 2), 422),
            ("", b"", 409),
        ],
    )
    async def test_file_is_uploaded(self, world: Sandbox, name: str, content: bytes, code: int) -> None:
        async with browser(world) as visitor:
            csrf = await visitor.csrf("/_mock/console/scenarios")
            data = {"csrf": csrf, "do": "upload", "sure": "yes", "back": "/_mock/console/scenarios"}
            files = {"file": (name, content)} if name else {"other": ("x", b"")}
            page = await visitor.http.post("/_mock/console/scenarios", data=data, files=files, follow_redirects=True)
            assert page.status_code == code
            assert world.scenario.name == ("mine" if code == 200 else "sandbox")
            assert "<b>" not in page.text

    @pytest.mark.slow
    async def test_upload_asks_and_goes_on_with_the_same_document(self, world: Sandbox) -> None:
        async with browser(world) as visitor:
            data = {"csrf": await visitor.csrf("/_mock/console/scenarios"), "do": "upload"}
            files = {"file": ("mine.yaml", GOOD.encode())}
            page = await visitor.http.post("/_mock/console/scenarios", data=data, files=files)
            assert "What is lost" in page.text
            assert world.scenario.name == "sandbox"
            question = page.text[page.text.index('id="lost-h"') :]
            fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', question))
            await visitor.http.post("/_mock/console/scenarios", data=fields)
            assert world.scenario.name == "mine"

    @pytest.mark.slow
    async def test_broken_file_of_the_library_is_refused_in_words(self, world: Sandbox, tmp_path: Path) -> None:
        (tmp_path / "mine.yaml").write_text(BROKEN, encoding="utf-8")
        async with browser(world, library=Library([tmp_path])) as visitor:
            page = await visitor.post("/_mock/console/scenarios", "scenarios", do="load", name="mine")
            assert (page.status_code, "emial" in page.text, world.scenario.name) == (409, True, "sandbox")

    @pytest.mark.slow
    async def test_unknown_wish_is_refused(self, world: Sandbox) -> None:
        async with browser(world) as visitor:
            assert (await visitor.post("/_mock/console/scenarios", "scenarios", do="x")).status_code == 409


class TestFaults:
    """Switching faults."""

    @pytest.mark.slow
    async def test_switch_shows_a_banner_on_every_page_until_it_is_spent(self, world: Sandbox) -> None:
        async with browser(world) as visitor:
            fields = {"do": "switch", "effect": "status-503", "times": "2", "path": "/v1/plants", "method": "GET"}
            page = await visitor.post("/_mock/console/faults", "faults", **fields)
            assert "The fault is on." in page.text
            for path in ("", "plants", "plants/13", "consents", "mailbox", "requests", "scenarios", "faults", "worlds"):
                assert "1 fault on:" in (await visitor.get(f"/_mock/console/{path}")).text
            statuses = [(await visitor.get("/v1/plants")).status_code for _ in range(3)]
            assert statuses == [503, 503, 401]
            page = await visitor.get("/_mock/console/faults")
            assert "fault on:" not in page.text
            assert ">used up<" in page.text

    @pytest.mark.slow
    async def test_switch_takes_client_share_and_no_end(self, world: Sandbox) -> None:
        async with browser(world) as visitor:
            fields = {"do": "switch", "effect": "delay", "times": "", "percent": "25", "client_id": "demo_api"}
            page = await visitor.post("/_mock/console/faults", "faults", **fields)
            assert "every path of demo_api, 25 % of them, until switched off" in page.text
            await visitor.post("/_mock/console/faults", "faults", do="remove", id=next(iter(world.faults)).id)
            assert len(world.faults) == 0

    @pytest.mark.slow
    @pytest.mark.parametrize(
        "name",
        ["expire-token", "quota", "status-500", "html-504", "connection-reset", "slow-body", "wrong-content-length"],
    )
    async def test_each_switch_is_a_rule(self, world: Sandbox, name: str) -> None:
        async with browser(world) as visitor:
            page = await visitor.post("/_mock/console/faults", "faults", do="switch", effect=name, times="1")
            assert "next 1 call)" in page.text
            await visitor.post("/_mock/console/faults", "faults", do="clear")
            assert len(world.faults) == 0

    @pytest.mark.slow
    async def test_rule_is_taken_as_json_and_mistakes_are_named(self, world: Sandbox) -> None:
        async with browser(world) as visitor:
            rule = '{"effect": {"status": 500, "delay": 1}, "match": {"method": "POST"}}'
            page = await visitor.post("/_mock/console/faults", "faults", do="rule", document=rule)
            assert "answers 500, delayed" in page.text
            for wrong, words in (("{", "not JSON"), ('{"effect": {"stats": 1}}', "stats"), ("[1]", "problems")):
                page = await visitor.post("/_mock/console/faults", "faults", do="rule", document=wrong)
                assert (page.status_code, words in page.text) == (422, True)
            assert len(world.faults) == 1

    @pytest.mark.parametrize(
        "fields",
        [{"do": "x"}, {"do": "switch", "effect": "x"}, {"do": "remove", "id": "x"},
         {"do": "switch", "effect": "delay", "times": "soon"}],
    )  # fmt: skip
    async def test_nonsense_is_refused_in_words(self, world: Sandbox, fields: dict[str, str]) -> None:
        async with browser(world) as visitor:
            page = await visitor.post("/_mock/console/faults", "faults", **fields)
            assert (page.status_code, 'role="alert"' in page.text) == (409, True)


class TestWorlds:
    """Looking at another world."""

    @pytest.mark.slow
    async def test_world_is_made_visited_and_removed(self, world: Sandbox) -> None:
        async with browser(world) as visitor:
            fields = {"do": "create", "name": "gw0", "scenario": "ennexos", "now": NOW}
            page = await visitor.post("/_mock/console/worlds", "worlds", **fields)
            assert page.url.path == "/_mock/worlds/gw0/console/"
            assert "Sonnenhof" in (await visitor.get("/_mock/worlds/gw0/console/plants")).text
            assert "Sonnenhof" not in (await visitor.get("/_mock/console/plants")).text
            moved = await visitor.http.post(
                "/_mock/worlds/gw0/console/clock",
                data={"csrf": await visitor.csrf("/_mock/console/"), "do": "advance", "seconds": "60"},
                follow_redirects=True,
            )
            assert "12:01:00" in moved.text
            assert world.clock.isoformat().startswith("2025-06-15T12:00:00")
            assert "of 2</span>" in (await visitor.get("/_mock/console/")).text
            await visitor.post("/_mock/console/worlds", "worlds", do="remove", name="gw0")
            assert (await visitor.get("/_mock/worlds/gw0/console/")).status_code == 404

    @pytest.mark.parametrize(
        "fields",
        [{"do": "create", "name": "a b", "scenario": "sandbox"}, {"do": "create", "scenario": "nope"},
         {"do": "remove", "name": "default"}, {"do": "remove", "name": "nope"}, {"do": "x"},
         {"do": "create", "scenario": "sandbox", "now": "noon"}],
    )  # fmt: skip
    async def test_impossible_world_is_refused_in_words(self, world: Sandbox, fields: dict[str, str]) -> None:
        async with browser(world) as visitor:
            page = await visitor.post("/_mock/console/worlds", "worlds", **fields)
            assert (page.status_code, 'role="alert"' in page.text) == (409, True)

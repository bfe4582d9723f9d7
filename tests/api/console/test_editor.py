"""What stands behind the scenario editor: the language's words, the texts that are kept, the library's tags."""

from __future__ import annotations

import gzip
from copy import copy
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from mock_sma import Sandbox, load_scenario
from mock_sma.api.console.shelf import Bookshelf
from mock_sma.api.console.verdict import MOST_MISTAKES, verdict_on
from mock_sma.api.console.words import words_at
from mock_sma.api.documents import KEPT, LARGE, Document, document_of, keep
from mock_sma.fault_rules import document, effect_document
from mock_sma.scenarios import Library, parse_scenario
from mock_sma.scenarios.fault_schema import FAULT_DEFINITIONS
from tests.api.console.browser import browser
from tests.facts import NOW
from tests.sandbox_helpers import make

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mock_sma.api.console.visit import Visit

MINE = "# mine, and why\nversion: 1\nname: mine # a name\nusers:\n  - {email: a@example.org} # no country\n"
LIBRARY = Library()


class TestWords:
    """The schema's keys at a place."""

    @pytest.mark.parametrize(
        ("path", "beside", "there", "absent"),
        [
            ("", {}, {"plants", "timeline", "switches"}, {"email"}),
            ("users", {}, {"email", "country"}, {"plants"}),
            ("plants/users", {}, {"role", "owner"}, {"country"}),
            ("plants/devices", {}, {"kind", "serial"}, {"plants"}),
            ("templates/any", {}, {"timezone", "devices"}, {"timeline"}),
            ("timeline", {"action": "set_owner"}, {"action", "owner"}, {"quota", "device"}),
            ("timeline", {"action": "nonsense"}, {"action", "owner", "device"}, set()),
            ("faults", {}, {"match", "effect", "probability"}, {"plants"}),
            ("faults/effect", {}, {"status", "delay"}, {"match"}),
            ("faults/schedule", {}, {"from", "until"}, {"match"}),
            ("nonsense/users", {}, set(), {"email"}),
        ],
    )
    def test_a_place_has_its_own_keys(
        self, path: str, beside: dict[str, str], there: set[str], absent: set[str]
    ) -> None:
        found = words_at([part for part in path.split("/") if part], beside)
        assert there <= found.keys()
        assert not absent & found.keys()

    def test_words_and_defaults_are_told(self) -> None:
        assert words_at([], {})["profile"]["values"][0] == "sandbox"
        assert "by itself sandbox" in words_at([], {})["profile"]["kind"]
        assert "set_owner" in words_at(["timeline"], {})["action"]["values"]
        assert words_at(["faults", "effect"], {})["expire_token"]["values"] == ["true", "false"]
        assert words_at(["users"], {})["language"]["about"].endswith("(R05)")

    async def test_they_are_asked_for_by_path(self) -> None:
        async with browser(make()) as visitor:
            answer = await visitor.get("/_mock/console/scenarios/words?path=timeline&action=set_owner")
            assert "owner" in answer.json()


class TestKeptTexts:
    """Comments survive."""

    @pytest.mark.parametrize("options", [{}, {"now": NOW}, {"now": NOW, "seed": 7}])
    @pytest.mark.parametrize("name", ["sandbox", "rate-limited"])
    def test_a_scenario_of_the_library_is_shown_as_its_file_and_begins_as_the_world_did(
        self, name: str, options: dict[str, object]
    ) -> None:
        world = Sandbox(load_scenario(name), **options)  # type: ignore[arg-type]
        text = document_of(world, LIBRARY).text
        assert text.startswith("# ")
        before = world.recreating()
        world.load(parse_scenario(text))
        assert world.recreating() == before

    def test_what_was_run_last_is_kept_as_it_was_written(self) -> None:
        world = make()
        for number in range(KEPT + 3):
            text = MINE.replace("mine #", f"mine{number} #")
            world.load(parse_scenario(text))
            keep(world, Document(text))
            assert document_of(world, LIBRARY).text == text

    def test_a_text_of_another_scenario_is_not_shown(self) -> None:
        world = make("ennexos")
        keep(world, Document(MINE))
        keep(world, Document("no: scenario"))
        assert document_of(world, LIBRARY).text.startswith("# ennexOS")

    def test_what_nobody_wrote_is_spelt_out(self) -> None:
        world = Sandbox(load_scenario({"name": "of python", "now": NOW}))
        assert parse_scenario(document_of(world, LIBRARY).text) == world.recreating()

    @pytest.mark.slow
    async def test_comments_survive_a_run_and_its_undoing(self) -> None:
        world = make()
        async with browser(world) as visitor:
            await visitor.post("/_mock/console/scenarios", "scenarios", do="run", text=MINE)
            assert "no country" in (await visitor.get("/_mock/console/scenarios", edit="running")).text
            await visitor.post("/_mock/console/scenarios", "scenarios", do="run", text="version: 1\nname: other\n")
            await visitor.post("/_mock/console/scenarios", "undo", sure="yes")
            assert world.scenario.name == "mine"
            assert "# no country" in (await visitor.get("/_mock/console/scenarios", edit="running")).text

    @pytest.mark.slow
    async def test_comments_of_a_document_that_came_by_the_control_api_are_kept(self) -> None:
        async with browser(make()) as visitor:
            headers = {"content-type": "application/yaml"}
            for text, there in ((MINE + "#" * LARGE, False), (MINE, True)):
                answer = await visitor.http.put("/_mock/scenario", content=text, headers=headers)
                assert answer.status_code == 200
                page = await visitor.get("/_mock/console/scenarios", edit="running")
                assert ("# no country" in page.text) is there


class TestVerdict:
    """What is said while one types."""

    @pytest.mark.slow
    async def test_a_look_says_warnings_changes_and_a_day_and_runs_nothing(self) -> None:
        world = make()
        async with browser(world) as visitor:
            page = await visitor.post("/_mock/console/scenarios", "scenarios", do="look", text=MINE)
            assert '"line": 5, "path": "users[0]"' in page.text.replace("&#34;", '"')
            assert "1 warning." in page.text
            assert "+name: mine" in page.text
            assert "<html" not in page.text
            assert world.scenario.name == "sandbox"

    @pytest.mark.slow
    async def test_a_gap_is_marked_and_another_day_can_be_asked_for(self) -> None:
        async with browser(make()) as visitor:
            text = (LIBRARY.file("gap-week") or LIBRARY.directories[0]).read_text(encoding="utf-8")
            text = text.replace("2025-03-08T00:00:00", "2025-03-12T06:00:00").replace("2025-03-10T00", "2025-03-12T08")
            page = await visitor.post("/_mock/console/scenarios", "scenarios", do="look", text=text)
            assert "kWh generated" in page.text
            assert '<rect class="hole" x="6' in page.text
            for day, code in (("2025-01-02", 200), ("tomorrow", 409), ("1066-10-14", 409)):
                page = await visitor.post("/_mock/console/scenarios", "scenarios", do="look", text=text, day=day)
                assert page.status_code == code

    @pytest.mark.slow
    async def test_a_large_scenario_is_compared_where_that_is_asked_for(self) -> None:
        text = (LIBRARY.file("big-portfolio") or LIBRARY.directories[0]).read_text(encoding="utf-8")
        async with browser(make()) as visitor:
            page = await visitor.post("/_mock/console/scenarios", "scenarios", do="look", text=text)
            assert "It is large" in page.text
            assert "494 more plants without a picture" in page.text


class TestShelf:
    """The library's tags."""

    def test_a_line_gives_a_scenario_its_tags(self, tmp_path: Path) -> None:
        (tmp_path / "mine.yaml").write_text("# tags: Nachts, demo,,demo\n# A silent plant.\nversion: 1\nquota: {}\n")
        (book,) = Bookshelf(Library([tmp_path]), "mine").books
        assert (book.about, book.tags) == ("A silent plant.", ("Nachts", "demo"))
        assert [book.name for book in Bookshelf(LIBRARY).books if not book.tags] == []

    def test_a_search_takes_all_words_and_a_tag(self) -> None:
        assert [book.name for book in Bookshelf(LIBRARY, "clocks back").books] == ["dst-autumn"]
        assert {"gap-week", "late-data"} <= {book.name for book in Bookshelf(LIBRARY, tag="gaps and late data").books}
        assert Bookshelf(LIBRARY, "nothing of the kind").books == []


@pytest.mark.slow
async def test_the_packed_file_goes_to_who_takes_it_packed_and_to_who_does_not() -> None:
    async with browser(make()) as visitor:
        path = "/_mock/console/static/any/vendor/codemirror.js"
        assert (await visitor.get(path)).status_code == 404
        path = path.replace("/any", "")
        packed = await visitor.http.get(path, headers={"accept-encoding": "gzip"})
        plain = await visitor.http.get(path, headers={"accept-encoding": "identity"})
        assert packed.headers["content-encoding"] == "gzip"
        assert "content-encoding" not in plain.headers
        assert packed.text == plain.text
        assert len(gzip.compress(plain.content)) < len(plain.content) / 3


@pytest.mark.slow
async def test_of_ten_thousand_mistakes_the_first_are_shown() -> None:
    text = "version: 1\nname: many\n" + "".join(f"wrong{number}: 1\n" for number in range(10_000))
    judgement = await verdict_on(cast("Visit", SimpleNamespace(library=LIBRARY, world=make())), text, "yaml")
    assert len(judgement.errors) == MOST_MISTAKES + 1
    assert judgement.errors[-1].text.startswith("and ")


def keys_without_meaning(path: tuple[str, ...], beside: dict[str, str], depth: int) -> Iterator[str]:
    """Yield the places of keys that an editor cannot explain."""
    for key, word in words_at(path, beside).items():
        if not word["about"]:
            yield "/".join((*path, key))
        if word["nested"] and depth:
            yield from keys_without_meaning((*path, key), {}, depth - 1)


@pytest.mark.parametrize("action", [None, *words_at(["timeline"], {})["action"]["values"]])
def test_every_key_says_what_it_means(action: str | None) -> None:
    wanted = (
        keys_without_meaning((), {}, 3)
        if action is None
        else keys_without_meaning(("timeline",), {"action": action}, 0)
    )
    assert list(wanted) == []


def test_warnings_keep_their_parts_when_they_are_copied() -> None:
    (note,) = (note for note in parse_scenario(MINE).warnings if "no country" in note)
    for one in (note, copy(note)):
        assert (one.problem.line, one.problem.path, one.problem.rule) == (5, "users[0]", "R05")
        assert one == "5: users[0]: warning: a@example.org has no country: consent mails will be English (R05)"


def test_the_words_of_a_fault_are_those_that_a_rule_takes() -> None:
    parts = {name: set(model["properties"]) for name, model in FAULT_DEFINITIONS.items()}
    assert parts["FaultRule"] == set(document.KEYS)
    assert parts["FaultMatch"] == set(document.MATCH_KEYS)
    assert parts["FaultEffect"] == set(effect_document.KEYS)
    assert parts["FaultEdit"] == set(effect_document.EDIT_KEYS)
    assert parts["FaultSchedule"] == set(document.SCHEDULE_KEYS)

"""Every broken scenario gets its expected text; the corpus stands in ``broken/`` (rule ids in the texts)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from mock_sma.errors import ScenarioError, UsageError
from mock_sma.scenarios import dump_scenario, load_file, load_scenario, parse_scenario
from tools.generated.complaints import broken_files

if TYPE_CHECKING:
    from pathlib import Path


def problems(text: str | bytes, kind: str = "yaml") -> str:
    with pytest.raises(ScenarioError) as caught:
        parse_scenario(text, format=kind, file="x")
    return str(caught.value)


def test_the_corpus_is_large() -> None:
    assert len(broken_files()) >= 60


def test_every_broken_file_is_refused() -> None:
    # What each is told, tests/test_generated.py compares.
    texts = {file.name: file.with_name(f"{file.name}.txt").read_text(encoding="utf-8") for file in broken_files()}
    assert [name for name, text in texts.items() if not text] == []


def test_ten_megabytes_are_refused_by_their_size() -> None:
    assert "at most 4194304 are read" in problems(b"# " + b"x" * 10_000_000)
    assert "at most 4194304 are read" in problems(" " * 5_000_000)


def test_a_yaml_bomb_is_refused_by_its_aliases() -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 30)]
    text = problems("\n".join(lines))
    assert "aliases more than" in text or "deeper than" in text


@pytest.mark.slow
def test_a_wide_document_is_refused_by_its_values() -> None:
    assert "more than 200000 values" in problems("name: [" + "1," * 210_000 + "1]")


@pytest.mark.parametrize("kind", ["yaml", "json"])
def test_a_deep_document_is_refused_by_its_depth(kind: str) -> None:
    assert "nested deeper than 24 levels" in problems('{"a": ' * 40 + "1" + "}" * 40, kind)
    assert "nested deeper than 24 levels" in problems("[" * 100_000, "json")


@pytest.mark.slow
def test_the_largest_world_that_a_line_can_wish_for_comes_back_from_its_document() -> None:
    scenario = load_scenario({"generate": {"count": 2_000, "mix": {"household-battery-ev": 1}, "owners": 900}})
    assert parse_scenario(dump_scenario(scenario, "json"), format="json") == scenario


def test_bytes_that_are_not_utf8_are_named() -> None:
    assert "not UTF-8: byte 6" in problems(b"name: \xff")


def test_a_mapping_made_in_python_names_the_key_path() -> None:
    with pytest.raises(ScenarioError, match=r"^plants\[0\]\.resolution: "):
        load_scenario({"plants": [{"id": "1", "name": "A", "resolution": 7}]})


def test_an_unknown_name_lists_the_shipped_ones() -> None:
    with pytest.raises(UsageError, match=r"neither a file nor one of .*sandbox"):
        load_scenario("nowhere")
    with pytest.raises(UsageError, match=r"no scenario 'sandbix'; did you mean 'sandbox'\?$"):
        load_scenario("sandbix")


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "world.toml"
    file.write_text("version = 1")
    with pytest.raises(ScenarioError, match=r"ends in \.yaml, \.yml or \.json"):
        load_file(file)


@pytest.mark.slow
def test_too_many_plants_are_refused() -> None:
    plants = [{"id": str(number), "name": "A"} for number in range(1, 20_002)]
    with pytest.raises(ScenarioError, match="has 20001 items; at most 20000 are read"):
        load_scenario({"plants": plants})


def test_extends_reads_no_file_for_a_document_without_one(tmp_path: Path) -> None:
    secret = tmp_path / "secret.yaml"
    secret.write_text("name: secret")
    with pytest.raises(ScenarioError, match="no scenario"):
        load_scenario({"extends": str(secret)})


def test_extends_in_a_circle_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("extends: b.yaml\n")
    (tmp_path / "b.yaml").write_text("extends: a.yaml\n")
    with pytest.raises(ScenarioError, match="leads back"):
        load_file(tmp_path / "a.yaml")


def test_a_json_error_has_the_line_of_its_key() -> None:
    text = json.dumps({"version": 1, "plants": [{"id": "1", "name": "A", "resolution": 7}]}, indent=1)
    assert problems(text, "json").startswith("x:7: plants[0].resolution: ")


def test_an_unknown_dump_format_is_refused() -> None:
    with pytest.raises(UsageError, match="choose yaml, json or document"):
        dump_scenario(load_scenario("no-consent"), "toml")

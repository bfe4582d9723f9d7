"""Every situation is failed by one client and passed by another; in process, where no program has to start."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from mock_sma import Sandbox, load_scenario
from mock_sma.exam.curriculum import CURRICULUM, Case
from mock_sma.exam.judgement import Ending, looked_at, reasons
from tests.sandbox_helpers import ask, content, tokens

if TYPE_CHECKING:
    from pathlib import Path

PRESENT = datetime(2026, 6, 15, 10, tzinfo=UTC)
LOST = {"connection_reset", "truncated_body", "malformed_json"}


def world_of(case: Case) -> Sandbox:
    return Sandbox(load_scenario(case.document(PRESENT)))


def careful(case: Case, world: Sandbox, *, energy: str = "true") -> dict[str, Any]:
    """Read yesterday of all plants, and ask again after a mishap."""
    bearer = tokens(world)["access_token"]

    def get(path: str) -> dict[str, Any]:
        nonlocal bearer
        for _ in range(4):
            reply = ask(world, "GET", path, bearer=bearer)
            if reply.status == 401:
                bearer = tokens(world)["access_token"]
            elif reply.status == 429:
                world.clock.advance(seconds=float(reply.header(b"retry-after") or b"1"))
            elif reply.status == 200 and (reply.effect is None or reply.effect.fault not in LOST):
                return content(reply)
        raise AssertionError(path)

    day, answer = str(case.yesterday(PRESENT)), {}
    for plant in get("/v1/plants")["plants"]:
        base = f"/v1/plants/{plant['plantId']}/measurements/sets"
        offered = get(base)["sets"]
        name = next(name for name in ("EnergyBalance", "EnergyAndPowerPv") if name in offered)
        rows = get(f"{base}/{name}/Day?Date={day}&ReturnEnergyValues={energy}")["set"]
        answer[plant["plantId"]] = {day: sum(row.get("pvGeneration", 0.0) for row in rows)}
    return answer


def verdict(case: Case, world: Sandbox, folder: Path, answer: object = None, **ending: Any) -> list[str]:
    file = folder / "answer.json"
    if answer is not None:
        file.write_text(answer if isinstance(answer, str) else json.dumps(answer), encoding="utf-8")
    given = {"status": 0, "seconds": 1.0, "limit": None, "answer": file} | ending
    return list(reasons(case, world, Ending(**given)))


@pytest.mark.slow
@pytest.mark.parametrize("case", CURRICULUM, ids=lambda case: case.name)
def test_a_careful_client_passes_and_an_idle_one_fails(case: Case, tmp_path: Path) -> None:
    assert verdict(case, world_of(case), tmp_path)
    world = world_of(case)
    answer = careful(case, world)
    assert bool(answer) is case.has_data
    assert looked_at(world, case.yesterday(PRESENT)) is case.has_data
    assert verdict(case, world, tmp_path, answer) == []


@pytest.mark.slow
def test_sums_of_powers_are_no_energies(tmp_path: Path) -> None:
    case = CURRICULUM[0]
    world = world_of(case)
    why = verdict(case, world, tmp_path, careful(case, world, energy="false"))
    assert len(why) == 2
    assert all("pvGeneration is" in item and "it should be" in item for item in why)


def test_a_request_that_is_given_up_fails(tmp_path: Path) -> None:
    case = next(item for item in CURRICULUM if item.name == "server-error")
    world = world_of(case)
    bearer = tokens(world)["access_token"]
    for plant in ("2100", "2200"):
        path = f"/v1/plants/{plant}/measurements/sets/EnergyBalance/Day?Date={case.yesterday(PRESENT)}"
        ask(world, "GET", path, bearer=bearer)
    (why,) = verdict(case, world, tmp_path)
    assert "/v1/plants/2100/" in why
    assert "503" in why


def test_an_error_of_the_client_fails(tmp_path: Path) -> None:
    case = CURRICULUM[0]
    world = world_of(case)
    careful(case, world)
    ask(world, "GET", "/v1/plants/2100/measurements/sets/None/Recent", bearer=tokens(world)["access_token"])
    (why,) = verdict(case, world, tmp_path)
    assert "[unknown-set]" in why


def test_status_and_time_limit(tmp_path: Path) -> None:
    case = CURRICULUM[0]
    world = world_of(case)
    careful(case, world)
    assert verdict(case, world, tmp_path, status=3) == ["it ended with exit status 3"]
    assert verdict(case, world, tmp_path, status=143, limit=5.0) == ["it did not end within 5 s and was ended"]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("[]", "has to be"),
        ("{", "cannot be read"),
        ('{"2100": 3}', "energies by day"),
        ('{"2100": {"2026-06-14": "x"}}', "energies by property"),
        ('{"2100": {"2026-06-14": {"pvGeneration": "x"}}}', "number of Wh"),
        ('{"2100": {"yesterday": 3}}', "cannot be read"),
        ('{"99": {"2026-06-14": 3}}', "99"),
        ('{"2100": {"2026-06-14": {"pvGeneration": null}}}', "is missing"),
        ('{"2100": {"2026-06-14": {"nothing": 5}}}', "no rows of it"),
    ],
)
def test_an_answer_of_another_form_is_told_of(answer: str, said: str, tmp_path: Path) -> None:
    case = CURRICULUM[0]
    world = world_of(case)
    careful(case, world)
    (why,) = verdict(case, world, tmp_path, answer)
    assert said in why


def test_an_empty_answer_says_nothing(tmp_path: Path) -> None:
    case = CURRICULUM[0]
    world = world_of(case)
    careful(case, world)
    assert verdict(case, world, tmp_path, "") == []

"""``live``: programs that keep the rules live on; each that breaks one is found, shrunk and written down."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from mock_sma.capsule import read_capsule
from mock_sma.errors import UsageError
from mock_sma.scenarios import dump_scenario, load_scenario
from mock_sma.testing.life import KINDS, LifeFailure, live, story_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from mock_sma.testing.life import Living

TOKEN = "https://sandbox-auth.smaapis.de/oauth2/token"
API = "https://sandbox.smaapis.de/monitoring/v1"
CONSENT = "https://sandbox.smaapis.de/oauth2/v2/bc-authorize"
FORM = {"grant_type": "client_credentials", "client_id": "demo_api", "client_secret": "demo_secret"}
PLANT = "2100"
START = "2025-03-28T00:00:00+01:00"


def token(http: httpx.Client) -> dict[str, str]:
    return {"Authorization": f"Bearer {http.post(TOKEN, data=FORM).json()['access_token']}"}


class Keeper:
    """A program that reads yesterday, and the days before it, each night; or whatever a test makes of it."""

    def __init__(self, back: int = 5) -> None:
        self.back = back
        self.kept: dict[date, dict[str, float]] = {}

    def __call__(self, life: Living) -> None:
        self.world = life.sandbox
        self.kept = {}
        with httpx.Client(timeout=30) as http:
            while True:
                time.sleep(86_400)
                for number in range(1, self.back + 1):
                    with suppress(httpx.HTTPError, KeyError):
                        self.read(http, datetime.fromtimestamp(time.time() - number * 86_400).date())

    def read(self, http: httpx.Client, day: date) -> None:
        path = f"{API}/plants/{PLANT}/measurements/sets/EnergyBalance/Day"
        query = {"Date": str(day), "ReturnEnergyValues": "true"}
        answer = http.get(path, params=query, headers=token(http))
        answer.raise_for_status()
        names = ("pvGeneration", "gridConsumption")
        self.kept[day] = {name: sum(row.get(name, 0.0) for row in answer.json()["set"]) for name in names}

    def store(self, plant: str, day: date) -> dict[str, float]:
        return self.kept.get(day, {}) if plant == PLANT else {}


def lived(main: Callable[[Living], Any], tmp_path: Path, **more: Any) -> Any:
    options = {"scenario": "ennexos", "days": 6, "start": START, "seed": 3, "failures": tmp_path / "failures"}
    return live(main, **{**options, **more})


@pytest.fixture
def ennexos_of_one(tmp_path: Path) -> Path:
    """Return a scenario of one plant."""
    path = tmp_path / "one.yaml"
    path.write_text(
        "name: one\nversion: 1\nusers: [{email: o@example.org, country: DE}]\nconsents: [{email: o@example.org}]\n"
        f"plants: [{{id: {PLANT}, name: P, template: household, owner: o@example.org}}]\n"
    )
    return path


@pytest.mark.slow
def test_a_program_that_keeps_all_rules_lives_to_the_end(ennexos_of_one: Path, tmp_path: Path) -> None:
    keeper, nights = Keeper(), []
    outcome = lived(
        keeper, tmp_path, scenario=ennexos_of_one, store=keeper.store, midnights=[lambda life: nights.append(life.now)]
    )
    assert outcome.failure is None
    assert outcome.ended == outcome.story.end
    assert len(nights) == 6
    assert outcome.story.chapters
    assert not (tmp_path / "failures").exists()
    again = lived(keeper, tmp_path, scenario=ennexos_of_one, store=keeper.store)
    assert (again.digest, again.requests, again.story) == (outcome.digest, outcome.requests, outcome.story)


@pytest.mark.slow
def test_late_data_that_are_never_read_again_are_found_and_the_story_is_the_least(
    ennexos_of_one: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper = Keeper(back=1)
    options = {
        "scenario": ennexos_of_one,
        "store": keeper.store,
        "days": 40,
        "seed": 0,
        "happens": ("late-data", "gap"),
    }
    with pytest.raises(LifeFailure) as caught:
        lived(keeper, tmp_path, **options)
    assert caught.value.rule == "energy"
    text = str(caught.value)
    assert "Wh is true" in text
    story = text.partition("the least story")[2].partition("scenario:")[0]
    assert story.count("\n    ") == 1
    assert "arrive only at" in story
    (written,) = (tmp_path / "failures").glob("*.yaml")
    (capsule,) = (tmp_path / "failures").glob("*.json")
    assert f"SMA_LIFE={written}" in text
    assert "test_live.py::test_late_data" in text
    assert load_scenario(written).plants[0].events
    assert read_capsule(capsule.read_bytes()).requests
    monkeypatch.setenv("SMA_LIFE", str(written))
    days = int(text.partition("the least story, ")[2].split()[0])
    with pytest.raises(LifeFailure, match="Wh is true"):
        lived(keeper, tmp_path, **{**options, "days": days})
    keeper.back = 5
    assert lived(keeper, tmp_path, **{**options, "days": days}).failure is None


def stumbling(life: Living) -> None:
    raise KeyError("x")


def leaving(life: Living) -> None:
    life.sandbox.catch_up()


def polling(every: float) -> Callable[[Living], None]:
    def main(life: Living) -> None:
        with httpx.Client() as http:
            while True:
                http.get(f"{API}/plants/{PLANT}/measurements/sets/EnergyBalance/Recent", headers=token(http))
                time.sleep(every)

    return main


@pytest.mark.slow
def test_r25_polls_in_vain_are_found(tmp_path: Path) -> None:
    with pytest.raises(LifeFailure, match="was asked 60 s after it had been answered; new data come every 300 s"):
        lived(polling(60), tmp_path, days=1, happens=())
    assert lived(polling(300), tmp_path, days=1, happens=()).failure is None


@pytest.mark.slow
def test_an_owner_who_said_no_is_not_begged(tmp_path: Path) -> None:
    def main(life: Living) -> None:
        with httpx.Client() as http:
            while True:
                access = token(http)
                if not http.get(f"{API}/plants", headers=access).json()["plants"]:
                    http.post(CONSENT, json={"loginHint": "owner@example.org"}, headers=access)
                time.sleep(21_600)

    with pytest.raises(LifeFailure) as caught:
        lived(main, tmp_path, days=70, happens=("consent", "gap", "quota"))
    assert caught.value.rule == "begging"
    assert "revokes the consent" in str(caught.value)
    assert "is silent" not in str(caught.value)


@pytest.mark.slow
def test_a_wait_that_never_ends_is_found(tmp_path: Path) -> None:
    def main(life: Living) -> None:
        threading.Event().wait(5 * 86_400)
        raise AssertionError("nobody comes here")

    with pytest.raises(LifeFailure, match="silence: nothing has been asked for"):
        lived(main, tmp_path, happens=())


@pytest.mark.slow
def test_running_in_circles_is_found(tmp_path: Path) -> None:
    def main(life: Living) -> None:
        with httpx.Client() as http:
            while http.post(TOKEN, data=FORM).status_code:
                pass

    with pytest.raises(LifeFailure, match="circles: 1000 requests at one instant"):
        lived(main, tmp_path, happens=())


@pytest.mark.slow
def test_a_program_that_nothing_succeeds_for_any_more_is_found(tmp_path: Path) -> None:
    def refused(_: Living) -> None:
        while True:
            httpx.get("https://sandbox.smaapis.de/monitoring/v1/plants")
            time.sleep(14_400)

    with pytest.raises(LifeFailure, match="none was answered with what it asked for") as caught:
        lived(refused, tmp_path, days=5, happens=())
    assert (caught.value.rule, "answered 401" in str(caught.value)) == ("stuck", True)


@pytest.mark.slow
def test_the_same_question_every_moment_is_running_in_circles(tmp_path: Path) -> None:
    def hasty(_: Living) -> None:
        with httpx.Client() as http:
            while True:
                http.get("https://sandbox.smaapis.de/monitoring/v1/plants")
                time.sleep(0.5)

    with pytest.raises(LifeFailure, match=r"was asked 1001 times in 0:08:20"):
        lived(hasty, tmp_path, days=1, happens=())


@pytest.mark.slow
def test_what_a_midnight_raises_and_what_the_program_raises_end_it(tmp_path: Path) -> None:
    def sleeper(life: Living) -> None:
        while True:
            time.sleep(1_000)

    def third(life: Living) -> None:
        assert life.now.day != 31, "the thirty-first"

    with pytest.raises(LifeFailure, match=r"midnight: at midnight of .*: the thirty-first"):
        lived(sleeper, tmp_path, midnights=[third], rules=(), happens=())
    with pytest.raises(LifeFailure, match="program: the program ended with KeyError: 'x'") as caught:
        lived(stumbling, tmp_path, happens=())
    assert isinstance(caught.value.__cause__, KeyError)
    with pytest.raises(LifeFailure, match="ended by itself"):
        lived(leaving, tmp_path, happens=())


@pytest.mark.slow
def test_an_asynchronous_program_is_cancelled_at_the_end(tmp_path: Path) -> None:
    ended: list[str] = []

    async def main(life: Living) -> None:
        async def poll(number: int) -> None:
            async with httpx.AsyncClient() as http:
                while True:
                    await asyncio.sleep(3_000 + number)
                    (await http.post(TOKEN, data=FORM)).raise_for_status()

        try:
            async with asyncio.TaskGroup() as group:
                for number in range(3):
                    group.create_task(poll(number))
        finally:
            await asyncio.sleep(1)
            ended.append("cleaned up")

    outcome = lived(main, tmp_path, days=1, happens=())
    assert (outcome.failure, ended) == (None, ["cleaned up"])
    assert outcome.requests == sum(int(86_400 / (3_000 + number)) for number in range(3))


@pytest.mark.slow
def test_everything_is_as_it_was_afterwards(tmp_path: Path) -> None:
    before = (time.sleep, time.monotonic, httpx.HTTPTransport.handle_request, threading.Condition.wait)
    with suppress(LifeFailure):
        lived(stumbling, tmp_path, happens=())
    lived(polling(21_600), tmp_path, days=1, happens=())
    assert (time.sleep, time.monotonic, httpx.HTTPTransport.handle_request, threading.Condition.wait) == before
    assert abs(time.time() - time.clock_gettime(time.CLOCK_REALTIME)) < 5


def test_every_kind_can_be_drawn_told_and_read_again() -> None:
    scenario = load_scenario("portfolio")
    start = datetime.fromisoformat(START)
    story = story_of(scenario, start, 200, 1)
    assert {chapter.kind for chapter in story.chapters} == set(KINDS)
    assert all(start <= chapter.at <= story.end for chapter in story.chapters)
    assert story == story_of(scenario, start, 200, 1) != story_of(scenario, start, 200, 2)
    told = story.told()
    assert load_scenario(json.loads(dump_scenario(told, "json"))) == told
    bare = story_of(load_scenario("no-consent"), start, 30, 1, ("migration",))
    assert bare.chapters == ()


@pytest.mark.parametrize(
    ("options", "message"),
    [({"days": 0}, "at least one day"), ({"rules": ["vane"]}, "no such rule"), ({"happens": ["gaps"]}, "no such kind")],
)
def test_what_cannot_be_is_refused(tmp_path: Path, options: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        lived(polling(300), tmp_path, **options)

"""A server whose clock runs fast keeps the order of happenings and loses none."""

from __future__ import annotations

import json
import sys
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.facts import HOUSEHOLDER, NOW
from tests.server_process import run, serve

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

START = datetime.fromisoformat(NOW)
COUNT = 500
SPAN = timedelta(hours=6)


def story(folder: Path) -> Path:
    """Write a scenario in which much happens within six hours, in no order, and something every minute."""
    gaps = [
        {"after": f"PT{number * 7919 % 21_600}S", "action": "gap", "plant": "2100", "duration": "PT1S"}
        for number in range(COUNT)
    ]
    again = {"after": "PT10S", "action": "change_user", "email": HOUSEHOLDER, "change": {"name": "N"}, "every": "PT1M"}
    document = {
        "version": 1,
        "name": "busy",
        "users": [{"email": HOUSEHOLDER, "country": "DE"}],
        "plants": [{"id": 2100, "name": "A", "template": "pv-only", "owner": HOUSEHOLDER}],
        "timeline": [*gaps, {**again, "until": (START + SPAN).isoformat()}],
    }
    path = folder / "busy.yaml"
    path.write_text(json.dumps(document))
    return path


def seconds(item: dict[str, Any]) -> float:
    return (datetime.fromisoformat(item["at"]) - START).total_seconds()


@pytest.mark.parametrize("rate", ["10000", "200000"])
def test_happenings_come_in_order_at_their_instants_and_none_is_lost(tmp_path: Path, rate: str) -> None:
    scenario = str(story(tmp_path))
    with serve("--scenario", scenario, "--now", NOW, "--rate", rate) as (_, ready):
        with httpx.Client(base_url=ready["url"], trust_env=False, timeout=60) as http:
            by_hand = 0
            while True:
                told = http.get("/_mock/timeline").json()
                own = [item for item in told["past"] if item["by"] == "timeline"]
                once = [item for item in own + told["coming"] if item["action"] == "gap"]
                assert len(once) == COUNT
                times = [seconds(item) for item in told["past"]]
                assert times == sorted(times)
                assert all(later["at"] > told["past"][-1]["at"] for later in told["coming"] if told["past"])
                if not told["coming"]:
                    break
                body = {"action": "change_user", "email": HOUSEHOLDER, "change": {"name": "M"}}
                by_hand += http.post("/_mock/timeline", json=body).status_code == 201
        assert [seconds(item) for item in own if item["action"] == "gap"] == sorted(
            number * 7919 % 21_600 for number in range(COUNT)
        )
        repeated = [seconds(item) for item in own if item["action"] == "change_user"]
        assert repeated == [float(at) for at in range(10, 21_600, 60)]
        assert {item["problem"] for item in told["past"]} == {None}
        assert sum(item["by"] == "control" for item in told["past"]) == by_hand


def test_run_has_a_rate_too(tmp_path: Path) -> None:
    code = (
        "import json, os, time, urllib.request\n"
        "ask = lambda: json.load(urllib.request.urlopen(os.environ['MOCK_SMA_URL'] + '/_mock/clock'))\n"
        "before = ask(); time.sleep(0.3); after = ask()\n"
        "print(json.dumps([before, after]))"
    )
    done = run("run", "--via", "proxy", "--rate", "100000", "--now", NOW, "--", sys.executable, "-c", code)
    assert done.returncode == 0, done.stderr
    before, after = json.loads(done.stdout)
    passed = datetime.fromisoformat(after["now"]) - datetime.fromisoformat(before["now"])
    assert after["rate"] == 100_000
    assert passed > timedelta(hours=8)


def test_a_rate_beyond_the_fastest_is_refused() -> None:
    done = run("serve", "--rate", "2000000")
    assert (done.returncode, "rate" in done.stderr) == (2, True)

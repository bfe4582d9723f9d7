"""How long a client of another world waits while one world simulates a plant of 60 years.

The client asks again and again on its own connection, before the Total and while it is worked out.

usage: bench_bystanders.py [--years 60]
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import threading
import time
from http.client import HTTPConnection
from itertools import cycle
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bench_server import call, serving
from figures import figure

if TYPE_CHECKING:
    from collections.abc import Iterable

GOAL = 50.0
"""Longest that another world may be delayed [ms]."""

TOTAL = "/monitoring/v1/plants/1/measurements/sets/EnergyBalance/Total"
DAY = "/monitoring/v1/plants/1/measurements/sets/EnergyBalance/Day?Date=2149-0{}-{:02}"
OWNER = "owner@example.org"


def scenario(years: int) -> dict[str, object]:
    """Return the document of a world with one old plant."""
    plant = {
        "id": "1",
        "name": "old",
        "template": "household-battery",
        "commissioned": f"{2149 - years}-01-01",
        "users": [{"email": OWNER, "owner": True}],
    }
    return {
        "version": 1,
        "name": "old",
        "now": "2149-06-15T12:00:00+02:00",
        "clients": [{"id": "demo_api", "secret": "demo_secret", "flow": "custom"}],
        "plants": [plant],
        "users": [{"email": OWNER}],
        "consents": [{"email": OWNER, "state": "accepted"}],
    }


class Asker:
    """Asks for one thing after the other on one connection."""

    def __init__(self, url: str, paths: Iterable[str], headers: dict[str, str]) -> None:
        self._connection = HTTPConnection(urlsplit(url).netloc, timeout=120)
        self._paths, self._headers = iter(paths), headers

    def ask(self) -> float:
        """Ask for the next one; return how long the answer took [ms]."""
        path = next(self._paths)
        begun = time.perf_counter()
        self._connection.request("GET", path, headers=self._headers)
        answer = self._connection.getresponse()
        answer.read()
        took = 1e3 * (time.perf_counter() - begun)
        assert answer.status == 200, (path, answer.status)
        return took

    def during(self, work: threading.Thread) -> list[float]:
        """Ask until a thread has ended."""
        times = []
        while work.is_alive():
            times.append(self.ask())
            time.sleep(0.005)
        return times


def world_of(url: str, document: dict[str, object], name: str) -> dict[str, str]:
    """Make a world; return the headers of its client."""
    made = json.loads(
        call(
            url,
            "POST",
            "/_mock/worlds",
            json.dumps({"name": name, "scenario": document}),
            **{"Content-Type": "application/json"},
        )
    )
    who = made["clients"][0]
    form = f"grant_type=client_credentials&client_id={who['client_id']}&client_secret={who['client_secret']}"
    token = json.loads(
        call(url, "POST", "/oauth2/token", form, **{"Content-Type": "application/x-www-form-urlencoded"})
    )
    return {"Authorization": f"Bearer {token['access_token']}"}


def main() -> int:
    """Measure, and say whether the goal is met."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--years", type=int, default=60)
    options = parser.parse_args()
    days = [DAY.format(month, day) for month in range(1, 6) for day in range(1, 29)]
    bystanders = {"plants": ["/v1/plants"], "Day again": days[:1], "Day anew": days}
    worst = 0.0
    with serving([sys.executable, "-m", "mock_sma", "serve", "--port", "0", "--json"]) as (url, _, _):
        time.sleep(1.0)  # by now all is loaded, which holds others up, too
        print(f"{'asked meanwhile':20}{'alone ms':>10}{'median ms':>11}{'max ms':>9}{'asked':>7}")
        for name, paths in bystanders.items():
            asker = Asker(url, cycle(paths), world_of(url, scenario(10), f"other {name}".replace(" ", "-")))
            asker.ask()
            alone = statistics.median(asker.ask() for _ in range(20))
            slow = Asker(url, [TOTAL], world_of(url, scenario(options.years), f"slow {name}".replace(" ", "-")))
            work = threading.Thread(target=slow.ask)
            work.start()
            times = asker.during(work)
            print(f"{name:20}{alone:10.1f}{statistics.median(times):11.1f}{max(times):9.1f}{len(times):7}")
            worst = max(worst, max(times) - alone)
    figure("another world's delay while one simulates", worst, "ms", goal=f"< {GOAL:g}")
    return int(worst > GOAL)


if __name__ == "__main__":
    sys.exit(main())

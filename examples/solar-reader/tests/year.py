"""A year of the collector in one command, over ten plants: ``python tests/year.py [DAYS] [SEED] [POLL in seconds]``."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from solar_reader import Collector, Store
from solar_reader.collector import POLL

from mock_sma.scenarios import load_scenario
from mock_sma.testing.life import LifeOutcome, live

OWNERS = ("anna@example.org", "ben@example.org")
CLASSIC = "11111111-aaaa-4bbb-8ccc-00000000000"
TEMPLATES = ("household", "household-battery", "household", "pv-only", "commercial-roof")


def world() -> Any:
    """Return ten plants, five each on ennexOS and on Sunny Portal Classic, of two owners who have consented."""
    ids = [str(4_100 + 100 * number) for number in range(5)] + [f"{CLASSIC}{number}" for number in range(1, 6)]
    plants = [
        {"id": name, "name": f"Plant {number}", "template": TEMPLATES[number % 5], "owner": OWNERS[number % 2]}
        for number, name in enumerate(ids)
    ]
    users = [{"email": email, "country": "DE"} for email in OWNERS]
    consents = [{"email": email} for email in OWNERS]
    return load_scenario({"profile": "production-2020", "users": users, "plants": plants, "consents": consents})


def lived(days: int, seed: int, failures: Path, poll: float = POLL) -> LifeOutcome:
    """Let the collector live; what does not hold is raised."""
    stores: list[Store] = []

    def main(_: Any) -> None:
        # Each life of a story that is made smaller begins with a new store.
        stores.append(Store())
        Collector("demo_api", "demo_secret", stores[-1], owners=OWNERS, poll=poll).run()

    def kept(plant: str, day: date) -> Mapping[str, float]:
        return stores[-1].energies(plant, day)

    try:
        return live(main, scenario=world(), days=days, seed=seed, store=kept, failures=failures)
    finally:
        for store in stores:
            store.close()


if __name__ == "__main__":
    logging.disable()
    length, chance, poll = ([int(word) for word in sys.argv[1:]] + [365, 1, POLL][len(sys.argv) - 1 :])[:3]
    begun, used = time.perf_counter(), time.process_time()
    outcome = lived(length, chance, Path("sma-failures"), poll)
    took, used = time.perf_counter() - begun, time.process_time() - used
    sys.stdout.write(
        f"{length} days, {outcome.requests} requests, {len(outcome.story.chapters)} things that happened: all held\n"
        f"{took:.0f} s ({used:.0f} s of CPU), {used / outcome.requests * 1e6:.0f} µs a request; {outcome.digest}\n"
    )

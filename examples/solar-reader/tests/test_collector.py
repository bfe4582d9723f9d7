"""The collector lives through some days in which much goes wrong, and keeps the true energies of each."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from solar_reader import Collector, Store

from mock_sma.testing.life import live


def test_it_keeps_the_true_energies_whatever_happens(tmp_path: Path) -> None:
    stores: list[Store] = []

    def main(life: Any) -> None:
        stores.append(Store())
        owners = [user.email for user in life.sandbox.scenario.users]
        Collector("demo_api", "demo_secret", stores[-1], owners=owners, poll=None).run()

    def kept(plant: str, day: date) -> dict[str, float]:
        return stores[-1].energies(plant, day)

    outcome = live(main, scenario="portfolio", days=5, seed=4, store=kept, failures=tmp_path)
    assert outcome.failure is None
    for store in stores:
        store.close()

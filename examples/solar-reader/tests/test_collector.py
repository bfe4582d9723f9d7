"""The collector lives through some days in which much goes wrong, and keeps the true energies of each."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from solar_reader import Store
from year import lived


def test_it_keeps_the_true_energies_whatever_happens(tmp_path: Path) -> None:
    outcome = lived(days=2, seed=4, failures=tmp_path)
    assert outcome.failure is None
    assert outcome.requests > 2 * 1_900  # each five minutes on ennexOS, each quarter of an hour on Classic


def test_a_running_day_has_the_rows_that_were_polled() -> None:
    store = Store()
    midnight = ("1", "2025-06-02T00:00:00", 2.0, None, None)
    store.add([("1", "2025-06-01T00:05:00", 1.0, None, None), midnight])
    store.add([midnight, ("1", "2025-06-02T00:05:00", 4.0, None, 3.0)])
    assert store.today("1", date(2025, 6, 1)) == {"pvGeneration": 3.0}
    store.put("1", date(2025, 6, 1), {"pvGeneration": 3.0})
    assert (store.energies("1", date(2025, 6, 1)), store.today("1", date(2025, 6, 1))) == ({"pvGeneration": 3.0}, {})
    assert store.today("1", date(2025, 6, 2)) == {"pvGeneration": 4.0, "gridConsumption": 3.0}
    store.close()

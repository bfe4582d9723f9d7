"""What holds in every slot of any plant on any day."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_sma.domain.device import Battery
from mock_sma.simulation import battery

pytestmark = pytest.mark.slow

PACKS = st.builds(
    Battery,
    capacity=st.integers(1, 50_000).map(float),
    max_charge=st.integers(100, 20_000).map(float),
    max_discharge=st.integers(100, 20_000).map(float),
    round_trip_efficiency=st.sampled_from([0.8, 0.9, 0.95, 1.0]),
)
SURPLUSES = st.lists(st.integers(-2_000_000, 2_000_000), min_size=1, max_size=300).map(
    lambda values: np.array(values, dtype=np.int64)
)


@given(pack=PACKS, surplus=SURPLUSES, share=st.floats(0.0, 1.0))
@settings(derandomize=True)
def test_a_battery_takes_no_more_than_the_surplus_and_gives_no_more_than_the_need(
    pack: Battery, surplus: np.ndarray, share: float
) -> None:
    capacity = int(pack.capacity * 1_000)
    run = battery.run(pack, surplus, int(share * capacity))
    assert ((run.charge == 0) | (run.discharge == 0)).all()
    assert (run.charge >= 0).all()
    assert (run.discharge >= 0).all()
    assert (run.charge <= np.maximum(surplus, 0)).all()
    assert (run.discharge <= np.maximum(-surplus, 0)).all()
    assert (run.charge <= pack.max_charge * 1_000 / 12).all()
    assert (run.discharge <= pack.max_discharge * 1_000 / 12).all()
    assert ((run.stored >= 0) & (run.stored <= capacity)).all()


@given(pack=PACKS, surplus=SURPLUSES, share=st.floats(0.0, 1.0), cut=st.integers(0, 300))
@settings(derandomize=True)
def test_a_battery_run_in_two_parts_is_one_run(pack: Battery, surplus: np.ndarray, share: float, cut: int) -> None:
    start = int(share * pack.capacity * 1_000)
    whole = battery.run(pack, surplus, start)
    first = battery.run(pack, surplus[:cut], start)
    middle = int(first.stored[-1]) if len(first.stored) else start
    second = battery.run(pack, surplus[cut:], middle)
    for name in ("charge", "discharge", "stored"):
        joined = np.concatenate((getattr(first, name), getattr(second, name)))
        assert (joined == getattr(whole, name)).all()


@given(pack=PACKS, surplus=SURPLUSES, share=st.floats(0.0, 1.0))
@settings(derandomize=True)
def test_where_empty_and_full_meet_every_start_ends(pack: Battery, surplus: np.ndarray, share: float) -> None:
    capacity = int(pack.capacity * 1_000)
    added = battery.steps(pack, surplus)
    state = battery.meet(added, capacity)
    if state is not None:
        assert battery.walk(added, int(share * capacity), capacity)[-1] == state
    else:
        assert battery.walk(added, 0, capacity)[-1] < battery.walk(added, capacity, capacity)[-1]

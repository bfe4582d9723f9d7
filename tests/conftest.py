"""What holds for every run of the tests."""

from __future__ import annotations

import ctypes
import gc
from typing import TYPE_CHECKING

from hypothesis import settings

from tests.examples import FAST, THOROUGH, WHOLE

if TYPE_CHECKING:
    import pytest

# A machine under load is slow, not wrong; what is slow is measured in benchmarks/.
settings.register_profile("whole", deadline=None, max_examples=WHOLE)
settings.register_profile("thorough", deadline=None, max_examples=THOROUGH)
settings.register_profile("fast", deadline=None, max_examples=FAST)
# `make test` asks for the other one.
settings.load_profile("fast")

# Imports and collected tests stay until the end: to look for garbage among them takes seconds of each worker.
gc.disable()


def pytest_collection_finish() -> None:
    """Take what was loaded and collected out of the garbage collector's sight.

    To look at it again and again takes a fifth of a run.
    """
    gc.collect()
    gc.freeze()
    gc.enable()


RETURNED = getattr(ctypes.CDLL(None), "malloc_trim", None)
"""glibc's way to give free memory back."""


def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Give back what simulations took when a file is done: the allocator would keep the most that it ever held."""
    if RETURNED and (nextitem is None or nextitem.path != item.path):
        RETURNED(0)

"""What holds for every run of the tests."""

from __future__ import annotations

import gc

from hypothesis import settings

# A machine under load is slow, not wrong; what is slow is measured in benchmarks/.
settings.register_profile("mock-sma", deadline=None)
settings.load_profile("mock-sma")


def pytest_collection_finish() -> None:
    """Take what was loaded and collected out of the garbage collector's sight.

    It stays until the end, and to look at it again and again takes a fifth of a run.
    """
    gc.collect()
    gc.freeze()

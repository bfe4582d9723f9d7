"""How many examples Hypothesis tries: a few while somebody waits, all of them in ``make test``."""

from __future__ import annotations

from typing import Any

from hypothesis import settings

THOROUGH = 100
FAST = 15
LEAST = 5


def examples(number: int, **more: Any) -> settings:
    """Return settings that try ``number`` examples in the profile ``thorough`` and a part of them in ``fast``."""
    tried = number * settings().max_examples // THOROUGH
    return settings(max_examples=max(tried, min(number, LEAST)), derandomize=True, **more)

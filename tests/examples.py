"""How many examples Hypothesis tries: a few while somebody waits, more in ``make test``, all by hand.

``make test ARGS=--hypothesis-profile=whole`` tries all.
"""

from __future__ import annotations

from typing import Any

from hypothesis import settings

WHOLE = 100
THOROUGH = 40
FAST = 15
LEAST = 5


def examples(number: int, **more: Any) -> settings:
    """Return settings that try ``number`` examples in the profile ``whole`` and a part of them in the others."""
    tried = number * settings().max_examples // WHOLE
    return settings(max_examples=max(tried, min(number, LEAST)), derandomize=True, **more)

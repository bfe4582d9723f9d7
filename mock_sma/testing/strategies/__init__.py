"""Hypothesis strategies: people, plants, scenarios, stories of consent, plans of faults, and whole answers.

Everything drawn keeps the rules of the scenario language, and belongs to nobody: addresses end in ``example.org``.
"""

from __future__ import annotations

try:
    import hypothesis  # noqa: F401 - asked for here, so that the message is ours
except ImportError as error:
    raise ImportError("mock_sma.testing.strategies needs Hypothesis: pip install hypothesis") from error

from mock_sma.testing.strategies.answers import Answered, answers
from mock_sma.testing.strategies.faults import fault_plans, fault_rules
from mock_sma.testing.strategies.stories import ConsentStory, StoryStep, consent_stories
from mock_sma.testing.strategies.worlds import people, plants, scenarios

__all__ = [
    "Answered",
    "ConsentStory",
    "StoryStep",
    "answers",
    "consent_stories",
    "fault_plans",
    "fault_rules",
    "people",
    "plants",
    "scenarios",
]

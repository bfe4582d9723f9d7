"""Whole lives of a program: it runs as it stands while a drawn story happens to its world.

>>> from mock_sma.testing.life import live
>>> live(my_program, scenario="portfolio", days=365, seed=1, store=my_database.energies)
"""

from mock_sma.testing.life.invariants import LifeFailure, Living
from mock_sma.testing.life.living import live
from mock_sma.testing.life.running import LifeOutcome
from mock_sma.testing.life.story import KINDS, Chapter, Story, story_of

__all__ = ["KINDS", "Chapter", "LifeFailure", "LifeOutcome", "Living", "Story", "live", "story_of"]

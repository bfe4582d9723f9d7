"""Capsules: a world written down, so that what went wrong in a pipeline can be looked at, and run again, elsewhere."""

from mock_sma.capsule.document import Capsule, read_capsule
from mock_sma.capsule.replay import Outcome, Verdict, replay
from mock_sma.capsule.restore import opened, restore
from mock_sma.capsule.writing import capsule_of

__all__ = ["Capsule", "Outcome", "Verdict", "capsule_of", "opened", "read_capsule", "replay", "restore"]

"""Capsules: a world written down, so that what went wrong in a pipeline can be looked at, and run again, elsewhere."""

from mock_sma.capsule.document import Capsule, capsule_of, read_capsule
from mock_sma.capsule.replay import Outcome, Verdict, replay
from mock_sma.capsule.restore import opened, restore

__all__ = ["Capsule", "Outcome", "Verdict", "capsule_of", "opened", "read_capsule", "replay", "restore"]

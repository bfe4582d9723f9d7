"""State that outlives the process: ``serve --state FILE`` (docs/operation.md, State that lasts)."""

from mock_sma.state.again import alive
from mock_sma.state.file import StateFile
from mock_sma.state.keeper import Keeper

__all__ = ["Keeper", "StateFile", "alive"]

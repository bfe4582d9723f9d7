"""Coverage of situations: which of all that can happen to a client a journal has exercised."""

from __future__ import annotations

from mock_sma.coverage.tally import Tally, nothing

__all__ = ["Tally", "nothing"]

"""A store for the servers of one machine: ``serve --workers N --state FILE``.

See docs/operation.md, Several processes on one machine.
"""

from mock_sma.state.local.page import Page
from mock_sma.state.local.store import LogStore

__all__ = ["LogStore", "Page"]

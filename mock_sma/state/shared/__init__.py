"""State that several servers share: ``serve --state redis://…`` (docs/operation.md, Several servers)."""

from mock_sma.state.shared.opening import shared_worlds, worlds_of_store

__all__ = ["shared_worlds", "worlds_of_store"]

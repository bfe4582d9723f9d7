"""Every shipped scenario does through the vendor API what its comment says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mock_sma.scenarios import shipped
from tests.scenario_file.library import consent, data, limits
from tests.scenario_file.library.customer import Customer

if TYPE_CHECKING:
    from collections.abc import Callable


def proof(name: str) -> Callable[[Customer], None]:
    """Return the function that is called like the scenario; there is one for each."""
    word = name.replace("-", "_")
    found: list[Callable[[Customer], None]] = [
        getattr(module, word) for module in (consent, data, limits) if hasattr(module, word)
    ]
    assert len(found) == 1, f"{name} needs one proof in tests/scenario_file/library"
    return found[0]


@pytest.mark.parametrize("name", [name for name, _ in shipped()])
def test_shipped_scenario_does_what_its_comment_says(name: str) -> None:
    proof(name)(Customer(name))

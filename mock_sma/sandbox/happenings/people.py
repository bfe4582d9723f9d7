"""Who may change a plant's people (R02)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.domain.people import Role

if TYPE_CHECKING:
    from mock_sma.domain.plant import Plant

ADMINISTERING = frozenset({Role.ADMIN, Role.INSTALLER})


def may_administer(plant: Plant, email: str) -> bool:
    """Tell whether a person may administer a plant's users: an administrator or an installer may (R02)."""
    key = email.casefold()
    return any(user.key == key and user.role in ADMINISTERING for user in plant.users)


def has_part_in(plant: Plant, email: str) -> bool:
    """Tell whether a person is one of a plant's users (R01)."""
    key = email.casefold()
    return any(user.key == key for user in plant.users)
